"""What the devices of each mode of collection say, and what becomes of it (M32), on a real database."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.kit.db import Database
from ingest.arrivals import Arrival, Outcome
from ingest.pipeline import Pipeline
from tests.ingest import town
from tests.ingest.town import LOT, MAGNET, VIDEO, Town

MORNING = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TOKEN = "T0000417"
PICTURES = {"tail_sha256": "a1" * 32, "view_sha256": "b2" * 32, "head_sha256": "c3" * 32}


def after(minutes: float) -> datetime:
    """Return an instant of the test's morning."""
    return MORNING + timedelta(minutes=minutes)


@pytest.fixture
def pipeline(own_database: Database) -> Pipeline:
    """Return a pipeline to a street that a patrol vehicle passes, with a loop and a bollard."""
    town.build(own_database)
    with own_database.transaction() as tx:
        for number in (4, 5):  # the magnetometers there are replaced
            gone = "update device_binding set valid_to = %(at)s where target_id = %(s)s"
            tx.run(gone, s=town.space_id(MAGNET, number), at=after(-60))
        town.equip(tx, MAGNET, "car", "patrol_car", {"": ("site", town.site_id(MAGNET))})
        town.equip(tx, MAGNET, "l4", "loop", {"": ("space", town.space_id(MAGNET, 4))})
        town.equip(tx, MAGNET, "b5", "bollard", {"005": ("space", town.space_id(MAGNET, 5))})
    return Pipeline(own_database)


def stays(database: Database) -> list[dict[str, object]]:
    with database.transaction() as tx:
        return tx.rows(
            "select s.started_at, s.ended_at, s.plate, s.quality, o.net_fen from stay s "
            "left join charge_order o on o.site_id = s.site_id and o.stay_id = s.stay_id order by s.started_at"
        )


class TestUnderstand:
    @pytest.mark.parametrize(
        ("code", "device", "kind", "words"),
        [
            (MAGNET, "m1", "state", {"occupied": True, "repeat": True, "locked": True}),
            (MAGNET, "m1", "sweep", {"space": "001", **PICTURES}),
            (MAGNET, "l4", "space", {"space": "004", "occupied": True, "repeat": False}),
            (MAGNET, "car", "plate", {"space": "001", "plate": "江A12345", "colour": "blue"}),
            (MAGNET, "b5", "ack", {"command_id": "00000000-0000-8000-8000-000000000001", "result": "done"}),
            (VIDEO, "pole", "shown", {"rows": [{"target": "lot", "free": 1}]}),
        ],
    )
    def test_refuses_what_a_device_of_the_kind_does_not_say(
        self, pipeline: Pipeline, own_database: Database, say: Town, code: str, device: str, kind: str, words: dict[str, object]
    ) -> None:
        assert pipeline.take([say.device(code, device, kind, after(0), **words)]) == [Outcome.DEAD_LETTER]

        with own_database.transaction() as tx:
            assert tx.value("select reason from dead_letter") == "identity"


