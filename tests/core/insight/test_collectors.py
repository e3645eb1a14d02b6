"""Collectors: who must have signed in, who has, and that a wall names nobody unless it may."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core.devices import devices
from core.insight import collectors
from core.kit.db import Tx
from core.kit.ids import derived_id
from core.settings import settings
from core.staff import duties, employees
from core.staff.employees import Employee, EmployeeKind
from tests.core.insight.facts import Street, a_sensor, a_street

EIGHT = datetime(2026, 11, 20, tzinfo=UTC)  # in the city's morning


@pytest.fixture
def street(tx: Tx) -> Street:
    """Return a segment with one handheld."""
    street = a_street(tx, since=EIGHT - timedelta(days=3))
    a_sensor(tx, street, 1, since=EIGHT - timedelta(days=3))
    pda = devices.Device(
        derived_id("device", "pda"), street.site_id, "G1", "PDA", devices.DeviceKind.PDA, derived_id("test", "supplier"),
        "PDA", 60, devices.DeviceState.LIVE,
    )  # fmt: skip
    devices.add(tx, [pda])
    return street


def a_shift(tx: Tx, street: Street, number: int, *, late_min: float | None, hours: float = 7) -> UUID:
    """Plan a shift from eight on; sign in so many minutes late, None: not at all."""
    employee_id = derived_id("employee", f"T{number}")
    person = Employee(employee_id, derived_id("test", "operator"), f"T{number:03}", f"测试{number}", EmployeeKind.COLLECTOR)
    employees.add(tx, [person])
    came = None if late_min is None else EIGHT + timedelta(minutes=late_min)
    duty_id = derived_id("duty", f"{number}")
    duties.add(tx, [duties.Duty(duty_id, employee_id, street.site_id, EIGHT, EIGHT + timedelta(hours=hours), came, None)])
    return employee_id


def pay(tx: Tx, street: Street, fen: int, at: datetime) -> None:
    """Take money with the handheld."""
    tx.run(
        """insert into payment (payment_id, site_id, channel, trade_no, fen, paid_at, received_at, device_id)
        values (%(id)s, %(site)s, 'cash', %(trade)s, %(fen)s, %(at)s, %(at)s, %(device)s)""",
        id=derived_id("payment", at.isoformat()), site=street.site_id, trade=at.isoformat(), fen=fen, at=at,
        device=derived_id("device", "pda"),
    )  # fmt: skip


class TestShifts:
    def test_give_ten_minutes(self, tx: Tx, street: Street) -> None:
        for number, late_min in enumerate((-5, 10, 10.1, None)):
            a_shift(tx, street, number, late_min=late_min)

        early = collectors.shifts(tx, at=EIGHT + timedelta(minutes=9))
        later = collectors.shifts(tx, at=EIGHT + timedelta(minutes=11))

        assert (early.due, early.scheduled, early.signed_in) == (0, 4, 1)
        assert (later.due, later.in_time, later.scheduled, later.signed_in) == (4, 2, 4, 3)

    def test_are_unknown_where_none_is_planned(self, tx: Tx, street: Street) -> None:
        assert collectors.collectors(tx, at=EIGHT) == {"signed_in": None, "scheduled": None, "rows": []}


class TestCollectors:
    def test_credit_who_was_signed_in_when_it_was_paid(self, tx: Tx, street: Street) -> None:
        a_shift(tx, street, 1, late_min=30)
        pay(tx, street, 700, EIGHT + timedelta(minutes=20))
        pay(tx, street, 500, EIGHT + timedelta(minutes=40))
        pay(tx, street, 900, EIGHT + timedelta(hours=8))

        tile = collectors.collectors(tx, at=EIGHT + timedelta(hours=9))

        assert tile["rows"] == [{"name": "T001", "group": "测试区", "group_en": "Test", "fen": 500, "state": "off"}]

    def test_credit_nobody_who_did_not_come(self, tx: Tx, street: Street) -> None:
        a_shift(tx, street, 1, late_min=None)
        pay(tx, street, 700, EIGHT + timedelta(minutes=20))

        assert collectors.collectors(tx, at=EIGHT + timedelta(hours=1))["rows"] == []

    def test_are_named_only_where_the_operator_wants_it(self, tx: Tx, street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
        a_shift(tx, street, 1, late_min=0)
        pay(tx, street, 700, EIGHT + timedelta(minutes=20))
        monkeypatch.setenv("BOSHU_WALL_STAFF_NAMES", "true")
        settings.cache_clear()
        try:
            [row] = collectors.collectors(tx, at=EIGHT + timedelta(hours=1))["rows"]
        finally:
            monkeypatch.undo()
            settings.cache_clear()

        assert (row["name"], row["state"]) == ("测试1", "on_duty")
