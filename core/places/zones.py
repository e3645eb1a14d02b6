"""
Zones: levels and parts of a site, one inside of another, and how many vehicles they held when. Tables zone, capacity.

People register, change, close and open zones; what zones hold is told in `capacity`.
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
from core.places.sites import Name

SQL = named("places/zones")


class ZoneKind(StrEnum):
    """What part of a site a zone is."""

    LEVEL = "level"
    AREA = "area"
    SECTION = "section"


KINDS: Final[dict[str, Lazy]] = {
    ZoneKind.LEVEL: _l("Level"),
    ZoneKind.AREA: _l("Part"),
    ZoneKind.SECTION: _l("Section"),
}
STATES: Final[dict[str, Lazy]] = {"open": _l("Open"), "closed": _l("Closed")}
ZONES: Final = Relation(
    SQL["list_zones"],
    key="zone_id",
    columns=frozenset({"site", "site_id", "name", "called", "kind", "parent", "berth_n", "capacity_n", "state"}),
    order=(Order("site"), Order("name")),
)


class Misplaced(Refused):
    """A zone does not lie there."""


class InUse(Refused):
    """Something of it is still in use."""


class Draft(BaseModel):
    """A zone as a form tells it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    site_id: UUID
    kind: ZoneKind
    name: Name
    name_en: Name
    parent_zone_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone; `parent_zone_id` is the zone it lies inside of."""

    site_id: UUID
    zone_id: UUID
    parent_zone_id: UUID | None
    kind: ZoneKind
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many vehicles of a class a zone holds, from an instant on."""

    site_id: UUID
    zone_id: UUID
    vehicle_class: str
    valid_from: datetime
    spaces: int


def add(tx: Tx, zones: Sequence[Zone]) -> int:
    """Add zones, outer before inner; return how many were new."""
    return tx.run(SQL["add_zones"], rows=orjson.dumps(zones).decode())


def add_capacities(tx: Tx, capacities: Sequence[Capacity]) -> int:
    """Add capacities; return how many were new."""
    return tx.run(SQL["add_capacities"], rows=orjson.dumps(capacities).decode())


# ------------------------------------------------------------------------------------------------------- by people


def register(tx: Tx, draft: Draft, *, by: Actor, at: datetime) -> UUID:  # noqa: ARG001  # the form of a register
    """
    Register a zone; it is open.

    Raises:
        Refused: the zone around it lies at another site, or is closed.
    """
    zone_id = uuid7()
    _check_around(tx, draft, zone_id=zone_id)
    records.add(tx, SQL["register"], taken={}, zone_id=zone_id, **draft.model_dump())
    return zone_id


def change(tx: Tx, key: UUID, draft: Draft, *, version: int, by: Actor, at: datetime) -> None:  # noqa: ARG001  # as above
    """
    Change a zone.

    Raises:
        Refused: it would lie at another site, or within itself.
        Changed: somebody changed it meanwhile.
    """
    if get(tx, zone_id=key)["site_id"] != draft.site_id:
        raise Misplaced(_("A zone stays at its site."), field="site_id")
    _check_around(tx, draft, zone_id=key)
    records.change(tx, SQL["change"], zone_id=key, version=version, **draft.model_dump())


def close(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: BaseModel | None) -> int:  # noqa: ARG001  # as above
    """
    Close zones that nothing is left of; return how many.

    Raises:
        InUse: a berth is in service there, it holds vehicles, or an open zone lies inside.
    """

    def closed(key: UUID) -> Row:
        now = get(tx, zone_id=key, at=at)
        if now["berth_n"]:
            raise InUse(_("Berths are in service in %(zone)s: take them out of service first.", zone=now["name"]))
        if now["capacity_n"]:
            raise InUse(_("%(zone)s holds vehicles: end its capacity first.", zone=now["name"]))
        if now["inner_n"]:
            raise InUse(_("Open zones lie inside of %(zone)s: close them first.", zone=now["name"]))
        return {"zone_id": key, "version": now["version"], "state": "closed"}

    return records.each(tx, keys, SQL["set_state"], closed)


def open_again(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: BaseModel | None) -> int:  # noqa: ARG001  # as above
    """Open zones; return how many."""

    def opened(key: UUID) -> Row:
        return {"zone_id": key, "version": get(tx, zone_id=key)["version"], "state": "open"}

    return records.each(tx, keys, SQL["set_state"], opened)


def get(tx: Tx, *, zone_id: UUID, at: datetime | None = None) -> Row:
    """
    Return a zone for its change, and lock it; with what is in use there at an instant.

    Raises:
        Gone: there is none.
    """
    row = tx.row(SQL["get_zone"], zone_id=zone_id, at=at)
    if row is None:
        raise records.Gone(_("There is no such zone."))
    return row


def list_choices(tx: Tx, *, sites: Sequence[UUID]) -> list[tuple[str, str]]:
    """Return the open zones of sites, by key and name, as a form offers them."""
    return records.choices(tx.tuples(SQL["list_choices"], sites=list(sites)))


def _check_around(tx: Tx, draft: Draft, *, zone_id: UUID) -> None:
    """Check the zone that a zone shall lie inside of."""
    if draft.parent_zone_id is None:
        return
    around = tx.row(SQL["find_around"], site_id=draft.site_id, parent_zone_id=draft.parent_zone_id, zone_id=zone_id)
    if around is None:
        raise Misplaced(_("The zone around it lies at another site."), field="parent_zone_id")
    if around["is_inside"]:
        raise Misplaced(_("A zone does not lie within itself."), field="parent_zone_id")
    if around["state"] != "open":
        raise Misplaced(_("The zone around it is closed."), field="parent_zone_id")
