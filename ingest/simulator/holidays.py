"""
The demo city's own calendar: complete for every year, so that no day of it is unknown.

It resembles a Chinese year and is not one: the dates are fixed, the holidays are Jiangzhou's.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from typing import Final

from core.billing import calendar
from core.billing.calendar import Day, DayType
from core.kit.db import Tx

JURISDICTION: Final = "jiangzhou"
NAME: Final = "江州"
NAME_EN: Final = "Jiangzhou"

_SHORT: Final = {
    (1, 1): ("元旦", "New Year's Day"),
    (4, 5): ("清明节", "Tomb-sweeping Day"),
    (6, 15): ("端午节", "Dragon Boat Festival"),
    (9, 20): ("中秋节", "Mid-autumn Festival"),
}
_LONG: Final = (
    (2, 10, 7, ("春节", "Spring Festival")),
    (5, 1, 5, ("劳动节", "Labour Day")),
    (10, 1, 7, ("国庆节", "National Day")),
)
"""Month, first day, number of days, names. The Sunday before and the Saturday after are worked off."""
_SATURDAY: Final = 5


def day_type(day: date) -> DayType:
    """Return what kind of day it is in Jiangzhou."""
    return day_of(day).day_type


@cache
def day_of(day: date) -> Day:
    """Return what is published in Jiangzhou of a day."""
    for month, first, length, names in _LONG:
        begins = date(day.year, month, first)
        after = begins + timedelta(days=length)
        if begins <= day < after:
            return Day(day, DayType.LONG_HOLIDAY, *names)
        sunday = begins - timedelta(days=begins.isoweekday())
        saturday = after + timedelta(days=(_SATURDAY - after.weekday()) % 7)
        if day in {sunday, saturday}:
            return Day(day, DayType.SWAPPED_WORKING, *names)
    if (day.month, day.day) in _SHORT:
        return Day(day, DayType.SHORT_HOLIDAY, *_SHORT[day.month, day.day])
    return Day(day, DayType.WEEKEND if day.weekday() >= _SATURDAY else DayType.WORKING)


def is_off(day: date) -> bool:
    """Tell whether offices are closed."""
    return day_type(day) not in {DayType.WORKING, DayType.SWAPPED_WORKING}


def open_calendar(tx: Tx, *, first: int, last: int, at: datetime) -> None:
    """Open the city's calendar, and publish some years of it."""
    calendar.open_for(tx, jurisdiction=JURISDICTION, name=NAME, name_en=NAME_EN)
    calendar.publish(tx, list(years(first, last)), jurisdiction=JURISDICTION, source=calendar.DEMO, by=None, at=at)


def years(first: int, last: int) -> Iterator[Day]:
    """Yield every day of the years from the first to the last."""
    day = date(first, 1, 1)
    while day.year <= last:
        yield day_of(day)
        day += timedelta(days=1)
