"""Windows: a period cut into whole UTC hours, which the rollups know, and two edges, which only the facts know."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.kit import clock

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Window:
    """The period `[from_at, to_at)`; its whole hours are `[first_hour, last_hour)`, its edges lie before and behind."""

    from_at: datetime
    head_to: datetime
    first_hour: datetime
    last_hour: datetime
    tail_from: datetime
    to_at: datetime

    @property
    def columns(self) -> dict[str, datetime]:
        """Return the instants by the names the statements use."""
        return {
            "from_at": self.from_at,
            "head_to": self.head_to,
            "first_hour": self.first_hour,
            "last_hour": self.last_hour,
            "tail_from": self.tail_from,
            "to_at": self.to_at,
        }


def window(from_at: datetime, to_at: datetime) -> Window:
    """Cut a period at the UTC hours; one that holds no whole hour is all head."""
    from_at, to_at = from_at.astimezone(UTC), to_at.astimezone(UTC)
    last_hour = _hour(to_at)
    first_hour = _hour(from_at) if from_at == _hour(from_at) else _hour(from_at) + _HOUR
    if first_hour > last_hour:
        return Window(from_at, to_at, first_hour, first_hour, to_at, to_at)
    return Window(from_at, first_hour, first_hour, last_hour, last_hour, to_at)


def hour_from(at: datetime) -> Window:
    """Return the hour that begins at a full hour."""
    return window(at, at + _HOUR)


def today(at: datetime) -> Window:
    """Return the part of the city day that has passed at an instant."""
    return window(clock.city_day(clock.city_date(at))[0], at)


def last_week(at: datetime) -> Window:
    """Return the same weekday last week, up to the same elapsed time; a shorter day ends with its midnight."""
    on = clock.city_date(at)
    elapsed = at - clock.city_day(on)[0]
    starts_at, ends_at = clock.city_day(on - timedelta(days=7))
    return window(starts_at, min(starts_at + elapsed, ends_at))


def around(at: datetime) -> Window:
    """Return the 24 hours before and after an instant, in whole hours."""
    hour = _hour(at.astimezone(UTC))
    return window(hour - 24 * _HOUR, hour + 24 * _HOUR)


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
