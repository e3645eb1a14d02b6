"""Queue: the alarms that stand at a moment, the urgent first. Table alarm."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from core.insight.dispatch import words
from core.kit.db import Row, Tx
from core.kit.sql import named

SQL = named("insight/dispatch/queue")

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One alarm. n: how many things it merges; site None: it is about no place; acknowledged_at None: nobody sees to it yet."""

    alarm_id: UUID
    rule: str
    title: str
    priority: int
    raised_at: datetime
    age_s: int
    n: int
    site: str | None
    site_name: str | None
    site_name_en: str | None
    space: str | None
    lon: float | None
    lat: float | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Queue:
    """The alarms of a moment: exact numbers by priority, and some of the rows, those after the `skipped` most urgent."""

    at: datetime
    p1: int
    p2: int
    p3: int
    skipped: int
    rows: tuple[QueueRow, ...]


def list_queue(tx: Tx, *, at: datetime, limit: int = MOST, skip: int = 0) -> Queue:
    """
    Return the alarms that stand at a moment: by priority, the newest first within one, without the first `skip`.

    Where fewer stand by now than were to be skipped, the last page is returned.
    """
    numbers = {row["priority"]: row["n"] for row in tx.rows(SQL["alarm_numbers"], at=at)}
    p1, p2, p3 = (numbers.get(priority, 0) for priority in (1, 2, 3))
    skipped = min(skip, max(p1 + p2 + p3 - 1, 0) // limit * limit)
    rows = tx.rows(SQL["list_alarms"], at=at, limit=limit, skip=skipped)
    return Queue(at, p1, p2, p3, skipped, tuple(_row(row, at) for row in rows))


def _row(row: Row, at: datetime) -> QueueRow:
    detail = row.pop("detail")
    return QueueRow(
        **row,
        title=words.rule(row["rule"]),
        age_s=(at - row["raised_at"]) // timedelta(seconds=1),
        n=detail.get("n", 1),
        space=detail.get("space"),
        text=words.about(row["rule"], detail, at=at),
    )
