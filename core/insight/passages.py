"""
Passages: entries and exits one by one, as sources saw them, with what was read and how surely. Tables event, plate_read.

A passage is what one source said; a stay is what all of them came to.
"""

from collections.abc import Mapping
from typing import Final

from core.insight.stays import MOST, Frame, frames_of
from core.kit.db import Row, Tx
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _l
from core.kit.sql import named
from core.stays import evidence
from core.stays.evidence import Brought

SQL = named("insight/passages")

DIRECTIONS: Final[Mapping[str, Lazy]] = {"in": _l("Came in"), "out": _l("Went out")}
QUALITIES: Final[Mapping[str, Lazy]] = {
    "trusted": _l("trusted"),
    "corrected": _l("corrected"),
    "received": _l("our clock"),
    "suspect": _l("suspect"),
}
PERIOD: Final = "today"
"""What is looked at unless something else is asked for."""

PASSAGES: Final = Relation(
    SQL["passage_rows"],
    key="event_id",
    columns=frozenset(
        {"at", "received_at", "direction", "site", "business", "area_id", "space", "lane", "plate", "conf_pct", "vote_n",
         "device_kind", "device", "time_quality", "is_late", "has_picture"}
    ),
    order=(Order("at", is_falling=True),),
)  # fmt: skip


def list_frames(tx: Tx, row: Row) -> tuple[Frame, ...]:
    """Return what was photographed of the passage of a row, in a fixed order."""
    rows = tx.rows(SQL["list_frames"], site_id=row["site_id"], at=row["at"], event_id=row["event_id"], most=MOST)
    return frames_of(tx, row["site_id"], rows)


def list_brought(tx: Tx, row: Row) -> tuple[Brought, ...]:
    """Return the pictures people brought of the passage of a row, oldest first."""
    return evidence.list_of_event(tx, site_id=row["site_id"], event_id=row["event_id"])
