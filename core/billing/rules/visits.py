"""
Visits: what free time a vehicle used on a day before, where a tariff gives it once a day. Values alone, times in milliseconds.

Free time of a stay, or of a period, belongs to the day on which the stay began; free time of a day to the day it lies in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from core.billing.rules.days import Calendar, CityDays
from core.billing.rules.plans import Stay
from core.billing.rules.pricing import Compiled, Line, charge
from core.billing.rules.readings import Each, Frequency


class Rationed(NamedTuple):
    """A free time that is given once a day: its name, and whether it is given anew on each day of a stay."""

    name: str
    is_of_day: bool


class Used(NamedTuple):
    """So much of a free time was used on a day, the ordinal of its date."""

    name: str
    day: int
    ms: int


def rationed(compiled: Compiled) -> Mapping[str, Rationed]:
    """Return the free times that are given once a day, by their place in the tariff."""
    return {
        free.rule: Rationed(free.name, free.each is Each.DAY)
        for plans in compiled.plans.values()
        for plan in plans
        for free in plan.frees
        if free.frequency is Frequency.ONCE_A_DAY
    }


def used_by(rations: Mapping[str, Rationed], days: CityDays, entry_ms: int, lines: Iterable[Line]) -> tuple[Used, ...]:
    """Return what the lines of a stay used, day by day."""
    found: dict[tuple[str, int], int] = {}
    for line in lines:
        ration = rations.get(line.rule)
        if ration is not None:
            key = (ration.name, days.ordinal(line.from_ms if ration.is_of_day else entry_ms))
            found[key] = found.get(key, 0) + line.to_ms - line.from_ms
    return tuple(Used(name, day, ms) for (name, day), ms in found.items())


def used_on(day: int, used: Iterable[Used]) -> dict[str, int]:
    """Return what was used on one day, by the name of the free time."""
    found: dict[str, int] = {}
    for each in used:
        if each.day == day:
            found[each.name] = found.get(each.name, 0) + each.ms
    return found


def after_visits(compiled: Compiled, earlier: Sequence[Stay], stay: Stay, calendar: Calendar) -> Stay:
    """
    Return a stay with the free time that earlier visits of the vehicle used on the day it began, in milliseconds by name.

    Visits come in the order they began. Where the tariff gives all its free times at every stay, none of them is priced.

    Raises:
        Unpriceable: one of those that reach that day has no price.
    """
    rations = rationed(compiled)
    if not rations:
        return stay
    used: list[Used] = []
    day = compiled.days.ordinal(stay.entry_ms)
    for visit in earlier:
        if compiled.days.ordinal(visit.exit_ms) < day:
            continue
        before = used_on(compiled.days.ordinal(visit.entry_ms), used)
        lines = charge(compiled, replace(visit, used_free_ms=before), calendar).lines
        used += used_by(rations, compiled.days, visit.entry_ms, lines)
    return replace(stay, used_free_ms=used_on(day, used))
