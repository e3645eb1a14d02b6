"""Readings: which settings a plan needs because its text can be read in two ways."""

from collections.abc import Iterator, Mapping
from typing import Final

from core.billing.language import parts
from core.billing.language.faults import Fault
from core.billing.language.shapes import units_of
from core.billing.language.tariff import Plan, Settings, Tariff
from core.billing.rules.readings import Rounding
from core.kit.locale import Text, _l

QUESTIONS: dict[str, Text] = {
    "day_type_by": _l("Whose day type holds during a stay over several days: of each minute, of the entry or of the exit?"),
    "overnight": _l("Whose day type holds after midnight in a window over midnight: the morning's own, or the evening's?"),
    "units_at_band_edge": _l("What becomes of a unit in progress where a band ends: cut, finished, or carried on?"),
    "units_at_midnight": _l("Are units counted anew from midnight, or do they run on?"),
    "tiers_again": _l("When does the first tier come again: never, at each visit of a band, or each day?"),
    "tier_clock": _l("What moves a stay through the tiers: time elapsed, or time charged or billed, in all bands or in this one?"),
    "before_window": _l("From when is charged who comes before the charged hours: from their beginning, or from entry?"),
    "leaving_on_edge": _l("Does leaving at the very instant at which a band begins open that band?"),
    "money": _l("To what is money rounded, how, and where?"),
}
"""What each setting decides, as a question to whoever writes the tariff."""

USUAL: Final[Mapping[str, str | Mapping[str, str | int]]] = {
    "day_type_by": "minute",
    "overnight": "own_day",
    "units_at_band_edge": "cut",
    "units_at_midnight": "run_on",
    "tiers_again": "never",
    "tier_clock": "elapsed",
    "before_window": "from_entry",
    "leaving_on_edge": "half_open",
    "money": {"to_fen": 1, "mode": "half_up", "at": "total"},
}
"""What most texts mean. An editor may fill it in where its author says so; nothing that is absent is ever read as this."""


def effective(tariff: Tariff, plan: Plan) -> Settings:
    """Return the settings of a plan: its own before those of the tariff."""
    own = {} if plan.settings is None else {name: value for name, value in plan.settings if value is not None}
    return tariff.settings.model_copy(update=own)


def missing_settings(tariff: Tariff, plan: Plan, path: str) -> Iterator[Fault]:
    """Ask each question that the plan leaves open."""
    read = effective(tariff, plan)
    for name in needed(plan):
        if getattr(read, name) is None:
            yield Fault(f"{path}.settings.{name}", str(QUESTIONS[name]))


def needed(plan: Plan) -> list[str]:
    """List the settings that a plan needs, in the order of the questions."""
    windows = [window for band in plan.bands for window in band.windows]
    asks_type = any(_asks_type(window.days) for window in windows) or any(_asks_type(cap.days) for cap in plan.caps)
    is_free = [isinstance(band.charge, parts.Nothing | parts.Forbidden) for band in plan.bands]
    has_steps = any(isinstance(band.charge, parts.Steps) for band in plan.bands)
    is_exact = any(units.rounding is Rounding.EXACT for units in units_of(plan))
    has_parts = any((factor.percent or 0) % 100 for factor in plan.factors)
    wants = {
        "day_type_by": asks_type,
        "overnight": any(_asks_type(window.days) and window.start > window.end for window in windows),
        "units_at_band_edge": len(plan.bands) > 1,
        "units_at_midnight": not all(is_free),
        "tiers_again": has_steps or any(len(units.tiers) > 1 for units in units_of(plan)),
        "tier_clock": has_steps or any(len(units.tiers) > 1 for units in units_of(plan)),
        "before_window": any(is_free) and not all(is_free),
        "leaving_on_edge": len(plan.bands) > 1,
        "money": is_exact or has_parts,
    }
    return [name for name, is_wanted in wants.items() if is_wanted]


def _asks_type(days: parts.Days | None) -> bool:
    return days is not None and (days.types is not None or days.weekdays is not None)
