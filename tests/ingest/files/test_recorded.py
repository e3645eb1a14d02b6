"""Recorded stays of real lots: the tariffs found for them give what was paid; the rest has its reasons."""

import gzip
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from typer.testing import CliRunner

from core.billing.explaining import NotExplained
from core.kit.cli import cli
from core.kit.locale import use
from ingest.files.recorded import compare_file
from tests.ingest.files.samples import sample
from tests.ingest.files.test_rows import HEADER

MAP: Final = "cn_lots_pewlstm"
WRITTEN: Final = Path(__file__).parents[2] / "samples" / "lots"
EVERY: Final = 4
"""Of so many stays one is priced, where not all are."""
STRAY_PERCENT: Final = 0.5
"""How far the share of such a sample may lie below that of all."""


class Lot(NamedTuple):
    """A lot: per cent of the stays that have to agree, how many of how many do, its tariffs and from when they hold."""

    least: float
    same: str
    tariffs: tuple[str, ...]


def again(lot: str, trial_from: str) -> tuple[str, ...]:
    """Return the tariffs of a lot that tried another one in the first days of September 2018."""
    return f"{lot}.yaml", f"{trial_from}=P6-P7-trial.yaml", f"2018-09-06T11:40={lot}.yaml"


LOTS: Final = {
    "P1": Lot(93.1, "22,185 of 22,390", ("P1-opening.yaml", "2017-10-25T17:30=P1.yaml")),
    "P3": Lot(97.3, "30,353 of 31,187", ("P3.yaml",)),
    "P5": Lot(97.3, "28,592 of 28,808", ("P5.yaml",)),
    "P6": Lot(99.1, "32,001 of 32,009", again("P6", "2018-09-01T11:42")),
    "P7": Lot(99.8, "49,694 of 49,707", again("P7", "2018-09-06T06:00")),
    "P8": Lot(99.5, "46,167 of 46,379", ("P8.yaml",)),
}


def told(lot: str, path: Path, *, is_each: bool = False) -> list[str]:
    """Compare a file of a lot; sentences are English."""
    first, *later = LOTS[lot].tariffs
    dated = [f"{wall}={WRITTEN / name}" for wall, _equals, name in (text.partition("=") for text in later)]
    with use("en"):
        return compare_file(path, MAP, [str(WRITTEN / first), *dated], "", is_each=is_each)


def some_of(lot: str, folder: Path) -> Path:
    """Return a file of every fourth stay of a lot."""
    with gzip.open(sample(MAP) / f"{lot}.csv.gz") as packed:
        header, *rows = packed.readlines()
    path = folder / f"{lot}.csv"
    path.write_bytes(b"".join([header, *rows[::EVERY]]))
    return path


def a_file(folder: Path, *rows: str) -> Path:
    """Return a file of P8, where an hour is free and three cost ten yuan."""
    path = folder / "P8.csv"
    path.write_bytes(HEADER + "".join(f"{row}\r\n" for row in rows).encode())
    return path


class TestLots:
    @pytest.mark.parametrize("lot", LOTS)
    def test_cost_what_the_tariffs_found_for_them_ask(self, lot: str, tmp_path: Path) -> None:
        (first, *_reasons) = told(lot, some_of(lot, tmp_path))

        assert float(first.split()[-2]) >= LOTS[lot].least - STRAY_PERCENT

    @pytest.mark.prove
    @pytest.mark.parametrize("lot", LOTS)
    def test_cost_what_the_tariffs_found_for_them_ask_all_of_them(self, lot: str) -> None:
        first, *rest = told(lot, sample(MAP) / f"{lot}.csv.gz")

        assert first.startswith(f"{lot}.csv.gz: {LOTS[lot].same} stays cost what was recorded")
        assert float(first.split()[-2]) >= LOTS[lot].least
        assert not any("not understood" in line or "has no price" in line or "does not tell the amount" in line for line in rest)


class TestCompareFile:
    def test_tells_the_share_the_reasons_and_the_rest(self, tmp_path: Path) -> None:
        path = a_file(
            tmp_path,
            "2019/5/17 8:05,2019/5/17 9:00,0,1",
            "2019/5/17 8:05,2019/5/17 10:00,10,1",
            "2019/5/17 8:05,2019/5/17 10:00,0,1",
            "2019/5/17 8:05,2019/5/17 7:00,0,1",
        )

        assert told("P8", path, is_each=True) == [
            "P8.csv: 2 of 4 stays cost what was recorded, 50.00 %.",
            "        1  Nothing was paid: a pass, a list of free vehicles or a coupon; the record does not tell whose stay it was.",
            "        1  The row was not understood.",
            "Line 5: Left before it entered.",
            "       4  2019-05-17 08:05  2019-05-17 10:00       0.00      10.00  nothing",
        ]

    def test_takes_the_tariff_that_holds_when_somebody_comes(self, tmp_path: Path) -> None:
        path = a_file(tmp_path, "2019/5/17 8:05,2019/5/17 9:10,10,1", "2019/5/17 12:00,2019/5/17 13:05,5,1")
        tariffs = [str(WRITTEN / "P8.yaml"), f"2019-05-17T12:00={WRITTEN / 'P3.yaml'}"]

        with use("en"):
            assert compare_file(path, MAP, tariffs, "", is_each=False) == ["P8.csv: 2 of 2 stays cost what was recorded, 100.00 %."]

    @pytest.mark.parametrize(
        ("tariffs", "why"),
        [
            (["2019-05-17T12:00={}"], "The first tariff holds from ever"),
            (["{}", "{}"], "The first tariff holds from ever"),
            (["{}", "2019-05-17T12:00={}", "2019-05-17T12:00={}"], "The first tariff holds from ever"),
        ],
    )
    def test_asks_from_when_each_later_tariff_holds(self, tariffs: list[str], why: str, tmp_path: Path) -> None:
        with use("en"), pytest.raises(NotExplained, match=why):
            compare_file(a_file(tmp_path), MAP, [text.format(WRITTEN / "P8.yaml") for text in tariffs], "", is_each=False)

    @pytest.mark.parametrize(
        ("said", "instead", "why"),
        [
            ("currency: CNY", "currency: EUR", "The file tells yuan"),
            ("vehicles: [small]", "vehicles: [large]", "small is not declared"),
            ("Asia/Shanghai", "Asia/Tokyo", "other zones"),
        ],
    )
    def test_refuses_tariffs_that_are_for_something_else(self, said: str, instead: str, why: str, tmp_path: Path) -> None:
        written = WRITTEN / "P8.yaml"
        other = tmp_path / "other.yaml"
        other.write_text(written.read_text("utf-8").replace(said, instead), "utf-8")

        with use("en"), pytest.raises(NotExplained, match=why):
            compare_file(a_file(tmp_path), MAP, [str(written), f"2019-05-17T12:00={other}"], "", is_each=False)


class TestCommand:
    def test_prints_what_was_found(self, tmp_path: Path) -> None:
        path = a_file(tmp_path, "2019/5/17 8:05,2019/5/17 9:00,0,1")

        with use("en"):
            done = CliRunner().invoke(cli, ["tariff", "recorded", str(path), "--map", MAP, "--tariff", str(WRITTEN / "P8.yaml")])

        assert (done.exit_code, done.stdout) == (0, "P8.csv: 1 of 1 stays cost what was recorded, 100.00 %.\n")
