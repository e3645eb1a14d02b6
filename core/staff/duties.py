"""Duties: who stands where, planned and signed in. Table duty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import orjson

from core.kit.db import Tx
from core.kit.sql import named

SQL = named("staff/duties")

MOST: Final = 10_000
"""Shifts that are looked at in one run."""


@dataclass(frozen=True, slots=True)
class Duty:
    """One shift of one employee at one site: half-open plan, and when the employee came and left."""

    duty_id: UUID
    employee_id: UUID
    site_id: UUID
    planned_from: datetime
    planned_to: datetime
    signed_in_at: datetime | None
    signed_out_at: datetime | None


def add(tx: Tx, duties: Sequence[Duty]) -> int:
    """Add duties; return how many were new."""
    return tx.run(SQL["add_duties"], rows=orjson.dumps(duties).decode())


def list_not_signed_in(tx: Tx, *, at: datetime, ahead: timedelta) -> list[tuple[UUID, datetime]]:
    """Return the shifts that run, or begin soon, and that nobody has signed in to, with their beginning."""
    rows = tx.rows(SQL["list_not_signed_in"], at=at, ahead=ahead, most=MOST)
    return [(row["duty_id"], row["planned_from"]) for row in rows]


def sign_in(tx: Tx, signed: Sequence[tuple[UUID, datetime]]) -> int:
    """Note when people signed in to their shifts; who had done so before is left alone. Return how many were new."""
    return tx.run(SQL["sign_in"], duty_ids=[duty_id for duty_id, _at in signed], ats=[at for _duty_id, at in signed])


def sign_out_after(tx: Tx, *, at: datetime) -> int:
    """Sign people out at the end of the shifts that are over; return how many."""
    return tx.run(SQL["sign_out_after"], at=at)


def last_planned(tx: Tx) -> datetime | None:
    """Return when the last planned shift begins; None where none is."""
    found: datetime | None = tx.value(SQL["last_planned"])
    return found
