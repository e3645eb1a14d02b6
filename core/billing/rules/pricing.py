"""
Prices: a stay and a tariff made ready in; lines, an amount and the next change out. No clock, no database, no default.

Amounts are whole fen. Lines add up to the gross amount whatever is rounded where.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, NamedTuple

from core.billing.rules.counts import count
from core.billing.rules.days import DAY_MIN, MINUTE_MS, Calendar, CityDays, Kind, Unpriceable, kind_of
from core.billing.rules.plans import AfterMax, Attribute, Condition, MissingAttribute, NoPlan, Plan, Rate, Stay, Value
from core.billing.rules.programs import DayBook
from core.billing.rules.readings import DayTypeBy, Money, MoneyMode, RoundAt, Seconds
from core.billing.rules.terms import Terms
from core.billing.rules.variants import Variant, variant_of
from core.billing.rules.walks import Raw, Walk, period_end
from core.kit.money import Fen

_KEPT: Final = 1_024


class EndsBeforeStart(Unpriceable):
    """A stay ends before it starts: a clock is wrong, and somebody has to look."""


class Line(NamedTuple):
    """One line: units of one price from an instant to another; `fen` is what the caps leave of `before_fen`."""

    from_ms: int
    to_ms: int
    band: str
    unit_n: int
    unit_ms: int
    unit_fen: int
    rule: str
    before_fen: int
    fen: int


class Note(StrEnum):
    """What somebody should know about a stay beside its price."""

    OVERSTAYED = "overstayed"
    TOO_SOON = "too_soon"


class Charge(NamedTuple):
    """The gross amount and its lines, which add up to it."""

    gross_fen: Fen
    lines: tuple[Line, ...]
    notes: tuple[Note, ...]


@dataclass(slots=True)
class Compiled:
    """
    A tariff ready to price. What was worked out is kept: variants of plans, and the days of the calendar asked last.

    `plans` lists, for each zone and class of vehicles, the plans in order.
    """

    code: str
    days: CityDays
    seconds: Seconds
    has_zones: bool
    attributes: Mapping[str, Attribute]
    plans: Mapping[tuple[str, str], tuple[Plan, ...]]
    terms: Terms
    _variants: dict[object, Variant] = field(default_factory=dict)
    _books: dict[object, DayBook] = field(default_factory=dict)
    _calendar: Calendar | None = None

    def book(self, plan: Plan, calendar: Calendar, fixed: Kind | None) -> DayBook:
        """Return the programs of a plan under a calendar."""
        if calendar is not self._calendar or len(self._books) >= _KEPT:
            self._books.clear()
            self._calendar = calendar
        key = (id(plan), fixed)
        found = self._books.get(key)
        if found is None:
            found = self._books[key] = DayBook(plan.days, plan.slots, plan.reading.overnight, calendar, fixed)
        return found

    def variant(self, stay: Stay, calendar: Calendar) -> Variant:
        """
        Return the plan for a stay with the parts that hold for it.

        Raises:
            NoPlan: none holds.
            MissingAttribute: the tariff asks for what was not told.
        """
        plan = self._plan(stay, calendar)
        frees = tuple(part for part in plan.frees if stay.has_free_time and self._meets(part.when, stay, calendar))
        caps = tuple(part for part in plan.caps if self._meets(part.when, stay, calendar))
        factors = tuple(
            (part, int(self._value(part.times, stay)) if part.times else 1)
            for part in plan.factors
            if self._meets(part.when, stay, calendar)
        )
        key = (id(plan), frees, caps, factors)
        found = self._variants.get(key)
        if found is None:
            if len(self._variants) >= _KEPT:
                self._variants.clear()
            found = self._variants[key] = variant_of(plan, frees, caps, factors)
        return found

    def _plan(self, stay: Stay, calendar: Calendar) -> Plan:
        zone = stay.zone if self.has_zones else ""
        for plan in self.plans.get((zone, stay.vehicle), ()):
            if self._meets(plan.when, stay, calendar):
                return plan
        raise NoPlan(f"{zone} {stay.vehicle}".strip())

    def _meets(self, when: Condition, stay: Stay, calendar: Calendar) -> bool:
        """Say whether a stay meets a condition, apart from zone and vehicle, which chose the plan's list."""
        if when.vehicles is not None and stay.vehicle not in when.vehicles:
            return False
        if when.zones is not None and stay.zone not in when.zones:
            return False
        if when.questions and not all(each.is_met(self._value(each.name, stay)) for each in when.questions):
            return False
        return not when.asks_the_moment or self._meets_moment(when, stay.entry_ms, calendar)

    def _meets_moment(self, when: Condition, at_ms: int, calendar: Calendar) -> bool:
        ordinal = self.days.ordinal(at_ms)
        if not when.days.holds(kind_of(ordinal, calendar)):
            return False
        if when.entry is None:
            return True
        minute = self.days.minute_of(at_ms, ordinal) % DAY_MIN
        from_min, to_min = when.entry
        return from_min <= minute < to_min if from_min < to_min else not to_min <= minute < from_min

    def _value(self, name: str, stay: Stay) -> Value:
        spec = self.attributes[name]
        value = stay.attrs.get(name, spec.absent)
        if type(value) is not spec.kind or (spec.kind is int and int(value) < 0):
            raise MissingAttribute(name)
        return value


