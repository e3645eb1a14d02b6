"""Shapes: what a condition, a price and a charge need to make sense in their tariff."""

from collections.abc import Iterator
from itertools import pairwise

from core.billing.language import parts
from core.billing.language.faults import Fault
from core.billing.language.tariff import Plan, Tariff
from core.billing.rules.readings import Rounding
from core.kit.locale import _


def when_faults(tariff: Tariff, when: parts.When | None, path: str) -> Iterator[Fault]:
    """Look for what a condition asks that the tariff does not declare."""
    if when is None:
        return
    for path_end, names, declared in (("vehicles", when.vehicles, tariff.vehicles), ("zones", when.zones, tariff.zones)):
        for name in names or ():
            if name not in declared:
                yield Fault(f"{path}.{path_end}", _("%(name)s is not declared.", name=name))
    for number, asked in enumerate(when.attributes or ()):
        yield from _asked(tariff, asked, f"{path}.attributes.{number}")
    if when.entry is not None and when.entry.start == when.entry.end:
        yield Fault(f"{path}.entry", _("A window ends later than it begins; a whole day is 00:00 to 24:00."))
    yield from day_faults(tariff, when.entry_days, f"{path}.entry_days")


def _asked(tariff: Tariff, asked: parts.Asked, path: str) -> Iterator[Fault]:
    attribute = tariff.attributes.get(asked.attribute)
    if attribute is None:
        yield Fault(f"{path}.attribute", _("%(name)s is not declared.", name=asked.attribute))
        return
    is_number = asked.at_least is not None or asked.below is not None
    if is_number == (asked.is_ is not None) or is_number != isinstance(attribute, parts.Count):
        yield Fault(path, _("A count is at least so much or below so much; anything else is something."))
    elif isinstance(attribute, parts.Flag) and not isinstance(asked.is_, bool):
        yield Fault(f"{path}.is", _("It is either true or false."))
    elif isinstance(attribute, parts.OneOf):
        words = asked.is_ if isinstance(asked.is_, tuple) else (asked.is_,)
        for word in words:
            if word not in attribute.values:
                yield Fault(f"{path}.is", _("%(name)s is not declared.", name=word))


def day_faults(tariff: Tariff, days: parts.Days | None, path: str) -> Iterator[Fault]:
    """Look for day types that the tariff does not declare, and for days that hold nothing."""
    if days is None:
        return
    for name in days.types or ():
        if name not in tariff.day_types:
            yield Fault(f"{path}.types", _("%(name)s is not declared.", name=name))
    if days.types is None and days.weekdays is None and days.season is None:
        yield Fault(path, _("Say which days, or leave them out for all."))


def charge_faults(tariff: Tariff, plan: Plan, charge: parts.Charge | parts.Timed, path: str) -> Iterator[Fault]:
    """Look for a charge that cannot price."""
    if isinstance(charge, parts.Units):
        yield from _units(tariff, plan, charge, path)
    elif isinstance(charge, parts.Steps):
        yield from _steps(tariff, plan, charge, path)
    elif isinstance(charge, parts.Entry):
        yield from price_faults(tariff, plan, charge.price_fen, f"{path}.price_fen")
    elif isinstance(charge, parts.Cheapest):
        for number, each in enumerate(charge.of):
            yield from charge_faults(tariff, plan, each, f"{path}.of.{number}")


def _units(tariff: Tariff, plan: Plan, charge: parts.Units, path: str) -> Iterator[Fault]:
    if charge.tolerance_min is not None and charge.rounding is not Rounding.UP:
        yield Fault(f"{path}.tolerance_min", _("Only units that are rounded up have a tolerance."))
    for number, tier in enumerate(charge.tiers):
        place, is_last = f"{path}.tiers.{number}", number == len(charge.tiers) - 1
        if is_last != (tier.for_min is None):
            yield Fault(f"{place}.for_min", _("Every tier but the last says for how long; the last goes on for ever."))
        elif tier.for_min is not None and tier.for_min % tier.unit_min and charge.rounding is not Rounding.EXACT:
            yield Fault(f"{place}.for_min", _("A tier lasts for whole units."))
        if (charge.tolerance_min or 0) >= tier.unit_min:
            yield Fault(f"{path}.tolerance_min", _("The tolerance is shorter than a unit."))
        yield from price_faults(tariff, plan, tier.price_fen, f"{place}.price_fen")


def _steps(tariff: Tariff, plan: Plan, charge: parts.Steps, path: str) -> Iterator[Fault]:
    for number, (one, next_one) in enumerate(pairwise(charge.steps)):
        if one.up_to_min >= next_one.up_to_min:
            yield Fault(f"{path}.steps.{number + 1}.up_to_min", _("Each step goes on for longer than the one before."))
    for number, step in enumerate(charge.steps):
        yield from price_faults(tariff, plan, step.total_fen, f"{path}.steps.{number}.total_fen")
    if (charge.beyond_total_fen is None) == (charge.beyond is None):
        yield Fault(path, _("Say what a stay longer than the last step costs: one total, or units."))
    if charge.beyond_total_fen is not None:
        yield from price_faults(tariff, plan, charge.beyond_total_fen, f"{path}.beyond_total_fen")
    if charge.beyond is not None:
        yield from price_faults(tariff, plan, charge.beyond.price_fen, f"{path}.beyond.price_fen")
        if charge.beyond.for_min is not None:
            yield Fault(f"{path}.beyond.for_min", _("Every tier but the last says for how long; the last goes on for ever."))


def price_faults(tariff: Tariff, plan: Plan, price: parts.Price, path: str) -> Iterator[Fault]:
    """Look for a zone or class that a table of prices leaves out, as far as the plan is for it, or that nobody declared."""
    if isinstance(price, int):
        return
    when = plan.when or parts.When()
    if isinstance(price, parts.ByZone):
        table, declared, meant, word = price.by_zone, tariff.zones, when.zones or tariff.zones, "by_zone"
    else:
        table, declared, meant, word = price.by_vehicle, tariff.vehicles, when.vehicles or tariff.vehicles, "by_vehicle"
    if not declared:
        yield Fault(path, _("The tariff declares no zones."))
    for name in sorted(set(meant) - set(table)):
        yield Fault(f"{path}.{word}", _("The price for %(name)s is missing.", name=name))
    for name, each in table.items():
        if name not in declared:
            yield Fault(f"{path}.{word}.{name}", _("%(name)s is not declared.", name=name))
        yield from price_faults(tariff, plan, each, f"{path}.{word}.{name}")


def units_of(plan: Plan) -> list[parts.Units]:
    """List all charges of a plan's bands that count units."""
    found = []
    for band in plan.bands:
        charges = band.charge.of if isinstance(band.charge, parts.Cheapest) else (band.charge,)
        found += [charge for charge in charges if isinstance(charge, parts.Units)]
    return found
