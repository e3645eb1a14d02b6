"""Convert between instants and whole milliseconds since 1970, UTC, without ever passing through a float."""

from datetime import UTC, datetime, timedelta
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MS: Final = timedelta(milliseconds=1)


def moment(ms: int) -> datetime:
    """Return the instant of so many milliseconds."""
    return EPOCH + timedelta(milliseconds=ms)


def moment_or_none(ms: int | None) -> datetime | None:
    """Return the instant, or None for None."""
    return None if ms is None else EPOCH + timedelta(milliseconds=ms)


def ms_of(at: datetime) -> int:
    """Return the whole milliseconds of an instant, rounded down."""
    return (at - EPOCH) // _MS
