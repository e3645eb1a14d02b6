"""
Sites: sections of a street and lots, the unit of tariff, ranking, scope and distribution. Table site.

People register, change, close and retire them; a site with a past keeps its code, its kind and its rows for ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, StringConstraints

from core.access.actors import Actor
from core.kit import clock
from core.kit.db import Row, Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.sql import named
from core.places import records, shapes

SQL = named("places/sites")
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
"""What devices speak under and people write on signs."""
Name = Annotated[str, StringConstraints(min_length=1, max_length=60)]


class SiteKind(StrEnum):
    """On the street, or behind lanes."""

    ON_STREET = "on_street"
    OFF_STREET = "off_street"


class SiteMode(StrEnum):
    """How a site is watched (M32): by sensors with collectors or patrol vehicles, by cameras, behind lanes."""

    MAGNETOMETER = "magnetometer"
    PATROL = "patrol"
    LOOP = "loop"
    SPACE_LOCK = "space_lock"
    VIDEO = "video"
    BOLLARD = "bollard"
    GATE = "gate"
    IMPORT = "import"

    @property
    def reads_apart(self) -> bool:
        """Tell whether one source says when and another who: sensors know no plates."""
        return self in {SiteMode.MAGNETOMETER, SiteMode.PATROL, SiteMode.LOOP, SiteMode.SPACE_LOCK}


class SiteState(StrEnum):
    """Where a site stands in its life; a retired one never comes back."""

    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    RETIRED = "retired"


KINDS: Final[dict[str, Lazy]] = {SiteKind.ON_STREET: _l("Section"), SiteKind.OFF_STREET: _l("Lot")}
MODES: Final[dict[str, Lazy]] = {
    SiteMode.MAGNETOMETER: _l("Magnetometers"),
    SiteMode.PATROL: _l("Patrol vehicles"),
    SiteMode.LOOP: _l("Loops"),
    SiteMode.SPACE_LOCK: _l("Space locks"),
    SiteMode.VIDEO: _l("Pole cameras"),
    SiteMode.BOLLARD: _l("Bollards"),
    SiteMode.GATE: _l("Gates"),
    SiteMode.IMPORT: _l("Files"),
}
STATES: Final[dict[str, Lazy]] = {
    SiteState.PLANNED: _l("Planned"),
    SiteState.OPEN: _l("Open"),
    SiteState.CLOSED: _l("Closed"),
    SiteState.RETIRED: _l("Retired"),
}
SITES: Final = Relation(
    SQL["list_sites"],
    key="site_id",
    columns=frozenset(
        {
            "code", "name", "called", "area_id", "kind", "mode", "district", "road", "organisation", "state", "opened_on",
            "closed_on", "berth_n", "lane_n", "capacity_n", "device_n",
        }
    ),
    order=(Order("code"),),
)  # fmt: skip
_TAKEN: Final = {"site_code_key": ("code", _l("Another site has this code."))}


class HasPast(Refused):
    """Something happened there, or is installed there: what it is called and what it is cannot change any more."""


class InUse(Refused):
    """Somebody parks there, or something is still at work."""


class WrongState(Refused):
    """Its state does not allow this."""


class NotYours(Refused):
    """The organisation lies outside of what the actor may see."""


class Misfit(Refused):
    """Two fields contradict each other."""


class Draft(BaseModel):
    """A site as a form tells it; `geometry` is GeoJSON in WGS-84."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    code: Code
    kind: SiteKind
    name: Name
    name_en: Name
    organisation_id: UUID
    area_id: UUID
    road_id: UUID | None = None
    mode: SiteMode
    opened_on: date
    geometry: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """
    One site. Its code is unique and never changes: devices speak under it.

    `geometry` is GeoJSON in WGS-84 (its form differs by kind, hence untyped); the centre is where its label stands.
    """

    site_id: UUID
    code: str
    organisation_id: UUID
    area_id: UUID
    road_id: UUID | None
    kind: SiteKind
    mode: SiteMode
    name: str
    name_en: str
    time_zone: str
    centre_lon: float | None
    centre_lat: float | None
    geometry: dict[str, Any] | None
    opened_on: date
    is_demo: bool = False


def add(tx: Tx, sites: Sequence[Site]) -> int:
    """Add sites; return how many were new."""
    return tx.run(SQL["add_sites"], rows=orjson.dumps(sites).decode())


# ------------------------------------------------------------------------------------------------------- by people


def register(tx: Tx, draft: Draft, *, by: Actor, at: datetime) -> UUID:
    """
    Register a site: planned until its opening day, open from then on.

    Raises:
        Refused: the code is taken, the organisation is not the actor's, or what was drawn is no place.
    """
    _check(tx, draft, by=by)
    site_id = uuid7()
    state = SiteState.PLANNED if draft.opened_on > clock.city_date(at) else SiteState.OPEN
    values = _values(draft) | {"time_zone": clock.city_zone().key, "state": state}
    records.add(tx, SQL["register"], taken=_TAKEN, site_id=site_id, **values)
    return site_id


