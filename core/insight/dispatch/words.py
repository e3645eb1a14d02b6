"""Words: what dispatchers call alarms, cases and amendments, and the city's time in sentences."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from core.insight.dispatch.plates import masked
from core.kit.clock import city_date, city_zone
from core.kit.locale import Lazy, _, _l

RULES: Final[Mapping[str, Lazy]] = {  # the words of the wall (`core.insight.happenings`) at the head of a line
    "gateway_silent": _l("Gateway offline"),
    "sensors_offline": _l("Sensors offline"),
    "overstay": _l("Parked too long"),
    "evasion": _l("Suspected evasion"),
    "unknown_device": _l("Unknown device"),
    "dead_letters": _l("Messages refused"),
    "screen_drift": _l("Guidance screen differs"),
    "area_full": _l("District full"),
    "cloned_plate": _l("Cloned plate suspected"),
    "blocked_vehicle": _l("Blocked vehicle"),
    "watched_vehicle": _l("Watched vehicle"),
    "guessing": _l("Passwords guessed"),
    "evidence_damaged": _l("Pictures damaged"),
    "calendar_unknown": _l("Calendar lacks days"),
}
CASES: Final[Mapping[str, Lazy]] = {
    "low_confidence_read": _l("A plate was read too weakly to name anybody."),
    "missing_in": _l("An arrival was missed."),
    "missing_out": _l("A departure was missed."),
    "sensor_order_mismatch": _l("A plate was read here while the sensor said free."),
    "manual_open": _l("A barrier was opened by hand, and nobody passed."),
    "idle_opening": _l("A barrier opened, and nobody passed."),
    "tailgating": _l("A vehicle followed another one through the barrier."),
    "shown_again": _l("The token of a vehicle without a plate was shown again after it had left."),
    "late_event": _l("A message came late and would have raised a price."),
    "evasion": _l("Suspected evasion"),
    "clone_suspect": _l("One plate stood in two places at once."),
    "suspect_clock": _l("The clock of a device cannot be trusted."),
    "snapshot_mismatch": _l("The number of places told differs from ours."),
    "unmatched_payment": _l("A payment found no stay."),
    "no_tariff": _l("No tariff holds for a stay."),
    "trade_conflict": _l("A payment was reported again with another amount."),
}
_AMENDMENTS: Final[Mapping[str, Lazy]] = {
    "plate": _l("The plate was corrected."),
    "in_time": _l("The arrival was corrected."),
    "out_time": _l("The departure was corrected."),
    "void": _l("The stay was declared void."),
    "reopen": _l("The stay was opened again."),
    "backfill_in": _l("The arrival was added later."),
    "backfill_out": _l("The departure was added later."),
    "rederive": _l("The stay was derived again from its messages."),
}


def rule(name: str) -> str:
    """Return the name of an alarm's rule; of one that has no name yet its code."""
    return str(RULES.get(name, name))


def case(kind: str) -> str:
    """Return what a review case says."""
    return str(CASES.get(kind, kind))


def amendment(kind: str) -> str:
    """Return what an amendment of a stay says."""
    return str(_AMENDMENTS.get(kind, kind))


_FILLED: Final[Mapping[str, Lazy]] = {
    "sensors_offline": _l("%(n)s sensors are not heard."),
    "dead_letters": _l("%(n)s messages in ten minutes could not be understood."),
    "guessing": _l("%(n)s tries to sign in were turned away in ten minutes."),
    "evidence_damaged": _l("%(n)s pictures of evidence are no longer what was kept."),
    "screen_drift": _l("%(n)s numbers on screen %(screen)s are not those it was told."),
    "gateway_silent": _l("Gateway %(gateway)s: %(n)s devices behind it are not heard."),
    "calendar_unknown": _l("%(n)s days of %(year)s are not published: nothing can be priced on them."),
    "unknown_device": _l("Device %(device)s speaks through %(gateway)s and is not registered."),
}
"""Sentences that the detail of an alarm fills."""
_NOTHING_TOLD: Final = {"n": "", "screen": "", "gateway": "", "year": "", "device": ""}


def about(name: str, detail: Mapping[str, Any], *, at: datetime) -> str:
    """Return the second line of an alarm: what it counts, or since when it holds; `at` is the moment it is read."""
    if name in _FILLED:
        return str(_FILLED[name]) % {**_NOTHING_TOLD, **detail}
    match name:
        case "area_full":
            taken = int(detail.get("n", 0))
            return _("%(n)s of %(of)s berths are taken.", n=f"{taken:,}", of=f"{taken + int(detail.get('free', 0)):,}")
        case "overstay" | "blocked_vehicle" | "watched_vehicle":
            return _("Parked since %(time)s.", time=_since(detail, at))
        case "evasion":
            return _("Parked since %(time)s, nobody has read the plate.", time=_since(detail, at))
        case "cloned_plate":
            km, minutes = f"{detail.get('m', 0) / 1_000:.1f}", -(-detail.get("s", 0) // 60)
            return _(
                "%(plate)s was read %(km)s km apart within %(minutes)s minutes.",
                plate=masked(detail["plate"]), km=km, minutes=minutes,
            )  # fmt: skip
        case _:
            return ""


def time_of(at: datetime) -> str:
    """Return the city's time of day."""
    return f"{at.astimezone(city_zone()):%H:%M}"


def day_time_of(at: datetime) -> str:
    """Return the city's day and time of day."""
    return f"{at.astimezone(city_zone()):%m-%d %H:%M}"


def _since(detail: Mapping[str, Any], at: datetime) -> str:
    """Return the city's time at which something began, with its day when that is another."""
    since = datetime.fromisoformat(detail["since"])
    return time_of(since) if city_date(since) == city_date(at) else day_time_of(since)
