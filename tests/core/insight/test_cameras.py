"""Cameras: every vehicle leaves a row, whether its plate was read, was too weak, or was not read (R30)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.insight import cameras, detectors
from core.insight.detectors import DEVICES
from core.kit.db import Database, Row, Tx
from core.kit.listing import Asked
from ingest.pipeline import Pipeline
from tests.core.insight.facts import every_site
from tests.ingest import town
from tests.ingest.town import Town

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
AT = NOON + timedelta(hours=2)
FRAME = "ab" * 32


def minutes(count: int) -> datetime:
    """Return an instant after noon."""
    return NOON + timedelta(minutes=count)


@pytest.fixture(scope="module")
def seen(database: Database) -> Database:
    """Return a town whose pole saw five vehicles: three read, one too weakly, one not at all."""
    town.build(database)
    says = Town()
    read: dict[str, Any] = {"plate": "江A12345", "colour": "blue", "votes": 3}
    Pipeline(database).take(
        [
            says.pole(1, minutes(-1_500), occupied=True, **read),  # the day before
            says.pole(1, minutes(-1_490), occupied=False),
            says.pole(1, minutes(1), occupied=True, **read, min_char_conf=0.97, frame_sha256=FRAME),
            says.pole(1, minutes(15), occupied=True, repeat=True, **read),
            says.pole(1, minutes(20), occupied=False),
            says.pole(2, minutes(2), occupied=True, plate="江A22222", colour="blue", votes=2),
            says.pole(3, minutes(3), occupied=True, plate="江A33333", colour="blue", min_char_conf=0.2, votes=1),
            says.pole(4, minutes(4), occupied=True),
            says.pole(5, minutes(5), occupied=True, plate="江A5", colour="green", votes=2),
            says.lane("in", minutes(6), "江B00001"),
        ]
    )
    return database


@pytest.fixture
def tx(seen: Database) -> Iterator[Tx]:
    """Return a transaction on the town."""
    with seen.transaction() as tx:
        yield tx


@pytest.fixture
def rows(tx: Tx) -> dict[str, Row]:
    """Return the cameras by code."""
    listed = DEVICES.rows(tx, Asked(), **cameras.given(at=AT, sites=every_site(tx)))
    assert len(listed) == 3
    return {row["code"]: row for row in listed}


class TestGiven:
    def test_counts_visits_by_what_was_read(self, rows: dict[str, Row]) -> None:
        pole = rows["pole"]

        assert (pole["visit_n"], pole["read_n"], pole["low_n"], pole["none_n"], pole["read_pct"]) == (5, 3, 1, 1, 60.0)
        assert pole["last_read_at"] == minutes(5)

    def test_knows_no_rate_where_nobody_came(self, rows: dict[str, Row]) -> None:
        assert (rows["cam-out"]["visit_n"], rows["cam-out"]["read_pct"], rows["cam-out"]["state"]) == (0, None, "unheard")
        assert rows["cam-in"]["read_pct"] == 100.0

    def test_has_no_visits_of_what_is_no_camera(self, tx: Tx) -> None:
        sensors = DEVICES.rows(tx, Asked(), **detectors.given(at=AT, sites=every_site(tx)))

        assert {(row["visit_n"], row["none_n"], row["read_pct"]) for row in sensors} == {(None, None, None)}


class TestGetSheet:
    def test_shows_what_it_saw_last_with_plates_masked(self, tx: Tx, rows: dict[str, Row]) -> None:
        sheet = cameras.get_sheet(tx, rows["pole"], at=AT)

        assert [(read.space, read.plate, read.outcome) for read in sheet.reads] == [
            ("005", "江**", "read"), ("004", None, "none"), ("003", None, "low"), ("002", "江A·222**", "read"),
            ("001", "江A·123**", "read"),
        ]  # fmt: skip
        assert sheet.reads[-1].confidence_pct == 97
        assert "江A12345" not in str(sheet)
        assert not sheet.is_cut

    def test_tells_that_it_saw_more_than_it_shows(self, tx: Tx, rows: dict[str, Row]) -> None:
        sheet = cameras.get_sheet(tx, rows["pole"], at=AT, most=4)

        assert (len(sheet.reads), sheet.is_cut) == (4, True)

    def test_names_the_last_picture_that_was_announced(self, tx: Tx, rows: dict[str, Row]) -> None:
        pole, lane = (cameras.get_sheet(tx, rows[code], at=AT) for code in ("pole", "cam-in"))

        assert (pole.row["picture"], pole.row["picture_at"]) == (FRAME, minutes(1))
        assert lane.row["picture"] is None
