"""
Trials: the real stays of a month, priced by what holds today and by a tariff that nobody has approved yet.

A stay is tried if it may be billed: closed, of a known vehicle, not of the weakest evidence, and without a right to park for
nothing. Where the tariff holds today, the stays it prices are priced anew and all others left alone; where it holds nowhere,
every stay of the site is. Free time that a vehicle gets once a day is counted at each site by itself. Tables stay,
tariff_version, tariff_assignment, calendar_day.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final, NamedTuple
from uuid import UUID

from core.billing import prices
from core.billing.language import compile_tariff, read_yaml, sentence_of
from core.billing.prices import Days, NoTariff, PriceBook, TariffVersion, price_book
from core.billing.rules.days import UnknownDay, Unpriceable
from core.billing.rules.plans import MissingAttribute, NoPlan, NotAllowed, Stay
from core.billing.rules.pricing import EndsBeforeStart, charge
from core.billing.rules.programs import NoRule
from core.billing.rules.tallies import Change, Reason, Side, Tally
from core.billing.rules.terms import Unsettled
from core.billing.rules.visits import Used, rationed, used_by, used_on
from core.customers import rights
from core.customers.rules.rights import Rights
from core.kit.clock import city_day
from core.kit.db import Tx
from core.kit.locale import _
from core.kit.moments import ms_of
from core.kit.money import Fen
from core.kit.sql import named

SQL = named("billing/trials")

BATCH: Final = 2_000
"""Stays that are read and priced at once."""
_NOBODY: Final = UUID(int=0)
_NO_TARIFF: Final = "NoTariff"
_NO_CALENDAR: Final = "NoCalendar"
_NO_VEHICLE: Final = "NoVehicle"
_WHY: Final = {
    each.__name__: each for each in (UnknownDay, EndsBeforeStart, NotAllowed, NoPlan, MissingAttribute, Unsettled, NoRule)
}


class _Vehicle(NamedTuple):
    """A plate at a site, and by which of both tariffs it is priced."""

    site_id: UUID
    plate: str
    colour: str
    side: Side


class Stood(NamedTuple):
    """A stay that ended; what is billed of it begins at `from_ms`. No colour: nobody read the plate."""

    stay_id: UUID
    ended_at: datetime
    started_ms: int
    from_ms: int
    ended_ms: int
    subject_id: UUID
    plate: str | None
    plate_colour: str | None
    vehicle_class: str


@dataclass(frozen=True, slots=True)
class Trial:
    """
    All that stays are priced with, by both tariffs.

    Args:
        book: what holds today.
        at_ms: when today is.
        own: the versions of the tariff on trial.
        new: what is tried; its zone is that of places where the tariff holds nowhere yet.
        held: the sites where it holds today.
        compared_to: the names of the versions that price today what would be priced by it.
        rights: who parks for nothing.
        from_at, to_at: the month.
        used: what vehicles used last of the free time they get once a day, by whom, where, and which of both tariffs.
    """

    book: PriceBook
    at_ms: int
    own: frozenset[UUID]
    new: TariffVersion
    held: frozenset[UUID]
    compared_to: tuple[str, ...]
    rights: Rights
    from_at: datetime
    to_at: datetime
    used: dict[_Vehicle, list[Used]] = field(default_factory=dict)


def open_trial(
    tx: Tx, *, tariff_id: UUID, rules_text: str, site_ids: Sequence[UUID], price_zone: str, month_on: date, at: datetime
) -> Trial:
    """
    Read what the stays of a month are priced with.

    Raises:
        NotATariff: the text has a fault.
    """
    rules = read_yaml(rules_text)
    compiled = compile_tariff(rules)
    new = TariffVersion(_NOBODY, compiled, prices.days_of(tx, rules.day_types), "", price_zone, rationed=rationed(compiled))
    own = frozenset(key for (key,) in tx.tuples(SQL["list_own"], tariff_id=tariff_id))
    from_at, to_at = month_of(month_on)
    book = price_book(tx, site_ids)
    now_ms = ms_of(at)
    held = frozenset(site for site in site_ids if any(one.tariff_version_id in own for one in book.held_at(site, now_ms)))
    names = {
        one.name for site in site_ids for one in book.held_at(site, now_ms) if site not in held or one.tariff_version_id in own
    }
    return Trial(book, now_ms, own, new, held, tuple(sorted(names)), rights.read(tx), from_at, to_at)


def month_of(month_on: date) -> tuple[datetime, datetime]:
    """Return when a month of the city begins and ends."""
    after = date(month_on.year + month_on.month // 12, month_on.month % 12 + 1, 1)
    return city_day(month_on)[0], city_day(after)[0]


def count_stays(tx: Tx, trial: Trial, site_ids: Sequence[UUID]) -> int:
    """Count the stays that will be looked at."""
    return int(tx.value(SQL["count_stays"], site_ids=list(site_ids), from_at=trial.from_at, to_at=trial.to_at))


def list_stays(tx: Tx, trial: Trial, site_id: UUID, *, after: Stood | None, most: int = BATCH) -> list[Stood]:
    """Return the next stays of a site."""
    rows = tx.tuples(
        SQL["list_stays"], site_id=site_id, from_at=trial.from_at, to_at=trial.to_at, most=most,
        after_at=after.ended_at if after else trial.from_at, after_id=after.stay_id if after else _NOBODY,
    )  # fmt: skip
    found = []
    for stay_id, started_at, billed_from, ended_at, *rest in rows:
        from_ms = min(ms_of(billed_from or started_at), ms_of(ended_at))
        found.append(Stood(stay_id, ended_at, ms_of(started_at), from_ms, ms_of(ended_at), *rest))
    return found


def try_stays(trial: Trial, site_id: UUID, stays: Iterable[Stood], tally: Tally) -> None:
    """Price stays of a site by both tariffs and count what comes out."""
    for stay in stays:
        if not _is_free(trial.rights, site_id, stay):
            _try(trial, site_id, stay, tally)


def sentence(reason: Reason) -> str:
    """Say to a person why stays have no price."""
    if reason.kind == _NO_TARIFF:
        return _("No tariff holds there.")
    if reason.kind == _NO_CALENDAR:
        return _("No calendar is in use.")
    if reason.kind == _NO_VEHICLE:
        return _("A vehicle gets its free time once a day, and nobody knows which vehicle it was.")
    return sentence_of(_WHY[reason.kind](reason.about))


def _is_free(rights_now: Rights, site_id: UUID, stay: Stood) -> bool:
    if stay.plate is None or stay.plate_colour is None:
        return False
    return rights_now.at(stay.plate, stay.plate_colour, site_id=site_id, at_ms=stay.started_ms).is_free


def _try(trial: Trial, site_id: UUID, stay: Stood, tally: Tally) -> None:
    try:
        found = trial.book.assigned_at(site_id, stay.vehicle_class, trial.at_ms, space_id=stay.subject_id)
    except NoTariff:
        tally.leave_out(stay.stay_id, Reason(Side.BEFORE, _NO_TARIFF, ""))
        return
    is_own = found.tariff_version_id in trial.own
    if site_id in trial.held and not is_own:
        return
    old = trial.book.version_of(found, stay.vehicle_class)
    new = replace(trial.new, vehicle_class=stay.vehicle_class, price_zone=found.price_zone if is_own else trial.new.price_zone)
    before, after = (_priced(trial, site_id, version, stay, side) for version, side in ((old, Side.BEFORE), (new, Side.AFTER)))
    if isinstance(before, Reason):
        tally.leave_out(stay.stay_id, before)
    elif isinstance(after, Reason):
        tally.leave_out(stay.stay_id, after)
    else:
        tally.compare(Change(stay.stay_id, stay.from_ms, stay.ended_ms, stay.vehicle_class, new.price_zone, before, after))


def _priced(trial: Trial, site_id: UUID, version: TariffVersion, stay: Stood, side: Side) -> Fen | Reason:
    if version.days is None:
        return Reason(side, _NO_CALENDAR, "")
    asked = Stay(stay.from_ms, stay.ended_ms, version.vehicle_class, version.price_zone)
    try:
        if not version.rationed:
            return charge(version.compiled, asked, version.days).gross_fen
        if stay.plate is None or stay.plate_colour is None:
            return Reason(side, _NO_VEHICLE, "")
        vehicle = _Vehicle(site_id, stay.plate, stay.plate_colour, side)
        return _rationed(version, asked, version.days, trial.used.setdefault(vehicle, []))
    except Unpriceable as error:
        return Reason(side, type(error).__name__, error.about)


def _rationed(version: TariffVersion, asked: Stay, days: Days, used: list[Used]) -> Fen:
    """Price a stay after what its vehicle used that day, and note what it used itself; what is of earlier days is forgotten."""
    city = version.compiled.days
    day = city.ordinal(asked.entry_ms)
    charged = charge(version.compiled, replace(asked, used_free_ms=used_on(day, used)), days)
    used[:] = [each for each in used if each.day >= day]
    used += used_by(version.rationed, city, asked.entry_ms, charged.lines)
    return charged.gross_fen
