"""
Assignments: which version of a tariff holds where, for whom, from when to when. Table tariff_assignment.

For every place and vehicle at most one holds (`core.billing.rules.matching`); what would leave two of equal right is refused,
and both are named. An assignment begins now or later: what was priced keeps its price.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core.access.actors import Actor
from core.billing.rules.matching import Assigned, Selector, find_rival
from core.billing.rules.readings import Frequency
from core.billing.rules.terms import OnChange
from core.kit.db import Row, Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.moments import ms_of
from core.kit.sql import named

SQL = named("billing/assignments")

ASSIGNMENTS: Final = Relation(
    SQL["assignment_rows"],
    key="assignment_id",
    columns=frozenset(
        {"site", "site_name", "zone", "space_class", "vehicle_class", "tariff", "tariff_name", "price_zone", "priority",
         "on_change", "pool", "valid_from", "valid_to", "state", "assigned_by", "assigned_at", "reason"}
    ),
    order=(Order("site"), Order("valid_from", is_falling=True)),
)  # fmt: skip
STATES: Final[Mapping[str, Lazy]] = {"active": _l("In force"), "due": _l("Not begun"), "over": _l("Over")}
VEHICLES: Final[Mapping[str, Lazy]] = {
    "small": _l("Small"),
    "large": _l("Large"),
    "motor": _l("Motorcycle"),
    "other": _l("Other"),
}
SPACES: Final[Mapping[str, Lazy]] = {
    "general": _l("General"),
    "ev": _l("Charging"),
    "accessible": _l("Accessible"),
    "reserved": _l("Reserved"),
    "loading": _l("Loading and unloading"),
}
ON_CHANGE: Final[Mapping[str, Lazy]] = {
    OnChange.PIN_AT_ENTRY: _l("the version of the entry holds"),
    OnChange.SPLIT_AT_CHANGE: _l("each holds for its time"),
    OnChange.CHEAPER_OF_BOTH: _l("the cheaper one holds"),
}


class NotApproved(Refused):
    """A version that nobody approved cannot hold anywhere."""


class TooEarly(Refused):
    """An assignment would change what was priced."""


class EndsBefore(Refused):
    """An assignment ends before it begins."""


class PoolUnsaid(Refused):
    """The tariff gives free time once a day, and nobody said among which sites; or it does not, and somebody did."""


class ChangeUnsaid(Refused):
    """Nobody said what it means to a stay under way that another version begins, or it was said twice, and differently."""


class Ambiguous(Refused):
    """Two assignments would hold for one place, and neither comes first."""


class NoSuchZone(Refused):
    """A zone belongs to another site, or the tariff knows no such zone."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """A version that holds at a site from an instant on; an empty class means every class."""

    site_id: UUID
    vehicle_class: str
    valid_from: datetime
    tariff_version_id: UUID


class Draft(BaseModel):
    """An assignment as a form tells it; what is left open holds whatever it is."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    site_id: UUID
    tariff_version_id: UUID
    zone_id: UUID | None = None
    space_class: Literal["", "general", "ev", "accessible", "reserved", "loading"] = ""
    vehicle_class: Literal["", "small", "large", "motor", "other"] = ""
    price_zone: Annotated[str, StringConstraints(max_length=40)] = ""
    priority: Annotated[int, Field(ge=0, le=9)] = 0
    on_change: Literal["", "pin_at_entry", "split_at_change", "cheaper_of_both"] = ""
    pool: UUID | Literal["", "site"] = ""
    starts_at: datetime
    ends_at: datetime | None = None
    reason: Annotated[str, StringConstraints(min_length=2, max_length=200)]


def assign(tx: Tx, assignments: Sequence[Assignment]) -> int:
    """Let versions hold at sites as a deployment delivers them; return how many assignments were new."""
    return tx.run(SQL["add_assignments"], rows=orjson.dumps(assignments).decode())


def add(tx: Tx, draft: Draft, *, by: Actor, at: datetime) -> UUID:
    """
    Let a version hold; the one that held for the same until now, without an end, ends where it begins.

    Raises:
        NotApproved: nobody approved the version.
        TooEarly, EndsBefore: its period is impossible.
        NoSuchZone: the site has no such zone, or the tariff needs one of its own.
        ChangeUnsaid: neither the tariff nor the assignment says what a new version means to a stay under way, or they differ.
        PoolUnsaid: the tariff gives free time once a day, and the assignment does not say among which sites.
        Ambiguous: something else would hold for the same, and neither comes first.
    """
    version = _check(tx, draft, at=at)
    tx.value(SQL["lock_site"], site_id=draft.site_id)
    new = _assigned_of(draft, str(version["name"]))
    held = [assigned_of(row) for row in tx.rows(SQL["list_of_sites"], site_ids=[draft.site_id])]
    before = next((one for one in held if _is_before(one, new)), None)
    if before is not None:
        tx.run(SQL["end_before"], assignment_id=before.assignment_id, starts_at=draft.starts_at)
    rival = find_rival(new, [one for one in held if one is not before])
    if rival is not None:
        raise Ambiguous(
            _(
                "%(new)s and %(rival)s would both hold for the same here. End one, or give one a higher priority.",
                new=new.name,
                rival=rival.name,
            )
        )
    values = draft.model_dump(exclude={"pool"}) | {
        "assignment_id": new.assignment_id, "on_change": draft.on_change or None, "pool_id": new.pool_id
    }  # fmt: skip
    tx.run(SQL["add"], **values, by=by.id, at=at)
    return new.assignment_id