def charge(compiled: Compiled, stay: Stay, calendar: Calendar, *, cuts: tuple[int, ...] = ()) -> Charge:
    """
    Return what a stay costs, line by line; at each of the cuts a line and its units end.

    Raises:
        EndsBeforeStart, UnknownDay, NoPlan, NotAllowed, MissingAttribute: it cannot be priced.
    """
    if stay.exit_ms < stay.entry_ms:
        raise EndsBeforeStart(str(stay.entry_ms - stay.exit_ms))
    if compiled.seconds is Seconds.CUT_OFF:
        stay = replace(stay, entry_ms=_cut_off(stay.entry_ms), exit_ms=_cut_off(stay.exit_ms))
    lines: list[Line] = []
    notes: tuple[Note, ...] = ()
    while True:
        variant = compiled.variant(stay, calendar)
        book = _book(compiled, variant, stay, calendar)
        ends_ms = _plan_ends(variant, book, stay)
        part = _charge_by(variant, book, stay if ends_ms is None else replace(stay, exit_ms=ends_ms), cuts)
        if ends_ms is None and not lines:
            return part
        lines += part.lines
        notes += tuple(note for note in part.notes if note not in notes)
        if ends_ms is None:
            return Charge(Fen(sum(line.fen for line in lines)), tuple(lines), notes)
        stay = replace(stay, entry_ms=ends_ms)


def _plan_ends(variant: Variant, book: DayBook, stay: Stay) -> int | None:
    """Return where the plan of a stay is chosen again before it ends; None: it holds to the end."""
    period = variant.period
    if period is None or not period.is_plan_again:
        return None
    ends_ms = period_end(period, book, stay.entry_ms, stay.entry_ms, stay.exit_ms)
    return ends_ms if ends_ms < stay.exit_ms else None


def _charge_by(variant: Variant, book: DayBook, stay: Stay, cuts: tuple[int, ...]) -> Charge:
    """Charge a stay, or a part of it, by one plan."""
    beside = Beside(stay, (), []) if variant.max_stay is None and variant.idle is None else _beside(variant, stay)
    raw = Walk(variant, book, beside.stay, cuts=cuts).go()
    lines = _lines(variant, raw, stay.exit_ms) + beside.lines
    gross = sum(line.fen for line in lines)
    if 0 < gross < variant.plan.minimum_fen:
        lack = variant.plan.minimum_fen - gross
        rule = f"{variant.plan.rule}.minimum_fen"
        lines.append(Line(stay.exit_ms, stay.exit_ms, "", 1, 0, lack, rule, lack, lack))
        gross += lack
    return Charge(Fen(gross), tuple(lines), beside.notes)


def _cut_off(at_ms: int) -> int:
    return at_ms - at_ms % MINUTE_MS


