"""Handhelds: one collector, one handheld, at a time; and whether both are at work."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from core.kit.db import Tx
from core.kit.ids import derived_id, uuid7
from core.kit.locale import Language, use
from core.staff import duties, employees, handhelds
from core.staff.duties import Duty
from core.staff.employees import Employee, EmployeeKind
from core.staff.handhelds import HANDHELDS, Draft
from tests.core.orders.till import MORNING, STREET, Till

PDA = derived_id("device", STREET, "pda")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English."""
    with use(Language.EN):
        yield


@pytest.fixture
def tx(till: Till) -> Tx:
    """Return a transaction over the town."""
    return till.tx


def a_collector(tx: Tx, staff_no: str) -> UUID:
    """Take a collector on."""
    employee_id = uuid7()
    owner = tx.value("select organisation_id from site where site_id = %(id)s", id=STREET)
    employees.add(tx, [Employee(employee_id, owner, staff_no, "Somebody", EmployeeKind.COLLECTOR)])
    return employee_id


def state(tx: Tx, at: datetime = MORNING) -> str:
    """Return the state of the handheld of the street."""
    (row,) = HANDHELDS.find(tx, [PDA], at=at, sites=[STREET])
    return str(row["state"])


def test_a_handheld_is_held_by_one(tx: Tx) -> None:
    for staff_no in ("C-1", "C-2"):
        a_collector(tx, staff_no)
    assert state(tx) == "free"

    assert handhelds.hand_out(tx, [PDA], draft=Draft(staff_no="C-1"), at=MORNING) == 1
    with pytest.raises(handhelds.HeldAlready) as refusal:
        handhelds.hand_out(tx, [PDA], draft=Draft(staff_no="C-2"), at=MORNING)

    assert refusal.value.field == "staff_no"
    assert handhelds.take_back(tx, [PDA], reason="end of contract", at=MORNING + HOUR) == 1
    assert handhelds.hand_out(tx, [PDA], draft=Draft(staff_no="C-2"), at=MORNING + HOUR) == 1
    assert [(row["staff_no"], row["held_to"]) for row in handhelds.list_history(tx, device_id=PDA)] == [
        ("C-2", None),
        ("C-1", MORNING + HOUR),
    ]


def test_a_handheld_is_at_work_when_it_is_heard_and_its_holder_signed_in(tx: Tx) -> None:
    holder = a_collector(tx, "C-1")
    handhelds.hand_out(tx, [PDA], draft=Draft(staff_no="C-1"), at=MORNING)
    assert state(tx) == "off_duty"

    duties.add(tx, [Duty(uuid7(), holder, STREET, MORNING, MORNING + 8 * HOUR, MORNING, None)])
    assert state(tx) == "silent"

    tx.run("insert into device_state (site_id, device_id, last_seen_at) values (%(s)s, %(d)s, %(at)s)", s=STREET, d=PDA, at=MORNING)
    assert state(tx) == "at_work"
    assert state(tx, MORNING + HOUR) == "silent"


def test_nobody_unknown_holds_anything(tx: Tx) -> None:
    with pytest.raises(handhelds.NoSuchCollector):
        handhelds.hand_out(tx, [PDA], draft=Draft(staff_no="nobody"), at=MORNING)
    with pytest.raises(handhelds.NotHeld):
        handhelds.take_back(tx, [PDA], reason="", at=MORNING)
