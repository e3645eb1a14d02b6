"""The jobs of the product: each runs on a city, and twice is as once."""

from datetime import UTC, datetime, timedelta

import pytest

from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.ids import derived_id
from ingest.pipeline import Pipeline
from ingest.schedule.job import Job, Work
from ingest.schedule.jobs import JOBS, FiguresDiffer, check_figures, make_partitions
from tests.ingest import town
from tests.ingest.town import MAGNET, Town

MORNING = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
TABLES = """
select relname as name from pg_class
where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition
order by relname
"""


@pytest.fixture
def work(own_database: Database) -> Work:
    """Return a town with a stay that nobody paid, two hours before the jobs look at it."""
    town.build(own_database)
    pipeline, say = Pipeline(own_database), Town()
    pipeline.take([say.sensor(1, MORNING, occupied=True), say.collector(1, MORNING + timedelta(minutes=5), "江A12345")])
    pipeline.take([say.sensor(1, MORNING + timedelta(hours=2), occupied=False), say.sensor(2, MORNING, occupied=True)])
    return Work(own_database, pipeline, clock=FixedClock(MORNING + timedelta(days=3)))


def contents(work: Work) -> dict[str, int]:
    """Count the rows of every table."""
    with work.database.transaction() as tx:
        return {row["name"]: tx.value(f"select count(*) from {row['name']}") for row in tx.rows(TABLES)}


class TestJobs:
    def test_have_names_of_their_own(self) -> None:
        assert len({job.name for job in JOBS}) == len(JOBS)

    @pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
    def test_done_twice_are_as_done_once(self, work: Work, job: Job) -> None:
        job.run(work)
        once = contents(work)

        job.run(work)

        assert contents(work) == once


class TestMakePartitions:
    def test_is_two_months_ahead(self, work: Work) -> None:
        assert isinstance(work.clock, FixedClock)
        work.clock.at = datetime(2030, 11, 30, 23, 59, tzinfo=UTC)

        make_partitions(work)

        with work.database.transaction() as tx:
            made = tx.rows("select inhrelid::regclass::text as name from pg_inherits where inhparent = 'stay'::regclass order by 1")
        assert [row["name"] for row in made][-3:] == ["stay_203011", "stay_203012", "stay_203101"]


class TestCheckFigures:
    def test_finds_what_somebody_changed(self, work: Work) -> None:
        assert isinstance(work.clock, FixedClock)
        work.clock.at = MORNING + timedelta(days=1)
        check_figures(work)
        with work.database.transaction() as tx:
            tx.run(
                "update day_delta set net_fen = net_fen + 1 where net_fen > 0 and site_id = %(id)s", id=derived_id("site", MAGNET)
            )

        with pytest.raises(FiguresDiffer, match="1"):
            check_figures(work)
