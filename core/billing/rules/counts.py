"""Counts: how many units of which tier a stretch of charged time begins or completes. Offsets are milliseconds from its start."""

from typing import Final, NamedTuple

from core.billing.rules.plans import FOREVER
from core.billing.rules.readings import Rounding
from core.billing.rules.variants import ReadyRate, ReadyTier

_FAR: Final = FOREVER >> 1
"""A position of the tier clock behind every tier that ends."""


class Run(NamedTuple):
    """Units of one tier, one after the other, from an offset to another; without units: time charged exactly or not at all."""

    from_ms: int
    to_ms: int
    unit_n: int
    tier: ReadyTier
    grains: int


def count(rate: ReadyRate, position_ms: int, edge_ms: int, reach_ms: int) -> list[Run]:
    """
    Count the units that begin before the edge of a stretch; the last may go on as far as the stay reaches.

    The tier clock stands at `position_ms` when the stretch begins. A unit keeps the price it began with; one that is charged
    once for a band ends with it.
    """
    runs: list[Run] = []
    at, tiers, position_ms = 0, rate.tiers, min(position_ms, _FAR)
    while at < edge_ms:
        tier = _tier_at(tiers, position_ms + at)
        if rate.is_on_grid and (paid_ms := _paid(tier, position_ms + at)):
            to_ms = min(at + paid_ms, edge_ms)
            runs.append(Run(at, to_ms, 0, tier, 0))
            at = to_ms
            continue
        span = min(edge_ms - at, tier.until_ms - position_ms - at)
        if rate.rounding is Rounding.EXACT:
            runs.append(Run(at, at + span, 0, tier, span * tier.grains))
            at += span
            continue
        unit_ms = tier.unit_ms
        begun_n = -(-span // unit_ms)
        if unit_ms >= FOREVER:
            reach_ms = edge_ms
        if at + begun_n * unit_ms <= reach_ms:
            to_ms, unit_n = at + begun_n * unit_ms, begun_n
        else:
            to_ms, unit_n = reach_ms, _rounded(rate, reach_ms - at, unit_ms)
        runs.append(Run(at, to_ms, unit_n, tier, unit_n * tier.grains))
        at = to_ms
    return runs


def _paid(tier: ReadyTier, position_ms: int) -> int:
    """Return for how long a unit on the grid, begun before, still lasts."""
    return (tier.from_ms - position_ms) % tier.unit_ms


def _tier_at(tiers: tuple[ReadyTier, ...], position_ms: int) -> ReadyTier:
    for tier in tiers:
        if position_ms < tier.until_ms:
            return tier
    return tiers[-1]


def _rounded(rate: ReadyRate, span_ms: int, unit_ms: int) -> int:
    """Count units of a span whose last one is not complete."""
    whole_n, rest_ms = divmod(span_ms, unit_ms)
    if rate.rounding is Rounding.UP:
        return whole_n + (rest_ms > rate.tolerance_ms)
    if rate.rounding is Rounding.DOWN:
        return whole_n
    return whole_n + (2 * rest_ms >= unit_ms)
