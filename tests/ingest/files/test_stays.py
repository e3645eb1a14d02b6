"""Imports of stays: real files of nine lots, rows known by their values, refusals listed, crashes survived."""

import csv
import gzip
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from core.kit.db import Database, Row, Tx
from core.kit.ids import derived_id
from core.kit.locale import use
from core.settings import Settings
from ingest.files.mapping import StayMap, load
from ingest.files.stays import bring_in, run_import
from ingest.files.tallies import Tally
from tests.core.finance.test_past import books
from tests.ingest.files.test_rows import GOOD, HEADER

MAP = "cn_lots_pewlstm"
AT = datetime(2026, 11, 20, tzinfo=UTC)
LOTS = ("P1", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P10")
PEAKS = {"P1": 23, "P3": 31, "P4": 62, "P6": 15, "P7": 30, "P8": 27, "P10": 60}
"""Most cars at once. Source: rebuilt from the files by others, departures before arrivals within a minute."""
PEAK = """
    with edge as (
        select started_at as at, 1 as n from stay where site_id = %(site_id)s
        union all
        select ended_at, -1 from stay where site_id = %(site_id)s
    )
    select max(inside) from (select sum(n) over (order by at, n rows unbounded preceding) as inside from edge) as moment
"""
DIGEST = """
    select
        (
            select md5(string_agg(concat_ws('|', source_row, started_at, ended_at, quality, note), ';' order by source_row))
            from stay where site_id = %(site_id)s
        ) as stays,
        (select sum(net_fen) from charge_order where site_id = %(site_id)s) as claimed_fen,
        (select sum(fen) from payment where site_id = %(site_id)s) as paid_fen,
        (select md5(string_agg(concat_ws('|', transfer_id, fen), ';' order by transfer_id)) from transfer
            where site_id = %(site_id)s) as transfers,
        (select sum(occupied_s) from hour_delta where site_id = %(site_id)s) as occupied_s,
        (select sum(entry_n) from day_delta where site_id = %(site_id)s) as entry_n,
        (select sum(received_fen) from day_delta where site_id = %(site_id)s) as received_fen
"""
"""What an import leaves of one site, without what differs from run to run."""


@dataclass(frozen=True, slots=True)
class Lots:
    """The nine lots in the database, and what the import said of them."""

    database: Database
    tallies: dict[str, Tally]


@pytest.fixture(scope="session")
def samples() -> Path:
    folder = Path(os.environ.get("BOSHU_SAMPLES", "")) / MAP
    if not os.environ.get("BOSHU_SAMPLES") or not folder.is_dir():
        pytest.skip("the nine Chinese lots are not on this machine (BOSHU_SAMPLES)")
    return folder


@pytest.fixture(scope="module")
def lots(samples: Path, database: Database, tmp_path_factory: pytest.TempPathFactory) -> Lots:
    began = time.monotonic()
    folder = tmp_path_factory.mktemp("refused")
    tallies = {lot: bring(database, samples / f"{lot}.csv.gz", folder) for lot in LOTS}
    seconds = time.monotonic() - began
    print(f"{sum(tally.row_n for tally in tallies.values()):,} rows in {seconds:.1f} s")
    return Lots(database, tallies)


@pytest.fixture
def tx(lots: Lots) -> Iterator[Tx]:
    with lots.database.transaction() as tx:
        yield tx


def bring(database: Database, path: Path, folder: Path) -> Tally:
    """Import one file."""
    return bring_in(database, path, load(MAP, StayMap), map_name=MAP, folder=folder, at=AT)


def digest(database: Database, code: str) -> Row | None:
    """Return what an import left of a site."""
    with database.transaction() as tx:
        return tx.row(DIGEST, site_id=derived_id("site", code))


def rows_of(path: Path) -> list[list[str]]:
    """Read a file of the samples with nothing of the product."""
    return list(csv.reader(gzip.decompress(path.read_bytes()).decode("gbk").splitlines()))[1:]


class TestNineLots:
    def test_refuse_nothing_and_keep_repeats_marked(self, lots: Lots, samples: Path, tx: Tx) -> None:
        for lot, tally in lots.tallies.items():
            rows = [tuple(row) for row in rows_of(samples / f"{lot}.csv.gz")]
            repeats = len(rows) - len(set(rows))
            marked = tx.value(
                "select count(*) from stay inner join site using (site_id) where code = %(code)s and note ~ 'repeat \\d+$'",
                code=f"CN-{lot}",
            )

            assert (tally.added_n, tally.known_n, tally.refused_n) == (len(rows), 0, 0)
            assert tally.repeat_n == marked == repeats

    def test_keep_every_fen(self, lots: Lots, samples: Path, tx: Tx) -> None:
        found = {
            row["code"]: row["fen"]
            for row in tx.rows("select code, sum(fen)::bigint as fen from payment inner join site using (site_id) group by code")
        }

        wanted = {f"CN-{lot}": int(sum(Decimal(row[2]) for row in rows_of(samples / f"{lot}.csv.gz")) * 100) for lot in LOTS}
        assert found == wanted
        assert {tally.site_code: tally.fen for tally in lots.tallies.values()} == wanted

    def test_mark_unstable_ends(self, lots: Lots, samples: Path, tx: Tx) -> None:
        unstable = sum(row[3] == "0" for lot in LOTS for row in rows_of(samples / f"{lot}.csv.gz"))

        assert tx.value("select count(*) from stay where quality = 'B' and note like 'unstable%%'") == unstable

    def test_leave_balanced_books(self, lots: Lots, tx: Tx) -> None:
        for site in tx.rows("select site_id from site order by code"):
            fen = tx.value("select sum(net_fen)::bigint from charge_order where site_id = %(id)s", id=site["site_id"])

            assert books(tx, site["site_id"]) == {"revenue_off_street": -fen, "clearing": fen}
        assert tx.value("select count(*) from charge_order where paid_fen <> net_fen") == 0

    @pytest.mark.parametrize("lot", PEAKS)
    def test_never_held_more_cars_than_they_have_places(self, lot: str, tx: Tx) -> None:
        site_id = tx.value("select site_id from site where code = %(code)s", code=f"CN-{lot}")

        assert tx.value(PEAK, site_id=site_id) == PEAKS[lot]

    def test_leave_figures_that_equal_the_facts(self, lots: Lots, tx: Tx) -> None:
        facts = tx.row(
            """select count(*) as entry_n, count(*) as exit_n, sum(extract(epoch from ended_at - started_at))::bigint as occupied_s,
                (select sum(fen)::bigint from payment) as received_fen
            from stay"""
        )
        figures = "sum(entry_n)::bigint as entry_n, sum(exit_n)::bigint as exit_n, {}, sum(received_fen)::bigint as received_fen"

        assert tx.row(f"select {figures.format('sum(occupied_s)::bigint as occupied_s')} from hour_delta") == facts
        assert tx.row(f"select {figures.format('sum(stay_s)::bigint as occupied_s')} from day_delta") == facts


class TestBringIn:
    def test_adds_exactly_the_new_rows_of_a_renamed_and_shuffled_file(
        self, samples: Path, own_database: Database, tmp_path: Path
    ) -> None:
        bring(own_database, samples / "P4.csv.gz", tmp_path)
        header, *lines = gzip.decompress((samples / "P4.csv.gz").read_bytes()).splitlines(keepends=True)
        repeated = next(line for line in lines if lines.count(line) > 1)
        fresh = [b"2019/8/30 10:%02d,2019/8/30 12:00,5,1\r\n" % minute for minute in range(8)]
        shuffled = [*lines, *fresh, repeated, repeated]
        random.Random(4).shuffle(shuffled)
        renamed = tmp_path / "August (P4), corrected.csv"
        renamed.write_bytes(header + b"".join(shuffled))

        tally = bring(own_database, renamed, tmp_path)

        assert (tally.added_n, tally.known_n, tally.refused_n) == (10, len(lines), 0)
        assert bring(own_database, renamed, tmp_path).added_n == 0

    def test_lists_what_it_refuses_and_adds_the_rest(self, own_database: Database, tmp_path: Path) -> None:
        path = tmp_path / "P1.csv"
        path.write_bytes(HEADER + GOOD + b"2019/5/17 9:00,2019/5/17 8:05,1,1\r\n" + b"\x00\xff,1\r\n" + GOOD + b"\x00,b,c,d")

        with use("en"):
            tally = bring(own_database, path, tmp_path / "told")

        assert (tally.added_n, tally.refused_n, tally.repeat_n, tally.fen) == (2, 3, 1, 2500)
        with own_database.transaction() as tx:
            told = tx.rows("select line_no, reason, line from import_refusal order by line_no limit 10")
            run = tx.row("select row_n, added_n, known_n, refused_n, ended_at is not null as is_over from import_run")
        assert [tuple(row.values()) for row in told] == [
            (3, "Left before it entered.", "2019/5/17 9:00,2019/5/17 8:05,1,1"),
            (4, "Byte 2 of the line is not gbk text.", r"\x00\xff,1"),
            (6, r"\x00 is no time.", r"\x00,b,c,d"),
        ]
        assert run == {"row_n": 5, "added_n": 2, "known_n": 0, "refused_n": 3, "is_over": True}
        assert tally.refusals is not None
        assert tally.refusals.read_text("utf-8").splitlines()[0] == "Line 3: Left before it entered."

    def test_makes_the_site_once(self, own_database: Database, tmp_path: Path) -> None:
        path = tmp_path / "P1.csv"
        path.write_bytes(HEADER + GOOD)

        bring(own_database, path, tmp_path)
        bring(own_database, path, tmp_path)

        with own_database.transaction() as tx:
            site = tx.row("select code, mode, name, spaces from site inner join capacity using (site_id)")
            version = tx.value("select version from registry_version")
        assert site == {"code": "CN-P1", "mode": "import", "name": "宁波一号停车场", "spaces": 23}
        assert version == 2

    def test_makes_no_site_for_a_file_of_something_else(self, own_database: Database, tmp_path: Path) -> None:
        path = tmp_path / "P1.csv"
        path.write_bytes(b"day,hour,rain\n1,2,3\n")

        tally = bring(own_database, path, tmp_path)

        assert (tally.row_n, tally.refused_n) == (1, 1)
        with own_database.transaction() as tx:
            assert tx.value("select count(*) from site") == 0

    def test_killed_in_the_middle_and_run_again_ends_like_once(
        self, lots: Lots, samples: Path, own_database: Database, tmp_path: Path
    ) -> None:
        path = samples / "P7.csv.gz"
        importer = subprocess.Popen([sys.executable, "-c", KILLED, own_database.url, str(path), str(tmp_path)])
        _wait_for_rows(own_database)
        importer.send_signal(signal.SIGKILL)
        importer.wait()

        tally = bring(own_database, path, tmp_path)

        assert 0 < tally.known_n < tally.row_n
        with own_database.transaction() as tx:
            assert tx.value("select count(*) from import_run where ended_at is null") == 1
        assert digest(own_database, "CN-P7") == digest(lots.database, "CN-P7")


KILLED = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from core.kit.db import Database
from ingest.files.mapping import StayMap, load
from ingest.files.stays import bring_in
url, path, folder = sys.argv[1:]
at = datetime(2026, 11, 20, tzinfo=UTC)
bring_in(Database(url), Path(path), load("cn_lots_pewlstm", StayMap), map_name="cn_lots_pewlstm", folder=Path(folder), at=at)
"""


def _wait_for_rows(database: Database) -> None:
    """Wait until the first chunk is committed; between two questions another process works."""
    until = time.monotonic() + 60
    with database.autocommit() as tx:
        while not tx.value("select sum(row_n) from import_run"):
            assert time.monotonic() < until, "the import did not begin"


class TestRunImport:
    def test_says_what_came_of_it(self, own_database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        path = tmp_path / "P1.csv"
        path.write_bytes(HEADER + GOOD * 2 + b"nothing\r\n")
        now = Settings(database_url=own_database.url, data_dir=tmp_path / "data")

        with use("en"):
            (tally,) = run_import(now, [path], MAP)

        said = capsys.readouterr().out
        assert re.search(r"P1\.csv\W+CN-P1\W+3\W+2\W+0\W+1\W+1\W+25\.00", said)
        assert "rows a second" in said
        assert str(tally.refusals) in said
