"""Compiling: a checked tariff becomes the values the engine walks through, prices settled for each zone and class."""

from collections.abc import Callable
from functools import cache
from itertools import accumulate, product
from typing import TypeVar, cast

from core.billing.language import parts
from core.billing.language.readings import effective
from core.billing.language.tariff import Plan, Settings, Tariff
from core.billing.rules import plans as rules
from core.billing.rules import readings as reads
from core.billing.rules.days import DAY_MIN, MINUTE_MS, CityDays, Weekday
from core.billing.rules.pricing import Compiled
from core.billing.rules.terms import AfterPayment, Coupons, NoReturn, Passes, Terms
from core.kit.money import Fen

_HOUR_MS = 60 * MINUTE_MS
_Told = TypeVar("_Told")
_Made = TypeVar("_Made")
_WHOLE_FEN = reads.Money(1, reads.MoneyMode.HALF_UP, reads.RoundAt.TOTAL)


def compile_tariff(tariff: Tariff) -> Compiled:
    """Make a tariff ready to price. It must be free of faults: `read_yaml` and `read_value` give no other."""
    days = cache(CityDays.of)
    return Compiled(
        tariff.code,
        days(tariff.time_zone),
        tariff.seconds,
        bool(tariff.zones),
        {name: _attribute(each) for name, each in tariff.attributes.items()},
        {
            (zone, vehicle): tuple(
                _Maker(tariff, plan, f"plans.{number}", zone, vehicle).plan(days(plan.time_zone or tariff.time_zone))
                for number, plan in enumerate(tariff.plans)
                if _is_for(plan.when, zone, vehicle)
            )
            for zone, vehicle in product(tariff.zones or ("",), tariff.vehicles)
        },
        _terms(tariff),
    )


def _if_told(part: _Told | None, make: Callable[[_Told], _Made]) -> _Made | None:
    """Make something of a part that may not be there."""
    return None if part is None else make(part)


def _is_for(when: parts.When | None, zone: str, vehicle: str) -> bool:
    return when is None or ((when.zones is None or zone in when.zones) and (when.vehicles is None or vehicle in when.vehicles))


def _attribute(attribute: parts.Attribute) -> rules.Attribute:
    kind: type[bool] | type[int] | type[str] = str
    if isinstance(attribute, parts.Flag):
        kind = bool
    elif isinstance(attribute, parts.Count):
        kind = int
    return rules.Attribute(kind, attribute.absent)


def day_rule(days: parts.Days | None) -> rules.DayRule:
    """Return which days something holds on."""
    if days is None:
        return rules.EVERY_DAY
    return rules.DayRule(
        None if days.types is None else frozenset(days.types),
        None if days.weekdays is None else frozenset(map(Weekday, days.weekdays)),
        _if_told(days.season, lambda season: (_month_day(season.first), _month_day(season.last))),
    )


def _month_day(text: str) -> int:
    return int(text[:2]) * 100 + int(text[3:])


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def slots_of(plan: Plan) -> tuple[rules.Slot, ...]:
    """Return where the bands of a plan lie."""
    return tuple(
        rules.Slot(day_rule(window.days), _minute(window.start) % DAY_MIN, _minute(window.end), number)
        for number, band in enumerate(plan.bands)
        for window in band.windows
    )


def condition(when: parts.When | None) -> rules.Condition:
    """Return when a part holds."""
    if when is None:
        return rules.Condition()
    return rules.Condition(
        None if when.vehicles is None else frozenset(when.vehicles),
        None if when.zones is None else frozenset(when.zones),
        tuple(_question(asked) for asked in when.attributes or ()),
        _if_told(when.entry, lambda span: (_minute(span.start), _minute(span.end))),
        day_rule(when.entry_days),
    )


def _question(asked: parts.Asked) -> rules.Question:
    if asked.is_ is None:
        return rules.Question(asked.attribute, None, asked.at_least, asked.below)
    return rules.Question(asked.attribute, frozenset(asked.is_ if isinstance(asked.is_, tuple) else (asked.is_,)))


