"""
City days: when a day begins, what kind it is, and where a clock time falls on it.

A clock time falls on the first instant at which the city's clock shows it or a later one. Where clocks go forward, a time
that is left out falls on the change itself; where they go back, a time that comes twice falls on its first coming. So the
bands of a day join without gap or overlap, and no hour is lost or counted twice. Instants are milliseconds since 1970, UTC.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple, Protocol
from zoneinfo import ZoneInfo

from core.kit.moments import EPOCH, moment, ms_of

MINUTE_MS: Final = 60_000
DAY_MS: Final = 86_400_000
DAY_MIN: Final = 1440
_EPOCH_ORDINAL: Final = EPOCH.toordinal()
_KEPT_DAYS: Final = 8_192
_SECOND: Final = timedelta(seconds=1)


class Unpriceable(ValueError):
    """A stay cannot be priced, and nothing is charged by a default. Its subclasses say why; `about` says what it is about."""

    def __init__(self, about: str) -> None:
        """Keep what it is about, in the tariff's own words."""
        super().__init__(f"{type(self).__name__}: {about}")
        self.about = about


class UnknownDay(Unpriceable):
    """The calendar does not know a day; `about` is its date."""


class Calendar(Protocol):
    """What kind of day each day of a city is. One value is one version: it never answers differently."""

    def day_type(self, on: date) -> str:
        """
        Return the type of a day, such as `workday`.

        Raises:
            UnknownDay: the calendar has no such day.
        """


@dataclass(frozen=True, slots=True)
class AlikeDays:
    """A calendar whose days are all of one type, for tariffs that do not tell days apart."""

    name: str

    def day_type(self, _on: date) -> str:
        """Return the one type."""
        return self.name


class Weekday(StrEnum):
    """A day of the week, in the order of `date.weekday`."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


WEEKDAYS: Final = tuple(Weekday)


class Kind(NamedTuple):
    """What a rule may ask about a day: its type, its day of the week, and its month and day as one number, such as 1231."""

    day_type: str
    weekday: Weekday
    month_day: int


def kind_of(ordinal: int, calendar: Calendar) -> Kind:
    """
    Return the kind of a day.

    Raises:
        UnknownDay: the calendar has no such day.
    """
    on = date.fromordinal(ordinal)
    return Kind(calendar.day_type(on), WEEKDAYS[on.weekday()], on.month * 100 + on.day)


@dataclass(slots=True)
class CityDays:
    """The days of one zone: where they begin, and where clock times fall on them; what was worked out is kept."""

    zone: ZoneInfo
    _midnights: dict[int, int]
    _offset_ms: int

    @classmethod
    def of(cls, name: str) -> "CityDays":
        """Return the days of a zone by its name, such as `Asia/Shanghai`."""
        zone = ZoneInfo(name)
        offset = datetime(2024, 1, 1, tzinfo=zone).utcoffset() or timedelta()
        return cls(zone, {}, offset // timedelta(milliseconds=1))

    def midnight(self, ordinal: int) -> int:
        """Return the instant at which a day begins."""
        found = self._midnights.get(ordinal)
        if found is None:
            if len(self._midnights) >= _KEPT_DAYS:
                self._midnights.clear()
            found = self._midnights[ordinal] = self.clock_time(ordinal, 0)
        return found

    def ordinal(self, at_ms: int) -> int:
        """Return the day of an instant, as the ordinal of its date."""
        found = (at_ms + self._offset_ms) // DAY_MS + _EPOCH_ORDINAL
        while at_ms < self.midnight(found):
            found -= 1
        while at_ms >= self.midnight(found + 1):
            found += 1
        return found

    def clock_time(self, ordinal: int, minute: int) -> int:
        """Return the first instant at which the clock of a day shows so many minutes after midnight, or more."""
        wall = datetime.fromordinal(ordinal) + timedelta(minutes=minute)
        found = wall.replace(tzinfo=self.zone).astimezone(UTC)
        if self._wall(found) != wall:
            found = self._change_before(found, wall)
        return ms_of(found)

    def minute_of(self, at_ms: int, ordinal: int) -> int:
        """Return the minutes after midnight that the clock of a day shows at an instant, whole."""
        wall = self._wall(moment(at_ms))
        return (wall - datetime.fromordinal(ordinal)) // timedelta(minutes=1)

    def _wall(self, at: datetime) -> datetime:
        return at.astimezone(self.zone).replace(tzinfo=None)

    def _change_before(self, late: datetime, wall: datetime) -> datetime:
        """Find the change of clocks that leaves a time out: the first instant that shows a later one, to the second."""
        early = late - timedelta(days=1)
        while late - early > _SECOND:
            between = early + (late - early) // _SECOND // 2 * _SECOND
            early, late = (early, between) if self._wall(between) >= wall else (between, late)
        return late
