"""Our own word on who followed another vehicle: his stay is suspect, kept, and not billed by itself (R15)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.kit.clock import FixedClock
from core.kit.db import Database
from ingest.arrivals import Arrival
from ingest.pipeline import Pipeline
from ingest.schedule import barriers
from ingest.schedule.job import Work
from tests.ingest import town
from tests.ingest.town import LOT, Town

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
FRAME = "cd" * 32


def after(seconds: float) -> datetime:
    """Return an instant of the test's morning."""
    return AT + timedelta(seconds=seconds)


@pytest.fixture
def work(own_database: Database) -> Work:
    """Return a lot whose way in has a barrier that speaks."""
    town.build(own_database)
    with own_database.transaction() as tx:
        lane_id = tx.value("select lane_id from lane where code = 'in'")
        town.equip(tx, LOT, "gate-in", "gate", {"in": ("lane", lane_id)})
    return Work(own_database, Pipeline(own_database), clock=FixedClock(AT))


def two_through_one_opening(say: Town) -> list[Arrival]:
    return [
        say.device(LOT, "gate-in", "barrier", after(0), lane="in", action="opened", manual=False),
        say.lane("in", after(1), "江A12345"),
        say.lane("in", after(5), "江B55555", frame_sha256=FRAME),
    ]


def look(work: Work, at: datetime) -> str:
    assert isinstance(work.clock, FixedClock)
    work.clock.advance(at - work.clock.at)
    return barriers.watch(work)


def stays(work: Work) -> dict[str, tuple[Any, ...]]:
    with work.database.transaction() as tx:
        rows = tx.tuples("select plate, state, quality from stay order by plate")
    return {plate: tuple(rest) for plate, *rest in rows}


class TestWatch:
    def test_r15_makes_the_second_stay_suspect_and_keeps_the_evidence(self, work: Work, say: Town) -> None:
        work.pipeline.take(two_through_one_opening(say))
        assert look(work, after(120)).startswith("1 followed")

        assert stays(work) == {"江A12345": ("open", "A"), "江B55555": ("suspect", "C")}
        with work.database.transaction() as tx:
            case = tx.row("select kind, stay_id from review_case")
            assert case is not None
            assert case["kind"] == "tailgating"
            assert case["stay_id"] == tx.value("select stay_id from stay where plate = '江B55555'")
            assert tx.value("select count(*) from evidence where frame_sha256 = %(f)s", f=bytes.fromhex(FRAME)) == 1

    def test_charges_him_nothing_by_itself(self, work: Work, say: Town) -> None:
        work.pipeline.take(two_through_one_opening(say))
        look(work, after(120))
        work.pipeline.take([say.lane("out", after(7_200), "江A12345"), say.lane("out", after(7_500), "江B55555")])

        assert stays(work)["江B55555"] == ("closed", "C")
        with work.database.transaction() as tx:
            charged = tx.tuples("select s.plate from charge_order as o join stay as s using (site_id, stay_id)")
        assert charged == [("江A12345",)]

    def test_says_so_once(self, work: Work, say: Town) -> None:
        work.pipeline.take(two_through_one_opening(say))
        look(work, after(120))

        assert look(work, after(180)).startswith("0 followed")
        with work.database.transaction() as tx:
            assert tx.value("select count(*) from inbound_message where transport = 'system'") == 1

    def test_charges_nobody_who_followed_another_vehicle_out(self, work: Work, say: Town) -> None:
        work.pipeline.take([say.lane("in", after(0), "江A12345"), say.lane("in", after(60), "江B55555")])
        work.pipeline.take(
            [
                say.device(LOT, "gate-out", "barrier", after(7_200), lane="out", action="opened", manual=False),
                say.lane("out", after(7_201), "江A12345"),
                say.lane("out", after(7_205), "江B55555"),
            ]
        )
        look(work, after(7_400))

        assert stays(work) == {"江A12345": ("closed", "A"), "江B55555": ("closed", "C")}
        with work.database.transaction() as tx:
            due = tx.tuples(
                "select s.plate, o.net_fen > 0 from charge_order as o join stay as s using (site_id, stay_id) order by 1"
            )
        assert due == [("江A12345", True), ("江B55555", False)]
