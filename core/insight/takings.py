"""Takings: what was received and how many stays began since midnight, beside the same weekday last week."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, NamedTuple

from core.insight import windows
from core.kit import clock
from core.kit.db import Tx
from core.kit.sql import named

SQL = named("insight/takings")


class Base(StrEnum):
    """What a comparison stands on."""

    FACTS = "facts"
    OPENING = "opening"  # figures brought over without facts
    MISSING = "missing"


Tile = dict[str, Any]  # JSON of one tile: raw numbers, None where nothing can be known

RANKED: Final = 10
LEAST_BASE_FEN: Final = 100_000
LEAST_BASE_N: Final = 100
"""Against less than 1,000 yuan or 100 stays a change in per cent says nothing; it is left out."""


class Teller(NamedTuple):
    """A site where something was counted: its kind, and whether what is known of it includes money, or stays."""

    kind: str
    tells_money: bool
    tells_stays: bool


def heard(tx: Tx, window: windows.Window) -> dict[str, Teller]:
    """Return by code the sites where anything was counted in the hours of a window."""
    rows = tx.rows(SQL["heard_sites"], from_at=window.from_at, to_at=window.to_at)
    return {row["code"]: Teller(row["kind"], row["tells_money"], row["tells_stays"]) for row in rows}


def received_by_site(tx: Tx, window: windows.Window) -> dict[str, int]:
    """Return the fen received in a window by site code, by the cash clock; sites without any are left out."""
    return {row["code"]: row["fen"] for row in tx.rows(SQL["received_by_site"], **window.columns)}


def received_today(tx: Tx, *, at: datetime, is_known: bool, base: Base) -> Tile:
    """Return the money received since midnight; None instead of a zero that nobody vouches for."""
    fen = _received(tx, windows.today(at))
    tile = compared("fen", fen if fen or is_known else None, _base(tx, at, base, _received), least=LEAST_BASE_FEN)
    return {**tile, "baseline_opening": base is Base.OPENING}


def stays_today(tx: Tx, *, at: datetime, is_known: bool, base: Base) -> Tile:
    """Return the stays that began since midnight, without void ones."""
    n = _started(tx, windows.today(at))
    tile = compared("n", n if n or is_known else None, _base(tx, at, base, _started), least=LEAST_BASE_N)
    return {**tile, "baseline_opening": base is Base.OPENING}


def _received(tx: Tx, window: windows.Window) -> int:
    return sum(received_by_site(tx, window).values())


def _started(tx: Tx, window: windows.Window) -> int:
    return int(tx.value(SQL["stays_started"], **window.columns))


def _base(tx: Tx, at: datetime, base: Base, count: Callable[[Tx, windows.Window], int]) -> int | None:
    """Return the figure of last week; of an hour without facts, the share that had passed of its sum."""
    window = windows.last_week(at)
    if base is Base.MISSING:
        return None
    if base is Base.FACTS:
        return count(tx, window)
    hour = count(tx, windows.hour_from(window.last_hour))
    passed = (window.to_at - window.last_hour) // timedelta(seconds=1)
    return count(tx, windows.window(window.from_at, window.last_hour)) + (hour * passed + 1_800) // 3_600


def ranking(tx: Tx, *, at: datetime) -> Tile:
    """Return the sites that received most since midnight, equals by code."""
    by_site = received_by_site(tx, windows.today(at))
    first = sorted(by_site.items(), key=lambda pair: (-pair[1], pair[0]))[:RANKED]
    return {"rows": [{"site": code, "fen": fen} for code, fen in first]}


def payment_mix(tx: Tx, *, at: datetime) -> Tile:
    """Return fen and number of the payments since midnight by channel, the largest first."""
    on = clock.city_date(at)
    return {"rows": tx.rows(SQL["received_by_channel"], day=on, at=at, day_ends_at=clock.city_day(on)[1])}


def compared(unit: str, now: int | None, base: int | None, *, least: int) -> Tile:
    """Return a figure beside its baseline, with the change in per cent where the baseline carries one."""
    change = None if now is None or base is None or base < least else ratio_pct(now - base, base)
    return {unit: now, f"baseline_{unit}": base, "change_pct": change}


def ratio_pct(part: int, whole: int) -> float | None:
    """Return part ÷ whole in per cent, rounded to one decimal; None of nothing."""
    return None if whole <= 0 else float(round(Decimal(100 * part) / Decimal(whole), 1))
