"""Imports of snapshots: real berths of two cities have their state at the moment of the file, and are unknown around it."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.kit.clock import city_date
from core.kit.db import Database, Tx
from core.kit.locale import use
from core.upkeep.rebuild import compare
from ingest.files import imports
from ingest.files.bay_rows import BayMap
from ingest.files.bays import Bays
from ingest.files.mapping import load
from ingest.files.snapshot_rows import SnapshotMap
from ingest.files.snapshots import Snapshots
from ingest.files.tallies import Tally
from tests.ingest.files.samples import rows_of, sample

AT = datetime(2026, 11, 20, tzinfo=UTC)
DAY = timedelta(days=1)
LA_AT = datetime(2025, 11, 24, 21, 9, 40, tzinfo=UTC)
MELBOURNE_AT = datetime.fromisoformat("2024-12-09T03:44:36+03:00")
STATES = """
    with heard as (
        select distinct site_id, subject_id from event inner join site using (site_id)
        where site.code like %(like)s
            and exists (
                select from event as other where other.site_id = site.site_id
                    and other.at between %(at)s::timestamptz - interval '1 hour' and %(at)s::timestamptz + interval '1 hour'
            )
    ),
    run as (
        select subject_id, min(state) as state from occupancy_interval
        where tstzrange(started_at, ended_at) @> %(at)s::timestamptz
        group by subject_id
    )
    select coalesce(run.state, 'free') as state, count(*) as n
    from heard left join run using (subject_id)
    group by coalesce(run.state, 'free') order by 1
"""
Counted = dict[str, int]


@dataclass(frozen=True, slots=True)
class Brought:
    """A real file, the moment it was taken, and what the import said of it."""

    path: Path
    at: datetime
    tally: Tally


def bring(database: Database, path: Path, map_name: str, folder: Path) -> Tally:
    """Import one snapshot; sentences are English."""
    with use("en"):
        return imports.bring(database, path, Snapshots(load(map_name, SnapshotMap)), map_name=map_name, folder=folder, at=AT)


@pytest.fixture(scope="module")
def la(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Brought:
    """Return the berths of every sixth block face of Los Angeles, and all sensors whose bays nobody knows."""
    source, folder = sample("la_berths"), tmp_path_factory.mktemp("la")
    told = rows_of(source / "occupancy_snapshot_2025-11-24.csv.gz")
    faces = {row["SpaceID"]: row["BlockFace"] for row in rows_of(source / "meter_inventory.csv.gz")}
    last = max(told, key=changed_at)  # its change is the moment of the file
    chosen = {*sorted({faces[row["SpaceID"]] for row in told if row["SpaceID"] in faces})[::6], faces.get(last["SpaceID"])}
    rows = [row for row in told if faces.get(row["SpaceID"]) in {None, *chosen}]
    return la_brought(database, written(folder / "snapshot.csv", rows), source, folder)


@pytest.fixture(scope="module")
def melbourne(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Brought:
    """Return the berths of every fourth zone of Melbourne."""
    folder = tmp_path_factory.mktemp("melbourne")
    told = rows_of(sample("melbourne_berths") / "sensors_2024-12.csv.gz")
    chosen = set(sorted({row["Zone_Number"] for row in told})[::4])
    path = written(folder / "snapshot.csv", [row for row in told if row["Zone_Number"] in chosen])
    return Brought(path, MELBOURNE_AT, bring(database, path, "melbourne_berths", folder))


def la_brought(database: Database, path: Path, source: Path, folder: Path) -> Brought:
    """Import the bays that a snapshot of Los Angeles speaks of, then the snapshot."""
    spaces = {row["SpaceID"] for row in rows_of(path)}
    bays = [row for row in rows_of(source / "meter_inventory.csv.gz") if row["SpaceID"] in spaces]
    importer = Bays(load("la_bays", BayMap))
    imports.bring(database, written(folder / "bays.csv", bays), importer, map_name="la_bays", folder=folder, at=AT)
    return Brought(path, LA_AT, bring(database, path, "la_berths", folder))


def written(path: Path, rows: Sequence[dict[str, str]]) -> Path:
    """Write rows as a file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, rows[0].keys())
        out.writeheader()
        out.writerows(rows)
    return path


def changed_at(row: dict[str, str]) -> datetime:
    """Return the time of the last change of a berth in Los Angeles."""
    return datetime.strptime(row["EventTime_UTC"] + " +0000", "%m/%d/%Y %I:%M:%S %p %z")


def la_states(la: Brought) -> Counted:
    """Return the states that a file of Los Angeles tells, read with nothing of the product."""
    bays = {row["SpaceID"] for row in rows_of(sample("la_berths") / "meter_inventory.csv.gz")}
    words = {"OCCUPIED": "occupied", "VACANT": "free", "UNKNOWN": "unknown"}
    told = [row for row in rows_of(la.path) if row["SpaceID"] in bays]
    return Counter("unknown" if la.at - changed_at(row) > DAY else words[row["OccupancyState"]] for row in told)


