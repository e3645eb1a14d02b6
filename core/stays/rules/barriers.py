"""Match the openings of a lane's barrier with the vehicles that passed: one opening lets one vehicle through (R15, R16)."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from uuid import UUID

LEAD_MS: Final = 10_000
"""A camera reads a vehicle at most so long before the barrier opens for it."""
REACH_MS: Final = 60_000
"""A vehicle passes at the latest so long after the barrier opened for it."""
FOLLOW_MS: Final = 15_000
"""Who passes within this time after another one went through the same opening."""


class Opening(NamedTuple):
    """The barrier of a lane opened; instants in milliseconds."""

    at_ms: int
    opening_id: UUID


class Passage(NamedTuple):
    """A vehicle passed the lane; `way` is in or out."""

    at_ms: int
    passage_id: UUID
    vehicle_id: UUID
    way: str


def match(openings: Sequence[Opening], passages: Sequence[Passage]) -> dict[UUID, Passage]:
    """
    Return the passage of each opening of one lane that has one; the nearest in time belong together.

    The result does not depend on the order they are given in.
    """
    pairs = sorted(
        (abs(passage.at_ms - opening.at_ms), opening, passage)
        for opening in openings
        for passage in passages
        if -LEAD_MS <= passage.at_ms - opening.at_ms <= REACH_MS
    )
    found: dict[UUID, Passage] = {}
    taken: set[UUID] = set()
    for _apart, opening, passage in pairs:
        if opening.opening_id not in found and passage.passage_id not in taken:
            found[opening.opening_id] = passage
            taken.add(passage.passage_id)
    return found


def tailgaters(passages: Sequence[Passage], matched: Mapping[UUID, Passage]) -> list[Passage]:
    """
    Return the passages that had no opening of their own and followed one that had (R15).

    The same vehicle seen twice is no second vehicle. Where no barrier spoke of an opening, nothing is held against anybody.
    """
    leaders = list(matched.values())
    own = {passage.passage_id for passage in leaders}
    return sorted(
        passage
        for passage in passages
        if passage.passage_id not in own
        and not any(_is_same(leader, passage) for leader in leaders)
        and any(_is_followed(leader, passage) for leader in leaders)
    )


def _is_same(leader: Passage, passage: Passage) -> bool:
    apart_ms = abs(passage.at_ms - leader.at_ms)
    return leader.vehicle_id == passage.vehicle_id and leader.way == passage.way and apart_ms <= REACH_MS


def _is_followed(leader: Passage, passage: Passage) -> bool:
    return leader.way == passage.way and 0 <= passage.at_ms - leader.at_ms <= FOLLOW_MS