def _book(compiled: Compiled, variant: Variant, stay: Stay, calendar: Calendar) -> DayBook:
    plan, by = variant.plan, variant.reading.day_type_by
    if by is DayTypeBy.MINUTE:
        return compiled.book(plan, calendar, None)
    at_ms = stay.entry_ms if by is DayTypeBy.ENTRY else max(stay.entry_ms, stay.exit_ms - 1)
    return compiled.book(plan, calendar, kind_of(plan.days.ordinal(at_ms), calendar))


class Beside(NamedTuple):
    """What stands beside the bands: the part of the stay that they charge, what there is to tell, and lines of their own."""

    stay: Stay
    notes: tuple[Note, ...]
    lines: list[Line]


def _beside(variant: Variant, stay: Stay) -> Beside:
    """Look at the longest stay and at the end of charging."""
    notes: tuple[Note, ...] = ()
    lines: list[Line] = []
    limit, idle, charged = variant.max_stay, variant.idle, stay
    if limit is not None and stay.exit_ms - stay.entry_ms > limit.ms:
        notes = (Note.OVERSTAYED,)
        ends_ms = stay.entry_ms + limit.ms
        if limit.penalty is not None:
            lines += _extra(variant, limit.penalty, "max_stay", ends_ms, stay.exit_ms)
        if limit.then is not AfterMax.CHARGE_ON:
            charged = replace(stay, exit_ms=ends_ms)
    if idle is not None and stay.charging_ended_ms is not None:
        from_ms = max(stay.charging_ended_ms + idle.grace_ms, stay.entry_ms)
        lines += _capped(_extra(variant, idle.rate, "idle", from_ms, stay.exit_ms), idle.cap_fen)
    return Beside(charged, notes, lines)


def _extra(variant: Variant, rate: Rate, band: str, from_ms: int, to_ms: int) -> list[Line]:
    """Charge a time by one rate, whatever the bands and factors say."""
    long_ms = max(0, to_ms - from_ms)
    raw = [
        Raw(
            from_ms + run.from_ms,
            from_ms + run.to_ms,
            band,
            run.unit_n,
            run.tier.unit_ms,
            run.tier.fen,
            run.tier.rule,
            grains,
            grains,
        )
        for run in count(variant.ready(rate), 0, long_ms, long_ms)
        for grains in (run.grains * variant.under,)
    ]
    return _lines(replace(variant, times=1), raw, to_ms)


def _capped(lines: list[Line], cap_fen: int | None) -> list[Line]:
    """Leave lines no more than a cap together."""
    if cap_fen is None:
        return lines
    left, kept = cap_fen, []
    for line in lines:
        kept.append(line._replace(fen=min(line.fen, left)))
        left -= kept[-1].fen
    return kept


def _lines(variant: Variant, raw: list[Raw], exit_ms: int) -> list[Line]:
    """Turn grains into fen, rounded as the tariff says; rounding at the total gives every line its share of the sum."""
    money, whole = variant.reading.money, variant.whole
    if whole == 1 and money.to_fen == 1 and variant.times == 1:
        return list(map(Line._make, raw)) if not raw or raw[-1].to_ms <= exit_ms else [_within(Line._make(r), exit_ms) for r in raw]
    times, under = variant.times, variant.under
    is_total = money.at is RoundAt.TOTAL
    lines: list[Line] = []
    sum_grains = sum_fen = 0
    for line in raw:
        grains, before = line.grains // under * times, line.before // under * times
        if is_total:
            sum_grains += grains
            fen = rounded(sum_grains, whole, money) - sum_fen
            sum_fen += fen
        else:
            fen = rounded(grains, whole, money)
        lines.append(_within(Line(*line[:7], fen if line.before == line.grains else rounded(before, whole, money), fen), exit_ms))
    return lines


def _within(line: Line, exit_ms: int) -> Line:
    return line if line.to_ms <= exit_ms else line._replace(to_ms=exit_ms)


def rounded(grains: int, whole: int, money: Money) -> int:
    """Round grains to whole fen, or to so many fen as the tariff rounds to."""
    step = whole * money.to_fen
    if money.mode is MoneyMode.HALF_UP:
        return (2 * grains + step) // (2 * step) * money.to_fen
    if money.mode is MoneyMode.UP:
        return -(-grains // step) * money.to_fen
    return grains // step * money.to_fen
