"""
Clones: one plate that stands in two places at once, or came from one to the other faster than a vehicle can (R20).

Tables open_stay, plate_read, review_case, clone_watch. Nobody is refused for it: both stays go on, and a person looks at
both. A plate that was in two places is watched from then on, until a person says whether there are two of it. Of a copy the
block list can be asked for, which somebody else approves (`core.customers.lists`): the law stops the vehicle, we tell.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from core.access.actors import Actor
from core.customers import lists
from core.customers.lists import ListKind
from core.kit.db import Row, Tx
from core.kit.errors import Changed, Refused
from core.kit.ids import derived_id
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
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
_FRAMES: Final = 6

CLONES: Final = Relation(
    SQL["clone_rows"],
    key="vehicle_id",
    columns=frozenset(
        {"plate", "state", "found_n", "first_at", "from_at", "last_at", "apart_s", "distance_m", "speed_kmh", "from_site",
         "to_site", "area_id", "decided_by_name", "ended_at", "reason", "is_blocked"}
    ),
    order=(Order("last_at", is_falling=True),),
)  # fmt: skip


class Outcome(StrEnum):
    """What a person said of a plate that travels too fast."""

    CONFIRMED = "confirmed"
    """There are two of it."""
    DISMISSED = "dismissed"
    """It was misread, or a clock was wrong."""


STATES: Final[Mapping[str, Lazy]] = {
    "open": _l("Watched"),
    Outcome.CONFIRMED: _l("Copy confirmed"),
    Outcome.DISMISSED: _l("Dismissed"),
}


class NotConfirmed(Refused):
    """The block list is asked for only of what a person confirmed."""


class Block(BaseModel):
    """The block list, as it is asked for of a copied plate."""

    model_config = ConfigDict(frozen=True)
    ends_at: AwareDatetime | None = None


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


def confirm(tx: Tx, _keys: Sequence[UUID], *, rows: Sequence[Row], reason: str, by: Actor, at: datetime) -> int:
    """
    Say that there are two of each plate; the alarm ends. A new pair puts it back on the list.

    Raises:
        Changed: one was decided, or found anew, since it was looked at; nothing is decided.
    """
    return _decide(tx, rows, Outcome.CONFIRMED, reason=reason, by=by, at=at)


def dismiss(tx: Tx, _keys: Sequence[UUID], *, rows: Sequence[Row], reason: str, by: Actor, at: datetime) -> int:
    """
    Say that each plate was misread, or a clock wrong; the alarm ends. A new pair puts it back on the list.

    Raises:
        Changed: one was decided, or found anew, since it was looked at; nothing is decided.
    """
    return _decide(tx, rows, Outcome.DISMISSED, reason=reason, by=by, at=at)


def ask_for_block(tx: Tx, _keys: Sequence[UUID], *, rows: Sequence[Row], reason: str, by: Actor, at: datetime, draft: Block) -> int:
    """
    Ask for entries of the block list; somebody else approves them. They reach as far as who asks: the city, or the last site.

    Raises:
        NotConfirmed: nobody has said that there are two of a plate.
        lists.OutOfReach: who asks does not see the site.
    """
    for row in rows:
        if row["state"] != Outcome.CONFIRMED:
            raise NotConfirmed(_("Confirm first that there are two of this plate."))
        lists.add(tx, _entry(row, draft, reason=reason, is_city=by.scope.is_everything, at=at), by=by, at=at)
    return len(rows)


def list_frames(tx: Tx, row: Row) -> dict[UUID, list[Row]]:
    """Return what was photographed of the two reads of a row, by site."""
    reads = ((row["from_site_id"], row["from_at"]), (row["to_site_id"], row["last_at"]))
    return {
        site_id: tx.rows(SQL["list_frames"], site_id=site_id, at=at, vehicle_id=row["vehicle_id"], most=_FRAMES)
        for site_id, at in reads
    }


def _decide(tx: Tx, rows: Sequence[Row], outcome: Outcome, *, reason: str, by: Actor, at: datetime) -> int:
    keys, versions = [row["vehicle_id"] for row in rows], [row["version"] for row in rows]
    done = tx.run(SQL["decide"], keys=keys, versions=versions, outcome=outcome, reason=reason, by=by.id, at=at)
    if done != len(rows):
        raise Changed
    return done


def _entry(row: Row, draft: Block, *, reason: str, is_city: bool, at: datetime) -> lists.Draft:
    return lists.Draft(
        kind=ListKind.BLOCK,
        plate=row["plate"],
        plate_colour=row["plate_colour"],
        reason=_("Copied plate: %(reason)s", reason=reason)[:200],
        starts_at=at,
        ends_at=draft.ends_at,
        site_id=None if is_city else row["to_site_id"],
    )
