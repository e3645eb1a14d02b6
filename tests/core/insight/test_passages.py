"""Passages tell every entry and exit once, with what was read."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.insight import stays
from core.insight.passages import PASSAGES
from core.kit.db import Database, Row
from core.kit.listing import Asked, Condition, Is
from ingest.pipeline import Pipeline
from tests.ingest import town
from tests.ingest.town import LOT, MAGNET, Town

AT = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def street(database: Database) -> Database:
    """Return the town after a car on the street and one in the lot."""
    town.build(database)
    speaker = Town()
    arrivals = [
        speaker.sensor(1, AT, occupied=False, repeat=True),
        speaker.sensor(1, AT + timedelta(minutes=5), occupied=True),
        speaker.collector(1, AT + timedelta(minutes=6), "江A11111"),
        speaker.sensor(1, AT + timedelta(minutes=20), occupied=True, repeat=True),
        speaker.sensor(1, AT + timedelta(minutes=50), occupied=False),
        speaker.lane("in", AT + timedelta(minutes=10), "江C33333"),
        speaker.lane("out", AT + timedelta(minutes=70), "江C33333"),
    ]
    Pipeline(database).take(arrivals)
    return database


def rows(database: Database, *conditions: Condition, site: str = "") -> list[Row]:
    """Return the passages under conditions, of one site or of all."""
    with database.transaction() as tx:
        seen = tx.value("select array_agg(site_id) from site where %(code)s in ('', code)", code=site)
        given: dict[str, Any] = stays.given(at=AT + timedelta(hours=2), sites=seen)
        return PASSAGES.rows(tx, Asked(conditions=conditions), **given)


class TestPassages:
    def test_are_every_entry_and_exit_once_newest_first(self, street: Database) -> None:
        assert [(row["site"], row["direction"]) for row in rows(street)] == [
            (LOT, "out"),
            (MAGNET, "out"),
            (LOT, "in"),
            (MAGNET, "in"),
        ]

    def test_tell_where_and_what_was_read(self, street: Database) -> None:
        (last,) = rows(street, Condition("plate", Is.CONTAINS, "C333"), Condition("direction", Is.EQUAL, "out"))

        assert (last["plate"], last["lane"], last["device_kind"]) == ("江C33333", "out", "lane_camera")
        assert last["stay_id"] is not None

    def test_of_other_sites_are_not_there(self, street: Database) -> None:
        assert {row["site"] for row in rows(street, site=LOT)} == {LOT}
