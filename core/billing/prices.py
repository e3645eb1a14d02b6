"""
Price stays by the tariff assigned to their place.

A version is written in the rule language (`core.billing.language`); what a database still holds in the form that came before
is read as that. What it means to a stay that another one begins to hold, the version of its entry says, or else the assignment
of that. Tables tariff_version, tariff_assignment, calendar_day.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import takewhile
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

import orjson

from core.billing import assignments, calendar
from core.billing.calendar import Calendar
from core.billing.language import NotATariff, Tariff, compile_tariff, conversion, read_value, sentence_of
from core.billing.rules import settlements
from core.billing.rules.day_names import NamedDays
from core.billing.rules.days import AlikeDays, Unpriceable
from core.billing.rules.matching import Assigned, Selector, TwoHold, choose
from core.billing.rules.plans import Stay, Value
from core.billing.rules.pricing import Charge, Compiled, charge
from core.billing.rules.settlements import NOTHING, Circumstances, Version
from core.billing.rules.terms import GracePolicy, OnChange
from core.billing.rules.visits import Rationed, rationed
from core.kit.clock import city_zone
from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.log import get_logger
from core.kit.sql import named

SQL = named("billing/prices")
_log = get_logger(__name__)

Price = Charge
"""The gross amount with its lines, which add up to it."""
Settled = settlements.Price
"""The same with discounts, what was paid, and what is due."""
Days = NamedDays | AlikeDays
"""The days of a tariff, in its words."""
Edition = tuple[str, int]
"""A jurisdiction, and the version of its calendar."""
NOTHING_USED: Final[Mapping[str, int]] = MappingProxyType({})
_ALWAYS: Final = (date(2000, 1, 1), date(2050, 1, 1))
_Edition = tuple[str, int, datetime]
_calendars: Final[dict[_Edition, Calendar]] = {}  # the last one read; an edition never says anything else
_days: Final[dict[tuple[_Edition, frozenset[str]], NamedDays]] = {}  # the same in the words of tariffs


class NoTariff(Refused):
    """No tariff holds for a site, a class and an instant: nothing is ever priced by a default."""


class CannotPrice(NoTariff):
    """The tariff that holds does not price such a stay, or the calendar does not know its days."""


@dataclass(frozen=True, slots=True)
class TariffVersion:
    """
    One immutable version, compiled, and for whom it holds: a class of vehicles, in one of the tariff's zones.

    `days` is the calendar in its words; None where none is in use. It holds from `from_ms` on; what it means to who came then
    that another one begins, says `on_change` where the text does not. Free time that it gives once a day, `rationed` by its place
    in the text, is given once in `pool_id`: a site, or a group of sites; None where nobody said.
    """

    tariff_version_id: UUID
    compiled: Compiled
    days: Days | None
    vehicle_class: str = ""
    price_zone: str = ""
    from_ms: int = 0
    on_change: OnChange | None = None
    rationed: Mapping[str, Rationed] = field(default_factory=dict)
    pool_id: UUID | None = None

    @property
    def edition(self) -> Edition | None:
        """Return which calendar it is priced by; None: its days are all alike, or none is in use."""
        known = self.days.calendar if isinstance(self.days, NamedDays) else None
        return (known.jurisdiction, known.version) if isinstance(known, Calendar) else None

    @property
    def is_pinned(self) -> bool:
        """Tell whether who came while it held is priced by it alone, whatever begins."""
        return (self.compiled.terms.on_change or self.on_change) is OnChange.PIN_AT_ENTRY

    @property
    def looks_at_payments(self) -> bool:
        """Tell whether what was paid early may change the price: there is time to drive out, or a longer stay begins anew."""
        after = self.compiled.terms.after_payment
        return after is not None and (after.grace_ms > 0 or after.policy is not GracePolicy.RE_QUOTE_FROM_ENTRY)


class PriceBook:
    """The tariffs of some sites, read once for a batch; `is_rationed` tells whether one gives free time once a day."""

    def __init__(
        self,
        assigned: Mapping[UUID, list[Assigned]],
        versions: Mapping[UUID, TariffVersion],
        spaces: Mapping[UUID, tuple[UUID, str]],
        pools: Mapping[UUID, tuple[UUID, ...]],
    ) -> None:
        self._assigned = assigned
        self._versions = versions
        self._spaces = spaces
        self._pools = pools
        self.is_rationed: Final = any(version.rationed for version in versions.values())
        self._held: dict[tuple[UUID, str], TariffVersion] = {}

    def version_at(self, site_id: UUID, vehicle_class: str, at_ms: int, *, space_id: UUID | None = None) -> TariffVersion:
        """
        Return the version that holds when a stay begins (pinned at entry); the narrower one before the wider one.

        Raises:
            NoTariff: none is assigned, or two are and neither comes first.
        """
        return self.version_of(self.assigned_at(site_id, vehicle_class, at_ms, space_id=space_id), vehicle_class)

    def versions_in(
        self, site_id: UUID, vehicle_class: str, from_ms: int, to_ms: int, *, space_id: UUID | None = None
    ) -> tuple[TariffVersion, ...]:
        """
        Return the versions that price a stay: the one that holds when it begins, and those that begin to hold before it ends.

        Where the first one says that it alone counts, it stands alone. Where a tariff ends and none follows, it goes on to
        price who came while it held.

        Raises:
            NoTariff: none is assigned when the stay begins, or two are at some time and neither comes first.
        """
        first = self.version_at(site_id, vehicle_class, from_ms, space_id=space_id)
        if first.is_pinned:
            return (first,)
        later = self._later(first, site_id, from_ms, space_id)
        return (first, *takewhile(lambda version: version.from_ms < to_ms, later))

    def next_change(
        self, versions: Sequence[TariffVersion], site_id: UUID, after_ms: int, *, space_id: UUID | None = None
    ) -> int | None:
        """Return when another version than these begins to price who stays on; None: none is known to."""
        if versions[0].is_pinned:
            return None
        return next((version.from_ms for version in self._later(versions[-1], site_id, after_ms, space_id)), None)

    def _later(self, last: TariffVersion, site_id: UUID, after_ms: int, space_id: UUID | None) -> Iterator[TariffVersion]:
        """Yield what begins to hold after an instant, one after the other."""
        assigned = self._assigned.get(site_id, ())
        edges = {edge for one in assigned for edge in (one.from_ms, one.to_ms) if edge is not None and edge > after_ms}
        for at_ms in sorted(edges):
            held = self._find(site_id, last.vehicle_class, at_ms, space_id)
            if held is not None and (held.tariff_version_id, held.price_zone) != (last.tariff_version_id, last.price_zone):
                last = replace(self.version_of(held, last.vehicle_class), from_ms=at_ms)
                yield last

    def sites_of(self, pool_id: UUID) -> tuple[UUID, ...]:
        """Return the sites in which a vehicle gets its free time once: those of a group, or the site alone."""
        return self._pools.get(pool_id, (pool_id,))

    def held_at(self, site_id: UUID, at_ms: int) -> list[Assigned]:
        """Return every assignment of a site that holds at an instant."""
        return [one for one in self._assigned.get(site_id, ()) if one.holds_at(at_ms)]

    def version_of(self, assigned: Assigned, vehicle_class: str) -> TariffVersion:
        """Return the version of an assignment, for a class of vehicles."""
        key = (assigned.assignment_id, vehicle_class)
        if key not in self._held:
            self._held[key] = replace(
                self._versions[assigned.tariff_version_id],
                vehicle_class=vehicle_class,
                price_zone=assigned.price_zone,
                on_change=assigned.on_change,
                pool_id=assigned.pool_id,
            )
        return self._held[key]

    def assigned_at(self, site_id: UUID, vehicle_class: str, at_ms: int, *, space_id: UUID | None = None) -> Assigned:
        """
        Return the assignment by which a version holds.

        Raises:
            NoTariff: as in `version_at`.
        """
        found = self._find(site_id, vehicle_class, at_ms, space_id)
        if found is None:
            raise NoTariff(_("No tariff holds at this site for this time."))
        return found

    def _find(self, site_id: UUID, vehicle_class: str, at_ms: int, space_id: UUID | None) -> Assigned | None:
        zone_id, space_class = self._spaces.get(space_id, (None, "")) if space_id else (None, "")
        known = [one for one in self._assigned.get(site_id, ()) if one.tariff_version_id in self._versions]
        try:
            return choose(known, Selector(zone_id, space_class, vehicle_class), at_ms=at_ms)
        except TwoHold as two:
            said = _("%(new)s and %(rival)s both hold here, and neither comes first.", new=two.one.name, rival=two.other.name)
            raise NoTariff(said) from two


def price(
    versions: Sequence[TariffVersion], *, started_ms: int, ended_ms: int, used_free_ms: Mapping[str, int] = NOTHING_USED
) -> Price:
    """
    Return the price of a stay by the versions that hold during it, after what its vehicle had used of its free time that day.

    Raises:
        CannotPrice: a tariff or the calendar has no answer.
    """
    first = versions[0]
    if len(versions) > 1:
        settled = settle(versions, started_ms=started_ms, ended_ms=ended_ms, used_free_ms=used_free_ms)
        return Price(settled.gross_fen, settled.lines, settled.notes)
    stay = Stay(started_ms, ended_ms, first.vehicle_class, first.price_zone, used_free_ms=used_free_ms)
    with _said():
        return charge(first.compiled, stay, _days_of(first))


def settle(
    versions: Sequence[TariffVersion],
    *,
    started_ms: int,
    ended_ms: int,
    attrs: Mapping[str, Value] | None = None,
    used_free_ms: Mapping[str, int] = NOTHING_USED,
    beside: Circumstances = NOTHING,
    looks_ahead: bool = False,
) -> Settled:
    """
    Return what is due for a stay after what was paid and handed in; with `looks_ahead` also when that changes.

    Raises:
        CannotPrice: a tariff or the calendar has no answer.
    """
    first = versions[0]
    stay = Stay(started_ms, ended_ms, first.vehicle_class, first.price_zone, attrs or {}, used_free_ms)
    held = [Version(one.from_ms, one.compiled, _days_of(one), one.price_zone, one.on_change) for one in versions]
    reckon = settlements.price if looks_ahead else settlements.settle
    with _said():
        return reckon(held, stay, _days_of(first), beside)


@contextmanager
def _said() -> Iterator[None]:
    """Say why there is no price."""
    try:
        yield
    except Unpriceable as error:
        raise CannotPrice(sentence_of(error)) from error


def _days_of(version: TariffVersion) -> Days:
    if version.days is None:
        raise CannotPrice(_("No calendar is in use."))
    return version.days


def find_version(tx: Tx, tariff_version_id: UUID, *, edition: Edition | None) -> TariffVersion | None:
    """Return a version with the days as an edition of a calendar says them; None where it cannot be understood."""
    row = tx.row(SQL["get_versions"], keys=[tariff_version_id])
    found = None if row is None else _understood(tx, tariff_version_id, row["rules"])
    if row is None or found is None or found.edition == edition or edition is None:
        return found
    told, *_compiled_too = _compiled(tariff_version_id, orjson.dumps(row["rules"]))
    jurisdiction, number = edition
    days = calendar.read(tx, from_on=_ALWAYS[0], to_on=_ALWAYS[1], version=number, jurisdiction=jurisdiction)
    return replace(found, days=NamedDays.of(days, told.day_types))


def price_book(tx: Tx, site_ids: Iterable[UUID]) -> PriceBook:
    """Read the assignments of these sites; a version that cannot be understood holds for nobody, and is logged."""
    sites = list(site_ids)
    assigned = assignments.list_of_sites(tx, sites)
    wanted = {one.tariff_version_id for each in assigned.values() for one in each}
    rows = tx.rows(SQL["get_versions"], keys=sorted(wanted)) if wanted else []
    found = [_understood(tx, row["tariff_version_id"], row["rules"]) for row in rows]
    versions = {version.tariff_version_id: version for version in found if version is not None}
    narrow = [site for site, each in assigned.items() if any(one.selector.zone_id or one.selector.space_class for one in each)]
    spaces = tx.rows(SQL["list_spaces"], site_ids=narrow) if narrow else []
    pools = {one.pool_id for each in assigned.values() for one in each if one.pool_id is not None}
    shared = assignments.list_pools(tx, pools) if pools else {}
    return PriceBook(assigned, versions, {row["space_id"]: (row["zone_id"], row["space_class"]) for row in spaces}, shared)


def _understood(tx: Tx, key: UUID, rules: dict[str, Any]) -> TariffVersion | None:  # the JSON of the version
    try:
        told, compiled, rations = _compiled(key, orjson.dumps(rules))
    except (KeyError, TypeError, ValueError, NotATariff):
        _log.exception("A tariff version cannot be understood; its sites have no tariff.", version=key)
        return None
    days = conversion.DAYS if rules["form"] == "first" else days_of(tx, told.day_types)
    return TariffVersion(key, compiled, days, rationed=rations)


@lru_cache(maxsize=256)
def _compiled(tariff_version_id: UUID, rules: bytes) -> tuple[Tariff, Compiled, Mapping[str, Rationed]]:
    stored = orjson.loads(rules)
    if stored["form"] == "first":
        told = conversion.from_first_form(stored, code=str(tariff_version_id), time_zone=city_zone().key)
    else:
        told = read_value(stored)
    compiled = compile_tariff(told)
    return told, compiled, rationed(compiled)


def days_of(tx: Tx, day_types: Collection[str]) -> NamedDays | None:
    """
    Return the calendar in use in the words of a tariff; one object for one version, on which the engine keeps its work.

    None: no calendar is in use.
    """
    used = tx.row(SQL["find_calendar"])
    if used is None:
        return None
    edition = used["jurisdiction"], used["version"], used["published_at"]
    if edition not in _calendars:
        _days.clear()
        _calendars.clear()
        _calendars[edition] = calendar.read(tx, from_on=_ALWAYS[0], to_on=_ALWAYS[1], version=used["version"])
    key = (edition, frozenset(day_types))
    if key not in _days:
        _days[key] = NamedDays.of(_calendars[edition], day_types)
    return _days[key]
