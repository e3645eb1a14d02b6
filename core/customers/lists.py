"""
Lists: plates that are let in for nothing, that are to be stopped, or that are watched. Table plate_entry.

One person asks, another approves; an entry holds from its approval on, never for what is past. Where an entry of an
organisation holds is settled at its approval, so that a stay derived again finds the same.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from core.access.actors import Actor
from core.customers import approvals
from core.customers.plates import require_plate
from core.kit.db import Tx
from core.kit.errors import Changed, Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.sql import named

SQL = named("customers/lists")
DECISIONS = approvals.Statements(lock=SQL["lock"], approve=SQL["approve"], refuse=SQL["refuse"], end=SQL["end_now"])

ENTRIES: Final = Relation(
    SQL["entry_rows"],
    key="entry_id",
    columns=frozenset(
        {"kind", "plate", "plate_colour", "reason", "starts_at", "ends_at", "reach", "place", "state", "asked_at", "decided_at",
         "asked_by_name", "decided_by_name", "overlapping_n", "end_reason"}
    ),
    order=(Order("asked_at", is_falling=True),),
)  # fmt: skip


class ListKind(StrEnum):
    """What a list is for."""

    ALLOW = "allow"
    BLOCK = "block"
    WATCH = "watch"

    @property
    def label(self) -> Lazy:
        """Return what operators call it."""
        return _KINDS[self]


_KINDS: Final = {ListKind.ALLOW: _l("Allow list"), ListKind.BLOCK: _l("Block list"), ListKind.WATCH: _l("Watch list")}
REACHES: Final[Mapping[str, Lazy]] = {"city": _l("Whole city"), "organisation": _l("Organisation"), "site": _l("Site")}
COLOURS: Final[Mapping[str, Lazy]] = {
    "blue": _l("Blue"),
    "green": _l("Green"),
    "yellow": _l("Yellow"),
    "yellow_green": _l("Yellow and green"),
    "white": _l("White"),
    "black": _l("Black"),
}


class OutOfReach(Refused):
    """Somebody asks for more of the city than he sees."""


class Draft(BaseModel):
    """An entry as it is asked for; without a place it reaches the whole city."""

    kind: ListKind
    plate: Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=20)]
    plate_colour: str | None = Field(default=None, pattern="^(blue|green|yellow|yellow_green|white|black)$")
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]
    starts_at: datetime
    ends_at: datetime | None = None
    organisation_id: UUID | None = None
    site_id: UUID | None = None

    @property
    def reach(self) -> str:
        """Return how far it reaches: the nearest place that is named."""
        return "site" if self.site_id else "organisation" if self.organisation_id else "city"


def add(tx: Tx, draft: Draft, *, by: Actor, at: datetime) -> UUID:
    """
    Ask for an entry; somebody else approves it.

    Raises:
        NotAPlate: the plate cannot be one.
        EndsBefore: its period ends before it begins.
        OutOfReach: it reaches further than who asks.
    """
    entry_id = uuid7()
    tx.run(SQL["add"], entry_id=entry_id, **_values(tx, draft, by), by=by.id, at=at)
    return entry_id


def change(tx: Tx, key: UUID, draft: Draft, *, version: int, by: Actor, at: datetime) -> None:
    """
    Change what nobody has decided yet; who changes it asks for it now.

    Raises:
        NotWaiting: it was decided.
        Changed: somebody changed it meanwhile.
        OutOfReach: it reaches further than who asks.
    """
    (row,) = approvals.require_waiting(tx.rows(SQL["lock"], keys=[key]), keys=[key])
    if row["version"] != version:
        raise Changed
    tx.run(SQL["change"], entry_id=key, version=version, **_values(tx, draft, by), by=by.id, at=at)


def approve(tx: Tx, keys: Sequence[UUID], *, by: Actor, at: datetime) -> int:
    """Let entries hold from now on, or from their start; see `approvals.approve`."""
    return approvals.approve(tx, DECISIONS, keys, by=by, at=at)


def refuse(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime) -> int:
    """Turn entries down; see `approvals.refuse`."""
    return approvals.refuse(tx, DECISIONS, keys, reason=reason, by=by, at=at)


def end(tx: Tx, keys: Sequence[UUID], *, reason: str, at: datetime) -> int:
    """End entries now; see `approvals.end`."""
    return approvals.end(tx, DECISIONS, keys, reason=reason, at=at)


def list_places(tx: Tx, *, sites: Sequence[UUID], kind: str) -> list[tuple[str, str, str]]:
    """Return the organisations or sites an entry may name: id, name, name in English."""
    found = tx.rows(SQL["list_places"], sites=list(sites))
    return [(str(row["place_id"]), row["name"], row["name_en"]) for row in found if row["kind"] == kind]


def _values(tx: Tx, draft: Draft, by: Actor) -> dict[str, object]:
    approvals.require_forward(draft.starts_at, draft.ends_at)
    sees_all = by.scope.is_everything
    if draft.reach == "city" and not sees_all:
        raise OutOfReach(_("You cannot ask for the whole city; name a site."), field="site_id")
    if draft.reach == "organisation" and str(draft.organisation_id) not in {
        place for place, *_names in list_places(tx, sites=by.scope.sites(tx), kind="organisation")
    }:
        raise OutOfReach(_("There is no such organisation."), field="organisation_id")
    if draft.site_id is not None:
        by.scope.require(tx, site_id=draft.site_id)
    organisation_id = None if draft.site_id else draft.organisation_id
    return {
        **draft.model_dump(exclude={"kind", "organisation_id", "plate"}),
        "kind": draft.kind.value,
        "plate": require_plate(draft.plate),
        "reach": draft.reach,
        "organisation_id": organisation_id,
    }
