"""
Snapshots: timed pictures of spaces against what is known of them (M18.9). Tables timeline, review_case.

A picture that shows another state than the one known opens a case; nothing else follows from it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from core.kit.db import Tx
from core.kit.ids import derived_id
from core.kit.sql import named

SQL = named("stays/snapshots")

SETTLED_AFTER: Final = timedelta(seconds=60)
"""A state is compared only when it has lasted this long: sensors and pictures need not be of one instant."""


class Look(NamedTuple):
    """What a picture shows of a space."""

    site_id: UUID
    space_id: UUID
    event_id: UUID
    at: datetime
    is_occupied: bool


def compare(tx: Tx, looks: Sequence[Look]) -> int:
    """Open a case for every picture that contradicts the state known; return how many were opened."""
    if not looks:
        return 0
    return tx.run(
        SQL["open_mismatches"],
        site_ids=[look.site_id for look in looks],
        case_ids=[derived_id("case", look.site_id, "snapshot_mismatch", look.event_id) for look in looks],
        space_ids=[look.space_id for look in looks],
        event_ids=[look.event_id for look in looks],
        ats=[look.at for look in looks],
        states=["occupied" if look.is_occupied else "free" for look in looks],
        settled=SETTLED_AFTER,
    )
