"""
Strips: the days of a tariff as bands, for every kind of day that it tells apart, with what a draft leaves open or says twice.

Times of a day are minutes after midnight. Nothing is drawn here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise, product
from typing import Final

from core.billing import phrases
from core.billing.assignments import VEHICLES
from core.billing.language import Tariff
from core.billing.language.parts import Count, Flag, OneOf
from core.billing.rules.days import DAY_MIN, WEEKDAYS, Calendar, Kind, kind_of
from core.billing.rules.plans import Condition, DayRule, Plan, Stay, Value
from core.billing.rules.pricing import Compiled
from core.billing.rules.programs import holes_of, parts_of
from core.billing.rules.readings import Overnight
from core.billing.rules.variants import Variant
from core.kit.locale import _

_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NEW_YEAR: Final = 101
_LEAP_YEAR: Final = 2024
_YEARS: Final = range(2000, 2400)


class Look(StrEnum):
    """What a part of a day is: it costs something, is free, nobody may park, or a draft leaves it open or says it twice."""

    CHARGED = "charged"
    FREE = "free"
    FORBIDDEN = "forbidden"
    GAP = "gap"
    TWICE = "twice"


@dataclass(frozen=True, slots=True)
class Band:
    """A part of a day with its price in words; `letter` tells the band wherever it comes, `rule` is its path in the tariff."""

    from_min: int
    to_min: int
    name: str
    letter: str
    look: Look
    prices: tuple[str, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The bands of the days that a title names, in order and without gap; `notes` say what limits their prices."""

    title: str
    plan: str
    bands: tuple[Band, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """For whom a tariff is looked at: a class of vehicles in one of its zones, and what it asks beside."""

    vehicle: str
    zone: str = ""
    attrs: Mapping[str, Value] = field(default_factory=dict)

    @classmethod
    def of(cls, tariff: Tariff) -> "Subject":
        """Return the first class in the first zone; each attribute as it is where nobody tells it, or its plainest value."""
        attrs: dict[str, Value] = {}
        for name, asked in tariff.attributes.items():
            plain = {Flag: False, Count: 1}.get(type(asked), asked.values[0] if isinstance(asked, OneOf) else False)
            attrs[name] = plain if asked.absent is None else asked.absent
        return cls(tariff.vehicles[0], next(iter(tariff.zones), ""), attrs)

    def stay(self, entry_ms: int, exit_ms: int) -> Stay:
        """Return a stay of such a vehicle."""
        return Stay(entry_ms, exit_ms, self.vehicle, self.zone, self.attrs)


@dataclass(frozen=True, slots=True)
class _SameDays:
    """A calendar on which every day is of one type."""

    name: str

    def day_type(self, _on: date) -> str:
        """Return the type."""
        return self.name


class Letters:
    """One letter for each band of a tariff, in the order they are met; numbers behind Z."""

    def __init__(self) -> None:
        """Begin with A."""
        self._found: dict[str, str] = {}

    def of(self, rule: str) -> str:
        """Return the letter of a band by its path."""
        number = len(self._found)
        return self._found.setdefault(rule, _LETTERS[number] if number < len(_LETTERS) else str(number + 1))


def strips_of(tariff: Tariff, compiled: Compiled, subject: Subject) -> list[Strip]:
    """
    Lay the bands out for every kind of day on which somebody may arrive; kinds that are the same are one strip.

    Where the time of arrival chooses another plan, free time or cap, there is a strip for each.

    Raises:
        Unpriceable: no plan is for the subject, or something the tariff asks was not told.
    """
    plans = compiled.plans.get((subject.zone if compiled.has_zones else "", subject.vehicle), ())
    every = _kinds(tariff, plans)
    found: dict[tuple[int, str, tuple[tuple[int, int, int], ...]], tuple[Variant, list[Kind]]] = {}
    for kind in every:
        for said, variant in _variants(compiled, plans, kind, subject):
            parts = tuple(parts_of(variant.plan.slots, variant.reading.overnight, kind, kind))
            found.setdefault((variant.serial, said, parts), (variant, []))[1].append(kind)
    letters = Letters()
    drawn = []
    for (_serial, said, _parts), (variant, some) in found.items():
        title = " · ".join(filter(None, (phrases.kinds(some, every), said)))
        bands = _bands(variant, some[0], some[0], letters, tariff.currency)
        drawn.append(Strip(title, variant.plan.name, bands, tuple(phrases.beside(variant, tariff.currency))))
    return drawn


def bands_of_day(
    tariff: Tariff, compiled: Compiled, calendar: Calendar, stay: Stay, on: date, letters: Letters
) -> tuple[Band, ...]:
    """
    Return the bands of one day of a stay, as its plan sees the day.

    Raises:
        Unpriceable: the stay has no plan, or the calendar does not know the day or, where that counts, the one before.
    """
    variant = compiled.variant(stay, calendar)
    kind = kind_of(on.toordinal(), calendar)
    is_own = variant.reading.overnight is Overnight.OWN_DAY
    before = kind if is_own else kind_of(on.toordinal() - 1, calendar)
    return _bands(variant, kind, before, letters, tariff.currency)


def _kinds(tariff: Tariff, plans: Sequence[Plan]) -> list[Kind]:
    """List one day of each kind that these plans can tell apart."""
    seasons = [rule.season for rule in _day_rules(plans) if rule.season is not None]
    dates = {_NEW_YEAR, *(first for first, _last in seasons), *(_day_after(last) for _first, last in seasons)}
    return [Kind(*each) for each in product(tariff.day_types, WEEKDAYS, sorted(dates))]


def _day_rules(plans: Sequence[Plan]) -> Iterator[DayRule]:
    for plan in plans:
        yield from (slot.days for slot in plan.slots)
        yield from (when.days for when in _conditions(plan))


def _conditions(plan: Plan) -> Iterator[Condition]:
    """List all conditions of a plan: its own, and those of its free times, caps and factors."""
    yield plan.when
    yield from (free.when for free in plan.frees)
    yield from (cap.when for cap in plan.caps)
    yield from (factor.when for factor in plan.factors)


def _day_after(month_day: int) -> int:
    on = date(_LEAP_YEAR, month_day // 100, month_day % 100) + timedelta(days=1)
    return on.month * 100 + on.day


def _variants(compiled: Compiled, plans: Sequence[Plan], kind: Kind, subject: Subject) -> Iterator[tuple[str, Variant]]:
    """Find what holds for arrivals on such a day, by the time of arrival where that makes a difference."""
    edges = {0, *(minute % DAY_MIN for plan in plans for when in _conditions(plan) for minute in when.entry or ())}
    calendar, ordinal = _SameDays(kind.day_type), _day_of(kind)
    spans: list[tuple[int, int, Variant]] = []
    for from_min, to_min in pairwise([*sorted(edges), DAY_MIN]):
        at_ms = compiled.days.clock_time(ordinal, from_min)
        variant = compiled.variant(subject.stay(at_ms, at_ms), calendar)
        if spans and spans[-1][2].serial == variant.serial:
            spans[-1] = (spans[-1][0], to_min, variant)
        else:
            spans.append((from_min, to_min, variant))
    for from_min, to_min, variant in spans:
        said = _("arriving %(start)s–%(end)s", start=phrases.clock(from_min), end=phrases.clock(to_min))
        yield said if len(spans) > 1 else "", variant


@lru_cache(maxsize=1_024)
def _day_of(kind: Kind) -> int:
    """Return a day of a weekday and date, as the ordinal of its date; 29 February comes on each weekday within 400 years."""
    month, day = divmod(kind.month_day, 100)
    for year in _YEARS:
        try:
            on = date(year, month, day)
        except ValueError:
            continue
        if WEEKDAYS[on.weekday()] is kind.weekday:
            return on.toordinal()
    raise AssertionError(kind)


def _bands(variant: Variant, kind: Kind, before: Kind, letters: Letters, currency: str) -> tuple[Band, ...]:
    """Return the bands of a day with what a draft leaves open or says twice between them; what touches is one."""
    plan = variant.plan
    parts = parts_of(plan.slots, variant.reading.overnight, before, kind)
    holes = [Band(start, end, "", "", Look.TWICE if both else Look.GAP, (), "") for start, end, both in holes_of(parts)]
    drawn: list[Band] = []
    for start, end, number in parts:
        band = variant.bands[number]
        is_more = bool(drawn) and drawn[-1].rule == band.rule and drawn[-1].to_min == start
        from_min = drawn.pop().from_min if is_more else start
        look = Look.FORBIDDEN if band.is_forbidden else Look.CHARGED if band.rates else Look.FREE
        drawn.append(Band(from_min, end, band.name, letters.of(band.rule), look, phrases.prices(band, currency), band.rule))
    return tuple(sorted([*drawn, *holes], key=lambda each: (each.from_min, each.to_min)))


@dataclass(frozen=True, slots=True)
class Coverage:
    """By kind of day and class of vehicles, all in words: nothing where every minute has one band, else the first hole."""

    classes: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


def coverage(tariff: Tariff, compiled: Compiled) -> Coverage:
    """Say for each type of day and each class of vehicles whether every minute has one band, in every plan of every zone."""
    classes = tuple(str(VEHICLES.get(name, name)) for name in tariff.vehicles)
    rows = (
        (phrases.day_type(name), tuple(_hole(tariff, compiled, name, vehicle) for vehicle in tariff.vehicles))
        for name in tariff.day_types
    )
    return Coverage(classes, tuple(rows))


def _hole(tariff: Tariff, compiled: Compiled, day_type: str, vehicle: str) -> str:
    plans = [plan for zone in tariff.zones or ("",) for plan in compiled.plans.get((zone, vehicle), ())]
    if not plans:
        return _("no plan")
    days = [kind for kind in _kinds(tariff, plans) if kind.day_type == day_type]
    parts = (parts_of(plan.slots, plan.reading.overnight, kind, kind) for plan in plans for kind in days)
    first = next((hole for each in parts for hole in holes_of(each)), None)
    return "" if first is None else f"{phrases.clock(first[0])}–{phrases.clock(first[1])}"
