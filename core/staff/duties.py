"""Duties: who stands where, planned and signed in. Table duty."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from core.kit.db import Tx
from core.kit.sql import named

SQL = named("staff/duties")


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
