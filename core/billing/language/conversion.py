"""
Conversion: tariffs that a database still holds in the first form, one table of units, said in the rule language.

Nothing is written in that form any more. Its stays were priced without a calendar, so it is priced on days that are all alike.
"""

from datetime import time
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.billing.language.tariff import Tariff
from core.billing.language.texts import read_value
from core.billing.rules.days import AlikeDays

DAY_TYPE: Final = "day"
DAYS: Final = AlikeDays(DAY_TYPE)
"""The days of tariffs in the first form."""
VEHICLES: Final = ("small", "large", "motor", "other")
_WHOLE_DAY: Final = [{"from": "00:00", "to": "24:00"}]
_Minutes = Annotated[int, Field(ge=1)]
_Amount = Annotated[int, Field(ge=0)]


class FirstForm(BaseModel):
    """The rules of one version, as they stand in the database. Amounts are fen; a day that ends where it starts has no night."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    form: Literal["first"]
    unit_min: _Minutes
    first_min: Annotated[int, Field(ge=0)]
    first_unit_fen: _Amount
    unit_fen: _Amount
    free_min: Annotated[int, Field(ge=0)]
    day_starts: time
    day_ends: time
    night_unit_min: _Minutes
    night_unit_fen: _Amount
    cap_day_fen: _Amount | None


def from_first_form(rules: dict[str, Any], *, code: str, time_zone: str) -> Tariff:  # the JSON of tariff_version.rules
    """
    Return a tariff that prices every stay, whatever the vehicle, to the fen as the first form did.

    Its readings: free time is a threshold with its bound, units are cut where day and night meet, and at midnight where a day
    is capped; the first period counts billed units of the day and comes once. Who pays early and stays on pays the difference, and
    a stay is priced by what held when it began.

    Raises:
        ValueError: not of the first form, or what it says is not possible.
        NotATariff: what it says is no tariff.
    """
    try:
        told = FirstForm.model_validate(rules)
    except ValidationError as error:
        raise ValueError(f"not a tariff of the first form: {error}") from error
    if told.first_min % told.unit_min or told.day_ends < told.day_starts:
        raise ValueError("the first period is a multiple of the unit, and the day does not go on past midnight")
    return read_value(_said(told, code, time_zone))


def _said(rules: FirstForm, code: str, time_zone: str) -> dict[str, Any]:  # JSON
    has_cap = rules.cap_day_fen is not None
    return {
        "form": 1,
        "code": code,
        "title": {"zh": code, "en": code},
        "time_zone": time_zone,
        "currency": "CNY",
        "day_types": [DAY_TYPE],
        "vehicles": list(VEHICLES),
        "seconds": "kept",
        "settings": {
            "units_at_band_edge": "cut",
            "units_at_midnight": "cut" if has_cap else "run_on",
            "tiers_again": "never",
            "tier_clock": "billed_in_band",
            "leaving_on_edge": "half_open",
        },
        "after_payment": {"grace_min": 0, "policy": "re_quote_from_entry"},
        "on_change": "pin_at_entry",
        "plans": [
            {
                "name": "plan",
                "bands": _bands(rules),
                "free": _free(rules),
                "caps": [{"per": "day", "limits_fen": [rules.cap_day_fen]}] if has_cap else [],
            }
        ],
    }


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
