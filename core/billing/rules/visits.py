"""Visits: what free time a vehicle used on a day before, where a tariff gives it once a day. Values alone."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.billing.rules.days import Calendar
from core.billing.rules.plans import Stay
from core.billing.rules.pricing import Compiled, charge
from core.billing.rules.readings import Frequency


def after_visits(compiled: Compiled, earlier: Sequence[Stay], stay: Stay, calendar: Calendar) -> Stay:
    """
    Return a stay with the free time that earlier visits of the vehicle used on the day it began, in milliseconds by name.

    Visits come in the order they began. Where the tariff gives all its free times at every stay, none of them is priced.

    Raises:
        Unpriceable: one of those that matter has no price.
    """
    names = _once_a_day(compiled)
    if not names:
        return stay
    day = compiled.days.ordinal(stay.entry_ms)
    used: dict[str, int] = {}
    for visit in earlier:
        if compiled.days.ordinal(visit.entry_ms) != day:
            continue
        for line in charge(compiled, replace(visit, used_free_ms=dict(used)), calendar).lines:
            if line.rule in names:
                used[names[line.rule]] = used.get(names[line.rule], 0) + line.to_ms - line.from_ms
    return replace(stay, used_free_ms=used)


def _once_a_day(compiled: Compiled) -> Mapping[str, str]:
    """Return the names of the free times that are given once a day, by their place in the tariff."""
    return {
        free.rule: free.name
        for plans in compiled.plans.values()
        for plan in plans
        for free in plan.frees
        if free.frequency is Frequency.ONCE_A_DAY
    }