def change(tx: Tx, key: UUID, draft: Draft, *, version: int, by: Actor, at: datetime) -> None:  # noqa: ARG001  # the register's form
    """
    Change a site.

    Raises:
        Refused: as `register`; or what has a past would be called otherwise.
        Changed: somebody changed it meanwhile.
    """
    now = get(tx, site_id=key)
    _check(tx, draft, by=by)
    if now["state"] == SiteState.RETIRED:
        raise WrongState(_("A retired site stays as it is."))
    if (draft.code, draft.kind) != (now["code"], now["kind"]) and tx.value(SQL["has_past"], site_id=key):
        field = "code" if draft.code != now["code"] else "kind"
        raise HasPast(_("This site has a past: its code and its kind stay as they are."), field=field)
    if now["closed_on"] is not None and draft.opened_on > now["closed_on"]:
        raise Misfit(_("It closed before that day."), field="opened_on")
    records.change(tx, SQL["change"], taken=_TAKEN, site_id=key, version=version, **_values(draft))


def open_again(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: BaseModel | None) -> int:  # noqa: ARG001  # an action of a register
    """
    Open sites that are planned or closed; return how many.

    Raises:
        WrongState: one of them is open, or retired.
    """

    def opened(key: UUID) -> Row:
        now = get(tx, site_id=key)
        if now["state"] not in {SiteState.PLANNED, SiteState.CLOSED}:
            raise WrongState(_("%(site)s is not closed.", site=now["code"]))
        return _state(now, SiteState.OPEN, closed_on=None)

    return records.each(tx, keys, SQL["set_state"], opened)


def close(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: BaseModel | None) -> int:  # noqa: ARG001  # as above
    """
    Close sites from today on, as for works; return how many. Their devices may go on telling what they see.

    Raises:
        WrongState: one of them is not open.
    """

    def closed(key: UUID) -> Row:
        now = get(tx, site_id=key)
        if now["state"] != SiteState.OPEN:
            raise WrongState(_("%(site)s is not open.", site=now["code"]))
        return _state(now, SiteState.CLOSED, closed_on=max(clock.city_date(at), now["opened_on"]))

    return records.each(tx, keys, SQL["set_state"], closed)


def retire(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: BaseModel | None) -> int:  # noqa: ARG001  # as above
    """
    Give up sites for ever; return how many. Everything that happened there stays.

    Raises:
        WrongState: one of them is retired already.
        InUse: a vehicle stands there, or a device is at work.
    """

    def retired(key: UUID) -> Row:
        now = get(tx, site_id=key)
        if now["state"] == SiteState.RETIRED:
            raise WrongState(_("%(site)s is retired already.", site=now["code"]))
        if now["open_stay_n"]:
            raise InUse(_("Vehicles stand at %(site)s: end their stays first.", site=now["code"]))
        if now["device_n"]:
            raise InUse(_("Devices are at work at %(site)s: retire them first.", site=now["code"]))
        return _state(now, SiteState.RETIRED, closed_on=now["closed_on"] or max(clock.city_date(at), now["opened_on"]))

    return records.each(tx, keys, SQL["set_state"], retired)


def get(tx: Tx, *, site_id: UUID) -> Row:
    """
    Return a site for its change, and lock it.

    Raises:
        Gone: there is none.
    """
    row = tx.row(SQL["get_site"], site_id=site_id)
    if row is None:
        raise records.Gone(_("There is no such site."))
    return row


def list_choices(tx: Tx, *, sites: Sequence[UUID], kind: SiteKind | None = None) -> list[tuple[str, str]]:
    """Return the sites that are not retired, by key and name, as a form offers them."""
    return records.choices(tx.tuples(SQL["list_choices"], sites=list(sites), kind=kind))


def list_all_choices(tx: Tx) -> list[tuple[str, str]]:
    """Return the sites that are not retired, all of them to who sees none: for those who give parts of the city to others."""
    return records.choices(tx.tuples(SQL["list_all_choices"]))


def _state(now: Row, state: SiteState, *, closed_on: date | None) -> Row:
    return {"site_id": now["site_id"], "version": now["version"], "state": state, "closed_on": closed_on}


def _check(tx: Tx, draft: Draft, *, by: Actor) -> None:
    """Check what a single field cannot tell."""
    if draft.kind is SiteKind.ON_STREET and draft.road_id is None and draft.mode is not SiteMode.IMPORT:
        raise Misfit(_("A section lies on a road."), field="road_id")
    if draft.mode is not SiteMode.IMPORT and (draft.kind is SiteKind.OFF_STREET) != (draft.mode is SiteMode.GATE):
        raise Misfit(_("Gates watch lots, everything else watches streets."), field="mode")
    if not by.scope.is_everything and not tx.value(
        SQL["is_own"], organisation_id=draft.organisation_id, organisation_ids=sorted(by.scope.organisation_ids)
    ):
        raise NotYours(_("You may not register sites of this organisation."), field="organisation_id")


def _values(draft: Draft) -> dict[str, Any]:
    """Return the columns of a draft; the centre follows from what was drawn."""
    geometry = None
    lon, lat = None, None
    if draft.geometry is not None:
        geometry = shapes.checked(draft.geometry, is_street=draft.kind is SiteKind.ON_STREET)
        lon, lat = shapes.centre(geometry)
    drawn = None if geometry is None else orjson.dumps(geometry).decode()
    return draft.model_dump(exclude={"geometry"}) | {"geometry": drawn, "centre_lon": lon, "centre_lat": lat}
