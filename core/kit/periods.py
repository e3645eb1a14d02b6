"""Measure half-open periods: the start belongs to a period, the end does not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """
    A stretch of time `[starts_at, ends_at)`, both aware; empty when both are equal.

    Raises:
        ValueError: an instant without zone, or an end before the start.
    """

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        """Check zone and order."""
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("a period needs instants with a zone")
        if self.ends_at < self.starts_at:
            raise ValueError("a period ends before it starts")

    @property
    def seconds(self) -> int:
        """Return the length in whole seconds; the parts of a period cut anywhere add up to it."""
        return _second(self.ends_at) - _second(self.starts_at)

    def has(self, at: datetime) -> bool:
        """Tell whether an instant lies inside."""
        return self.starts_at <= at < self.ends_at

    def overlap(self, other: Self) -> Self | None:
        """Return the part two periods share; None when they only touch or stand apart."""
        starts_at, ends_at = max(self.starts_at, other.starts_at), min(self.ends_at, other.ends_at)
        return type(self)(starts_at, ends_at) if starts_at < ends_at else None


def hours_of(starts_at: datetime, ends_at: datetime) -> Iterator[tuple[datetime, int]]:
    """
    Cut a period at the UTC hours; yield the start of each hour and the whole seconds that fall into it.

    The seconds add up to `Period.seconds`. An empty period yields nothing.
    """
    period = Period(starts_at.astimezone(UTC), ends_at.astimezone(UTC))
    from_at = period.starts_at
    while from_at < period.ends_at:
        hour = from_at.replace(minute=0, second=0, microsecond=0)
        to_at = min(hour + _HOUR, period.ends_at)
        yield hour, Period(from_at, to_at).seconds
        from_at = to_at


def _second(at: datetime) -> int:
    """Return whole seconds since 1970, rounded down; integers only, so that differences telescope."""
    return (at - _EPOCH) // _SECOND
