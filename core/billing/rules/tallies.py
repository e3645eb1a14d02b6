"""
Tallies: many stays priced by two tariffs, and what the second would bring. Values in, values out; money is whole fen.

Money is that of stays which both tariffs price. A stay without a price is counted by its reason, and never as nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from heapq import heappush, heappushpop
from itertools import count
from typing import Final, NamedTuple
from uuid import UUID

from core.kit.money import Fen

MOST_LARGEST: Final = 10
"""Stays that are told by name."""


class Side(StrEnum):
    """Which of the two tariffs."""

    BEFORE = "before"
    AFTER = "after"


class Reason(NamedTuple):
    """Why a stay has no price: by which tariff, what kind of reason, and what it is about."""

    side: Side
    kind: str
    about: str


class Change(NamedTuple):
    """A stay that costs something else; instants in milliseconds."""

    stay_id: UUID
    started_ms: int
    ended_ms: int
    vehicle_class: str
    price_zone: str
    before_fen: Fen
    after_fen: Fen


@dataclass(slots=True)
class Example:
    """How many stays have a reason, and one of them."""

    n: int
    stay_id: UUID


@dataclass(slots=True)
class Tally:
    """What was found so far."""

    before_fen: int = 0
    after_fen: int = 0
    dearer_n: int = 0
    equal_n: int = 0
    cheaper_n: int = 0
    reasons: dict[Reason, Example] = field(default_factory=dict)
    _largest: list[tuple[int, int, Change]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=lambda: count(0, -1))

    @property
    def unpriced_n(self) -> int:
        """Return how many stays one of the tariffs does not price."""
        return sum(each.n for each in self.reasons.values())

    @property
    def largest(self) -> list[Change]:
        """Return the stays whose price changes most, the largest change first; of two alike the one that came first."""
        return [change for _by, _order, change in sorted(self._largest, reverse=True)]

    def compare(self, change: Change) -> None:
        """Count a stay that both tariffs price."""
        self.before_fen += change.before_fen
        self.after_fen += change.after_fen
        by = change.after_fen - change.before_fen
        if by == 0:
            self.equal_n += 1
            return
        if by > 0:
            self.dearer_n += 1
        else:
            self.cheaper_n += 1
        entry = (abs(by), next(self._order), change)
        if len(self._largest) < MOST_LARGEST:
            heappush(self._largest, entry)
        elif entry > self._largest[0]:
            heappushpop(self._largest, entry)

    def leave_out(self, stay_id: UUID, reason: Reason) -> None:
        """Count a stay that one of the tariffs does not price."""
        if reason in self.reasons:
            self.reasons[reason].n += 1
        else:
            self.reasons[reason] = Example(1, stay_id)
