"""Conversion: tariffs stored in the first form, one table of units, said in the rule language."""

from datetime import time
from typing import Any

from core.billing.language.tariff import Tariff, Title
from core.billing.language.texts import read_value
from core.billing.rules.first_form import FirstForm

_WHOLE_DAY = [{"from": "00:00", "to": "24:00"}]


def from_first_form(
    rules: FirstForm, *, code: str, title: Title, vehicles: tuple[str, ...], time_zone: str, currency: str
) -> Tariff:
    """
    Return a tariff that prices every stay to the fen as the first form does.

    Its readings: free time is a threshold with its bound, units are cut where day and night meet, and at midnight where a day
    is capped; the first period counts billed units of the day and comes once.
    """
    has_cap = rules.cap_day_fen is not None
    return read_value(
        {
            "form": 1,
            "code": code,
            "title": title.model_dump(),
            "time_zone": time_zone,
            "currency": currency,
            "day_types": ["workday", "weekend", "holiday"],
            "vehicles": list(vehicles),
            "seconds": "kept",
            "settings": {
                "units_at_band_edge": "cut",
                "units_at_midnight": "cut" if has_cap else "run_on",
                "tiers_again": "never",
                "tier_clock": "billed_in_band",
                "leaving_on_edge": "half_open",
            },
            "plans": [
                {
                    "name": "plan",
                    "bands": _bands(rules),
                    "free": _free(rules),
                    "caps": [{"per": "day", "limits_fen": [rules.cap_day_fen]}] if has_cap else [],
                }
            ],
        }
    )


def _bands(rules: FirstForm) -> list[dict[str, Any]]:  # JSON
    last: dict[str, Any] = {"unit_min": rules.unit_min, "price_fen": rules.unit_fen}
    first: dict[str, Any] = {"for_min": rules.first_min, "unit_min": rules.unit_min, "price_fen": rules.first_unit_fen}
    by_day = {"kind": "units", "rounding": "up", "tiers": [first, last] if rules.first_min else [last]}
    if rules.day_starts == rules.day_ends:
        return [{"name": "day", "windows": _WHOLE_DAY, "charge": by_day}]
    by_night = {
        "kind": "units",
        "rounding": "up",
        "tiers": [{"unit_min": rules.night_unit_min, "price_fen": rules.night_unit_fen}],
    }
    day, night = [_window(rules.day_starts, rules.day_ends)], [_window(rules.day_ends, rules.day_starts)]
    return [{"name": "day", "windows": day, "charge": by_day}, {"name": "night", "windows": night, "charge": by_night}]


def _window(start: time, end: time) -> dict[str, str]:
    return {"from": f"{start:%H:%M}", "to": f"{end:%H:%M}"}


def _free(rules: FirstForm) -> list[dict[str, Any]]:  # JSON
    if not rules.free_min:
        return []
    return [
        {
            "name": "free",
            "kind": "threshold",
            "minutes": rules.free_min,
            "bound": "inclusive",
            "of": "elapsed",
            "each": "stay",
            "frequency": "every_stay",
            "counts_for_tiers": False,
        }
    ]
