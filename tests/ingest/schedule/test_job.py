"""One run of a job: claimed, done, written down; whatever stops it stands in the history."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.errors import Refused, Unavailable
from ingest.pipeline import Pipeline
from ingest.schedule.job import Work, attempt, nightly, periodic

AT = datetime(2026, 11, 20, 6, 30, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def work(own_database: Database) -> Work:
    """Return what jobs work with, on a clock that stands."""
    return Work(own_database, Pipeline(own_database), clock=FixedClock(AT), runner="here:1")


def history(work: Work) -> list[tuple[object, ...]]:
    """Return the history, oldest first."""
    with work.database.transaction() as tx:
        rows = tx.rows("select slot, runner, state, ended_at, detail from job_run order by job, slot")
    return [tuple(row.values()) for row in rows]


def failing(error: Exception) -> Callable[[Work], str]:
    """Return a job that fails."""

    def fail(_work: Work) -> str:
        raise error

    return fail


class TestAttempt:
    def test_runs_a_slot_once(self, work: Work) -> None:
        runs = count(1)
        job = periodic("job", MINUTE, lambda _work: f"run {next(runs)}")

        for _ in range(3):
            attempt(job, work)

        assert next(runs) == 2
        assert history(work) == [(AT.replace(second=0), "here:1", "done", AT, "run 1")]

    def test_runs_again_in_the_next_slot(self, work: Work) -> None:
        job = periodic("job", MINUTE, lambda _work: "")
        attempt(job, work)
        assert isinstance(work.clock, FixedClock)
        work.clock.advance(MINUTE)

        attempt(job, work)

        assert [row[2] for row in history(work)] == ["done", "done"]

    @pytest.mark.parametrize("error", [Refused("Not now."), Unavailable("Not now.")])
    def test_writes_down_why_it_did_not_succeed_and_tries_again(self, work: Work, error: Exception) -> None:
        attempt(periodic("job", MINUTE, failing(error)), work)
        assert [row[2:] for row in history(work)] == [("failed", AT, "Not now.")]

        attempt(periodic("job", MINUTE, lambda _work: "well"), work)
        assert [row[2:] for row in history(work)] == [("done", AT, "well")]

    def test_does_not_hide_a_bug(self, work: Work) -> None:
        with pytest.raises(ZeroDivisionError):
            attempt(periodic("job", MINUTE, failing(ZeroDivisionError())), work)

        assert [row[2] for row in history(work)] == ["failed"]

    def test_calls_a_run_lost_whose_process_died(self, work: Work) -> None:
        job = periodic("job", MINUTE, lambda _work: "", limit=timedelta(minutes=2))
        with work.database.transaction() as tx:
            tx.run(
                """insert into job_run (job, slot, runner, state, started_at)
                values ('job', %(at)s, 'there:2', 'running', %(at)s), ('job', %(later)s, 'there:2', 'running', %(later)s)""",
                at=AT - 3 * MINUTE, later=AT - MINUTE,
            )  # fmt: skip

        attempt(job, work)

        assert [row[2] for row in history(work)] == ["lost", "running", "done"]

    def test_does_nothing_while_the_database_is_away(self) -> None:
        nowhere = Database("postgresql://nobody@127.0.0.1:1/nothing")
        runs = count(1)

        attempt(periodic("job", MINUTE, lambda _work: f"run {next(runs)}"), Work(nowhere, Pipeline(nowhere)))

        assert next(runs) == 1


class TestNightly:
    @pytest.mark.parametrize(
        ("at", "slot"),
        [
            ("2026-11-20T18:59:59+00:00", "2026-11-19T19:00:00+00:00"),
            ("2026-11-20T19:00:00+00:00", "2026-11-20T19:00:00+00:00"),
            ("2026-11-21T18:00:00+00:00", "2026-11-20T19:00:00+00:00"),
        ],
    )
    def test_begins_its_slot_at_an_hour_of_the_city(self, at: str, slot: str) -> None:
        """Three at night in Shanghai is 19:00 of the day before in UTC."""
        job = nightly("job", 3, lambda _work: "")

        assert job.slot(datetime.fromisoformat(at)) == datetime.fromisoformat(slot)
