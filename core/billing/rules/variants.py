"""
Variants: a plan with the parts that hold for one stay, its prices as grains, ready to be walked.

A grain is a fraction of a fen small enough that a share of a unit and a per cent are whole grains; so nothing is rounded
before the tariff says so.
"""

from dataclasses import dataclass
from itertools import count
from math import lcm
from typing import NamedTuple

from core.billing.rules.plans import Cap, Factor, Free, Idle, MaxStay, Period, Plan, Rate
from core.billing.rules.readings import BandEdge, Each, FreeKind, Reading, Rounding, TierClock, TiersAgain

_PERCENT = 100
_SERIALS = count()


class ReadyTier(NamedTuple):
    """A tier in grains: of a unit, or of a millisecond where time is charged exactly; beside it the fen for the line."""

    from_ms: int
    until_ms: int
    unit_ms: int
    grains: int
    fen: int
    rule: str


class ReadyRate(NamedTuple):
    """A rate in grains; on the grid, units lie where the tier clock puts them."""

    rounding: Rounding
    tolerance_ms: int
    is_on_grid: bool
    tiers: tuple[ReadyTier, ...]


class ReadyBand(NamedTuple):
    """A band with its rates in grains."""

    name: str
    rule: str
    rates: tuple[ReadyRate, ...]
    is_forbidden: bool


@dataclass(frozen=True, slots=True)
class Variant:
    """
    A plan ready to be walked; `serial` tells it from every other one.

    `whole` grains are one fen; what the caps leave is divided by `under`, then taken `times`. It is plain
    where a visit costs every stay the same; behind `settled_ms` the tiers do not change any more.
    """

    plan: Plan
    bands: tuple[ReadyBand, ...]
    thresholds: tuple[Free, ...]
    deductions: tuple[Free, ...]
    caps: tuple[Cap, ...]
    whole: int
    times: int
    under: int
    reading: Reading
    period: Period | None
    max_stay: MaxStay | None
    idle: Idle | None
    has_soft_cuts: bool
    is_plain: bool
    settled_ms: int
    serial: int

    def ready(self, rate: Rate) -> ReadyRate:
        """Return a rate of the plan in grains, not multiplied: for what is charged beside the bands."""
        return _ready(rate, self.whole, self.whole, carries=False)


def variant_of(plan: Plan, frees: tuple[Free, ...], caps: tuple[Cap, ...], factors: tuple[tuple[Factor, int], ...]) -> Variant:
    """Make the variant in which these parts hold; a factor comes with how many times it multiplies, before its per cent."""
    early = [(factor.percent * times, _PERCENT) for factor, times in factors if factor.is_before_caps]
    late = [(factor.percent * times, _PERCENT) for factor, times in factors if not factor.is_before_caps]
    up, down = _product(early)
    times, under = _product(late)
    whole = _shares(plan) * down * under
    grains = whole * up // down
    carries = plan.reading.band_edge is BandEdge.CARRY
    bands = tuple(
        ReadyBand(
            band.name, band.rule, tuple(_ready(rate, whole, grains, carries=carries) for rate in band.rates), band.is_forbidden
        )
        for band in plan.bands
    )
    return Variant(
        plan,
        bands,
        tuple(free for free in frees if free.kind is FreeKind.THRESHOLD),
        tuple(free for free in frees if free.kind is FreeKind.DEDUCT),
        caps,
        whole,
        times,
        under,
        plan.reading,
        plan.period,
        plan.max_stay,
        plan.idle,
        any(cap.per in {Each.DAY, Each.HOURS} for cap in caps),
        _is_plain(plan, frees, caps),
        max((rate.tiers[-1].from_ms for band in bands for rate in band.rates), default=0),
        next(_SERIALS),
    )


def _is_plain(plan: Plan, frees: tuple[Free, ...], caps: tuple[Cap, ...]) -> bool:
    """Say whether a visit costs every stay the same that comes to it as far in the tiers."""
    reading = plan.reading
    is_tabled = any(rate.is_table for band in plan.bands for rate in band.rates)
    by_band = reading.tier_clock in {TierClock.CHARGED_IN_BAND, TierClock.BILLED_IN_BAND}
    return (
        not caps
        and not is_tabled
        and reading.band_edge is BandEdge.CUT
        and (reading.tiers_again is TiersAgain.EACH_VISIT or not by_band)
        and all(free.kind is FreeKind.THRESHOLD and free.each is Each.STAY for free in frees)
    )


def _product(ratios: list[tuple[int, int]]) -> tuple[int, int]:
    up, down = 1, 1
    for over, under in ratios:
        if over % under == 0:
            up *= over // under
        else:
            up, down = up * over, down * under
    return up, down


def _shares(plan: Plan) -> int:
    """Return into how many grains a fen must part so that each millisecond charged exactly costs whole grains."""
    rates = [rate for band in plan.bands for rate in band.rates]
    rates += [extra for extra in (plan.max_stay and plan.max_stay.penalty, plan.idle and plan.idle.rate) if extra]
    return lcm(*(tier.unit_ms for rate in rates if rate.rounding is Rounding.EXACT for tier in rate.tiers))


def _ready(rate: Rate, whole: int, grains: int, *, carries: bool) -> ReadyRate:
    """Turn prices into grains: `grains` of them are one fen of price, factors before the caps included."""
    is_exact = rate.rounding is Rounding.EXACT
    begins = (0, *(tier.until_ms for tier in rate.tiers))
    return ReadyRate(
        rate.rounding,
        rate.tolerance_ms,
        carries or rate.is_table,
        tuple(
            ReadyTier(
                from_ms,
                tier.until_ms,
                tier.unit_ms,
                tier.fen * grains // (tier.unit_ms if is_exact else 1),
                tier.fen * grains // whole,
                tier.rule,
            )
            for from_ms, tier in zip(begins, rate.tiers, strict=False)
        ),
    )
