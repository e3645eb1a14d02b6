"""Tariffs for tests of the rule language: the two of the golden cases, as values that a test may change before they are read."""

from collections.abc import Mapping
from copy import deepcopy
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from core.billing.language import compile_tariff, read_value
from core.billing.rules.days import Calendar
from core.billing.rules.plans import Stay, Value
from core.billing.rules.pricing import Charge, Compiled, charge
from core.kit.moments import ms_of
from tests.core.billing.calendars import Weeks

ZONE = "Asia/Shanghai"
Form = dict[str, Any]  # JSON


def units(*tiers: tuple[int | None, int, int], rounding: str = "up") -> Form:
    """Return a charge by units: for so many minutes, a unit of so many, at so many fen."""
    told = [{"unit_min": unit, "price_fen": fen} | ({} if long is None else {"for_min": long}) for long, unit, fen in tiers]
    return {"kind": "units", "rounding": rounding, "tiers": told}


def band(name: str, charge_: Form, *windows: tuple[str, str]) -> Form:
    return {
        "name": name,
        "windows": [{"from": start, "to": end} for start, end in windows or (("00:00", "24:00"),)],
        "charge": charge_,
    }


def free(minutes: int, kind: str = "threshold", **changes: object) -> Form:
    form = {"name": "free", "kind": kind, "minutes": minutes, "bound": "inclusive", "of": "elapsed", "each": "stay"}
    return form | {"frequency": "every_stay", "counts_for_tiers": False} | changes


def tariff(*bands: Form, settings: Form | None = None, zone: str = ZONE, **plan: Any) -> Form:
    """Return a tariff of one plan for small cars; every setting is said, the usual way unless told otherwise."""
    read = {
        "day_type_by": "minute",
        "overnight": "own_day",
        "units_at_band_edge": "cut",
        "units_at_midnight": "run_on",
        "tiers_again": "never",
        "tier_clock": "billed_in_band",
        "before_window": "from_window",
        "leaving_on_edge": "half_open",
        "money": {"to_fen": 1, "mode": "half_up", "at": "total"},
    }
    return {
        "form": 1,
        "code": "test",
        "title": {"zh": "试", "en": "Test"},
        "time_zone": zone,
        "currency": "CNY",
        "day_types": ["workday", "weekend", "holiday"],
        "vehicles": ["small"],
        "seconds": "kept",
        "settings": read | (settings or {}),
        "plans": [{"name": "plan", "bands": list(bands), **plan}],
    }


def street(**changes: Any) -> Form:
    """Return tariff A: on the street, day and night, fifteen minutes free."""
    day = band("day", units((60, 15, 150), (None, 15, 225)), ("07:00", "19:00"))
    night = band("night", units((None, 120, 100)), ("19:00", "07:00"))
    return tariff(day, night, **({"free": [free(15)]} | changes))


def garage(**changes: Any) -> Form:
    """Return tariff B: a garage, half an hour free, the first hour dearer."""
    return tariff(band("all", units((60, 60, 500), (None, 60, 300))), **({"free": [free(30)]} | changes))


def compiled(form: Form) -> Compiled:
    return compile_tariff(read_value(deepcopy(form)))


def at(text: str, zone: str = ZONE) -> int:
    """Return the instant of a wall time, `20 08:00:00` in November 2026 or a whole ISO time."""
    word = text if len(text) > 12 else f"2026-11-{text.replace(' ', 'T')}"
    return ms_of(datetime.fromisoformat(word).replace(tzinfo=ZoneInfo(zone)))


def a_stay(come: str, leave: str, *, zone: str = ZONE, attrs: Mapping[str, Value] | None = None) -> Stay:
    return Stay(at(come, zone), at(leave, zone), "small", attrs=attrs or {})


def cost(form: Form, come: str, leave: str, *, calendar: Calendar | None = None, zone: str = ZONE) -> Charge:
    return charge(compiled(form), a_stay(come, leave, zone=zone), calendar or Weeks())
