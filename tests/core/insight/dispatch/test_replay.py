"""A replay shows at every moment the states that are told of that moment."""

import random
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import orjson
import pytest

from core.finance import past as finance
from core.insight.dispatch import catalogue, replay, states
from core.kit.db import Database
from core.kit.ids import uuid7
from tests.core.insight import facts
from tests.core.insight.dispatch import street
from tests.core.insight.dispatch.street import UNTIL

FROM, TO = UNTIL - timedelta(hours=30), UNTIL - timedelta(hours=6)


@pytest.fixture(scope="module")
def city(database: Database) -> Database:
    """Return a database with the small city, its past, a booked berth and a berth nobody ever left."""
    facts.fill(database, until=UNTIL, days=street.DAYS)
    with database.transaction() as tx:
        tx.run(
            "insert into space_hold (site_id, space_id, started_at, ended_at, device_id, booking) "
            "select site_id, space_id, %(a)s, %(b)s, space_id, 'B-1' from space limit 5",
            a=FROM + timedelta(hours=2), b=FROM + timedelta(hours=9),
        )  # fmt: skip
        made = facts.a_street(tx, since=FROM - timedelta(days=2))
        stood = facts.a_stay(made.site_id, made.space_ids[0], FROM - timedelta(hours=20), FROM + timedelta(hours=10))
        finance.record(tx, stays=[stood], at=UNTIL)
        tx.run(
            "insert into device_outage (site_id, device_id, started_at, ended_at, cause) select distinct on (site_id) site_id, "
            "device_id, %(a)s, %(b)s, 'fault_code' from device join device_binding using (device_id) "
            "where target_kind = 'space' order by site_id, device_id",
            a=FROM + timedelta(hours=3), b=FROM + timedelta(hours=20),
        )  # fmt: skip
        tx.run(
            "insert into alarm (alarm_id, rule, priority, site_id, subject_id, raised_at, cleared_at, detail) "
            "select %(id)s, 'overstay', 1, site_id, site_id, %(a)s, %(b)s, '{\"space\": \"B9\"}' from site limit 1",
            id=uuid7(), a=FROM + timedelta(hours=1), b=FROM + timedelta(hours=2),
        )  # fmt: skip
    return database


def read(body: bytes) -> tuple[dict[str, Any], bytes, np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Read a replay as a browser does: header, first states, seconds, places, states."""
    length = int.from_bytes(body[:4], "little")
    head, rest = orjson.loads(body[4 : 4 + length]), body[4 + length :]
    m = head["n_changes"]
    n = len(rest) - m * 9
    return (
        head,
        rest[:n],
        np.frombuffer(rest, "<u4", m, n),
        np.frombuffer(rest, "<u4", m, n + 4 * m),
        np.frombuffer(rest, "u1", m, n + 8 * m),
    )


class TestPacked:
    @pytest.fixture(scope="class")
    def body(self, city: Database) -> bytes:
        with city.transaction() as tx:
            return replay.packed(tx, starts_at=FROM, ends_at=TO)

    def test_shows_the_states_of_every_moment(self, city: Database, body: bytes) -> None:
        head, first, seconds, places, bytes_ = read(body)
        luck = random.Random(9)
        differences: dict[datetime, list[tuple[int, int, int]]] = {}
        for at in [FROM + timedelta(seconds=luck.randrange(86_400)) + timedelta(milliseconds=999) for _ in range(12)]:
            with city.transaction() as tx:
                wanted = states.read(tx, at=at, live=False)
            now = bytearray(first[: len(wanted)])
            for second, place, byte in zip(seconds, places, bytes_, strict=True):
                if second <= (at - FROM) // timedelta(seconds=1):
                    now[place] = byte
            wrong = [(place, now[place], byte) for place, byte in enumerate(wanted) if now[place] & 31 != byte & 31]
            differences |= {at: wrong} if wrong else {}

        assert differences == {}
        assert head["n_changes"] > 300
        assert {3, 10, 18} <= {int(byte) & 31 for byte in bytes_} | {byte & 31 for byte in first}

    def test_tells_its_changes_in_their_order(self, body: bytes) -> None:
        _head, _first, seconds, _places, _bytes = read(body)

        assert (np.diff(seconds.astype(np.int64)) >= 0).all()
        assert seconds.max() <= 86_400

    def test_tells_the_load_of_the_day_in_96_steps(self, city: Database, body: bytes) -> None:
        head = read(body)[0]
        with city.transaction() as tx:
            for step in (0, 17, 95):
                told = [byte & 7 for byte in states.read(tx, at=FROM + step * timedelta(minutes=15), live=False)]
                known = [state for state in told if state in (1, 2, 3)]
                assert head["load"][step] == pytest.approx(known.count(2) / len(known), abs=1e-4)

        assert len(head["load"]) == replay.STEPS

    def test_names_the_alarms_and_its_period(self, city: Database, body: bytes) -> None:
        head = read(body)[0]
        with city.transaction() as tx:
            assert head["version"] == catalogue.version(tx)

        assert (head["from"], head["to"]) == ("2026-11-19T08:32:08+08:00", "2026-11-20T08:32:08+08:00")
        (alarm,) = [alarm for alarm in head["alarms"] if alarm["space"] == "B9"]
        assert (alarm["rule"], alarm["priority"], alarm["at"]) == ("overstay", 1, "2026-11-19T09:32:08+08:00")
        assert alarm["until"] == "2026-11-19T10:32:08+08:00"