class TestIdentify:
    def test_a_patrol_names_who_stands_there(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take(
            [
                say.sensor(1, after(0), occupied=True),
                say.device(MAGNET, "car", "sweep", after(9), space="001", plate="江A12345", colour="blue", **PICTURES),
                say.sensor(1, after(120), occupied=False),
            ]
        )

        [stay] = stays(own_database)
        assert (stay["plate"], stay["quality"], stay["net_fen"]) == ("江A12345", "A", 1500)

    def test_a_loop_splits_what_a_magnetometer_would_not(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        for device, number in (("m1", 1), ("l4", 4)):
            for seconds, occupied in ((0, True), (600, False), (610, True), (900, False)):
                said = {"occupied": occupied, "repeat": False}
                pipeline.take([say.device(MAGNET, device, "state", after(seconds / 60), **said)])
            with own_database.transaction() as tx:
                n = tx.value("select count(*) from stay where subject_id = %(s)s", s=town.space_id(MAGNET, number))
            assert n == (1 if device == "m1" else 2)

    def test_folded_anew_tells_the_same_of_every_source(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        """A late word makes the timeline be folded from its events, which must know who said what (R2, R12)."""
        for seconds, occupied in ((0, True), (600, False), (610, True), (900, False)):
            pipeline.take([say.device(MAGNET, "l4", "state", after(seconds / 60), occupied=occupied, repeat=False)])
        before = stays(own_database)

        late = say.device(MAGNET, "l4", "state", after(5), occupied=True, repeat=True, sent=after(60))
        pipeline.take([late])

        assert len(before) == 2
        assert stays(own_database) == before

    def test_a_bollard_tells_who_and_when(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        read = {"plate": "江AD12345", "colour": "green", "votes": 5}
        pipeline.take(
            [
                say.device(MAGNET, "b5", "space", after(0), space="005", occupied=True, repeat=False, **read),
                say.device(MAGNET, "b5", "space", after(30), space="005", occupied=False, repeat=False),
            ]
        )

        [stay] = stays(own_database)
        assert (stay["plate"], stay["quality"], stay["net_fen"]) == ("江AD12345", "A", 300)
        with own_database.transaction() as tx:
            assert tx.value("select source from plate_read") == "bollard"

    def test_r18_a_bollard_is_believed_before_a_collector(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        read = {"plate": "江AD12345", "colour": "green", "votes": 5}
        pipeline.take([say.device(MAGNET, "b5", "space", after(0), space="005", occupied=True, repeat=False, **read)])
        pipeline.take([say.collector(5, after(10), "江B98760")])

        [stay] = stays(own_database)
        assert (stay["plate"], stay["quality"]) == ("江AD12345", "B")
        with own_database.transaction() as tx:
            assert tx.value("select kind from review_case") == "sensor_order_mismatch"

    def test_r24_a_bollard_speaks_only_of_the_space_it_stood_at(
        self, pipeline: Pipeline, own_database: Database, say: Town
    ) -> None:
        with own_database.transaction() as tx:
            moved = "update device_binding set valid_to = %(at)s where channel = '005'"
            tx.run(moved, at=after(60))
            tx.run("update registry_version set version = version + 1")
        before = say.device(MAGNET, "b5", "space", after(59), space="005", occupied=True, repeat=False)
        too_late = say.device(MAGNET, "b5", "space", after(61), space="005", occupied=False, repeat=False)

        assert pipeline.take([before, too_late]) == [Outcome.STORED, Outcome.QUARANTINED]

    @pytest.mark.parametrize(
        ("words", "read"),
        [({}, "none"), ({"plate": "江A12345", "colour": "blue", "min_char_conf": 0.3}, "low")],
    )
    def test_r30_every_sweep_leaves_a_row_even_without_a_plate(
        self, pipeline: Pipeline, own_database: Database, say: Town, words: dict[str, object], read: str
    ) -> None:
        pipeline.take([say.sensor(1, after(0), occupied=True)])

        pipeline.take([say.device(MAGNET, "car", "sweep", after(9), space="001", **words, **PICTURES)])

        with own_database.transaction() as tx:
            row = tx.row("select kind, plate, detail->>'read' as read from event where kind <> 'space_occupied'")
            cases = tx.value("select count(*) from review_case where kind = 'low_confidence_read'")
        assert row == {"kind": "picture", "plate": None, "read": read}
        assert cases == (1 if read == "low" else 0)
        assert stays(own_database)[0]["plate"] is None

    def test_r30_a_camera_that_reads_nothing_says_so(self, pipeline: Pipeline, own_database: Database, say: Town) -> None:
        pipeline.take([say.pole(2, after(0), occupied=True), say.pole(3, after(0), occupied=False)])

        with own_database.transaction() as tx:
            rows = tx.tuples("select kind, detail->>'read' from event order by kind")
        assert rows == [("space_freed", None), ("space_occupied", "none")]


class TestR22Unplated:
    """A vehicle without a plate shows a token at the lane, and its weight on the loop."""

    @pytest.fixture(autouse=True)
    def lanes(self, own_database: Database) -> None:
        """Give the way in a gate that reads tokens."""
        town.build(own_database)
        with own_database.transaction() as tx:
            lane_id = tx.value("select lane_id from lane where code = 'in'")
            town.equip(tx, LOT, "gate-in", "gate", {"in": ("lane", lane_id)})

    @pytest.fixture
    def lot(self, own_database: Database) -> Pipeline:
        return Pipeline(own_database)

    def scan(self, say: Town, way: str, at: datetime, *, loop: bool = True) -> Arrival:
        """Let a driver show his token at a lane."""
        return say.device(LOT, f"gate-{way}", "scan", at, lane=way, direction=way, token=TOKEN, loop=loop)

    def test_comes_pays_and_leaves_by_its_token(self, lot: Pipeline, own_database: Database) -> None:
        say = Town()
        lot.take([self.scan(say, "in", after(0)), say.pay(LOT, after(80), TOKEN, 800, "T0001", "none")])
        lot.take([self.scan(say, "out", after(85))])

        with own_database.transaction() as tx:
            stay = tx.row("select plate, plate_colour, started_at, ended_at, quality, state from stay")
            order = tx.row("select net_fen, paid_fen from charge_order")
        assert stay == {
            "plate": TOKEN, "plate_colour": "none", "started_at": after(0), "ended_at": after(85), "quality": "A",
            "state": "closed",
        }  # fmt: skip
        assert order == {"net_fen": 800, "paid_fen": 800}

    def test_passes_nothing_without_a_vehicle_on_the_loop(self, lot: Pipeline, own_database: Database) -> None:
        assert lot.take([self.scan(Town(), "in", after(0), loop=False)]) == [Outcome.STORED]

        with own_database.transaction() as tx:
            assert tx.value("select count(*) from stay") == 0
            assert tx.value("select kind from event") == "scan_refused"

    def test_is_looked_at_when_its_token_is_shown_again(self, lot: Pipeline, own_database: Database) -> None:
        say = Town()
        lot.take([self.scan(say, "in", after(0)), self.scan(say, "out", after(60))])
        lot.take([self.scan(say, "in", after(90))])

        with own_database.transaction() as tx:
            assert tx.value("select count(*) from stay") == 1
            assert tx.tuples("select kind, stay_id is not null from review_case") == [("shown_again", True)]

    def test_tells_the_same_folded_anew(self, lot: Pipeline, own_database: Database) -> None:
        say = Town()
        came, left, again = (self.scan(say, way, after(minute)) for way, minute in (("in", 0), ("out", 60), ("in", 90)))
        for message in (again, left, came):
            lot.take([message])

        with own_database.transaction() as tx:
            assert tx.tuples("select started_at, ended_at from stay") == [(after(0), after(60))]
            assert tx.tuples("select kind from review_case") == [("shown_again",)]
