"""Decide which stay a payment is for. The decision depends on stays and payment alone, not on the order they came in."""

from collections.abc import Iterable
from typing import Final, NamedTuple
from uuid import UUID

NAMED_WITHIN_MS: Final = 600_000
"""A terminal names a stay by its start; clocks and detection may differ by this much."""
UNNAMED_WITHIN_MS: Final = 8 * 86_400_000
"""Without a name, a payment is for the last stay that began at most this long before."""


class Payable(NamedTuple):
    """A stay that money may be for; instants in milliseconds."""

    stay_id: UUID
    started_ms: int


def stay_paid(stays: Iterable[Payable], *, paid_ms: int, entered_ms: int | None) -> UUID | None:
    """
    Return the stay of the vehicle that a payment is for; None: nobody knows, the money waits in suspense.

    A named start means the stay that began nearest to it, the earlier of two equally near; otherwise the last stay
    that had begun when the money was paid.
    """
    if entered_ms is not None:
        near = [stay for stay in stays if abs(stay.started_ms - entered_ms) <= NAMED_WITHIN_MS]
        return min(near, key=lambda s: (abs(s.started_ms - entered_ms), s.started_ms, s.stay_id)).stay_id if near else None
    begun = [stay for stay in stays if 0 <= paid_ms - stay.started_ms <= UNNAMED_WITHIN_MS]
    return max(begun, key=lambda s: (s.started_ms, s.stay_id)).stay_id if begun else None


def reach_ms(*, paid_ms: int, entered_ms: int | None) -> int:
    """Return the earliest start of any stay that a payment may be for."""
    return paid_ms - UNNAMED_WITHIN_MS if entered_ms is None else entered_ms - NAMED_WITHIN_MS
