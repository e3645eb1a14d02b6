"""Job runs: a slot belongs to one runner, and to another one only after a failure."""

from datetime import UTC, datetime, timedelta

import pytest

from core.kit.db import Tx
from core.upkeep import job_runs
from core.upkeep.job_runs import Claim, RunState, night_of, slot_of

AT = datetime(2026, 11, 20, 6, 30, 7, tzinfo=UTC)


class TestSlotOf:
    @pytest.mark.parametrize(
        ("period_s", "slot"), [(10, "06:30:00"), (1, "06:30:07"), (300, "06:30:00"), (3600, "06:00:00"), (86400, "00:00:00")]
    )
    def test_is_the_beginning_of_the_period(self, period_s: int, slot: str) -> None:
        assert f"{slot_of(AT, timedelta(seconds=period_s)):%H:%M:%S}" == slot


class TestNightOf:
    def test_never_lies_ahead(self) -> None:
        for hour in range(48):
            at = AT + timedelta(hours=hour)
            assert at - timedelta(days=1) < night_of(at, 3) <= at


class TestClaim:
    def test_is_won_once(self, tx: Tx) -> None:
        slot = slot_of(AT, timedelta(minutes=1))

        assert job_runs.claim(tx, job="a", slot=slot, runner="one", at=AT) == Claim("a", slot, "one")
        assert job_runs.claim(tx, job="a", slot=slot, runner="two", at=AT) is None
        assert job_runs.claim(tx, job="b", slot=slot, runner="two", at=AT) is not None

    @pytest.mark.parametrize(("state", "is_free"), [(RunState.DONE, False), (RunState.FAILED, True)])
    def test_may_be_repeated_after_a_failure(self, tx: Tx, state: RunState, is_free: bool) -> None:
        first = job_runs.claim(tx, job="a", slot=AT, runner="one", at=AT)
        assert first is not None
        job_runs.finish(tx, claim=first, state=state, detail="", at=AT)

        assert (job_runs.claim(tx, job="a", slot=AT, runner="two", at=AT) is not None) == is_free


class TestReap:
    def test_calls_lost_what_runs_too_long(self, tx: Tx) -> None:
        minute = timedelta(minutes=1)
        claim = job_runs.claim(tx, job="a", slot=AT, runner="one", at=AT)
        assert claim is not None

        assert job_runs.reap(tx, job="a", limit=minute, at=AT + minute - timedelta(seconds=1)) == 0
        assert job_runs.reap(tx, job="b", limit=minute, at=AT + minute) == 0
        assert job_runs.reap(tx, job="a", limit=minute, at=AT + minute) == 1

    def test_is_not_undone_by_the_run_itself(self, tx: Tx) -> None:
        """A run that was called lost may have been claimed anew; its own end must not be written over that."""
        first = job_runs.claim(tx, job="a", slot=AT, runner="one", at=AT)
        assert first is not None
        job_runs.reap(tx, job="a", limit=timedelta(), at=AT)
        job_runs.claim(tx, job="a", slot=AT, runner="two", at=AT)

        job_runs.finish(tx, claim=first, state=RunState.DONE, detail="late", at=AT)

        assert tx.row("select runner, state from job_run where job = 'a'") == {"runner": "two", "state": "running"}
