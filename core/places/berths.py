"""
Berths as people manage them: laid out in rows along a street, changed, taken out of service. Table space.

A berth that vehicles stood on keeps its code and its row for ever; what is taken out of service ends on a day, and everything
before stays as it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core.access.actors import Actor
from core.kit import clock
from core.kit.db import Row, Tx
from core.kit.errors import Changed, Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.sql import named
from core.places import deployments, records, rows, shapes
from core.places.rows import Laid
from core.places.shapes import Point
from core.places.spaces import SpaceClass

SQL = named("places/berths")

BerthCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,20}$")]
"""What is painted on the ground, and what devices call it."""
Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,16}$")]
Degrees = Annotated[float, Field(ge=-180, le=180)]

CLASSES: Final[dict[str, Lazy]] = {
    SpaceClass.GENERAL: _l("General"),
    SpaceClass.EV: _l("Charging"),
    SpaceClass.ACCESSIBLE: _l("Accessible"),
    SpaceClass.RESERVED: _l("Reserved berth"),
    SpaceClass.LOADING: _l("Loading and unloading"),
}
STATES: Final[dict[str, Lazy]] = {"coming": _l("Comes"), "in_service": _l("In service"), "removed": _l("Out of service")}
BERTHS: Final = Relation(
    SQL["list_berths"],
    key="space_id",
    columns=frozenset(
        {
            "spot", "code", "called", "site", "site_id", "area_id", "district", "road", "zone", "class", "in_service_from",
            "in_service_to", "device", "state",
        }
    ),
    order=(Order("spot"),),
)  # fmt: skip
_TAKEN: Final = {"space_code": ("code", _l("Another berth of this site has this code."))}
_NAMED: Final = 3
"""Codes of berths a refusal names."""


class HasPast(Refused):
    """Vehicles stood there, or devices speak of it: it keeps its code, and its days."""


class InUse(Refused):
    """A vehicle stands there, or a device watches it."""


class WrongDay(Refused):
    """The day does not fit."""


class Draft(BaseModel):
    """One berth as a form tells it; longitude and latitude in WGS-84."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    zone_id: UUID
    code: BerthCode
    space_class: SpaceClass = SpaceClass.GENERAL
    lon: Degrees | None = None
    lat: Annotated[float, Field(ge=-85, le=85)] | None = None
    in_service_on: date


class RowDraft(BaseModel):
    """A row of berths along the line of a street, as a form tells it; `core.places.rows.Row` says what each number means."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    zone_id: UUID
    prefix: Prefix = ""
    first: Annotated[int, Field(ge=0, le=99_999)] = 1
    last: Annotated[int, Field(ge=0, le=99_999)]
    step: Annotated[int, Field(ge=1, le=10)] = 1
    digits: Annotated[int, Field(ge=1, le=5)] = 3
    start_m: Annotated[float, Field(ge=0, le=50_000)] = 3.0
    spacing_m: Annotated[float, Field(ge=1, le=100)] = 6.0
    aside_m: Annotated[float, Field(ge=-50, le=50)] = 0.0
    space_class: SpaceClass = SpaceClass.GENERAL
    in_service_on: date
    is_trial: bool = True


class Removal(BaseModel):
    """The first city day without the berth."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    to_on: date


@dataclass(frozen=True, slots=True)
class Layout:
    """A row of berths, laid out or only tried, and the lines it follows."""

    site: str
    berths: tuple[Laid, ...]
    lines: tuple[tuple[Point, ...], ...]
    is_trial: bool


def register(tx: Tx, draft: Draft, *, by: Actor, at: datetime) -> UUID:  # noqa: ARG001  # the form of a register
    """
    Register one berth, in service from a city day on.

    Raises:
        Refused: the code is taken, the zone is closed, or not the actor's.
    """
    zone = _zone(tx, draft.zone_id, draft.in_service_on, by=by)
    space_id = uuid7()
    records.add(tx, SQL["register"], taken=_TAKEN, space_id=space_id, site_id=zone["site_id"], **_values(draft))
    return space_id


def lay(tx: Tx, draft: RowDraft, *, by: Actor, at: datetime) -> Layout:  # noqa: ARG001  # the form of a register
    """
    Lay a row of berths out along the line of its street; a trial only tells where they would lie.

    Raises:
        Refused: codes are taken, the row is longer than the street, the zone is closed, or not the actor's.
    """
    zone = _zone(tx, draft.zone_id, draft.in_service_on, by=by)
    drawn = zone["geometry"] if zone["kind"] == "on_street" else None  # nobody knows where in the area of a lot a row lies
    lines = [] if drawn is None else shapes.lines_of(drawn)
    row = rows.Row(draft.prefix, draft.first, draft.last, draft.step, draft.digits, draft.start_m, draft.spacing_m, draft.aside_m)
    laid = rows.lay(row, lines)
    taken: list[str] = tx.value(SQL["taken_codes"], site_id=zone["site_id"], codes=[one.code for one in laid]) or []
    if taken:
        some = ", ".join(taken[:_NAMED]) + (" …" if len(taken) > _NAMED else "")
        raise records.Taken(_("%(n)s codes are taken at this site: %(codes)s.", n=len(taken), codes=some), field="first")
    if not draft.is_trial:
        _store(tx, zone, draft, laid)
    return Layout(zone["site"], tuple(laid), tuple(tuple(line) for line in lines), draft.is_trial)


