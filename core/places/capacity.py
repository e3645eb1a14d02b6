"""
Capacity: how many vehicles of a class a zone holds, and when. Table capacity.

A new number holds from a city day on, of today from this moment on, and ends the one before it; what was true stays as it
was, so that old percentages stay true. No two numbers of one zone and class hold at the same time.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.access.actors import Actor
from core.kit import clock
from core.kit.db import Row, Tx
from core.kit.errors import Refused
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.sql import named
from core.places import records

SQL = named("places/capacity")

VEHICLE_CLASSES: Final[dict[str, Lazy]] = {
    "small": _l("Small vehicles"),
    "large": _l("Large vehicles"),
    "motor": _l("Motorcycles"),
    "other": _l("Other vehicles"),
}
STATES: Final[dict[str, Lazy]] = {"current": _l("Holds now"), "coming": _l("Comes"), "past": _l("Was true")}
CAPACITIES: Final = Relation(
    SQL["list_capacities"],
    key="capacity_id",
    columns=frozenset({"site", "site_id", "zone", "called", "vehicle_class", "valid_from", "valid_to", "spaces", "state"}),
    order=(Order("site"), Order("zone"), Order("vehicle_class"), Order("valid_from", is_falling=True)),
)
_TAKEN: Final = {
    "capacity_once": ("from_on", _l("Another number begins after this day: end or change that one first.")),
    "capacity_pkey": ("from_on", _l("Another number begins on this day.")),
}


class Past(Refused):
    """What was true stays as it was."""


class Draft(BaseModel):
    """A number as a form tells it; it holds from the beginning of a city day on, today from now on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zone_id: UUID
    vehicle_class: str = Field(default="small", pattern="^(small|large|motor|other)$")
    spaces: Annotated[int, Field(ge=0, le=100_000)]
    from_on: date


class Ending(BaseModel):
    """The first city day on which a number holds no more."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to_on: date


def register(tx: Tx, draft: Draft, *, by: Actor, at: datetime) -> UUID:
    """
    Say what a zone holds from a city day on, today or later; the number before it ends there.

    Raises:
        Refused: the day is past, another number begins later, or the zone is closed or not the actor's.
    """
    zone = tx.row(SQL["get_zone"], zone_id=draft.zone_id)
    if zone is None or zone["site_id"] not in by.scope.sites(tx):
        raise records.Gone(_("There is no such zone."), field="zone_id")
    if zone["state"] != "open":
        raise Past(_("This zone is closed."), field="zone_id")
    began_at = _begin(draft.from_on, at=at, opened_on=zone["opened_on"], has_none=not zone["has_capacity"])
    key = {"site_id": zone["site_id"], "zone_id": draft.zone_id, "vehicle_class": draft.vehicle_class}
    tx.run(SQL["end_before"], **key, valid_from=began_at)
    records.add(tx, SQL["register"], taken=_TAKEN, **key, valid_from=began_at, spaces=draft.spaces)
    found: UUID = tx.value(SQL["find_key"], **key, valid_from=began_at)
    return found


def change(tx: Tx, key: UUID, draft: Draft, *, version: int, by: Actor, at: datetime) -> None:  # noqa: ARG001  # the form of a register
    """
    Change a number that does not hold yet.

    Raises:
        Refused: it holds, or held; or it would be of another zone, class or day.
        Changed: somebody changed it meanwhile.
    """
    now = get(tx, capacity_id=key)
    if now["valid_from"] <= at:
        raise Past(_("This number was true already and stays: add one that holds from another day on."), field="spaces")
    fixed = (now["zone_id"], now["vehicle_class"], clock.city_date(now["valid_from"]))
    if (draft.zone_id, draft.vehicle_class, draft.from_on) != fixed:
        raise Past(_("Zone, class and day of a number stay: end it and add another."), field="from_on")
    records.change(tx, SQL["set_spaces"], **_key(now), version=version, spaces=draft.spaces)


def end(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: Ending) -> int:  # noqa: ARG001  # an action of a register
    """
    Let numbers hold no more from a city day on, today or later; return how many.

    Raises:
        Past: the day is past, or the number ended before.
    """
    ended_at = _instant(draft.to_on, at=at)
    if draft.to_on < clock.city_date(at):
        raise Past(_("What was true stays: choose today or a later day."), field="to_on")

    def ended(key: UUID) -> Row:
        now = get(tx, capacity_id=key)
        if now["valid_to"] is not None and now["valid_to"] <= ended_at:
            raise Past(_("It ends before that day."), field="to_on")
        if ended_at <= now["valid_from"]:
            raise Past(_("It begins only after that day."), field="to_on")
        return _key(now) | {"version": now["version"], "valid_to": ended_at}

    return records.each(tx, keys, SQL["set_end"], ended)


def get(tx: Tx, *, capacity_id: UUID) -> Row:
    """
    Return a number for its change, and lock it.

    Raises:
        Gone: there is none.
    """
    row = tx.row(SQL["get_capacity"], capacity_id=capacity_id)
    if row is None:
        raise records.Gone(_("There is no such number."))
    return row


def _begin(on: date, *, at: datetime, opened_on: date, has_none: bool) -> datetime:
    """Return when a number begins: from today on, and the first of a zone from its site's opening on."""
    if on < clock.city_date(at) and not (has_none and on >= opened_on):
        raise Past(_("What was true stays: choose today or a later day."), field="from_on")
    return _instant(on, at=at)


def _instant(on: date, *, at: datetime) -> datetime:
    """Return the beginning of a city day; of today this moment, because what was true this morning stays true."""
    return at if on == clock.city_date(at) else clock.city_day(on)[0]


def _key(row: Row) -> Row:
    return {name: row[name] for name in ("site_id", "zone_id", "vehicle_class", "valid_from")}
