"""Imports of payments at meters: every cent in the city's own money, none in another's, no row lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.kit.db import Database, Tx
from core.kit.ids import derived_id
from core.kit.locale import use
from ingest.files import imports
from ingest.files.mapping import load
from ingest.files.meter_rows import MeterMap
from ingest.files.meters import Meters
from ingest.files.tallies import Tally
from tests.core.finance.test_past import books
from tests.ingest.files.samples import rows_of, sample

AT = datetime(2026, 11, 20, tzinfo=UTC)
MAP = "charlottesville_meters"
ROWS = 4_000
SITE_ID = derived_id("site", "CVILLE-METERS")
NO_DRIVER = {"Diagn. Card", "Maint. Credit", "Meter Swap"}
Told = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Pilot:
    """The first rows of the real file, and what the import said of them."""

    path: Path
    told: Told
    tally: Tally

    @property
    def paid(self) -> Told:
        """Return the rows that are payments and add up, picked with nothing of the product."""
        return [row for row in self.told if is_payment(row)]


@pytest.fixture(scope="module")
def pilot(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Pilot:
    folder = tmp_path_factory.mktemp("meters")
    path = cut(sample(MAP) / "parking_dat.csv.gz", folder / "meters.csv")
    return Pilot(path, rows_of(path), bring(database, path, folder, "USD"))


@pytest.fixture
def tx(database: Database) -> Iterator[Tx]:
    with database.transaction() as tx:
        yield tx


def cut(source: Path, path: Path) -> Path:
    """Write every seventh row of the file, and every one that does not add up."""
    rows = rows_of(source)
    kept = [row for place, row in enumerate(rows) if place % 7 == 0 or not adds_up(row)][:ROWS]
    lines = [",".join(f'"{cell}"' for cell in row.values()) for row in kept]
    path.write_text("\n".join((",".join(rows[0]), *lines)), "utf-8")
    return path


def bring(database: Database, path: Path, folder: Path, currency: str) -> Tally:
    """Import one file into books of a currency; sentences are English."""
    with use("en"):
        importer = Meters(load(MAP, MeterMap), currency)
        return imports.bring(database, path, importer, map_name=MAP, folder=folder, at=AT)


def adds_up(row: dict[str, str]) -> bool:
    return sum(Decimal(row[part]) for part in ("card", "coins", "bills")) == Decimal(row["total"])


def is_payment(row: dict[str, str]) -> bool:
    """Tell whether a driver paid."""
    stands = row["transactionstatus"] in {"Approved", ""} and row["transactiontype"].strip() not in NO_DRIVER
    return stands and Decimal(row["total"]) > 0 and adds_up(row)


class TestPilot:
    def test_books_every_cent(self, pilot: Pilot, tx: Tx) -> None:
        cents = int(sum(Decimal(row["total"]) for row in pilot.paid) * 100)

        assert pilot.tally.fen == cents
        assert tx.value("select sum(fen)::bigint from payment") == cents
        assert tx.value("select sum(net_fen)::bigint from charge_order where paid_fen = net_fen") == cents
        found = books(tx, SITE_ID)
        assert sum(found.values()) == 0
        assert found["revenue_on_street"] == -cents

    def test_counts_every_row_once(self, pilot: Pilot) -> None:
        refused = len(pilot.told) - len(pilot.paid)

        assert (pilot.tally.added_n, pilot.tally.refused_n) == (len(pilot.paid), refused)
        assert pilot.tally.refusals is not None
        said = pilot.tally.refusals.read_text("utf-8")
        assert "No payment: cancelled." in said
        assert "No payment: a maintenance credit." in said

    def test_pays_when_the_clock_of_the_meter_said(self, pilot: Pilot, tx: Tx) -> None:
        zone = ZoneInfo("America/New_York")
        paid = tx.rows("select paid_at from payment order by payment_id limit 100000")

        found = sorted(f"{row['paid_at'].astimezone(zone):%Y/%m/%d %I:%M:%S}" for row in paid)
        assert found == sorted(f"{row['date_payment'][:10]} {row['time_payment']}" for row in pilot.paid)

    def test_occupies_nothing(self, pilot: Pilot, tx: Tx) -> None:
        """What is paid for is no evidence that anybody stood there."""
        assert pilot.tally.added_n
        assert tx.value("select count(*) from occupancy_interval") == 0
        assert tx.value("select sum(occupied_s) from hour_delta") == 0
        assert tx.value("select string_agg(distinct quality, '') from stay") == "C"
        assert tx.value("select sum(stay_n) from day_delta") == 0

    def test_names_the_berth_of_single_meters_only(self, pilot: Pilot, tx: Tx) -> None:
        singles = {row["spacename"] for row in pilot.paid if row["metertype"] == "Singlespace"}

        assert {row["code"] for row in tx.rows("select code from space order by code limit 100")} == singles
        assert tx.value("select count(*) from stay where subject_kind = 'space'") == sum(
            row["metertype"] == "Singlespace" for row in pilot.paid
        )
        assert tx.value("select count(*) from space where lon is null") == 0

    def test_adds_nothing_of_a_renamed_and_shuffled_file(self, pilot: Pilot, database: Database, tmp_path: Path) -> None:
        header, *lines = pilot.path.read_text("utf-8").splitlines()
        again = tmp_path / "again.csv"
        again.write_text("\n".join((header, *reversed(lines))), "utf-8")

        tally = bring(database, again, tmp_path, "USD")

        assert (tally.added_n, tally.known_n) == (0, pilot.tally.added_n)


class TestMeters:
    def test_refuses_a_payment_that_does_not_add_up(self, own_database: Database, tmp_path: Path) -> None:
        names = "spacename,metertype,parkingendtime,timepurchased,totalparkingtime,total,transactionstatus,transactiontype"
        good = "S1W,Singlespace,09/15/2017 02:36:11 PM,00:20:00,00:30:00,0.60,Approved,Coins,38.03,-78.48"
        path = tmp_path / "meters.csv"
        path.write_text(
            f"{names},meter_lat,meter_long,card,coins,bills\n{good},0,0.60,0\n{good},0.60,0.60,0\n"
            f"{good.replace('00:20:00', 'long')},0,0.60,0\n{good.replace('Coins', 'Gold')},0,0.60,0\n{good},0,0.60,0\n",
            "utf-8",
        )

        tally = bring(own_database, path, tmp_path, "USD")

        assert (tally.added_n, tally.refused_n, tally.repeat_n, tally.fen) == (2, 3, 1, 120)
        assert tally.refusals is not None
        said = tally.refusals.read_text("utf-8")
        assert "Line 3: The parts add up to 1.20, not to 0.60." in said
        assert "Line 4: long is no length of time." in said
        assert "Line 5: Way of paying Gold is not in the mapping." in said

    def test_leaves_foreign_money_out_and_says_so(self, own_database: Database, tmp_path: Path) -> None:
        path = cut(sample(MAP) / "parking_dat.csv.gz", tmp_path / "meters.csv")
        lines = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join(lines[:200]), "utf-8")

        tally = bring(own_database, path, tmp_path, "CNY")

        dollars = sum(Decimal(row["total"]) for row in rows_of(path) if is_payment(row))
        assert tally.fen is None
        assert tally.left_out == f"{dollars:,.2f} USD were left out: the books of this city are in CNY."
        with own_database.transaction() as tx:
            assert tx.value("select count(*) from payment") == 0
            assert tx.value("select count(*) from charge_order") == 0
            assert tx.value("select count(*) from stay") == tally.added_n > 100
