"""
Collectors: how many have signed in, and whose handhelds took most today. Tables duty, employee, payment.

On a wall people are staff numbers: a name shows only where the operator wants it (`wall_staff_names`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from core.insight.takings import Tile
from core.kit import clock
from core.kit.db import Row, Tx
from core.kit.sql import named
from core.settings import settings

SQL = named("insight/collectors")

GRACE: Final = timedelta(minutes=10)
"""How long after its beginning one may sign in to a shift and be in time."""
RANKED: Final = 3


@dataclass(frozen=True, slots=True)
class Shifts:
    """Collectors' shifts of a city day up to an instant: how many must have been signed in to, and how many run."""

    planned: int
    due: int
    in_time: int
    scheduled: int
    signed_in: int


def shifts(tx: Tx, *, at: datetime) -> Shifts:
    """Return the shifts of the city day."""
    row = tx.row(SQL["shifts"], grace=GRACE, **_day(at))
    assert row is not None  # a row of counts
    return Shifts(**row)


def collectors(tx: Tx, *, at: datetime) -> Tile:
    """Return the shifts that run and the collectors who took most since midnight; None where no shift is planned."""
    now = shifts(tx, at=at)
    given: dict[str, Any] = {"from_at": clock.city_day(clock.city_date(at))[0], "at": at, "grace": GRACE, "limit": RANKED}
    return {
        "signed_in": now.signed_in if now.planned else None,
        "scheduled": now.scheduled if now.planned else None,
        "rows": [_told(row) for row in tx.rows(SQL["first_collectors"], **given)],
    }


def _told(row: Row) -> dict[str, Any]:
    return {
        "name": row["name"] if settings().wall_staff_names else row["staff_no"],
        "group": row["area"],
        "group_en": row["area_en"],
        "fen": row["fen"],
        "state": row["state"],
    }


def _day(at: datetime) -> dict[str, datetime]:
    from_at, day_ends_at = clock.city_day(clock.city_date(at))
    return {"from_at": from_at, "at": at, "day_ends_at": day_ends_at}
