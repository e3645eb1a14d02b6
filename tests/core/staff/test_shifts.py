"""Shifts as a log: the state follows from plan, signatures and the instant that asks."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from core.kit.db import Tx
from core.kit.ids import uuid7
from core.kit.listing import Asked
from core.staff import duties, employees, shifts
from core.staff.duties import Duty
from core.staff.employees import Employee, EmployeeKind
from core.staff.shifts import SHIFTS
from tests.core.orders.till import MORNING, STREET, Till

HOUR = timedelta(hours=1)


@pytest.fixture
def tx(till: Till) -> Tx:
    """Return a transaction in which there are sites."""
    return till.tx


def plan(tx: Tx, *, came: datetime | None = None, went: datetime | None = None) -> UUID:
    """Plan eight hours from the morning on."""
    employee_id, duty_id = uuid7(), uuid7()
    owner = tx.value("select organisation_id from site where site_id = %(id)s", id=STREET)
    employees.add(tx, [Employee(employee_id, owner, f"C-{employee_id.hex[-6:]}", "Somebody", EmployeeKind.COLLECTOR)])
    duties.add(tx, [Duty(duty_id, employee_id, STREET, MORNING, MORNING + 8 * HOUR, came, went)])
    return duty_id


def state(tx: Tx, duty_id: UUID, at: datetime) -> str:
    """Return the state of a shift at an instant."""
    [row] = SHIFTS.find(tx, [duty_id], at=at, sites=[STREET])
    return str(row["state"])


def test_nobody_who_has_not_signed_in_is_on_duty(tx: Tx) -> None:
    duty_id = plan(tx)

    assert [state(tx, duty_id, MORNING + hours * HOUR) for hours in (-1, 0, 7, 8)] == ["planned", "missing", "missing", "absent"]


def test_who_came_is_here_until_signed_out(tx: Tx) -> None:
    assert state(tx, plan(tx, came=MORNING), MORNING + HOUR) == "here"
    assert state(tx, plan(tx, came=MORNING, went=MORNING + HOUR), MORNING + 2 * HOUR) == "over"


def test_lateness_is_told_in_seconds_and_unknown_before_the_signature(tx: Tx) -> None:
    late, unknown = plan(tx, came=MORNING + timedelta(minutes=7)), plan(tx)

    rows = {row["duty_id"]: row["late_s"] for row in SHIFTS.rows(tx, Asked(), at=MORNING + HOUR, sites=[STREET])}
    assert (rows[late], rows[unknown]) == (420, None)


def test_shifts_ahead_come_last(tx: Tx) -> None:
    employee_id, duty_id = uuid7(), plan(tx)
    owner = tx.value("select organisation_id from site where site_id = %(id)s", id=STREET)
    employees.add(tx, [Employee(employee_id, owner, "C-1", "Somebody", EmployeeKind.COLLECTOR)])
    ahead, before = uuid7(), uuid7()
    for key, hours in ((ahead, 24), (before, -24)):
        from_at = MORNING + hours * HOUR
        duties.add(tx, [Duty(key, employee_id, STREET, from_at, from_at + 8 * HOUR, None, None)])

    assert [row["duty_id"] for row in SHIFTS.rows(tx, Asked(), at=MORNING + HOUR, sites=[STREET])] == [duty_id, before, ahead]


def test_shifts_elsewhere_are_not_there(tx: Tx) -> None:
    duty_id = plan(tx)

    assert SHIFTS.find(tx, [duty_id], at=MORNING, sites=[]) == []
    assert shifts.list_districts(tx, sites=[]) == []
