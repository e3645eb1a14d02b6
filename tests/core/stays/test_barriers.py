"""Openings of barriers on a real database: what nobody passed is looked at (R16), who followed is told (R15)."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.kit.db import Database
from core.stays import barriers
from core.stays.barriers import HOPE_FOR, LOOK_BACK, SETTLED_AFTER, Audit
from ingest.pipeline import Pipeline
from tests.ingest.town import LOT, Town

MORNING = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def after(seconds: float) -> datetime:
    """Return an instant of the test's morning."""
    return MORNING + timedelta(seconds=seconds)


def opens(say: Town, at: datetime, *, manual: bool = False, **more: object) -> Any:
    """Let the barrier of the way out open."""
    return say.device(LOT, "gate-out", "barrier", at, lane="out", action="opened", manual=manual, **more)


def looked(database: Database, at: datetime) -> Audit:
    with database.transaction() as tx:
        return barriers.audit(tx, at=at)


def cases(database: Database) -> list[tuple[Any, ...]]:
    with database.transaction() as tx:
        return tx.tuples("select kind, detail ->> 'operator' from review_case order by opened_at")


class TestAudit:
    def test_r16_has_openings_looked_at_that_nobody_passed(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take([opens(say, after(0), manual=True, operator="guard-7"), opens(say, after(200))])

        assert looked(own_database, after(200) + SETTLED_AFTER).opened_n == 2
        assert cases(own_database) == [("manual_open", "guard-7"), ("idle_opening", None)]

    def test_asks_once_and_not_before_a_vehicle_had_its_time(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take([opens(say, after(0), manual=True)])

        assert looked(own_database, after(-0.001) + SETTLED_AFTER).opened_n == 0
        assert looked(own_database, after(0) + SETTLED_AFTER).opened_n == 1
        assert looked(own_database, after(0) + SETTLED_AFTER).opened_n == 0

    def test_asks_nobody_of_an_opening_by_hand_for_somebody(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take([say.lane("in", after(-3_000), "江A12345"), opens(say, after(0), manual=True)])
        pipeline.take([say.lane("out", after(20), "江A12345")])

        assert looked(own_database, after(300)).opened_n == 0
        with own_database.transaction() as tx:
            assert tx.value("select count(*) from barrier_opening where passage_id is not null") == 1

    def test_takes_a_case_back_when_the_passage_comes_late(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take([say.lane("in", after(-3_000), "江A12345"), opens(say, after(0))])
        looked(own_database, after(300))
        assert cases(own_database) == [("idle_opening", None)]

        late = after(0) + LOOK_BACK + timedelta(hours=1)
        pipeline.take([say.lane("out", after(2), "江A12345", sent=late)])

        assert looked(own_database, late + timedelta(minutes=1)).explained_n == 1
        assert "idle_opening" not in [kind for kind, _ in cases(own_database)]

    def test_gives_an_old_opening_up_at_last(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take([opens(say, after(0))])

        assert looked(own_database, after(0) + SETTLED_AFTER + HOPE_FOR).opened_n == 0

    def test_r15_tells_who_followed_another_vehicle(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take([opens(say, after(0)), say.lane("out", after(1), "江A12345"), say.lane("out", after(5), "江B55555")])

        (told,) = looked(own_database, after(300)).tailgaters
        assert (told.site_code, told.code, told.lane, told.plate, told.at) == (LOT, "cam-out", "out", "江B55555", after(5))

    def test_holds_nothing_against_anybody_in_what_a_lot_sends_afterwards(
        self, pipeline: Pipeline, own_database: Database, say: Town
    ) -> None:
        later = after(7_200)
        pipeline.take([opens(say, after(0), sent=later), say.lane("out", after(1), "江A12345", sent=later, backfill=True)])
        pipeline.take([say.lane("out", after(5), "江B55555", sent=later, backfill=True)])

        assert looked(own_database, later + timedelta(minutes=3)).tailgaters == ()
