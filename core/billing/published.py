"""
Published days: what the State Council of China said of each day of a year, as far as the library chinesecalendar knows it.

A holiday of five days and more is a long one. Source: the yearly notices on the arrangement of public holidays.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from importlib.metadata import version
from typing import Final

import chinese_calendar
from chinese_calendar import Holiday, constants

from core.billing.calendar import Day, DayType, year_of
from core.billing.rules.days import UnknownDay

SOURCE: Final = f"chinesecalendar {version('chinesecalendar')}"
JURISDICTION: Final = "cn"
LONG_FROM_DAYS: Final = 5
"""Days off from which on a holiday is a long one: those of spring, May and October."""
_SATURDAY: Final = 5
_DAY: Final = timedelta(days=1)
_YEARS: Final = frozenset(int(day.year) for day in constants.holidays)
_HOLIDAYS: Final = {each.value: each for each in Holiday}


def last_year() -> int:
    """Return the last year whose days are known."""
    return max(_YEARS)


def list_year(year: int) -> list[Day]:
    """Return every day of a year; none where the year is not known."""
    if year not in _YEARS:
        return []
    first, end = year_of(year)
    return [_day(first + timedelta(days=n)) for n in range((end - first).days)]


@dataclass(frozen=True, slots=True)
class PublishedDays:
    """The published days as a calendar, in the words of `DayType`."""

    _years: dict[int, dict[date, str]] = field(default_factory=dict)

    def day_type(self, on: date) -> str:
        """
        Return the kind of a day.

        Raises:
            UnknownDay: nothing was published of its year.
        """
        days = self._years.get(on.year)
        if days is None:
            days = self._years[on.year] = {day.day: day.day_type for day in list_year(on.year)}
        if on not in days:
            raise UnknownDay(on.isoformat())
        return days[on]


def _day(on: date) -> Day:
    is_off, name = chinese_calendar.get_holiday_detail(on)
    if name is None:
        return Day(on, DayType.WEEKEND if on.weekday() >= _SATURDAY else DayType.WORKING)
    names = _HOLIDAYS[name].chinese, str(name)
    if not is_off:
        return Day(on, DayType.SWAPPED_WORKING if on.weekday() >= _SATURDAY else DayType.WORKING, *names)
    return Day(on, DayType.LONG_HOLIDAY if _length(on) >= LONG_FROM_DAYS else DayType.SHORT_HOLIDAY, *names)


def _length(on: date) -> int:
    """Return how many days off in a row hold a day; new year may begin in December, and two holidays may meet."""
    first = last = on
    while first - _DAY in constants.holidays:
        first -= _DAY
    while last + _DAY in constants.holidays:
        last += _DAY
    return (last - first).days + 1
