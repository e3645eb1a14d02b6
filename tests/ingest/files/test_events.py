"""Imports of sensor events: real changes become runs and stays, chatter is removed and listed, any order tells the same."""

import itertools
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.kit.db import Database, Row, Tx
from core.kit.locale import use
from core.upkeep.rebuild import compare
from ingest.files import imports
from ingest.files.event_rows import EventMap
from ingest.files.events import Events
from ingest.files.mapping import load
from ingest.files.tallies import Tally
from tests.ingest.files.samples import rows_of, sample

AT = datetime(2026, 11, 20, tzinfo=UTC)
MAP = "la_usc_events_sample"
HEADER = "SpaceID,EventTime_Local,EventTime_UTC,OccupancyState\n"
DIGEST = """
    select
        (
            select md5(string_agg(concat_ws('|', subject_id, state, started_at, ended_at, stay_id), ';'
                order by subject_id, started_at))
            from occupancy_interval
        ) as runs,
        (select md5(string_agg(concat_ws('|', stay_id, started_at, ended_at, quality, is_found), ';' order by stay_id)) from stay)
            as stays,
        (select sum(occupied_s) from hour_delta) as occupied_s,
        (select sum(unknown_s) from hour_delta) as unknown_s,
        (select sum(entry_n) from day_delta) as entry_n,
        (select sum(stay_s) from day_delta) as stay_s
"""


@dataclass(frozen=True, slots=True)
class Usc:
    """The real sample, and what the import said of it."""

    path: Path
    tally: Tally


