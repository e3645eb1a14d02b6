"""The lanes of a berth equal what its devices said and what the books hold, and say why the two differ."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

import psycopg
import pytest
from psycopg.rows import dict_row

from core.insight.dispatch import lanes
from core.insight.dispatch.lanes import Day, Lane, LaneKind, Run
from core.kit.db import Database
from core.kit.locale import Language, use
from core.upkeep import silence
from ingest.pipeline import Pipeline
from tests.core.insight import facts
from tests.core.insight.dispatch import independent
from tests.core.insight.dispatch.street import UNTIL, City
from tests.ingest import town
from tests.ingest.town import Town

NOW = UNTIL + timedelta(minutes=60)
KINDS = {LaneKind.MAGNET: ["geomagnetic", "loop", "space_lock"], LaneKind.VIDEO: ["pole_camera", "bollard"]}
AT = datetime(2026, 11, 20, 4, 0, tzinfo=town.OPENED.tzinfo)


def lane(day: Day, kind: LaneKind) -> Lane:
    """Return one lane."""
    return next(lane for lane in day.lanes if lane.kind is kind)


def run_at(day: Day, kind: LaneKind, at: datetime) -> Run | None:
    """Return the run of a lane that covers a moment."""
    return next((run for run in lane(day, kind).runs if run.starts_at <= at < run.ends_at), None)


class TestGetDay:
    @pytest.fixture(scope="class")
    def city(self, database: Database) -> Database:
        """Return a database with the small city, a short past and an hour of its life."""
        facts.fill(database, until=UNTIL, days=2)
        City(database).live_until(NOW)
        return database

    @pytest.fixture
    def reader(self, city: Database) -> Iterator[independent.Connection]:
        with psycopg.connect(city.url, row_factory=dict_row, options="-c timezone=UTC") as connection:
            yield connection

    def test_tells_at_every_moment_what_the_device_said_last(self, city: Database, reader: independent.Connection) -> None:
        luck, differences, asked_n = random.Random(5), [], 0
        berths = luck.sample(independent.rows(reader, "berths", at=NOW, live=True), 20)
        for row in berths:
            with city.transaction() as tx:
                day = lanes.get_day(tx, site=row["site"], space=row["space"], at=NOW, live=True)
            for kind, kinds in KINDS.items():
                for at in [UNTIL + timedelta(seconds=luck.randrange(600, 3_600)) for _ in range(6)]:
                    said = independent.rows(reader, "words", space_id=row["space_id"], at=at, kinds=kinds)
                    silent = independent.rows(reader, "silent", space_id=row["space_id"], at=at)[0]["is_silent"]
                    run = run_at(day, kind, at)
                    if not said or silent or run is None:
                        continue
                    asked_n += 1
                    wanted = {"space_occupied": "occupied", "space_freed": "free"}[said[0]["kind"]]
                    differences += [(row["site"], row["space"], kind, at, run)] if run.state != wanted else []

        assert differences == []
        assert asked_n > 60

    def test_covers_the_day_without_a_hole(self, city: Database) -> None:
        with city.transaction() as tx:
            day = lanes.get_day(tx, site="GL-01", space="0001", at=NOW, live=True)
        for one in day.lanes[:2]:
            if one.is_installed:
                assert [one.runs[0].starts_at, *(run.ends_at for run in one.runs)] == [
                    *(run.starts_at for run in one.runs),
                    one.runs[-1].ends_at,
                ]
                assert (one.runs[0].starts_at, one.runs[-1].ends_at) == (day.starts_at, NOW)

        assert sum(one.is_installed for one in day.lanes) == 2
        assert day.lanes[2].kind is LaneKind.ORDER


class TestReasons:
    """What a dispatcher is told of a sensor that fell silent, a plate nobody read, a plate read on a free space."""

    @pytest.fixture
    def spoken(self, own_database: Database) -> Database:
        """Let a car stand since two hours, its sensor silent since one, and a collector read a plate next door."""
        town.build(own_database)
        pipeline, speaker = Pipeline(own_database), Town()
        for number in (1, 2):
            pipeline.take([speaker.sensor(number, AT - timedelta(hours=3), occupied=False, repeat=True)])
        pipeline.take([speaker.sensor(1, AT - timedelta(hours=2), occupied=True)])
        pipeline.take([speaker.sensor(1, AT - timedelta(hours=1), occupied=True, repeat=True)])
        pipeline.take([speaker.collector(2, AT - timedelta(minutes=20), "江A12345")])
        pipeline.take([speaker.sensor(2, AT - timedelta(minutes=10), occupied=False, repeat=True)])
        with own_database.transaction() as tx:
            silence.mark(tx, devices=silence.list_silent(tx, listening_since=AT - timedelta(days=1), at=AT))
        return own_database

    def day(self, database: Database, space: str) -> Day:
        """Return the day of a berth up to noon, in English."""
        with use(Language.EN), database.transaction() as tx:
            return lanes.get_day(tx, site=town.MAGNET, space=space, at=AT, live=True)

    def test_say_since_when_the_sensor_is_silent(self, spoken: Database) -> None:
        day = self.day(spoken, "001")

        assert [run.state for run in lane(day, LaneKind.MAGNET).runs][-3:] == ["free", "occupied", "silent"]
        (gap,) = [gap for gap in day.mismatches if gap.kind == "sensor_silent"]
        assert gap.lanes == (LaneKind.MAGNET,)
        assert gap.reason == "m1 has been silent since 11:00: whether the vehicle is still there nobody sees."

    def test_say_that_a_plate_should_have_been_read(self, spoken: Database) -> None:
        (gap,) = [gap for gap in self.day(spoken, "001").mismatches if gap.kind == "no_plate"]

        assert gap.reason == "Since 10:30 somebody should have read the plate: without it nobody can be billed."
        assert (gap.starts_at, gap.ends_at) == (AT - timedelta(minutes=90), AT)

    def test_say_that_a_plate_was_read_on_a_free_space(self, spoken: Database) -> None:
        day = self.day(spoken, "002")

        (gap,) = [gap for gap in day.mismatches if gap.kind == "read_on_free"]
        assert gap.reason == "At 11:40 a plate was read here while the sensor said free."
        assert [(mark.kind, mark.plate) for mark in day.marks if mark.kind == "plate"] == [("plate", "江A·123**")]

    def test_speak_chinese(self, spoken: Database) -> None:
        with use(Language.ZH_CN), spoken.transaction() as tx:
            day = lanes.get_day(tx, site=town.MAGNET, space="001", at=AT, live=True)

        assert all("。" in gap.reason for gap in day.mismatches)
