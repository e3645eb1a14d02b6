"""Coverage: every minute of every kind of day has exactly one band, and every zone and class of vehicles a plan."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import product

from core.billing import phrases
from core.billing.language import parts
from core.billing.language.compiling import day_rule, slots_of
from core.billing.language.faults import Fault
from core.billing.language.readings import effective
from core.billing.language.tariff import Plan, Tariff
from core.billing.rules.days import WEEKDAYS, Kind
from core.billing.rules.programs import holes_of, parts_of
from core.billing.rules.readings import Overnight
from core.kit.locale import _

_NEW_YEAR = 101
_LEAP_YEAR = 2024
Hole = tuple[int, int, tuple[int, ...]]


def faults(tariff: Tariff) -> Iterator[Fault]:
    """Name each gap and each overlap once, with the kinds of days that have it."""
    yield from _plans(tariff)
    for number, plan in enumerate(tariff.plans):
        yield from _bands(tariff, plan, f"plans.{number}.bands")


def _plans(tariff: Tariff) -> Iterator[Fault]:
    """Ask for a plan without further conditions for each zone and class: a stay that meets no other one needs it."""
    for zone, vehicle in product(tariff.zones or ("",), tariff.vehicles):
        if not any(_is_for_all(plan.when, zone, vehicle) for plan in tariff.plans):
            what = f"{zone} {vehicle}".strip()
            yield Fault("plans", _("No plan is for every stay of %(what)s; add one without further conditions.", what=what))


def _is_for_all(when: parts.When | None, zone: str, vehicle: str) -> bool:
    if when is None:
        return True
    if when.attributes or when.entry or when.entry_days:
        return False
    return (when.zones is None or zone in when.zones) and (when.vehicles is None or vehicle in when.vehicles)


def kinds_of(tariff: Tariff, days: Iterable[parts.Days | None]) -> list[Kind]:
    """List one day of each kind that rules for such days can tell apart."""
    seasons = [rule.season for rule in map(day_rule, days) if rule.season is not None]
    dates = {_NEW_YEAR, *(first for first, _last in seasons), *(_day_after(last) for _first, last in seasons)}
    return [Kind(*each) for each in product(tariff.day_types, WEEKDAYS, sorted(dates))]


def _day_after(month_day: int) -> int:
    on = date(_LEAP_YEAR, month_day // 100, month_day % 100) + timedelta(days=1)
    return on.month * 100 + on.day


def _bands(tariff: Tariff, plan: Plan, path: str) -> Iterator[Fault]:
    slots = slots_of(plan)
    every = kinds_of(tariff, (window.days for band in plan.bands for window in band.windows))
    by_rules: dict[tuple[bool, ...], list[Kind]] = {}
    for kind in every:
        by_rules.setdefault(tuple(slot.days.holds(kind) for slot in slots), []).append(kind)
    overnight = effective(tariff, plan).overnight or Overnight.OWN_DAY
    is_evening = overnight is Overnight.EVENING_DAY
    found: dict[Hole, list[Kind]] = {}
    for alike in by_rules.values():
        befores = by_rules.values() if is_evening else (alike,)
        holes = (hole for before in befores for hole in holes_of(parts_of(slots, overnight, before[0], alike[0])))
        for hole in dict.fromkeys(holes):
            found.setdefault(hole, []).extend(alike)
    for hole, kinds in found.items():
        yield _hole(plan, path, phrases.kinds(kinds, every), hole)


def _hole(plan: Plan, path: str, days: str, hole: Hole) -> Fault:
    from_min, to_min, bands = hole
    when = f"{days} {phrases.clock(from_min)}–{phrases.clock(to_min)}"
    if not bands:
        return Fault(path, _("%(when)s has no band; say what it costs, that it is free, or that nobody may park.", when=when))
    names = " + ".join(plan.bands[band].name for band in bands)
    return Fault(path, _("%(when)s has two bands, %(names)s; every minute has exactly one.", when=when, names=names))
