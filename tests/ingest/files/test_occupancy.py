"""Imports of counts: real lots of four cities, equal to what their files say; impossible counts kept and never shown."""

import csv
import gzip
import io
import random
import re
import tarfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.insight import berths
from core.kit.db import Database, Tx
from core.kit.ids import derived_id
from core.kit.locale import use
from core.occupancy import counts
from core.settings import Settings
from ingest.files import imports
from ingest.files.count_rows import CountMap
from ingest.files.mapping import load
from ingest.files.occupancy import Counts, run_import
from ingest.files.tallies import Tally
from tests.ingest.files.samples import rows_of, sample

AT = datetime(2026, 11, 20, tzinfo=UTC)
MALAGA = ("CE", "PA", "AN", "CA", "AL", "SJ", "MA", "TE", "CY", "PB")
NUMBERS = (
    "count(*) as n, count(*) filter (where is_valid) as valid_n, count(*) filter (where time_quality = 'suspect') as suspect_n"
)
OF_ONE = "inner join site using (site_id) where code like %(like)s"


def bring(database: Database, path: Path, map_name: str, folder: Path) -> Tally:
    """Import one file of counts."""
    return imports.bring(database, path, Counts(load(map_name, CountMap)), map_name=map_name, folder=folder, at=AT)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "told"


@dataclass(frozen=True, slots=True)
class Brought:
    """A real file, and what the import said of it."""

    path: Path
    tally: Tally