def _terms(tariff: Tariff) -> Terms:
    return Terms(
        _if_told(
            tariff.after_payment,
            lambda told: AfterPayment(
                told.grace_min * MINUTE_MS, told.policy, (told.unit_min or 0) * MINUTE_MS, told.unit_fen or 0
            ),
        ),
        _if_told(tariff.passes, lambda told: Passes(told.edge, told.free_time == "holds")),
        _if_told(tariff.coupons, lambda told: Coupons(told.order, told.minutes_from, told.stack, told.floor_fen)),
        tariff.on_change,
        tariff.nested,
        _if_told(tariff.no_return, lambda told: NoReturn(told.minutes * MINUTE_MS, told.then == "tell")),
    )


def _reading(tariff: Tariff, read: Settings) -> reads.Reading:
    """Return how a plan is read. What it does not need to say can make no difference, so any value stands for it."""
    money = _if_told(read.money, lambda told: reads.Money(told.to_fen, told.mode, told.at))
    return reads.Reading(
        tariff.seconds,
        read.day_type_by or reads.DayTypeBy.MINUTE,
        read.overnight or reads.Overnight.OWN_DAY,
        read.units_at_band_edge or reads.BandEdge.CUT,
        read.units_at_midnight or reads.Midnight.RUN_ON,
        read.tiers_again or reads.TiersAgain.EACH_VISIT,
        read.tier_clock or reads.TierClock.CHARGED_IN_BAND,
        read.before_window or reads.Early.FROM_WINDOW,
        read.leaving_on_edge or reads.Leaving.HALF_OPEN,
        money or _WHOLE_FEN,
    )