@pytest.fixture(scope="module")
def usc(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Usc:
    path = sample(MAP) / "events_2026-05-12_head.csv"
    return Usc(path, bring(database, path, tmp_path_factory.mktemp("told")))


@pytest.fixture
def tx(database: Database) -> Iterator[Tx]:
    with database.transaction() as tx:
        yield tx


def bring(database: Database, path: Path, folder: Path) -> Tally:
    """Import one file; sentences are English."""
    with use("en"):
        return imports.bring(database, path, Events(load(MAP, EventMap)), map_name=MAP, folder=folder, at=AT)


def digest(database: Database) -> Row | None:
    """Return all that is derived."""
    with database.transaction() as tx:
        return tx.row(DIGEST)


def by_space(path: Path) -> dict[str, list[tuple[datetime, bool]]]:
    """Return the changes of each space in order, read with nothing of the product."""
    told: dict[str, list[tuple[datetime, bool]]] = defaultdict(list)
    for row in rows_of(path):
        at = datetime.strptime(row["EventTime_UTC"] + " +0000", "%m/%d/%Y %I:%M:%S %p %z")
        told[row["SpaceID"]].append((at, row["OccupancyState"] == "OCCUPIED"))
    return {space: sorted(set(changes)) for space, changes in told.items()}


def shorter(changes: list[tuple[datetime, bool]], seconds: int) -> list[tuple[datetime, bool]]:
    """Return the changes whose state another one followed within fewer seconds; repeats are no changes."""
    real = [one for place, one in enumerate(changes) if place == 0 or changes[place - 1][1] != one[1]]
    return [one for one, after in itertools.pairwise(real) if (after[0] - one[0]).total_seconds() < seconds]


class TestUsc:
    def test_keeps_every_event(self, usc: Usc, tx: Tx) -> None:
        assert (usc.tally.row_n, usc.tally.added_n, usc.tally.refused_n) == (244, 244, 0)
        assert tx.value("select count(*) from event") == 244
        assert tx.value("select count(*) from space") == 79

    def test_lists_all_chatter_under_the_debounce(self, usc: Usc) -> None:
        wanted = {(space, at) for space, changes in by_space(usc.path).items() for at, _state in shorter(changes, 30)}

        assert usc.tally.notes is not None
        lines = usc.tally.notes.read_text("utf-8").splitlines()
        found = {(line.split()[0], datetime.strptime(" ".join(line.split()[2:4]), "%Y-%m-%d %H:%M:%S%z:")) for line in lines}
        assert len(lines) == len(wanted) == usc.tally.note_n > 30
        assert found == wanted

    def test_leaves_no_occupied_run_under_the_debounce_but_the_last(self, usc: Usc, tx: Tx) -> None:
        end_at = max(at for changes in by_space(usc.path).values() for at, _state in changes)

        short = tx.value(
            """select count(*) from occupancy_interval
            where state = 'occupied' and ended_at - started_at < interval '30 seconds' and ended_at <> %(end_at)s""",
            end_at=end_at,
        )

        assert short == 0

    def test_a_space_without_chatter_has_the_intervals_of_the_file(self, usc: Usc, tx: Tx) -> None:
        calm = {space: changes for space, changes in by_space(usc.path).items() if not shorter(changes, 30)}
        wanted = {
            (space, start, end)
            for space, changes in calm.items()
            for (start, taken), (end, _) in itertools.pairwise(changes)
            if taken
        }
        found = {
            (row["code"], row["started_at"], row["ended_at"])
            for row in tx.rows(
                """select code, started_at, ended_at from stay inner join space on space_id = subject_id
                where code = any(%(codes)s) order by code, started_at limit 1000""",
                codes=list(calm),
            )
        }

        assert len(calm) > 20
        assert found == wanted

    def test_one_restless_space_by_hand(self, usc: Usc, tx: Tx) -> None:
        """C121: 10 s, then 8:43 min, then 9 s occupied, told in Pacific time."""
        assert usc.tally.added_n
        rows = tx.rows(
            """select o.started_at, o.ended_at, s.quality from occupancy_interval as o
            inner join space on space_id = o.subject_id inner join stay as s on s.stay_id = o.stay_id
            where code = 'C121' and o.state = 'occupied' order by o.started_at limit 10"""
        )

        assert [tuple(row.values()) for row in rows] == [
            (datetime(2026, 5, 12, 18, 15, 23, tzinfo=UTC), datetime(2026, 5, 12, 18, 24, 6, tzinfo=UTC), "A")
        ]

    def test_knows_nothing_before_a_sensor_spoke_and_after_the_file_ends(self, usc: Usc, tx: Tx) -> None:
        assert usc.tally.added_n
        known = tx.row(
            """select count(distinct subject_id) as spaces, min(started_at) as first_at, max(ended_at) as last_at
            from occupancy_interval where state = 'unknown'"""
        )

        assert known == {
            "spaces": 79,
            "first_at": datetime(2026, 5, 12, 7, tzinfo=UTC),  # midnight in Los Angeles
            "last_at": datetime(2026, 5, 13, 7, tzinfo=UTC),
        }

    def test_leaves_figures_that_equal_the_facts(self, usc: Usc, tx: Tx) -> None:
        assert usc.tally.added_n
        for on in (date(2026, 5, 12), date(2026, 5, 13)):
            assert not compare(tx, on=on)


class TestBringIn:
    def test_any_order_and_any_cut_tell_the_same(
        self, usc: Usc, database: Database, own_database: Database, tmp_path: Path
    ) -> None:
        lines = usc.path.read_text("utf-8").splitlines(keepends=True)[1:]
        random.Random(7).shuffle(lines)
        for number, part in enumerate((lines[:60], lines[40:150], lines[150:])):
            path = tmp_path / f"part {number}.csv"
            path.write_text(HEADER + "".join(part), "utf-8")
            bring(own_database, path, tmp_path)

        assert digest(own_database) == digest(database)
        assert bring(own_database, path, tmp_path).added_n == 0
        assert digest(own_database) == digest(database)
        with own_database.transaction() as tx:
            assert not compare(tx, on=date(2026, 5, 13))

    def test_refuses_what_it_cannot_understand(self, own_database: Database, tmp_path: Path) -> None:
        path = tmp_path / "events.csv"
        good = '"C1","5/12/2026 8:33:16 AM","5/12/2026 3:33:16 PM","{}"\n'
        path.write_text(
            HEADER
            + good.format("VACANT")
            + good.format("BROKEN")
            + '"","a","5/12/2026 3:33:16 PM","VACANT"\n"C2","a","noon","VACANT"\n',
            "utf-8",
        )

        tally = bring(own_database, path, tmp_path)

        assert (tally.added_n, tally.refused_n) == (1, 3)
        assert tally.refusals is not None
        assert "Line 3: State BROKEN is not in the mapping." in tally.refusals.read_text("utf-8")
