"""
Price a stay by the first form of a tariff: unit, first period, free minutes, day and night, day cap.

A stay not longer than the free minutes costs nothing, otherwise all of it counts (threshold, bound included, seconds
kept). It is cut where day and night meet, and at midnight where a day cap is set; each piece costs its started units.
The first day units of a stay, up to the first period, have their own price and do not come again.
Source: fees.md E.2 (free_mode threshold, boundary_mode clip, rounding_scope per_window, first_restarts never,
cap_day calendar_day).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from core.kit.moments import moment, ms_of
from core.kit.money import Fen

MINUTE_MS = 60_000
_ZONE_STEP_MS = 900_000  # no zone changes its clock off the quarter of an hour


class Band(StrEnum):
    """Part of the day with a price of its own."""

    DAY = "day"
    NIGHT = "night"


@dataclass(frozen=True, slots=True)
class FirstForm:
    """
    The rules of one version. Minutes are whole; amounts are fen; day_starts equal to day_ends means: no night.

    Raises:
        ValueError: a unit that is not positive, a first period that is no multiple of the unit, a negative price or
            time, or a day that goes on past midnight.
    """

    unit_min: int
    first_min: int
    first_unit_fen: Fen
    unit_fen: Fen
    free_min: int
    day_starts: time
    day_ends: time
    night_unit_min: int
    night_unit_fen: Fen
    cap_day_fen: Fen | None = None

    def __post_init__(self) -> None:
        """Refuse rules that cannot price."""
        if self.unit_min <= 0 or self.night_unit_min <= 0 or self.first_min % self.unit_min:
            raise ValueError("a unit is at least a minute, and the first period a multiple of it")
        if min(self.first_unit_fen, self.unit_fen, self.night_unit_fen, self.free_min, self.first_min, self.cap_day_fen or 0) < 0:
            raise ValueError("prices and minutes are not negative")
        if self.day_ends < self.day_starts:
            raise ValueError("the day of a tariff does not go on past midnight")

    @property
    def first_units(self) -> int:
        """Return how many units the first period has."""
        return self.first_min // self.unit_min


class Line(NamedTuple):
    """One line of a price; instants in milliseconds, the amount in fen after the cap of its day."""

    from_ms: int
    to_ms: int
    band: Band
    unit_n: int
    fen: Fen


class Price(NamedTuple):
    """What a stay costs: the lines add up to the gross amount."""

    gross_fen: Fen
    lines: tuple[Line, ...]


def price(rules: FirstForm, *, started_ms: int, ended_ms: int, zone: ZoneInfo) -> Price:
    """
    Return the price of a stay in the civil time of a zone.

    Raises:
        ValueError: the stay ends before it starts.
    """
    if ended_ms < started_ms:
        raise ValueError("a stay ends before it starts")
    if ended_ms - started_ms <= rules.free_min * MINUTE_MS:
        return Price(Fen(0), ())
    lines: list[Line] = []
    day_units, spent_on, spent_fen = 0, None, 0
    for from_ms, to_ms, band, on in _pieces(rules, started_ms, ended_ms, zone):
        unit_ms = (rules.unit_min if band is Band.DAY else rules.night_unit_min) * MINUTE_MS
        unit_n = -((from_ms - to_ms) // unit_ms)
        if band is Band.DAY:
            first_n = max(0, min(unit_n, rules.first_units - day_units))
            fen = first_n * rules.first_unit_fen + (unit_n - first_n) * rules.unit_fen
            day_units += unit_n
        else:
            fen = unit_n * rules.night_unit_fen
        if rules.cap_day_fen is not None:
            spent_on, spent_fen = on, spent_fen if on == spent_on else 0
            fen = min(fen, rules.cap_day_fen - spent_fen)
            spent_fen += fen
        lines.append(Line(from_ms, to_ms, band, unit_n, Fen(fen)))
    return Price(Fen(sum(line.fen for line in lines)), tuple(lines))


def _pieces(rules: FirstForm, started_ms: int, ended_ms: int, zone: ZoneInfo) -> Iterator[tuple[int, int, Band, date]]:
    """Cut a stay at the edges of its bands; each piece comes with the city day it starts on."""
    at_ms = started_ms
    while at_ms < ended_ms:
        on = _city_date(at_ms, zone)
        edge_ms, band = _next_edge(rules, at_ms, on, zone)
        to_ms = min(edge_ms, ended_ms)
        yield at_ms, to_ms, band, on
        at_ms = to_ms


def _next_edge(rules: FirstForm, at_ms: int, on: date, zone: ZoneInfo) -> tuple[int, Band]:
    """Return where the band of an instant ends, and the band."""
    midnight_ms = _local_ms(on + timedelta(days=1), time.min, zone)
    if rules.day_starts == rules.day_ends:
        return (midnight_ms if rules.cap_day_fen is not None else 1 << 62), Band.DAY
    starts_ms, ends_ms = _local_ms(on, rules.day_starts, zone), _local_ms(on, rules.day_ends, zone)
    if at_ms < starts_ms:
        return starts_ms, Band.NIGHT
    if at_ms < ends_ms:
        return ends_ms, Band.DAY
    if rules.cap_day_fen is not None:
        return midnight_ms, Band.NIGHT
    return _local_ms(on + timedelta(days=1), rules.day_starts, zone), Band.NIGHT


@lru_cache(maxsize=65_536)
def _local_ms(on: date, at: time, zone: ZoneInfo) -> int:
    return ms_of(datetime.combine(on, at, tzinfo=zone))


def _city_date(at_ms: int, zone: ZoneInfo) -> date:
    return _date_of(at_ms // _ZONE_STEP_MS, zone)


@lru_cache(maxsize=65_536)
def _date_of(step: int, zone: ZoneInfo) -> date:
    return moment(step * _ZONE_STEP_MS).astimezone(zone).date()
