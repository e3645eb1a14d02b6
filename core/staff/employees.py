"""Employees. Table employee."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import orjson

from core.kit.db import Tx
from core.kit.sql import named

SQL = named("staff/employees")


class EmployeeKind(StrEnum):
    """What an employee does."""

    COLLECTOR = "collector"
    PATROL = "patrol"
    INSPECTOR = "inspector"
    SEAT = "seat"
    BACK_OFFICE = "back_office"


@dataclass(frozen=True, slots=True)
class Employee:
    """One employee; the staff number is unique."""

    employee_id: UUID
    organisation_id: UUID
    staff_no: str
    name: str
    kind: EmployeeKind


def add(tx: Tx, employees: Sequence[Employee]) -> int:
    """Add employees; return how many were new."""
    return tx.run(SQL["add_employees"], rows=orjson.dumps(employees).decode())