@pytest.fixture
def tx(database: Database) -> Iterator[Tx]:
    with database.transaction() as tx:
        yield tx


def states(tx: Tx, like: str, at: datetime) -> Counted:
    """Return the states of the spaces that a file spoke of, at a moment."""
    return {row["state"]: row["n"] for row in tx.rows(STATES, like=like, at=at)}


class TestLosAngeles:
    def test_berths_have_the_states_of_the_file_at_its_moment(self, la: Brought, tx: Tx) -> None:
        wanted = la_states(la)

        assert min(wanted.values()) > 10
        assert states(tx, "LA-%", la.at) == wanted

    @pytest.mark.prove
    def test_all_berths_have_them(self, own_database: Database, tmp_path: Path) -> None:
        source = sample("la_berths")
        la = la_brought(own_database, source / "occupancy_snapshot_2025-11-24.csv.gz", source, tmp_path)

        with own_database.transaction() as tx:
            assert states(tx, "LA-%", la.at) == la_states(la)
        assert (la.tally.added_n, la.tally.refused_n) == (4_494, 139)

    def test_refuses_sensors_whose_bays_nobody_knows(self, la: Brought) -> None:
        assert la.tally.refused_n == 139
        assert la.tally.refusals is not None
        assert "is not known; import the bays first." in la.tally.refusals.read_text("utf-8")

    def test_all_is_unknown_before_and_after(self, la: Brought, tx: Tx) -> None:
        for at in (la.at - timedelta(seconds=1), la.at + timedelta(minutes=5)):
            assert set(states(tx, "LA-%", at)) == {"unknown"}

    def test_tells_no_stay(self, la: Brought, tx: Tx) -> None:
        assert la.tally.added_n
        assert tx.value("select count(*) from stay") == 0

    def test_leaves_figures_that_equal_the_facts(self, la: Brought, tx: Tx) -> None:
        assert not compare(tx, on=city_date(la.at))
        assert tx.value("select sum(occupied_s) from hour_delta where occupied_s > 0") > 0


class TestMelbourne:
    def test_berths_have_the_states_of_the_file_at_its_moment(self, melbourne: Brought, tx: Tx) -> None:
        told = rows_of(melbourne.path)
        heard = {row["Zone_Number"] for row in told if datetime.fromisoformat(row["Lastupdated"]) == melbourne.at}
        wanted: Counter[str] = Counter()
        for row in (row for row in told if row["Zone_Number"] in heard):
            taken_at, since = (datetime.fromisoformat(row[name]) for name in ("Lastupdated", "Status_Timestamp"))
            state = {"Present": "occupied", "Unoccupied": "free"}[row["Status_Description"]]
            wanted[state if taken_at == melbourne.at and taken_at - since <= DAY else "unknown"] += 1

        assert states(tx, "MEL-%", melbourne.at) == wanted
        assert (melbourne.tally.added_n, melbourne.tally.refused_n) == (len(told), 0)

    def test_spaces_stand_where_the_file_says(self, melbourne: Brought, tx: Tx) -> None:
        told = rows_of(melbourne.path)[7]
        query = "select lat, lon, site.code from space inner join site using (site_id) where space.code = %(code)s"

        assert tx.row(f"{query} and site.code like 'MEL-%%'", code=told["KerbsideID"]) == {
            "lat": float(told["Location"].split(", ")[0]),
            "lon": float(told["Location"].split(", ")[1]),
            "code": f"MEL-{told['Zone_Number'] or 'none'}",
        }

    def test_adds_nothing_of_a_renamed_and_shuffled_file(self, melbourne: Brought, database: Database, tmp_path: Path) -> None:
        told = rows_of(melbourne.path)

        tally = bring(database, written(tmp_path / "again.csv", told[::-1]), "melbourne_berths", tmp_path)

        assert (tally.added_n, tally.known_n) == (0, len(told))


class TestBringIn:
    def test_a_nonsense_stamp_makes_a_state_unknown(self, own_database: Database, tmp_path: Path) -> None:
        path = tmp_path / "snapshot.csv"
        path.write_text(
            "Lastupdated,Status_Timestamp,Zone_Number,Status_Description,KerbsideID,Location\n"
            '2024-04-09T07:43:57+02:00,1970-01-01T01:00:00+01:00,7084,Present,1,"-37.8, 144.96"\n'
            '2024-04-09T07:43:57+02:00,2024-04-09T07:00:00+02:00,,Present,2,"0, 0"\n',
            "utf-8",
        )

        tally = bring(own_database, path, "melbourne_berths", tmp_path)

        assert (tally.added_n, tally.marked_n) == (2, 1)
        with own_database.transaction() as tx:
            assert states(tx, "MEL-%", datetime.fromisoformat("2024-04-09T05:44:00Z")) == {"unknown": 1, "occupied": 1}
            assert tx.value("select lat is null from space where code = '2'")
