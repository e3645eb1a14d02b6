"""The map computed a second time, from the facts alone and as slowly as it takes. Nothing of `core` is imported."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row

SQL = dict(part.split("\n", 1) for part in Path(__file__).with_suffix(".sql").read_text("utf-8").split("-- name: ")[1:])

Row = dict[str, Any]
Connection = psycopg.Connection[Row]


def rows(connection: Connection, name: str, **given: object) -> list[Row]:
    """Run one statement."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(SQL[name], given).fetchall()


def states(connection: Connection, *, at: datetime, live: bool) -> dict[tuple[str, str], int]:
    """Return the state byte of every berth at a moment of which every street was heard."""
    return {(row["site"], row["space"]): _byte(row, at) for row in rows(connection, "berths", at=at, live=live)}


def _byte(row: Row, at: datetime) -> int:
    if not row["is_there"]:
        return 7
    byte = _state(row)
    if byte == 2 and row["stood_from"] is not None:
        stood = at - row["stood_from"]
        byte |= 8 * (stood >= timedelta(hours=24))
        byte |= 16 * (
            row["mode"] not in {"video", "bollard", "gate", "import"} and row["is_nameless"] and stood >= timedelta(minutes=30)
        )
    return byte | 32 * bool(row["is_weak"]) | 64 * bool(row["is_disputed"])


def _state(row: Row) -> int:
    if row["is_taken"]:
        return 2
    if not row["is_dark"]:
        return 3 if row["is_held"] else 1
    if row["is_broken"]:
        return 4
    return 5 if row["is_lost"] or not row["is_mute"] else 0
