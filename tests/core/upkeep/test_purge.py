"""Purge: what has served its time goes, and nothing else; records of signing in stay half a year (O-05)."""

from datetime import UTC, datetime, timedelta

import pytest

from core.access import attempts, sessions
from core.access.sessions import Stage
from core.kit.db import Tx
from core.upkeep import purge
from tests.core.access.people import a_user

AT = datetime(2026, 11, 20, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def fill(tx: Tx, age: timedelta, name: str) -> None:
    """Add a row of one age to every table that is purged."""
    tx.run(
        """insert into door_request (key_id, nonce, request_sha256, received_at, status, answer)
        values ('k', %(name)s, '', %(at)s, 200, '{}')""",
        name=name, at=AT - age,
    )  # fmt: skip
    tx.run("insert into message_attempt values (%(name)s::bytea, 1, %(at)s)", name=name, at=AT - age)
    tx.run(
        "insert into job_run (job, slot, runner, state, started_at) values (%(name)s, %(at)s, 'r', 'done', %(at)s)",
        name=name, at=AT - age,
    )  # fmt: skip


def left(tx: Tx) -> tuple[int, int, int]:
    """Count what is left: answers of the door, attempts, job runs."""
    counts = [int(tx.value(f"select count(*) from {table}")) for table in ("door_request", "message_attempt", "job_run")]
    return counts[0], counts[1], counts[2]


class TestPurge:
    @pytest.mark.parametrize(
        ("age", "kept"),
        [
            (timedelta(hours=24) - SECOND, (1, 1, 1)),
            (timedelta(hours=24), (1, 0, 1)),
            (timedelta(hours=72) - SECOND, (1, 0, 1)),
            (timedelta(hours=72), (0, 0, 1)),
            (timedelta(days=7), (0, 0, 0)),
        ],
    )
    def test_takes_what_is_old_enough(self, tx: Tx, age: timedelta, kept: tuple[int, int, int]) -> None:
        fill(tx, age, "one")

        assert purge.purge(tx, jobs=["one"], at=AT) == 3 - sum(kept)
        assert left(tx) == kept
        assert purge.purge(tx, jobs=["one"], at=AT) == 0

    @pytest.mark.parametrize(("age", "kept"), [(timedelta(days=184) - SECOND, 2), (timedelta(days=184), 0)])
    def test_keeps_who_signed_in_for_half_a_year(self, tx: Tx, age: timedelta, kept: int) -> None:
        sessions.begin(tx, user_id=a_user(tx, at=AT, password=None), stage=Stage.OPEN, address="", agent="", at=AT - age)
        attempts.admit(tx, login="somebody", user_id=None, address="", at=AT - age)

        purge.purge(tx, jobs=[], at=AT)

        assert tx.value("select (select count(*) from session) + (select count(*) from sign_in_attempt)") == kept

    def test_leaves_a_run_that_never_ended_to_the_reaper(self, tx: Tx) -> None:
        fill(tx, timedelta(days=8), "one")
        tx.run("update job_run set state = 'running'")

        purge.purge(tx, jobs=["one"], at=AT)

        assert left(tx) == (0, 0, 1)

    def test_keeps_the_runs_of_other_jobs(self, tx: Tx) -> None:
        """What was done once and for all must be known to be done."""
        fill(tx, timedelta(days=365), "once")

        purge.purge(tx, jobs=["one"], at=AT)

        assert left(tx) == (0, 0, 1)
