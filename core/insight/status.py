"""
Status: every section and lot as it stands now, by area and road: what it holds, how much of it is taken, free, not known.

Numbers are those of the sections (`insight.sections`), of the wall and of the map; None is not known. Tables site, road,
device_state.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from core.insight import sections
from core.kit.db import Row, Tx
from core.kit.listing import AtHand, Order
from core.kit.sql import named
from core.places import records

SQL = named("insight/status")


def list_status(tx: Tx, *, sites: Sequence[UUID], at: datetime) -> list[Row]:
    """
    Return the sections and lots that somebody may see, those in use.

    Columns: as `sections.list_sections`; road (None: a lot on none), heard_at (None: no device of it was ever heard).
    """
    known = {row["site_id"]: row for row in tx.rows(SQL["list_roads"], sites=list(sites))}
    return [{**row, **known[row["site_id"]]} for row in sections.list_sections(tx, at=at) if row["site_id"] in known]


STATUS: Final = AtHand(
    list_status,
    key="site_id",
    columns=frozenset(
        {
            "site", "called", "district", "road", "kind", "spaces", "occupied", "free", "unknown", "load_pct",
            "last_event_at", "heard_at",
        }
    ),
    order=(Order("district"), Order("road"), Order("site")),
)  # fmt: skip


def list_districts(tx: Tx, *, sites: Sequence[UUID]) -> list[tuple[str, str]]:
    """Return the districts in which somebody sees a site, by code and name, for a filter."""
    return records.choices(tx.tuples(SQL["list_districts"], sites=list(sites)))
