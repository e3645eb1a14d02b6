"""Tell the time: instants are aware UTC, the city zone appears only in the functions named `city_`."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from core.settings import settings


class Clock(Protocol):
    """Anything that knows the present instant."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the present instant of the machine, in UTC."""
        return utc_now()


@dataclass(slots=True)
class FixedClock:
    """A clock that moves only when told to; tests stand on it."""

    at: datetime

    def now(self) -> datetime:
        """Return the instant it stands on."""
        return self.at

    def advance(self, by: timedelta) -> datetime:
        """Move forward and return the new instant."""
        self.at += by
        return self.at


def utc_now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


@lru_cache(maxsize=8)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def city_zone() -> ZoneInfo:
    """Return the operator's zone. Source: setting BOSHU_CITY_ZONE."""
    return _zone(settings().city_zone)


def city_date(at: datetime) -> date:
    """Return the city day an instant falls on."""
    return at.astimezone(city_zone()).date()


def city_day(on: date) -> tuple[datetime, datetime]:
    """
    Return the half-open period of one city day, in UTC: 23, 24 or 25 hours where clocks change.

    A midnight that does not exist begins with the first instant of the day; one that comes twice begins with the first.
    """
    return _midnight(on), _midnight(on + timedelta(days=1))


def city_hour(at: datetime) -> datetime:
    """Return the start, in UTC, of the city hour an instant falls in; it differs from the UTC hour in zones off by half an hour."""
    return at.astimezone(city_zone()).replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time.min, tzinfo=city_zone()).astimezone(UTC)


def offset_min() -> int:
    """Return by how many minutes the city's clock is ahead of UTC now."""
    offset = utc_now().astimezone(city_zone()).utcoffset()
    assert offset is not None  # an aware instant has one
    return int(offset.total_seconds()) // 60
