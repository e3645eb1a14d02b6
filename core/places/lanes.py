"""
Lanes into and out of a lot. Table lane.

People register, change, close and open lanes; a lane that a camera speaks of keeps its code. Codes on signs beside them are
told in `lane_codes`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict

from core.access.actors import Actor
from core.kit.db import Row, Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.sql import named
from core.places import records
from core.places.sites import Code

SQL = named("places/lanes")


class LaneDirection(StrEnum):
    """Which way a lane lets vehicles pass."""

    IN = "in"
    OUT = "out"
    BOTH = "both"


DIRECTIONS: Final[dict[str, Lazy]] = {
    LaneDirection.IN: _l("Entrance"),
    LaneDirection.OUT: _l("Exit"),
    LaneDirection.BOTH: _l("Entrance and exit"),
}
STATES: Final[dict[str, Lazy]] = {"open": _l("Open"), "held_open": _l("Held open"), "closed": _l("Closed")}
LANES: Final = Relation(
    SQL["list_lanes"],
    key="lane_id",
    columns=frozenset({"spot", "site", "site_id", "called", "code", "direction", "paired", "code_n", "device_n", "state"}),
    order=(Order("spot"),),
)
_TAKEN: Final = {"lane_site_id_code_key": ("code", _l("Another lane of this lot has this code."))}


class Misplaced(Refused):
    """A lane does not belong there."""


class HasPast(Refused):
    """A device speaks of it under its code."""


class Draft(BaseModel):
    """A lane as a form tells it; `paired_lane_id` is the other way through the same gate."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    site_id: UUID
    code: Code
    direction: LaneDirection
    paired_lane_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane; its code is unique within its site."""

    site_id: UUID
    lane_id: UUID
    code: str
    direction: LaneDirection


def add(tx: Tx, lanes: Sequence[Lane]) -> int:
    """Add lanes; return how many were new."""
    return tx.run(SQL["add_lanes"], rows=orjson.dumps(lanes).decode())


# ------------------------------------------------------------------------------------------------------- by people


def register(tx: Tx, draft: Draft, *, by: Actor, at: datetime) -> UUID:  # noqa: ARG001  # the form of a register
    """
    Register a lane; it is open.

    Raises:
        Refused: its site is a street, its code is taken, or its pair lies at another site.
    """
    lane_id = uuid7()
    _check(tx, draft, lane_id=lane_id)
    records.add(tx, SQL["register"], taken=_TAKEN, lane_id=lane_id, **draft.model_dump())
    return lane_id


def change(tx: Tx, key: UUID, draft: Draft, *, version: int, by: Actor, at: datetime) -> None:  # noqa: ARG001  # as above
    """
    Change a lane.

    Raises:
        Refused: as `register`; or it would move, or a device speaks of it under its code.
        Changed: somebody changed it meanwhile.
    """
    now = get(tx, lane_id=key)
    if now["site_id"] != draft.site_id:
        raise Misplaced(_("A lane stays at its lot."), field="site_id")
    if now["code"] != draft.code and now["has_past"]:
        raise HasPast(_("Devices speak of this lane under its code: it stays."), field="code")
    _check(tx, draft, lane_id=key)
    records.change(tx, SQL["change"], taken=_TAKEN, lane_id=key, version=version, **draft.model_dump())


def close(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: BaseModel | None) -> int:  # noqa: ARG001  # as above
    """Close lanes: nobody shall pass there; return how many."""
    return _set_state(tx, keys, "closed")


def hold_open(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: BaseModel | None) -> int:  # noqa: ARG001  # as above
    """Say that the gates of lanes stand open, as after an accident; return how many."""
    return _set_state(tx, keys, "held_open")


def open_again(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: BaseModel | None) -> int:  # noqa: ARG001  # as above
    """Let lanes work as they should; return how many."""
    return _set_state(tx, keys, "open")


def get(tx: Tx, *, lane_id: UUID) -> Row:
    """
    Return a lane for its change, and lock it.

    Raises:
        Gone: there is none.
    """
    row = tx.row(SQL["get_lane"], lane_id=lane_id)
    if row is None:
        raise records.Gone(_("There is no such lane."))
    return row


def list_choices(tx: Tx, *, sites: Sequence[UUID]) -> list[tuple[str, str]]:
    """Return the lanes of sites, by key and name, as a form offers them."""
    return records.choices(tx.tuples(SQL["list_choices"], sites=list(sites)))


def _set_state(tx: Tx, keys: Sequence[UUID], state: str) -> int:
    def decided(key: UUID) -> Row:
        return {"lane_id": key, "version": get(tx, lane_id=key)["version"], "state": state}

    return records.each(tx, keys, SQL["set_state"], decided)


def _check(tx: Tx, draft: Draft, *, lane_id: UUID) -> None:
    around = tx.row(SQL["find_around"], site_id=draft.site_id, paired_lane_id=draft.paired_lane_id)
    if around is None or around["state"] == "retired":
        raise Misplaced(_("There is no such site."), field="site_id")
    if around["kind"] != "off_street":
        raise Misplaced(_("Only lots have lanes."), field="site_id")
    if draft.paired_lane_id is not None and (not around["has_pair"] or draft.paired_lane_id == lane_id):
        raise Misplaced(_("The other lane belongs to the same lot."), field="paired_lane_id")
