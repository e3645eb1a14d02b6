"""Screens: whether each shows what it was told."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core.devices import devices
from core.insight import screens
from core.kit.db import Tx
from core.kit.ids import derived_id
from core.kit.listing import Asked, Condition, Is
from tests.core.insight.facts import Street, a_sensor, a_street

AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)


def a_screen(tx: Tx, street: Street, code: str, *, heard_s: int | None = 5) -> UUID:
    """Add a screen that shows the places left at a street; `heard_s` seconds ago it was heard, None: never."""
    device_id = derived_id("device", street.code, "S", code)
    a_sensor(tx, street, 1, since=AT)  # its supplier
    supplier_id = derived_id("test", "supplier")
    screen = devices.Device(
        device_id, street.site_id, "S", code, devices.DeviceKind.GUIDANCE_SCREEN, supplier_id, f"{street.code}-{code}", 60,
        devices.DeviceState.LIVE,
    )  # fmt: skip
    devices.add(tx, [screen])
    devices.bind(tx, [devices.Binding(device_id, street.code, AT - timedelta(days=1), devices.TargetKind.SITE, street.site_id)])
    if heard_s is not None:
        tx.run(
            "insert into device_state (site_id, device_id, last_seen_at) values (%(s)s, %(d)s, %(at)s)",
            s=street.site_id, d=device_id, at=AT - timedelta(seconds=heard_s),
        )  # fmt: skip
    return device_id


def tell(tx: Tx, street: Street, screen: UUID, *, asked: int | None, shown: int | None, told_s: int, agreed_s: int | None) -> None:
    """Let a screen have been told a number so many seconds ago, and show one."""
    tx.run(
        "insert into screen_number (site_id, device_id, target_id, asked, asked_at, shown, shown_at, agreed_at) "
        "values (%(s)s, %(d)s, %(s)s, %(asked)s, %(told)s, %(shown)s, %(at)s, %(agreed)s)",
        s=street.site_id, d=screen, asked=asked, shown=shown, told=AT - timedelta(seconds=told_s), at=AT,
        agreed=None if agreed_s is None else AT - timedelta(seconds=agreed_s),
    )  # fmt: skip


class TestListNumbers:
    @pytest.mark.parametrize(
        ("asked", "shown", "told_s", "agreed_s", "state", "drift"),
        [
            (12, 12, 300, 0, "agreed", 0),
            (None, None, 300, 0, "agreed", None),
            (11, 12, 5, 30, "waiting", 1),
            (11, 12, 90, 61, "drift", 1),
            (None, 12, 90, 61, "drift", None),
            (0, None, 90, 61, "drift", None),
            (11, 15, 5, 600, "drift", 4),
        ],
    )
    def test_judges_a_number(
        self, tx: Tx, asked: int | None, shown: int | None, told_s: int, agreed_s: int, state: str, drift: int | None
    ) -> None:
        street = a_street(tx, since=AT)
        tell(tx, street, a_screen(tx, street, "S1"), asked=asked, shown=shown, told_s=told_s, agreed_s=agreed_s)

        rows, n = screens.list_numbers(tx, Asked(), at=AT, sites=[street.site_id])

        assert n == 1
        assert (rows[0]["state"], rows[0]["drift"], rows[0]["asked"], rows[0]["shown"]) == (state, drift, asked, shown)

    def test_says_when_a_screen_is_not_heard(self, tx: Tx) -> None:
        street = a_street(tx, since=AT)
        tell(tx, street, a_screen(tx, street, "S1", heard_s=120), asked=1, shown=1, told_s=90, agreed_s=90)
        a_screen(tx, street, "S2", heard_s=None)
        a_screen(tx, street, "S3")

        rows, _n = screens.list_numbers(tx, Asked(), at=AT, sites=[street.site_id])

        assert [(row["code"], row["state"]) for row in rows] == [("S1", "silent"), ("S2", "unheard"), ("S3", "untold")]


class TestCountStates:
    def test_counts_every_number_once(self, tx: Tx) -> None:
        street = a_street(tx, since=AT)
        for code in ("S1", "S2"):
            a_screen(tx, street, code)

        counted = screens.count_states(
            tx, Asked(conditions=(Condition("state", Is.EQUAL, "agreed"),)), at=AT, sites=[street.site_id]
        )

        assert counted == {"agreed": 0, "waiting": 0, "drift": 0, "silent": 0, "untold": 2, "unheard": 0}
