"""The engine of imports: what was committed before something broke stays, and the same import goes on from there."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.kit.db import Database
from core.kit.errors import Unavailable
from core.settings import Settings
from ingest.files import imports
from ingest.files.event_rows import EventMap
from ingest.files.events import Events, run_import
from ingest.files.mapping import load

AT = datetime(2026, 11, 20, tzinfo=UTC)
MAP = "la_usc_events_sample"
TEXT = (
    "SpaceID,EventTime_Local,EventTime_UTC,OccupancyState\n"
    "C1,,5/12/2026 3:00:00 PM,VACANT\nC1,,5/12/2026 3:10:00 PM,OCCUPIED\nC1,,5/12/2026 4:10:00 PM,VACANT\n"
)


class Interrupted(Events):
    """Events whose database goes away before anything is derived."""

    def finish(self, database: Database, *, at: datetime) -> Sequence[str]:
        """Break."""
        raise Unavailable("gone")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    path.write_text(TEXT, "utf-8")
    return path


class TestBring:
    def test_goes_on_where_it_was_interrupted(self, own_database: Database, path: Path, tmp_path: Path) -> None:
        mapping = load(MAP, EventMap)
        with pytest.raises(Unavailable):
            imports.bring(own_database, path, Interrupted(mapping), map_name=MAP, folder=tmp_path, at=AT)

        tally = imports.bring(own_database, path, Events(mapping), map_name=MAP, folder=tmp_path, at=AT)

        assert (tally.added_n, tally.known_n) == (0, 3)
        with own_database.transaction() as tx:
            assert tx.value("select count(*) from stay") == 1
            runs = tx.rows(
                "select kind, row_n, ended_at is not null as is_over from import_run order by started_at, ended_at limit 9"
            )
        assert sorted(tuple(row.values()) for row in runs) == [("events", 3, False), ("events", 3, True)]


class TestRun:
    def test_reads_a_file_given_twice_once(self, own_database: Database, path: Path, tmp_path: Path) -> None:
        (tally,) = run_import(Settings(database_url=own_database.url, data_dir=tmp_path), [path, path], MAP)

        assert tally.added_n == 3
