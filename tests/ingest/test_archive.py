"""Frames are kept with the read they belong to (R29), on a real database."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core.kit.db import Database, Row
from ingest.pipeline import Pipeline
from tests.ingest import town
from tests.ingest.town import MAGNET, VIDEO, Town

AT = datetime(2026, 11, 20, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TAIL, VIEW, HEAD = ("a1" * 32, "b2" * 32, "c3" * 32)
BOX = {"left": 410, "top": 220, "width": 96, "height": 31}


@pytest.fixture
def pipeline(own_database: Database) -> Pipeline:
    town.build(own_database)
    with own_database.transaction() as tx:
        town.equip(tx, MAGNET, "car", "patrol_car", {"": ("site", town.site_id(MAGNET))})
    return Pipeline(own_database)


def evidence(database: Database) -> list[Row]:
    with database.transaction() as tx:
        return tx.rows(
            "select e.kind, encode(e.frame_sha256, 'hex') as frame, e.plate_box, e.subject_id, v.plate from evidence e "
            "join event v on v.site_id = e.site_id and v.event_id = e.event_id order by frame"
        )


class TestKeepEvents:
    def test_r29_keeps_the_three_pictures_of_a_sweep_and_where_the_plate_is(
        self, pipeline: Pipeline, own_database: Database
    ) -> None:
        sweep = Town().device(
            MAGNET, "car", "sweep", AT, space="001", plate="江A12345", colour="blue", plate_box=BOX,
            tail_sha256=TAIL, view_sha256=VIEW, head_sha256=HEAD,
        )  # fmt: skip

        pipeline.take([sweep])
        pipeline.take([sweep])

        common = {"subject_id": town.space_id(MAGNET, 1), "plate": "江A12345"}
        assert evidence(own_database) == [
            {"kind": "tail", "frame": TAIL, "plate_box": [410, 220, 96, 31], **common},
            {"kind": "view", "frame": VIEW, "plate_box": None, **common},
            {"kind": "head", "frame": HEAD, "plate_box": None, **common},
        ]

    def test_r29_never_parts_a_frame_from_its_own_read(self, pipeline: Pipeline, own_database: Database) -> None:
        say = Town()
        reads = [("001", "江A12345", TAIL), ("002", "江B98760", VIEW)]
        pipeline.take(
            [
                say.device(
                    VIDEO, "pole", "space", AT, space=space, occupied=True, repeat=False, plate=plate, colour="blue", votes=3,
                    frame_sha256=frame, plate_box=BOX,
                )
                for space, plate, frame in reads
            ]
        )  # fmt: skip

        found = evidence(own_database)
        assert [(row["plate"], row["frame"], row["kind"]) for row in found] == [
            ("江A12345", TAIL, "read"),
            ("江B98760", VIEW, "read"),
        ]
        with own_database.transaction() as tx:
            frames = tx.tuples("select plate, encode(frame_sha256, 'hex') from plate_read order by plate")
        assert frames == [("江A12345", TAIL), ("江B98760", VIEW)]
