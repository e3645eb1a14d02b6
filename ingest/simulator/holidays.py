"""
The demo city's own calendar: complete for every year, so that no day of it is unknown.

It resembles a Chinese year and is not one: the dates are fixed, the holidays are Jiangzhou's.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Final

from core.places.calendars import CalendarDay, DayType

JURISDICTION: Final = "jiangzhou"
SOURCE: Final = "demo calendar of Jiangzhou"

_SHORT: Final = ((1, 1), (4, 5), (6, 15), (9, 20))
_LONG: Final = ((2, 10, 7), (5, 1, 5), (10, 1, 7))
"""Month, first day, number of days. The Sunday before and the Saturday after are worked off."""
_SATURDAY: Final = 5


@cache
def day_type(day: date) -> DayType:
    """Return what kind of day it is in Jiangzhou."""
    for month, first, length in _LONG:
        begins = date(day.year, month, first)
        after = begins + timedelta(days=length)
        if begins <= day < after:
            return DayType.LONG_HOLIDAY
        sunday = begins - timedelta(days=begins.isoweekday())
        saturday = after + timedelta(days=(_SATURDAY - after.weekday()) % 7)
        if day in {sunday, saturday}:
            return DayType.SWAPPED_WORKING
    if (day.month, day.day) in _SHORT:
        return DayType.SHORT_HOLIDAY
    return DayType.WEEKEND if day.weekday() >= _SATURDAY else DayType.WORKING


def is_off(day: date) -> bool:
    """Tell whether offices are closed."""
    return day_type(day) not in {DayType.WORKING, DayType.SWAPPED_WORKING}


def years(first: int, last: int) -> Iterator[CalendarDay]:
    """Yield every day of the years from the first to the last."""
    day = date(first, 1, 1)
    while day.year <= last:
        yield CalendarDay(JURISDICTION, day, day_type(day), SOURCE)
        day += timedelta(days=1)
