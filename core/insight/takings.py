"""Takings: what was received and how many stays began since midnight, beside the same weekday last week."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from core.insight import windows
from core.kit import clock
from core.kit.db import Tx
from core.kit.sql import named

SQL = named("insight/takings")

Tile = dict[str, Any]  # JSON of one tile: raw numbers, None where nothing can be known

RANKED: Final = 10
LEAST_BASE_FEN: Final = 100_000
LEAST_BASE_N: Final = 100
"""Against less than 1,000 yuan or 100 stays a change in per cent says nothing; it is left out."""


def heard(tx: Tx, window: windows.Window) -> dict[str, str]:
    """Return code and kind of the sites where anything was counted in the hours of a window."""
    rows = tx.rows(SQL["heard_sites"], from_at=window.from_at, to_at=window.to_at)
    return {row["code"]: row["kind"] for row in rows}


def received_by_site(tx: Tx, window: windows.Window) -> dict[str, int]:
    """Return the fen received in a window by site code, by the cash clock; sites without any are left out."""
    return {row["code"]: row["fen"] for row in tx.rows(SQL["received_by_site"], **window.columns)}


def received_today(tx: Tx, *, at: datetime, is_known: bool, is_base_known: bool) -> Tile:
    """Return the money received since midnight; None instead of a zero that nobody vouches for."""
    fen = sum(received_by_site(tx, windows.today(at)).values())
    base_fen = sum(received_by_site(tx, windows.last_week(at)).values())
    return compared("fen", fen if fen or is_known else None, base_fen if is_base_known else None, least=LEAST_BASE_FEN)


def stays_today(tx: Tx, *, at: datetime, is_known: bool, is_base_known: bool) -> Tile:
    """Return the stays that began since midnight, without void ones."""
    n = tx.value(SQL["stays_started"], **windows.today(at).columns)
    base_n = tx.value(SQL["stays_started"], **windows.last_week(at).columns)
    return compared("n", n if n or is_known else None, base_n if is_base_known else None, least=LEAST_BASE_N)


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
