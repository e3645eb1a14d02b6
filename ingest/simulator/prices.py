"""
What parking costs in the demo city, and a second, independent computation of it.

The tariffs are written in the rule language, in the folder `tariffs`; the truth is priced here, from whole seconds since 1970,
by its own way: it walks over the edges of the bands instead of cutting pieces. Nothing is taken from `core.billing`.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from core.kit.ids import derived_id
from core.kit.money import Fen
from ingest.simulator.places import Site

EXEMPT_COLOURS: Final = frozenset({"white"})
"""Police and forces are counted and never charged."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the four tariffs have in common. Minutes are whole, clock times HH:MM of the city, amounts fen."""

    unit_min: int
    first_min: int
    first_unit_fen: int
    unit_fen: int
    free_min: int
    day_starts: str
    day_ends: str
    night_unit_min: int
    night_unit_fen: int
    cap_day_fen: int | None


STREET_CORE: Final = Rules(15, 60, 150, 225, 15, "07:00", "19:00", 120, 100, None)
STREET_OUTER: Final = Rules(30, 60, 200, 250, 15, "08:00", "20:00", 120, 50, None)
LOT_BUSY: Final = Rules(60, 60, 500, 300, 30, "00:00", "00:00", 60, 300, 3000)
LOT_CALM: Final = Rules(60, 60, 400, 200, 30, "00:00", "00:00", 60, 200, 2000)

TARIFFS: Final = {
    "street-core": STREET_CORE,
    "street-outer": STREET_OUTER,
    "lot-busy": LOT_BUSY,
    "lot-calm": LOT_CALM,
}
"""By code; the same tariffs in the rule language are `text_of`."""
GRACE_S: Final = 900
"""How long one has to drive out after paying, in all four."""
_HERE: Final = Path(__file__).parent
_CORE_DISTRICTS: Final = frozenset({"GL", "DH"})
_BUSY_LOTS: Final = frozenset({"shopping", "station", "office"})


def text_of(code: str) -> str:
    """Return a tariff in the rule language."""
    return (_HERE / "tariffs" / f"{code}.yaml").read_text(encoding="utf-8")


def cases_of(code: str) -> str:
    """Return the golden cases of a tariff, a file of cases."""
    return (_HERE / "cases" / f"{code}.yaml").read_text(encoding="utf-8")


def tariff_of(site: Site) -> str:
    """Return the code of the tariff that holds at a site for every class."""
    if site.spaces:
        return "street-core" if site.district in _CORE_DISTRICTS else "street-outer"
    return "lot-busy" if site.demand in _BUSY_LOTS else "lot-calm"


def version_of(site: Site) -> UUID:
    """Return the id of the version that holds at a site."""
    return derived_id("tariff_version", tariff_of(site), "1")


def price_of(site: Site, colour: str, in_s: int, out_s: int, zone: ZoneInfo) -> Fen:
    """Return what a vehicle with a plate of this colour owes for a stay, seconds since 1970."""
    if colour in EXEMPT_COLOURS:
        return Fen(0)
    return price(TARIFFS[tariff_of(site)], in_s, out_s, zone)


def owed(site: Site, colour: str, in_s: int, out_s: int, zone: ZoneInfo, *, paid_s: int | None) -> Fen:
    """Return the same for a driver who perhaps paid in advance: who drives out soon after it owes no more than he paid."""
    if paid_s is not None and in_s < paid_s and out_s - paid_s <= GRACE_S:
        ahead = price_of(site, colour, in_s, paid_s, zone)
        if ahead > 0:
            return ahead
    return price_of(site, colour, in_s, out_s, zone)


def price(rules: Rules, in_s: int, out_s: int, zone: ZoneInfo) -> Fen:
    """Return the price of a stay; nothing up to and including the free minutes, everything beyond them."""
    if out_s - in_s <= rules.free_min * 60:
        return Fen(0)
    edges = _edges(rules, _day_of(in_s // 900, zone), zone)
    first_left = rules.first_min // rules.unit_min
    spent: dict[int, int] = {}  # fen by the day the piece starts on
    place = bisect_right(edges, (in_s, 2, 0)) - 1
    at_s = in_s
    while at_s < out_s:
        if place + 1 >= len(edges):  # a stay of weeks: look on from where it stands
            edges = _edges(rules, _day_of(at_s // 900, zone), zone)
            place = bisect_right(edges, (at_s, 2, 0)) - 1
        _, is_night, day = edges[place]
        until_s = min(edges[place + 1][0], out_s)
        minutes = rules.night_unit_min if is_night else rules.unit_min
        units = -(-(until_s - at_s) // (minutes * 60))
        if is_night:
            fen = units * rules.night_unit_fen
        else:
            dear = min(units, first_left)
            first_left -= dear
            fen = dear * rules.first_unit_fen + (units - dear) * rules.unit_fen
        spent[day] = spent.get(day, 0) + fen
        at_s, place = until_s, place + 1
    if rules.cap_day_fen is not None:
        return Fen(sum(min(fen, rules.cap_day_fen) for fen in spent.values()))
    return Fen(sum(spent.values()))


_DAYS_SEEN: Final = 4


@lru_cache(maxsize=4_096)
def _edges(rules: Rules, first: date, zone: ZoneInfo) -> Sequence[tuple[int, int, int]]:
    """
    Return where bands begin from a day before to some days after: second, 1 for night, ordinal of the city day.

    Midnight is an edge only where a cap counts by the day; without night the whole day is one band.
    """
    found = []
    for ordinal in range(first.toordinal() - 1, first.toordinal() + _DAYS_SEEN):
        day = date.fromordinal(ordinal)
        if rules.cap_day_fen is not None:
            found.append((_second(day, time.min, zone), int(rules.day_starts != rules.day_ends), ordinal))
        if rules.day_starts != rules.day_ends:
            found.append((_second(day, time.fromisoformat(rules.day_starts), zone), 0, ordinal))
            found.append((_second(day, time.fromisoformat(rules.day_ends), zone), 1, ordinal))
    if not found:  # one band without end
        return ((-(1 << 62), 0, 0), (1 << 62, 0, 0))
    return tuple(sorted(found))


def _second(day: date, at: time, zone: ZoneInfo) -> int:
    return int(datetime.combine(day, at, tzinfo=zone).timestamp())


@lru_cache(maxsize=65_536)
def _day_of(quarter: int, zone: ZoneInfo) -> date:
    """Return the city day of a quarter of an hour, counted from 1970; clocks change on the quarter."""
    return datetime.fromtimestamp(quarter * 900, tz=zone).date()