def end(tx: Tx, keys: Sequence[UUID], *, reason: str, at: datetime) -> int:
    """End what holds now, and withdraw what has not begun; return how many. What was priced keeps its price."""
    withdrawn_n = tx.run(SQL["withdraw"], keys=list(keys), at=at)
    return withdrawn_n + tx.run(SQL["end_now"], keys=list(keys), reason=reason, at=at)


def list_of_sites(tx: Tx, site_ids: Sequence[UUID]) -> dict[UUID, list[Assigned]]:
    """Return everything assigned at some sites."""
    found: dict[UUID, list[Assigned]] = {}
    for row in tx.rows(SQL["list_of_sites"], site_ids=list(site_ids)):
        found.setdefault(row["site_id"], []).append(assigned_of(row))
    return found


def list_beside(tx: Tx, site_ids: Iterable[UUID]) -> set[UUID]:
    """Return the other sites that share the free time of vehicles with some sites, by what is or was assigned there."""
    here = set(site_ids)
    return {site_id for (site_id,) in tx.tuples(SQL["list_beside"], site_ids=list(here))} - here


def list_pools(tx: Tx, pool_ids: Iterable[UUID]) -> dict[UUID, tuple[UUID, ...]]:
    """Return the sites of the groups among some pools; a pool that is none is a site alone."""
    found: dict[UUID, tuple[UUID, ...]] = {}
    for pool_id, site_id in tx.tuples(SQL["list_pools"], pool_ids=list(pool_ids)):
        found[pool_id] = (*found.get(pool_id, ()), site_id)
    return found


def assigned_of(row: Row) -> Assigned:
    """Return the assignment a row of tariff_assignment holds."""
    return Assigned(
        row["assignment_id"],
        row["tariff_version_id"],
        Selector(row["zone_id"], row["space_class"], row["vehicle_class"]),
        row["priority"],
        ms_of(row["valid_from"]),
        None if row["valid_to"] is None else ms_of(row["valid_to"]),
        row["price_zone"],
        row["name"],
        None if row["on_change"] is None else OnChange(row["on_change"]),
        row["pool_id"],
    )


def _check(tx: Tx, draft: Draft, *, at: datetime) -> Row:
    version = tx.row(SQL["find_version"], tariff_version_id=draft.tariff_version_id)
    if version is None or version["state"] != "approved":
        raise NotApproved(_("Only an approved version can hold."), field="tariff_version_id")
    if draft.starts_at < at:
        raise TooEarly(_("It begins now or later: what was priced keeps its price."), field="starts_at")
    if draft.ends_at is not None and draft.ends_at <= draft.starts_at:
        raise EndsBefore(_("It must end after it begins."), field="ends_at")
    if draft.zone_id is not None and tx.value(SQL["find_zone"], site_id=draft.site_id, zone_id=draft.zone_id) is None:
        raise NoSuchZone(_("The site has no such zone."), field="zone_id")
    zones = version["rules"].get("zones") or []
    if draft.price_zone not in (zones or [""]):
        said = _("Name one of the tariff's zones: %(zones)s.", zones=", ".join(zones)) if zones else _("The tariff has no zones.")
        raise NoSuchZone(said, field="price_zone")
    _check_change(version["rules"], draft)
    _check_pool(tx, version["rules"], draft)
    return version


def _check_change(rules: Mapping[str, Any], draft: Draft) -> None:  # the JSON of a tariff
    """Ask what it means that another version begins, where the tariff does not say; what it says cannot be said otherwise."""
    told = OnChange.PIN_AT_ENTRY if rules["form"] == "first" else rules.get("on_change")
    if told is None and not draft.on_change:
        said = _("The tariff does not say what it means to a stay under way that another one begins: choose it.")
        raise ChangeUnsaid(said, field="on_change")
    if told is not None and draft.on_change not in {"", told}:
        said = _("The tariff says otherwise: %(choice)s. Choose nothing here.", choice=ON_CHANGE[told])
        raise ChangeUnsaid(said, field="on_change")


def _check_pool(tx: Tx, rules: Mapping[str, Any], draft: Draft) -> None:  # the JSON of a tariff
    """Ask among which sites a vehicle gets once what the tariff gives it once a day."""
    is_rationed = any(free["frequency"] == Frequency.ONCE_A_DAY for plan in rules.get("plans", ()) for free in plan.get("free", ()))
    if is_rationed and not draft.pool:
        said = _("Its free time is given to a vehicle once a day: choose among which sites.")
        raise PoolUnsaid(said, field="pool")
    if draft.pool and not is_rationed:
        raise PoolUnsaid(_("The tariff gives no free time once a day. Choose nothing here."), field="pool")
    if isinstance(draft.pool, UUID) and tx.value(SQL["find_member"], pool_id=draft.pool, site_id=draft.site_id) is None:
        raise PoolUnsaid(_("The site does not belong to this group."), field="pool")


def _pool_of(draft: Draft) -> UUID | None:
    return draft.site_id if draft.pool == "site" else draft.pool or None


def _assigned_of(draft: Draft, name: str) -> Assigned:
    return Assigned(
        uuid7(),
        draft.tariff_version_id,
        Selector(draft.zone_id, draft.space_class, draft.vehicle_class),
        draft.priority,
        ms_of(draft.starts_at),
        None if draft.ends_at is None else ms_of(draft.ends_at),
        draft.price_zone,
        name,
        OnChange(draft.on_change) if draft.on_change else None,
        _pool_of(draft),
    )


def _is_before(one: Assigned, new: Assigned) -> bool:
    """Tell whether an assignment holds for the same, without an end, when a new one begins."""
    is_same = one.selector == new.selector and one.priority == new.priority
    return is_same and one.to_ms is None and one.from_ms < new.from_ms and new.to_ms is None
