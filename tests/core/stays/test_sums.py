"""Running sums: equal to what the timelines say, whatever comes in whatever order."""

import random
from datetime import UTC, datetime

import pytest

from core.kit.db import Database
from core.stays import sums, timelines
from core.stays.sums import Standing
from ingest.pipeline import Pipeline
from tests.ingest import town
from tests.ingest.day import arrivals_of_a_day

AT_MS = 1_763_600_000_999
BATCH = 250


@pytest.fixture
def living(own_database: Database) -> Database:
    """Return a town nobody has heard of yet."""
    town.build(own_database)
    return own_database


class TestAdd:
    def test_equals_the_timelines_after_every_batch_of_a_messy_day(self, living: Database) -> None:
        day = [arrival for arrival in arrivals_of_a_day(seed=3) for _ in range(2)]
        random.Random(3).shuffle(day)
        pipeline = Pipeline(living)
        wrong = []

        for first in range(0, len(day), BATCH):
            pipeline.take(day[first : first + BATCH])
            with living.transaction() as tx:
                wrong += sums.compare(tx)

        assert wrong == []
        with living.transaction() as tx:
            assert tx.value("select sum(space_n) from running_sum") == 2 * town.SPACES
            assert tx.value("select count(*) from running_sum where space_n = 0") == 0
            assert tx.value("select count(distinct state) from running_sum") >= 2

    def test_leaves_nothing_where_all_went(self, living: Database) -> None:
        one = Standing(town.site_id(town.MAGNET), "occupied", AT_MS)
        with living.transaction() as tx:
            before = tx.value("select count(*) from running_sum")
            sums.add(tx, gone=(), come=[one, one])
            sums.add(tx, gone=[one, one], come=())

            assert tx.value("select count(*) from running_sum") == before

    def test_writes_nothing_where_nothing_moved(self, living: Database) -> None:
        one = Standing(town.site_id(town.MAGNET), "occupied", AT_MS)
        with living.transaction() as tx:
            sums.add(tx, gone=[one], come=[one])

            assert sums.compare(tx) == []

    def test_counts_a_space_once_however_often_it_is_started(self, living: Database) -> None:
        with living.transaction() as tx:
            timelines.start_unknown(
                tx,
                site_id=town.site_id(town.MAGNET),
                space_ids=[town.space_id(town.MAGNET, 1)],
                since=datetime(2026, 11, 2, tzinfo=UTC),
            )

            assert sums.compare(tx) == []


class TestMend:
    def test_finds_what_is_wrong_and_puts_it_right(self, living: Database) -> None:
        with living.transaction() as tx:
            tx.run("update timeline set state = 'occupied' where subject_id = %(p)s", p=town.space_id(town.VIDEO, 2))

            lacking = sums.compare(tx)
            mended = sums.mend(tx)

            assert [(row["state"], row["space_n"]) for row in lacking] == [("occupied", 1), ("unknown", -1)]
            assert (mended, sums.compare(tx)) == (2, [])