@pytest.fixture(scope="module")
def malaga(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Brought:
    return brought(database, sample("malaga_lots") / "raw_2025_10.tar.gz", tmp_path_factory)


@pytest.fixture(scope="module")
def birmingham(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Brought:
    return brought(database, sample("birmingham") / "birmingham.csv.gz", tmp_path_factory)


@pytest.fixture(scope="module")
def frankfurt(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Brought:
    return brought(database, sample("frankfurt_lots") / "facility_2021_07.csv.gz", tmp_path_factory)


@pytest.fixture(scope="module")
def bath(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Brought:
    return brought(database, sample("bath_lots") / "2015_10.csv.gz", tmp_path_factory)


def brought(database: Database, path: Path, folders: pytest.TempPathFactory) -> Brought:
    """Import a file by the mapping named like its data set."""
    return Brought(path, bring(database, path, path.parent.name, folders.mktemp("told")))


@pytest.fixture
def tx(database: Database) -> Iterator[Tx]:
    with database.transaction() as tx:
        yield tx


def cells_of(archive: Path) -> dict[tuple[str, date], tuple[Fraction, int, int]]:
    """Return mean, largest and smallest number of free places by lot and day, from the files with nothing of the product."""
    told: dict[tuple[str, date], list[int]] = defaultdict(list)
    with tarfile.open(archive) as files:
        for member in files.getmembers():
            found = re.search(r"(\d{4})/(\d{2})/(\d{2})/", member.name)
            content = files.extractfile(member)
            if found is None or content is None:
                continue
            for row in csv.DictReader(io.TextIOWrapper(content, "utf-8")):
                year, month, day = map(int, found.groups())
                told[row["id"], date(year, month, day)].append(int(row["libres"]))
    return {cell: (Fraction(sum(free), len(free)), max(free), min(free)) for cell, free in told.items()}


class TestMalaga:
    def test_daily_cells_equal_the_files(self, malaga: Brought, tx: Tx) -> None:
        wanted = cells_of(malaga.path)

        found = {
            (lot, day.day): (Fraction(day.mean_free).limit_denominator(1000), day.max_free, day.min_free)
            for lot in MALAGA
            for day in counts.list_days(
                tx, site_id=derived_id("site", f"MALAGA-{lot}"), from_on=date(2025, 9, 1), to_on=date(2025, 12, 1)
            )
        }

        assert 3 * len(wanted) == 930
        assert found == wanted
        tally = malaga.tally
        assert (tally.added_n, tally.known_n, tally.refused_n, tally.repeat_n) == (22_720, 0, 29, 0)

    def test_lists_the_empty_files_by_name(self, malaga: Brought) -> None:
        assert malaga.tally.refusals is not None
        told = malaga.tally.refusals.read_text("utf-8")

        assert len(re.findall(r"parking-data-\d\d_\d\d\.csv", told)) == 29

    @pytest.mark.usefixtures("malaga")
    def test_marks_the_hour_that_came_twice(self, tx: Tx) -> None:
        moments = tx.rows(f"select distinct at from count_snapshot {OF_ONE} and time_quality = 'suspect' limit 10", like="MALAGA-%")

        assert [row["at"] for row in moments] == [datetime(2025, 10, 26, 0, 0, tzinfo=UTC)]

    @pytest.mark.usefixtures("malaga")
    def test_shows_lots_without_a_capacity_as_places_without_a_share(self, tx: Tx) -> None:
        shown = counts.published(tx, at=datetime(2025, 10, 23, 5, 50, tzinfo=UTC))  # 07:50 in Málaga

        assert {(one.code, one.total, one.free) for one in shown} >= {("MALAGA-AL", None, 253), ("MALAGA-MA", None, 223)}
        assert len(shown) == 10

    @pytest.mark.usefixtures("malaga")
    def test_are_on_the_wall_of_that_moment_alone(self, tx: Tx) -> None:
        told = {one.code: one for one in berths.lots(tx, at=datetime(2025, 10, 23, 5, 50, tzinfo=UTC), heard=())}

        assert len(told) == 10
        assert (told["MALAGA-AL"].free, told["MALAGA-AL"].capacity, told["MALAGA-AL"].load_pct) == (253, None, None)
        assert berths.lots(tx, at=datetime(2025, 9, 23, 5, 50, tzinfo=UTC), heard=()) == []

    @pytest.mark.usefixtures("malaga")
    def test_shows_nothing_after_half_an_hour_of_silence(self, tx: Tx) -> None:
        assert counts.published(tx, at=datetime(2025, 11, 2, tzinfo=UTC)) == []

    def test_adds_nothing_of_a_renamed_and_shuffled_archive(
        self, malaga: Brought, database: Database, folder: Path, tmp_path: Path
    ) -> None:
        renamed = tmp_path / "October.tar"
        with tarfile.open(malaga.path) as old, tarfile.open(renamed, "w") as new:
            members = [member for member in old.getmembers() if "/10/2" in member.name and member.isfile()]
            random.Random(4).shuffle(members)
            for member in members:
                content = old.extractfile(member)
                assert content is not None
                header, *lines = content.read().splitlines(keepends=True) or [b""]
                random.Random(member.name).shuffle(lines)
                member.size = len(shuffled := header + b"".join(lines))
                new.addfile(member, io.BytesIO(shuffled))

        tally = bring(database, renamed, "malaga_lots", folder)

        assert tally.added_n == 0
        assert tally.known_n > 7_000


class TestBirmingham:
    def test_keeps_and_marks_what_cannot_be_true(self, birmingham: Brought, tx: Tx) -> None:
        told = [(int(row["Capacity"]), int(row["Occupancy"])) for row in rows_of(birmingham.path)]
        impossible = sum(not 0 <= inside <= capacity for capacity, inside in told)

        row = tx.row(f"select {NUMBERS} from count_snapshot {OF_ONE}", like="BHM-%")

        tally = birmingham.tally
        assert (tally.row_n, tally.refused_n, tally.repeat_n, tally.marked_n) == (len(told), 0, 216, impossible)
        assert row is not None
        assert row["n"] == tally.added_n == len(told) - 216
        assert row["valid_n"] < row["n"]

    @pytest.mark.usefixtures("birmingham")
    def test_publishes_no_impossible_count_at_any_moment(self, tx: Tx) -> None:
        moments = [datetime(2016, 10, 8, hour, minute, tzinfo=UTC) for hour in range(7, 17) for minute in (5, 35)]

        for at in moments:
            for one in counts.published(tx, at=at):
                assert one.free is None or 0 <= one.free <= (one.total or one.free)

    @pytest.mark.usefixtures("birmingham")
    def test_passes_over_an_impossible_count_while_the_one_before_is_fresh(self, tx: Tx) -> None:
        """14:03 says 320 of 317 inside; the half hour before says what stands."""
        shown = {one.code: one for one in counts.published(tx, at=datetime(2016, 10, 8, 13, 4, tzinfo=UTC))}

        one = shown.get("BHM-BHMBCCPST01")
        assert one is None or one.at < datetime(2016, 10, 8, 13, 3, tzinfo=UTC)


class TestFrankfurt:
    def test_believes_open_garages_and_no_closed_one(self, frankfurt: Brought, tx: Tx) -> None:
        told = rows_of(frankfurt.path, ";")
        closed_n = sum(row["parkingFacilityStatus"] == "closed" for row in told)

        row = tx.row(
            f"""select count(*) filter (where not is_open) as closed_n, count(*) filter (where fault is not null) as fault_n,
                count(*) filter (where fault is not null and is_open) as wrong_n from count_snapshot {OF_ONE}""",
            like="FFM-%",
        )
        shown = {one.code: one for one in counts.published(tx, at=datetime(2021, 7, 1, 0, 50, tzinfo=UTC))}

        assert (frankfurt.tally.added_n, frankfurt.tally.refused_n) == (len(told), 0)
        assert row == {"closed_n": closed_n, "fault_n": frankfurt.tally.marked_n, "wrong_n": 0}
        assert (shown["FFM-24277"].free, shown["FFM-24277"].total) == (50, 893)
        assert "FFM-18495" not in shown  # closed, yet 520 free of 0

    def test_places_of_an_area_are_those_of_its_garages(self, frankfurt: Brought, tx: Tx) -> None:
        """The city's own sums: at one instant an area has the free places of some set of its garages."""
        areas = {
            row["id"]: int(row["parkingAreaTotalNumberOfVacantParkingSpaces"])
            for row in rows_of(frankfurt.path.with_name("area_2021_07.csv.gz"), ";")
            if row["parkingAreaStatusTime"] == "2021-07-01T00:47:00Z"
        }
        free = [one.free for one in counts.published(tx, at=datetime(2021, 7, 1, 0, 47, tzinfo=UTC)) if one.free]

        sums = {0}
        for places in free:
            sums |= {one + places for one in sums}
        assert areas
        assert {name for name, places in areas.items() if places in sums} == set(areas)


class TestBath:
    def test_keeps_late_and_skewed_counts_and_marks_them(self, bath: Brought, tx: Tx) -> None:
        told = rows_of(bath.path)
        skewed = sum(float(row["DateUploaded"]) < float(row["LastUpdate"]) for row in told)
        over = sum(int(row["Occupancy"]) > int(row["Capacity"]) for row in told)

        row = tx.row(f"select {NUMBERS} from count_snapshot {OF_ONE}", like="BATH-%")

        assert (bath.tally.added_n, bath.tally.refused_n) == (59_884, 0)
        assert row == {"n": 59_884, "valid_n": 59_884 - over, "suspect_n": skewed}
        assert (skewed, over) == (1_207, 289)

    def test_counts_25_hours_on_the_day_the_clocks_went_back(self, bath: Brought, tx: Tx) -> None:
        site_id = derived_id("site", "BATH-Podium-CP")
        zone = ZoneInfo("Europe/London")
        day = (datetime(2015, 10, 25, tzinfo=zone), datetime(2015, 10, 26, tzinfo=zone))
        assert day[1].astimezone(UTC) - day[0].astimezone(UTC) == timedelta(hours=25)

        (found,) = counts.list_days(tx, site_id=site_id, from_on=date(2015, 10, 25), to_on=date(2015, 10, 26))

        told = [
            int(row["Capacity"]) - int(row["Occupancy"])
            for row in rows_of(bath.path)
            if row["Name"] == "Podium CP"
            and day[0].timestamp() <= float(row["LastUpdate"]) < day[1].timestamp()
            and int(row["Occupancy"]) <= int(row["Capacity"])
        ]
        assert (found.count_n, found.max_free, found.min_free) == (len(told), max(told), min(told))


class TestBringIn:
    def test_refuses_what_it_cannot_understand_and_goes_on(self, own_database: Database, tmp_path: Path, folder: Path) -> None:
        path = tmp_path / "lots.csv"
        path.write_text(
            "SystemCodeNumber,Capacity,Occupancy,LastUpdated\n"
            "BHMBCCMKT01,577,61,2016/10/4 7:59\n"
            "Nowhere,577,61,2016/10/4 7:59\n"
            "BHMBCCMKT01,577,many,2016/10/4 8:29\n"
            "BHMBCCMKT01,577,,2016/10/4 8:59\n"
            "BHMBCCMKT01,577,61,2016/10/4 7:59\n",
            "utf-8",
        )

        with use("en"):
            tally = bring(own_database, path, "birmingham", folder)

        assert (tally.added_n, tally.known_n, tally.refused_n, tally.repeat_n) == (2, 1, 2, 1)
        assert tally.refusals is not None
        told = tally.refusals.read_text("utf-8")
        assert "Line 3: Site Nowhere is not in the mapping." in told
        assert "Line 4: many is no number of places." in told
        with own_database.transaction() as tx:
            assert tx.value("select count(*) from count_snapshot where declared_free is null") == 1  # unknown is not zero
            assert tx.value("select string_agg(code, ',') from site") == "BHM-BHMBCCMKT01"

    def test_goes_on_behind_a_member_without_the_columns(self, own_database: Database, tmp_path: Path, folder: Path) -> None:
        path = tmp_path / "raw.tar.gz"
        with tarfile.open(path, "w:gz") as archive:
            for name, text in {
                "2025/10/01/a-07_00.csv": "dato,id,libres\nOCUPACION,AL,5\n",
                "2025/10/01/a-07_10.csv": "<html>error</html>\nnothing\n",
                "2025/10/01/a-07_20.csv": "dato,id,libres\nOCUPACION,AL,-1\n",
            }.items():
                content = text.encode()
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))

        tally = bring(own_database, path, "malaga_lots", folder)

        assert (tally.added_n, tally.refused_n, tally.marked_n) == (2, 1, 1)


class TestRunImport:
    def test_says_what_came_of_it(self, own_database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "2025" / "10" / "01" / "parking-data-07_00.csv"
        path.parent.mkdir(parents=True)
        path.write_bytes(gzip.compress(b"dato,id,libres\nOCUPACION,AL,5\nOCUPACION,MA,-2\n"))

        with use("en"):
            (tally,) = run_import(Settings(database_url=own_database.url, data_dir=tmp_path / "data"), [path], "malaga_lots")

        said = capsys.readouterr().out
        assert tally.marked_n == 1
        assert "Marked" in said
        assert "Yuan" not in said
        assert "10 lots" in said
