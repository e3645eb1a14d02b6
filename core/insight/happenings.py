"""Happenings: what just happened and what is wrong. No plate, name or phone passes through here."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from core.insight.takings import Tile
from core.kit import clock
from core.kit.db import Row, Tx
from core.kit.sql import named

SQL = named("insight/happenings")

SHOWN: Final = 11
"""As many as a panel from head to foot holds."""
ALARMS_SHOWN: Final = 12
_BACK = timedelta(minutes=10)

TITLES: Final = {
    "gateway_silent": "gateway offline",
    "sensors_offline": "sensors offline",
    "overstay": "parked too long",
    "evasion": "suspected evasion",
    "unknown_device": "unknown device",
    "dead_letters": "messages refused",
    "screen_drift": "guidance screen differs",
    "area_full": "district full",
    "cloned_plate": "cloned plate suspected",
    "blocked_vehicle": "blocked vehicle",
    "watched_vehicle": "watched vehicle",
    "guessing": "passwords guessed",
    "evidence_damaged": "pictures damaged",
    "calendar_unknown": "calendar lacks days",
}
"""Message ids of the rules, to be put into the reader's language where they are shown."""


def ticker(tx: Tx, *, at: datetime) -> Tile:
    """Return the latest departures, payments and overstays of ten minutes, newest first; times are the city's."""
    given: dict[str, Any] = {"from_at": at - _BACK, "at": at, "limit": SHOWN}
    rows = [
        *_kind("departed", tx.rows(SQL["list_departures"], **given)),
        *_kind("paid", tx.rows(SQL["list_payments"], **given)),
        *_kind("overstay", tx.rows(SQL["list_overstays"], **given)),
    ]
    newest = sorted(rows, key=lambda row: row["at"], reverse=True)[:SHOWN]
    return {"rows": [{**row, "at": f"{row['at'].astimezone(clock.city_zone()):%H:%M:%S}"} for row in newest]}


def alarms(tx: Tx, *, at: datetime) -> dict[str, Any]:
    """Return the numbers of alarms that stand at an instant, and the first of them by priority."""
    numbers = {row["priority"]: row["n"] for row in tx.rows(SQL["alarm_numbers"], at=at)}
    rows = tx.rows(SQL["list_alarms"], at=at, limit=ALARMS_SHOWN)
    return {
        **{f"p{priority}": numbers.get(priority, 0) for priority in (1, 2, 3)},
        "rows": [_alarm(row) for row in rows],
    }


def _alarm(row: Row) -> Row:
    """Return an alarm as it is told; who acknowledged it is not for walls."""
    title = TITLES.get(row["rule"], row["rule"])
    return {**row, "raised_at": clock_text(row["raised_at"]), "title": title}


def clock_text(at: datetime) -> str:
    """Return an instant as ISO 8601 in the city's zone, to the second."""
    return at.astimezone(clock.city_zone()).isoformat(timespec="seconds")


def _kind(kind: str, rows: Iterable[Row]) -> Iterable[Row]:
    return ({**row, "kind": kind} for row in rows)
