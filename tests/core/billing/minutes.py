"""
A slow second opinion: prices counted minute by minute from the form itself, with nothing of the engine.

It knows a subset: one plan without seasons or clock changes, stays of whole minutes, units rounded up or down, entries, free
bands, tiers by every clock, one threshold or deduction, a period of hours, caps per visit, day, hours and stay.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Form = dict[str, Any]  # JSON
DAY = 1440
LONG = 1 << 30


class Unit(NamedTuple):
    """A unit that was begun: when, in which visit, at what price, and whether it is charged."""

    minute: int
    visit: int
    fen: int
    is_charged: bool


def clock(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def band_at(plan: Form, minute_of_day: int) -> int:
    """Return the number of the band that holds at a minute of the day."""
    for number, band in enumerate(plan["bands"]):
        for window in band["windows"]:
            start, end = clock(window["from"]), clock(window["to"])
            if start <= minute_of_day < end or (start > end and (minute_of_day >= start or minute_of_day < end)):
                return number
    raise AssertionError("the form has a gap")


def tiers_of(charge: Form) -> list[tuple[int, int, int]]:
    """List the tiers of a charge: until which position, how long a unit, at what price."""
    if charge["kind"] == "free":
        return []
    if charge["kind"] == "entry":
        return [(LONG, LONG, charge["price_fen"])]
    tiers, until = [], 0
    for tier in charge["tiers"]:
        until = until + tier["for_min"] if "for_min" in tier else LONG
        tiers.append((until, tier["unit_min"], tier["price_fen"]))
    return tiers


@dataclass
class Count:
    """The state of one stay while its minutes go by."""

    form: Form
    first_minute: int
    long: int
    units: list[Unit] = field(default_factory=list)
    band: int = -1
    visit: int = 0
    in_unit: int = 0
    origin: int = 0
    shared: int = 0
    places: dict[int, int] = field(default_factory=dict)
    stretch: int = 0
    billed: int = 0
    free_left: int = 0

    def __post_init__(self) -> None:
        self.plan = self.form["plans"][0]
        self.read = self.form["settings"]
        self.bands = [tiers_of(band["charge"]) for band in self.plan["bands"]]
        self.is_up = [band["charge"].get("rounding", "up") == "up" for band in self.plan["bands"]]
        self.period = (self.plan.get("period") or {}).get("hours", 0) * 60
        self.deduction = next((free for free in self.plan.get("free", []) if free["kind"] == "deduct"), None)
        self.free_left = self.deduction["minutes"] if self.deduction else 0

    def total(self) -> int:
        """Return what the stay costs."""
        for free in self.plan.get("free", []):
            if free["kind"] == "threshold" and self.long <= free["minutes"]:
                return 0
        for minute in range(self.long):
            self._pass(minute)
        self._end_visit(self.long)
        return sum(self._capped())

    def _pass(self, minute: int) -> None:
        wall = self.first_minute + minute
        band = band_at(self.plan, wall % DAY)
        begins = bool(self.period) and minute > 0 and minute % self.period == 0
        is_hard = minute == 0 or begins or (self.read["units_at_midnight"] == "cut" and wall % DAY == 0)
        is_finishing = self.in_unit > 0 and self.read["units_at_band_edge"] == "finish" and self.in_unit < LONG // 2
        if is_hard or (band != self.band and not is_finishing):
            self._end_visit(minute)
            self._begin_visit(minute, band, begins=begins)
        if self._is_given(band):
            return
        tiers = self.bands[self.band]
        if not tiers:
            return
        if self.in_unit == 0:
            position = self._position(minute)
            _until, unit, fen = next((tier for tier in tiers if position < tier[0]), tiers[-1])
            self.units.append(Unit(minute, self.visit, fen, self.is_up[self.band]))
            self.in_unit = unit
            self.billed += unit if self.is_up[self.band] else 0
            self.unit = unit
        self.in_unit -= 1
        self.stretch += 1
        self.shared += 1
        if self.in_unit == 0 and not self.is_up[self.band]:
            self.units[-1] = self.units[-1]._replace(is_charged=True)
            self.billed += self.unit

    def _begin_visit(self, minute: int, band: int, *, begins: bool) -> None:
        if begins or self.read["tiers_again"] == "each_visit":
            self.places.clear()
            self.shared, self.origin = 0, minute
        if begins and self.deduction and self.deduction["each"] == "period":
            self.free_left = self.deduction["minutes"]
        self.band, self.visit = band, self.visit + 1

    def _end_visit(self, minute: int) -> None:
        if self.band >= 0:
            by = {"charged_in_band": self.stretch, "billed_in_band": self.billed}.get(self.read["tier_clock"], 0)
            self.places[self.band] = self.places.get(self.band, 0) + by
        self.in_unit = self.stretch = self.billed = 0

    def _is_given(self, band: int) -> bool:
        """Give a minute of free time, if there is some and no unit was begun."""
        if self.free_left <= 0 or self.in_unit > 0 or self.deduction is None:
            return False
        if self.deduction["of"] == "charged" and not self.bands[band]:
            return False
        self.free_left -= 1
        if self.deduction["counts_for_tiers"]:
            self.shared += 1
            self.places[band] = self.places.get(band, 0) + 1
        else:
            self.origin += 1
        return True

    def _position(self, minute: int) -> int:
        if self.read["tier_clock"] == "elapsed":
            return minute - self.origin
        if self.read["tier_clock"] == "charged":
            return self.shared
        return self.places.get(self.band, 0) + self.stretch

    def _capped(self) -> Iterator[int]:
        """Return what the caps leave of each unit, one cap after the other."""
        spent: dict[tuple[int, int], int] = {}
        for unit in self.units:
            fen = unit.fen if unit.is_charged else 0
            for number, cap in enumerate(self.plan.get("caps", [])):
                window = {
                    "visit": unit.visit,
                    "day": (self.first_minute + unit.minute) // DAY,
                    "hours": unit.minute // (cap.get("hours", 1) * 60),
                    "stay": 0,
                }[cap["per"]]
                before = spent.get((number, window), 0)
                fen = min(fen, cap["limits_fen"][0] - before)
                spent[number, window] = before + fen
            yield fen
