"""
Checks: what a tariff must say before it may price. A fault names its place and what to do about it.

Nothing is assumed: a setting is needed as soon as the tariff has a part that can be read in two ways.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.billing.language import coverage, parts
from core.billing.language.faults import MAX_FAULTS, Fault
from core.billing.language.readings import effective, missing_settings
from core.billing.language.shapes import charge_faults, day_faults, price_faults, units_of, when_faults
from core.billing.language.tariff import Plan, Tariff
from core.billing.rules.plans import AfterMax
from core.billing.rules.readings import BandEdge, Each, Midnight, Rounding, TiersAgain
from core.billing.rules.terms import CouponKind, GracePolicy
from core.kit.locale import _


def list_faults(tariff: Tariff) -> list[Fault]:
    """List what is wrong with a tariff that has the right shape; none: it may price."""
    return (list_contradictions(tariff) or list(coverage.faults(tariff)))[:MAX_FAULTS]


def list_contradictions(tariff: Tariff) -> list[Fault]:
    """List what is wrong beside minutes with no band or with two; none: it may be compiled, and looked at."""
    faults = [*_whole(tariff), *_terms(tariff)]
    for number, plan in enumerate(tariff.plans):
        faults += _plan(tariff, plan, f"plans.{number}")
    return faults


def _whole(tariff: Tariff) -> Iterator[Fault]:
    yield from _zone_of_time(tariff.time_zone, "time_zone")
    yield from _once(tariff.day_types, "day_types")
    yield from _once(tariff.vehicles, "vehicles")
    yield from _once(tariff.zones, "zones")
    yield from _once([plan.name for plan in tariff.plans], "plans")
    for name, attribute in tariff.attributes.items():
        if isinstance(attribute, parts.OneOf) and attribute.absent not in {None, *attribute.values}:
            yield Fault(f"attributes.{name}.absent", _("%(name)s is not declared.", name=attribute.absent))


def _once(names: Sequence[str], path: str) -> Iterator[Fault]:
    for name, number in Counter(names).items():
        if number > 1:
            yield Fault(path, _("%(name)s comes more than once.", name=name))


def _zone_of_time(name: str, path: str) -> Iterator[Fault]:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield Fault(path, _("%(name)s is no time zone.", name=name[:40]))


def _terms(tariff: Tariff) -> Iterator[Fault]:
    paid = tariff.after_payment
    if paid is not None:
        is_by_unit = paid.policy is GracePolicy.EXTEND_BY_UNIT
        if is_by_unit != (paid.unit_min is not None) or is_by_unit != (paid.unit_fen is not None):
            yield Fault("after_payment", _("A unit with its price belongs to extend_by_unit, and only there."))
    if tariff.coupons is not None and set(tariff.coupons.order) != set(CouponKind):
        yield Fault("coupons.order", _("Each kind of coupon comes once."))


def _plan(tariff: Tariff, plan: Plan, path: str) -> Iterator[Fault]:
    """List what is wrong with one plan by itself."""
    if plan.time_zone is not None:
        yield from _zone_of_time(plan.time_zone, f"{path}.time_zone")
    yield from when_faults(tariff, plan.when, f"{path}.when")
    yield from _once([band.name for band in plan.bands], f"{path}.bands")
    for number, band in enumerate(plan.bands):
        for k, window in enumerate(band.windows):
            place = f"{path}.bands.{number}.windows.{k}"
            if window.start == window.end or window.start == "24:00":
                yield Fault(place, _("A window ends later than it begins; a whole day is 00:00 to 24:00."))
            yield from day_faults(tariff, window.days, f"{place}.days")
        yield from charge_faults(tariff, plan, band.charge, f"{path}.bands.{number}.charge")
    yield from _beside(tariff, plan, path)
    yield from missing_settings(tariff, plan, path)
    yield from _agreement(tariff, plan, path)


def _beside(tariff: Tariff, plan: Plan, path: str) -> Iterator[Fault]:
    """Look at what stands beside the bands."""
    yield from _once([free.name for free in plan.free], f"{path}.free")
    for number, free in enumerate(plan.free):
        yield from when_faults(tariff, free.when, f"{path}.free.{number}.when")
    for number, cap in enumerate(plan.caps):
        yield from _cap(tariff, plan, cap, f"{path}.caps.{number}")
    yield from _factors(tariff, plan, path)
    if plan.period is not None:
        yield from _period(tariff, plan, plan.period, f"{path}.period")
    if plan.max_stay is not None:
        if (plan.max_stay.penalty is not None) != (plan.max_stay.then is AfterMax.PENALTY):
            yield Fault(f"{path}.max_stay", _("A penalty has its own price, and nothing else has."))
        if plan.max_stay.penalty is not None:
            yield from charge_faults(tariff, plan, plan.max_stay.penalty, f"{path}.max_stay.penalty")
    if plan.idle is not None:
        yield from charge_faults(tariff, plan, plan.idle.charge, f"{path}.idle.charge")


def _factors(tariff: Tariff, plan: Plan, path: str) -> Iterator[Fault]:
    for number, factor in enumerate(plan.factors):
        place = f"{path}.factors.{number}"
        yield from when_faults(tariff, factor.when, f"{place}.when")
        if factor.percent is None and factor.times is None:
            yield Fault(place, _("Say a per cent, or the attribute that tells how many times."))
        if factor.times is not None and not isinstance(tariff.attributes.get(factor.times), parts.Count):
            yield Fault(f"{place}.times", _("%(name)s is not declared as a count.", name=factor.times))


def _period(tariff: Tariff, plan: Plan, period: parts.Period, path: str) -> Iterator[Fault]:
    if (period.hours is None) == (period.clock is None):
        yield Fault(path, _("Say either hours from entry or a clock time."))
    if period.days is not None:
        if period.clock is None:
            yield Fault(f"{path}.days", _("Days belong to a clock time."))
        yield from day_faults(tariff, period.days, f"{path}.days")
    if period.full_fen is not None and period.plan_again:
        yield Fault(f"{path}.plan_again", _("A full period has one price, or the plan is chosen again; not both."))
    if period.full_fen is not None:
        yield from price_faults(tariff, plan, period.full_fen, f"{path}.full_fen")


def _cap(tariff: Tariff, plan: Plan, cap: parts.Cap, path: str) -> Iterator[Fault]:
    yield from when_faults(tariff, cap.when, f"{path}.when")
    yield from day_faults(tariff, cap.days, f"{path}.days")
    if (cap.limits_fen is None) == (cap.limits_billed_min is None):
        yield Fault(path, _("Say limits either of money or of billed minutes."))
    if (cap.per is Each.HOURS) != (cap.hours is not None):
        yield Fault(f"{path}.hours", _("Hours belong to a cap per hours, and only there."))
    if cap.per is Each.PERIOD and plan.period is None:
        yield Fault(f"{path}.per", _("The plan has no period."))
    for name in cap.bands or ():
        if name not in {band.name for band in plan.bands}:
            yield Fault(f"{path}.bands", _("%(name)s is not declared.", name=name))
    for number, price in enumerate(cap.limits_fen or ()):
        yield from price_faults(tariff, plan, price, f"{path}.limits_fen.{number}")
    if cap.limits_billed_min is not None and any(unit.rounding is Rounding.EXACT for unit in units_of(plan)):
        yield Fault(f"{path}.limits_billed_min", _("Time that is charged exactly has no billed units."))


def _agreement(tariff: Tariff, plan: Plan, path: str) -> Iterator[Fault]:
    """Look for parts of a plan that contradict each other."""
    read = effective(tariff, plan)
    by_day = read.tiers_again is TiersAgain.EACH_DAY or any(free.each is Each.DAY for free in plan.free)
    if by_day and read.units_at_midnight is Midnight.RUN_ON:
        yield Fault(f"{path}.settings.units_at_midnight", _("What begins again each day needs units that are cut at midnight."))
    if read.units_at_band_edge is BandEdge.CARRY and any(
        unit.rounding not in {Rounding.UP, Rounding.EXACT} for unit in units_of(plan)
    ):
        yield Fault(f"{path}.settings.units_at_band_edge", _("Only units that are rounded up can be carried on."))
    for number, free in enumerate(plan.free):
        if free.each is Each.PERIOD and plan.period is None:
            yield Fault(f"{path}.free.{number}.each", _("The plan has no period."))
        if free.each is Each.DAY and plan.period is not None:
            yield Fault(f"{path}.free.{number}.each", _("A plan with a period gives free time per stay or per period."))
