"""Plates and messages are forgotten by the clock: some months a night, the oldest first."""

from datetime import UTC, datetime, timedelta

import pytest

from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.partitions import Partitions
from ingest.pipeline import Pipeline
from ingest.schedule import forgetting
from ingest.schedule.job import Work

AT = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def work(own_database: Database) -> Work:
    """Return a database with months of the last six years."""
    Partitions(own_database).ensure(AT - timedelta(days=30 * back) for back in range(72))
    return Work(own_database, Pipeline(own_database), clock=FixedClock(AT))


class TestForgetPlates:
    def test_takes_the_oldest_months_first_and_goes_on_the_next_night(self, work: Work) -> None:
        one, other = forgetting.forget_plates(work), forgetting.forget_plates(work)

        assert one == "2021-01: 0 done, 0 kept; 2021-02: 0 done, 0 kept; 2021-03: 0 done, 0 kept"
        assert one.count(";") == other.count(";") == forgetting.MONTHS - 1
        assert one < other

    def test_says_that_nothing_is_due(self, own_database: Database) -> None:
        young = Work(own_database, Pipeline(own_database), clock=FixedClock(datetime(2020, 1, 1, tzinfo=UTC)))

        assert forgetting.forget_plates(young) == forgetting.forget_messages(young) == "no month is old enough"


class TestNameless:
    def test_are_the_kinds_that_have_no_place_for_a_plate(self) -> None:
        assert set(forgetting.NAMELESS) == {"state", "snapshot", "barrier", "ack", "shown", "alive", "silent"}