def change(tx: Tx, key: UUID, draft: Draft, *, version: int, by: Actor, at: datetime) -> None:  # as above
    """
    Change a berth.

    Raises:
        Refused: it would move to another site; or what has a past would be called otherwise, or begin another day.
        Changed: somebody changed it meanwhile.
    """
    now = get(tx, space_id=key, at=at)
    zone = _zone(tx, draft.zone_id, draft.in_service_on, by=by)
    if zone["site_id"] != now["site_id"]:
        raise records.Gone(_("A berth stays at its site."), field="zone_id")
    if now["in_service_to"] is not None:
        raise HasPast(_("This berth is out of service and stays as it was."))
    if now["has_past"] and draft.code != now["code"]:
        raise HasPast(_("Vehicles stood on this berth, or a device watches it: its code stays."), field="code")
    if now["has_past"] and clock.city_date(now["in_service_from"]) != draft.in_service_on:
        raise HasPast(_("Vehicles stood on this berth, or a device watches it: its first day stays."), field="in_service_on")
    values = _values(draft) | ({"in_service_from": now["in_service_from"]} if now["has_past"] else {})
    records.change(tx, SQL["change"], taken=_TAKEN, space_id=key, site_id=now["site_id"], version=version, **values)


def remove(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: Removal) -> int:  # noqa: ARG001  # an action of a register
    """
    Take berths out of service on a city day, today or earlier; return how many. What happened before stays.

    Raises:
        InUse: a vehicle stands there, or a device watches it.
        WrongDay: the day is to come, or lies before the berth's first day or the last that happened there.
    """
    if draft.to_on > clock.city_date(at):
        raise WrongDay(_("Choose today or an earlier day."), field="to_on")
    ended_at = at if draft.to_on == clock.city_date(at) else clock.city_day(draft.to_on)[0]

    def removed(key: UUID) -> Row:
        now = get(tx, space_id=key, at=ended_at)
        if now["in_service_to"] is not None:
            raise HasPast(_("Berth %(berth)s is out of service already.", berth=now["code"]))
        if now["is_taken"]:
            raise InUse(_("A vehicle stands on berth %(berth)s: end its stay first.", berth=now["code"]))
        if now["is_watched"]:
            raise InUse(_("A device watches berth %(berth)s: end its binding first.", berth=now["code"]))
        if now["is_later"] or ended_at <= now["in_service_from"]:
            raise WrongDay(_("Berth %(berth)s was in use after that day.", berth=now["code"]), field="to_on")
        return {"space_id": key, "site_id": now["site_id"], "version": now["version"], "at": ended_at}

    return records.each(tx, keys, SQL["remove"], removed)


def get(tx: Tx, *, space_id: UUID, at: datetime) -> Row:
    """
    Return a berth for its change, and lock it; `is_later` tells whether something happened there after an instant.

    Raises:
        Gone: there is none.
    """
    row = tx.row(SQL["get_berth"], space_id=space_id, at=at)
    if row is None:
        raise records.Gone(_("There is no such berth."))
    return row


def list_signs(tx: Tx, *, keys: Sequence[UUID], sites: Sequence[UUID]) -> list[Row]:
    """Return what stands on the signs of berths in service, by site and code."""
    return tx.rows(SQL["list_signs"], keys=list(keys), sites=list(sites))


def _zone(tx: Tx, zone_id: UUID, on: date, *, by: Actor) -> Row:
    """Return the zone that a berth shall lie in, with its site."""
    zone = tx.row(SQL["find_zone"], zone_id=zone_id)
    if zone is None or zone["site_id"] not in by.scope.sites(tx):
        raise records.Gone(_("There is no such zone."), field="zone_id")
    if zone["state"] != "open" or zone["site_state"] == "retired":
        raise records.Gone(_("This zone is closed."), field="zone_id")
    if on < zone["opened_on"]:
        raise WrongDay(_("The site opened only after that day."), field="in_service_on")
    return zone


def _store(tx: Tx, zone: Row, draft: RowDraft, laid: Sequence[Laid]) -> None:
    since = clock.city_day(draft.in_service_on)[0]
    told = [
        {
            "space_id": uuid7(), "code": one.code, "lon": one.point and one.point[0], "lat": one.point and one.point[1],
        }
        for one in laid
    ]  # fmt: skip
    made = tx.run(
        SQL["lay"], rows=orjson.dumps(told).decode(), site_id=zone["site_id"], zone_id=draft.zone_id, since=since,
        space_class=draft.space_class,
    )  # fmt: skip
    if made != len(laid):  # somebody laid one of them between the look and now
        raise Changed
    deployments.registry_changed(tx)


def _values(draft: Draft) -> Row:
    return draft.model_dump(exclude={"in_service_on"}) | {"in_service_from": clock.city_day(draft.in_service_on)[0]}
