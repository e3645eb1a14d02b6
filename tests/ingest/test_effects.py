"""What messages bring about beside stays and money, on a real database: locks, screens, pictures."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from core.devices import commands
from core.devices.commands import Due
from core.kit.db import Database
from core.stays import guidance
from ingest.arrivals import Arrival, Outcome
from ingest.pipeline import Pipeline
from tests.ingest import town
from tests.ingest.town import LOT, MAGNET, Town

MORNING = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FRAME = "ab" * 32


def after(minutes: float) -> datetime:
    """Return an instant of the test's morning."""
    return MORNING + timedelta(minutes=minutes)


@pytest.fixture
def lock(own_database: Database) -> UUID:
    """Return the lock of the first space of the street; its sensor there was taken away."""
    town.build(own_database)
    with own_database.transaction() as tx:
        tx.run("update device_binding set valid_to = %(at)s where target_id = %(s)s", at=after(-60), s=town.space_id(MAGNET, 1))
        return town.equip(tx, MAGNET, "k1", "space_lock", {"": ("space", town.space_id(MAGNET, 1))})


@pytest.fixture
def pipeline(own_database: Database, lock: UUID) -> Pipeline:  # it stands before the pipeline reads of it
    return Pipeline(own_database)


def due(database: Database, at: datetime) -> list[Due]:
    with database.transaction() as tx:
        return commands.take_due(tx, at=at)


class TestLowerLocks:
    @pytest.fixture
    def parked(self, pipeline: Pipeline, say: Town) -> None:
        """Let a vehicle stand there for half an hour, its plate read, its lock raised behind it: 300 fen are due."""
        pipeline.take(
            [
                say.device(MAGNET, "k1", "state", after(0), occupied=True, repeat=False, locked=False),
                say.collector(1, after(2), "江A12345"),
                say.device(MAGNET, "k1", "state", after(16), occupied=True, repeat=True, locked=True),
            ]
        )

    def pay(self, say: Town, fen: int, *, backfill: bool = False) -> list[Arrival]:
        entered_ms = town.milliseconds(after(0))
        return [say.pay(MAGNET, after(30), "江A12345", fen, f"T{fen:04}", entered_ms=entered_ms, backfill=backfill)]

    @pytest.mark.usefixtures("parked")
    def test_lets_out_who_has_paid_what_is_due(self, pipeline: Pipeline, own_database: Database, say: Town, lock: UUID) -> None:
        pipeline.take(self.pay(say, 300))

        [command] = due(own_database, after(30.02))
        assert (command.code, command.action) == ("k1", "lower")
        with own_database.transaction() as tx:
            assert tx.value("select device_id from device_command") == lock

    @pytest.mark.usefixtures("parked")
    def test_keeps_who_has_not(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take(self.pay(say, 299))

        assert due(own_database, after(30.02)) == []

        pipeline.take(self.pay(say, 1))
        assert len(due(own_database, after(30.02))) == 1

    @pytest.mark.usefixtures("parked")
    def test_tells_a_lock_once_however_often_the_payment_is_reported(
        self, pipeline: Pipeline, own_database: Database, say: Town
    ) -> None:
        message = self.pay(say, 300)
        pipeline.take(message)
        assert pipeline.take(message) == [Outcome.DUPLICATE]
        pipeline.take([say.sensor(2, after(31), occupied=True)])

        assert len(due(own_database, after(30.02))) == 1

    @pytest.mark.usefixtures("parked")
    def test_r5_moves_nothing_for_a_payment_that_was_kept_back(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take(self.pay(say, 300, backfill=True))

        assert due(own_database, after(30.02)) == []
        with own_database.transaction() as tx:
            assert tx.value("select paid_fen from charge_order") == 300

    @pytest.mark.usefixtures("parked")
    def test_r26_reads_back_what_came_of_it(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take(self.pay(say, 300))
        [command] = due(own_database, after(30.02))

        told = {"command_id": str(command.command_id), "result": "done", "locked": False}
        pipeline.take([say.device(MAGNET, "k1", "ack", after(30.05), **told)])

        with own_database.transaction() as tx:
            assert tx.value("select state from device_command") == "done"
            assert tx.value("select count(*) from event where kind = 'command_answer'") == 1


class TestApply:
    def test_a_lock_raised_for_a_booking_holds_its_space(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        raised = {"occupied": False, "repeat": True, "locked": True, "booking": "B7"}
        pipeline.take([say.device(MAGNET, "k1", "state", after(0), **raised)])

        with own_database.transaction() as tx:
            hold = tx.row("select space_id, started_at, ended_at, booking from space_hold")
        assert hold == {"space_id": town.space_id(MAGNET, 1), "started_at": after(0), "ended_at": None, "booking": "B7"}

    def test_r24_a_screen_shows_numbers_of_what_it_is_bound_to(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        with own_database.transaction() as tx:
            town.equip(tx, LOT, "s1", "guidance_screen", {LOT: ("site", town.site_id(LOT))})
        pipeline.take([say.alive(LOT, "s1", after(-1))])
        with own_database.transaction() as tx:
            guidance.refresh(tx, at=after(0))
        rows = [{"target": LOT, "free": 20}, {"target": MAGNET, "free": 3}]

        assert pipeline.take([say.device(LOT, "s1", "shown", after(1), rows=rows)]) == [Outcome.STORED]

        with own_database.transaction() as tx:
            assert tx.rows("select target_id, asked, shown from screen_number") == [
                {"target_id": town.site_id(LOT), "asked": 20, "shown": 20}
            ]

    def test_a_picture_that_contradicts_is_looked_at(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        with own_database.transaction() as tx:
            town.equip(tx, MAGNET, "car", "patrol_car", {"": ("site", town.site_id(MAGNET))})
        pipeline.take([say.sensor(2, after(0), occupied=True)])

        pipeline.take([say.device(MAGNET, "car", "snapshot", after(5), space="002", frame_sha256=FRAME, occupied=False)])

        with own_database.transaction() as tx:
            case = tx.row("select kind, subject_id, stay_id is not null as has_stay from review_case")
            picture = tx.row("select kind, subject_id, encode(frame_sha256, 'hex') as frame from evidence")
        assert case == {"kind": "snapshot_mismatch", "subject_id": town.space_id(MAGNET, 2), "has_stay": True}
        assert picture == {"kind": "snapshot", "subject_id": town.space_id(MAGNET, 2), "frame": FRAME}
