"""
Clones: one plate that stands in two places at once, or came from one to the other faster than a vehicle can (R20).

Tables open_stay, plate_read, review_case, clone_watch. Nobody is refused for it: both stays go on, and a person looks at
both. A plate that was in two places is watched from then on, until a person takes it off the list.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from core.kit.db import Row, Tx
from core.kit.ids import derived_id
from core.kit.moments import ms_of
from core.kit.sql import named
from core.stays.rules.travel import Journey, Place, journey

SQL = named("stays/clones")

SETTLED_AFTER: Final = timedelta(minutes=5)
"""Both must have stood for so long: the message that ends the first may still be under way."""
LOOK_BACK: Final = timedelta(minutes=15)
"""Reads this young are held against those before and after them."""
JOURNEY: Final = timedelta(hours=2)
"""Who had longer got everywhere in a city."""
LEAST_CONFIDENT_PCT: Final = 90
"""A read whose weakest character is less sure may be of another plate; two reads that agree are sure enough."""
MOST: Final = 1_000


@dataclass(frozen=True, slots=True)
class _Found:
    """A pair of reads of one plate that one vehicle cannot have made."""

    row: Row
    way: Journey


def suspect(tx: Tx, *, at: datetime) -> int:
    """Open a case for every open stay of a vehicle that stands elsewhere, too; return how many were opened."""
    found = tx.tuples(SQL["list_doubles"], before=at - SETTLED_AFTER, most=MOST)
    if not found:
        return 0
    return tx.run(
        SQL["open_cases"],
        site_ids=[site_id for site_id, _, _ in found],
        case_ids=[derived_id("case", site_id, "clone_suspect", stay_id) for site_id, _, stay_id in found],
        subject_ids=[subject_id for _, subject_id, _ in found],
        stay_ids=[stay_id for _, _, stay_id in found],
        at=at,
    )


def watch(tx: Tx, *, at: datetime) -> int:
    """Put the plates on the watch list that were read at two places a vehicle cannot have reached; return how many pairs."""
    rows = tx.rows(SQL["list_journeys"], since=at - LOOK_BACK, until=at, longest=JOURNEY, sure_pct=LEAST_CONFIDENT_PCT, most=MOST)
    latest: dict[UUID, _Found] = {}
    for row in rows:
        found = _Found(row, _way(row))
        if found.way.is_impossible:
            latest[row["vehicle_id"]] = found
    if not latest:
        return 0
    return tx.run(
        SQL["put_on_watch"],
        vehicle_ids=list(latest),
        plates=[one.row["plate"] for one in latest.values()],
        colours=[one.row["plate_colour"] for one in latest.values()],
        from_site_ids=[one.row["from_site_id"] for one in latest.values()],
        from_ats=[one.row["from_at"] for one in latest.values()],
        to_site_ids=[one.row["to_site_id"] for one in latest.values()],
        to_ats=[one.row["to_at"] for one in latest.values()],
        distances_m=[one.way.distance_m for one in latest.values()],
        speeds_kmh=[one.way.speed_kmh for one in latest.values()],
    )


def _way(row: Row) -> Journey:
    left, reached = Place(row["from_lon"], row["from_lat"]), Place(row["to_lon"], row["to_lat"])
    return journey(left, reached, apart_ms=ms_of(row["to_at"]) - ms_of(row["from_at"]))