class _Maker:
    """Makes one plan for one zone and class."""

    def __init__(self, tariff: Tariff, plan: Plan, path: str, zone: str, vehicle: str) -> None:
        self._tariff, self._plan, self._path, self._zone, self._vehicle = tariff, plan, path, zone, vehicle

    def plan(self, days: CityDays) -> rules.Plan:
        """Return the plan."""
        plan = self._plan
        return rules.Plan(
            plan.name,
            self._path,
            condition(plan.when),
            days,
            slots_of(plan),
            tuple(self._band(band, f"{self._path}.bands.{number}") for number, band in enumerate(plan.bands)),
            _reading(self._tariff, effective(self._tariff, plan)),
            _if_told(plan.period, self._period),
            tuple(self._free(free, f"{self._path}.free.{number}") for number, free in enumerate(plan.free)),
            tuple(self._cap(cap, f"{self._path}.caps.{number}") for number, cap in enumerate(plan.caps)),
            tuple(self._factor(factor, f"{self._path}.factors.{number}") for number, factor in enumerate(plan.factors)),
            Fen(plan.minimum_fen or 0),
            _if_told(plan.max_stay, self._max_stay),
            _if_told(plan.idle, self._idle),
        )

    def _fen(self, price: parts.Price) -> int:
        while not isinstance(price, int):
            price = price.by_zone[self._zone] if isinstance(price, parts.ByZone) else price.by_vehicle[self._vehicle]
        return price

    def _band(self, band: parts.Band, path: str) -> rules.Band:
        place = f"{path}.charge"
        if isinstance(band.charge, parts.Cheapest):
            rates = tuple(self._rate(each, f"{place}.of.{number}") for number, each in enumerate(band.charge.of))
        elif isinstance(band.charge, parts.Nothing | parts.Forbidden):
            rates = ()
        else:
            rates = (self._rate(band.charge, place),)
        return rules.Band(band.name, path, rates, isinstance(band.charge, parts.Forbidden))

    def _rate(self, charge: parts.Timed, path: str) -> rules.Rate:
        if isinstance(charge, parts.Entry):
            only = rules.Tier(rules.FOREVER, rules.FOREVER, self._fen(charge.price_fen), path)
            return rules.Rate(reads.Rounding.UP, 0, (only,))
        if isinstance(charge, parts.Steps):
            return self._steps(charge, path)
        ends = accumulate((tier.for_min or 0) * MINUTE_MS for tier in charge.tiers)
        tiers = tuple(
            rules.Tier(
                end_ms if tier.for_min is not None else rules.FOREVER,
                tier.unit_min * MINUTE_MS,
                self._fen(tier.price_fen),
                f"{path}.tiers.{number}",
            )
            for number, (tier, end_ms) in enumerate(zip(charge.tiers, ends, strict=True))
        )
        return rules.Rate(charge.rounding, (charge.tolerance_min or 0) * MINUTE_MS, tiers)

    def _steps(self, charge: parts.Steps, path: str) -> rules.Rate:
        """Turn totals into tiers of one unit each, which cost what a step adds to the one before."""
        tiers, before_ms, before_fen = [], 0, 0
        for number, step in enumerate(charge.steps):
            until_ms, fen = step.up_to_min * MINUTE_MS, self._fen(step.total_fen)
            tiers.append(rules.Tier(until_ms, until_ms - before_ms, fen - before_fen, f"{path}.steps.{number}"))
            before_ms, before_fen = until_ms, fen
        if charge.beyond is not None:
            unit_ms, fen = charge.beyond.unit_min * MINUTE_MS, self._fen(charge.beyond.price_fen)
            tiers.append(rules.Tier(rules.FOREVER, unit_ms, fen, f"{path}.beyond"))
        else:
            fen = self._fen(cast("parts.Price", charge.beyond_total_fen)) - before_fen
            tiers.append(rules.Tier(rules.FOREVER, rules.FOREVER, fen, f"{path}.beyond_total_fen"))
        return rules.Rate(reads.Rounding.UP, 0, tuple(tiers), is_table=True)

    def _period(self, period: parts.Period) -> rules.Period:
        full = None if period.full_fen is None else self._fen(period.full_fen)
        clock_min = 0 if period.clock is None else _minute(period.clock)
        hours_ms, days = (period.hours or 0) * _HOUR_MS, day_rule(period.days)
        return rules.Period(hours_ms, clock_min, days, full, f"{self._path}.period.full_fen", period.plan_again)

    def _free(self, free: parts.Free, path: str) -> rules.Free:
        return rules.Free(
            free.name,
            path,
            condition(free.when),
            free.kind,
            free.minutes * MINUTE_MS,
            free.bound == "inclusive",
            free.of,
            free.each,
            free.frequency,
            free.counts_for_tiers,
        )

    def _cap(self, cap: parts.Cap, path: str) -> rules.Cap:
        names = [band.name for band in self._plan.bands]
        return rules.Cap(
            path,
            condition(cap.when),
            cap.per,
            (cap.hours or 0) * _HOUR_MS,
            tuple(self._fen(price) for price in cap.limits_fen or ()),
            tuple(minutes * MINUTE_MS for minutes in cap.limits_billed_min or ()),
            frozenset(map(names.index, cap.bands or names)),
            day_rule(cap.days),
        )

    @staticmethod
    def _factor(factor: parts.Factor, path: str) -> rules.Factor:
        percent = 100 if factor.percent is None else factor.percent
        is_early = factor.applies == "before_caps"
        return rules.Factor(factor.name, path, condition(factor.when), percent, factor.times or "", is_early)

    def _max_stay(self, limit: parts.MaxStay) -> rules.MaxStay:
        path = f"{self._path}.max_stay"
        penalty = _if_told(limit.penalty, lambda told: self._rate(told, f"{path}.penalty"))
        return rules.MaxStay(limit.minutes * MINUTE_MS, limit.then, penalty, path)

    def _idle(self, idle: parts.Idle) -> rules.Idle:
        path = f"{self._path}.idle"
        return rules.Idle(idle.grace_min * MINUTE_MS, self._rate(idle.charge, f"{path}.charge"), idle.cap_fen, path)
