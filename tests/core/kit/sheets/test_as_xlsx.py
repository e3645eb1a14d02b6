"""XLSX, the contract of reports and the fast way, both read by openpyxl."""

import warnings
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.locale import Language, use
from core.kit.sheets import as_xlsx
from core.kit.sheets.sheet import Written
from tests.core.kit.sheets.lists import COLUMNS, a_head, a_list, no_tick, payloads

Write = Callable[..., Written]
BOTH = pytest.mark.parametrize("write", [as_xlsx.report, as_xlsx.bulk], ids=["report", "bulk"])


def book_of(write: Write, tx: Tx, path: Path, texts: list[str], *, language: Language = Language.EN) -> Any:
    """Write a list and open it."""
    with use(language):
        write(path, a_list(tx, texts), a_head(), row_n=len(texts), tick=no_tick)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path)


def rows_of(sheet: Any) -> tuple[int, list[tuple[Any, ...]]]:
    """Return the number of the row below the titles, and the rows of cells from there on."""
    at = next(row[0].row for row in sheet.iter_rows() if row[0].value == "Plate")
    return at + 1, list(sheet.iter_rows(min_row=at + 1))


def formulas(book: Any) -> list[Any]:
    """Return the cells of a book that a spreadsheet would work out."""
    return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


class TestBoth:
    @BOTH
    def test_keep_types(self, tx: Tx, tmp_path: Path, write: Write) -> None:
        _first, rows = rows_of(book_of(write, tx, tmp_path / "list.xlsx", ["a"] * 3).worksheets[0])

        assert [cell.value for cell in rows[0]] == [
            "鄂A·6D2**", "1***", "a", "=over", -1.75, 7, 0.001, 123.45, datetime.fromisoformat("2026-11-22T22:30:05"),
            datetime.fromisoformat("2026-11-23T00:00"), "Yes",
        ]  # fmt: skip
        assert [cell.number_format for cell in rows[0][4:10]] == [
            '#,##0.00;[Red]-#,##0.00;"–"', "#,##0", "0.0%", "#,##0.00", "yyyy-mm-dd hh:mm:ss", "yyyy-mm-dd",
        ]  # fmt: skip

    @BOTH
    def test_hold_no_formula_of_the_rows(self, tx: Tx, tmp_path: Path, write: Write) -> None:
        texts = payloads()

        book = book_of(write, tx, tmp_path / "list.xlsx", texts)

        assert [cell.value for cell in formulas(book) if not str(cell.value).startswith(("=SUBTOTAL(109,$", "=ABS(SUM('"))] == []
        _first, rows = rows_of(book.worksheets[0])
        assert {row[2].data_type for row in rows[: len(texts)]} == {"s"}

    @BOTH
    def test_say_what_they_are(self, tx: Tx, tmp_path: Path, write: Write) -> None:
        path = tmp_path / "list.xlsx"
        book = book_of(write, tx, path, ["a"] * 3)
        with use(Language.EN):
            again = write(tmp_path / "again.xlsx", a_list(tx, ["a"] * 3), a_head(), row_n=3, tick=no_tick)

        told = {row[0]: row[1] for row in book["Definitions and filters"].iter_rows(values_only=True)}

        assert (told["Title"], told["Company"], told["Filter: District"], told["Rows"]) == ("Roads 道路", "Boshu 泊枢", "=GL", "3")
        assert (told["Export"], told["Time zone"]) == ("0198-1", "Asia/Shanghai")
        assert told["SHA-256 of the rows"] == again.data_sha256.hex()

    @BOTH
    def test_stop_when_told(self, tx: Tx, tmp_path: Path, write: Write) -> None:
        def stop(_row_n: int) -> None:
            raise Refused("stopped")

        with pytest.raises(Refused):
            write(tmp_path / "list.xlsx", a_list(tx, ["a"]), a_head(), row_n=1, tick=stop)

    @BOTH
    def test_write_a_list_without_rows(self, tx: Tx, tmp_path: Path, write: Write) -> None:
        sheet = book_of(write, tx, tmp_path / "list.xlsx", []).worksheets[0]

        _first, rows = rows_of(sheet)
        assert [cell.value for row in rows for cell in row if cell.value is not None] == []

    def test_agree_on_the_hash(self, tx: Tx, tmp_path: Path) -> None:
        hashes = {
            write(tmp_path / f"{number}.xlsx", a_list(tx, ["a"] * 9), a_head(), row_n=9, tick=no_tick).data_sha256
            for number, write in enumerate((as_xlsx.report, as_xlsx.bulk))
        }

        assert len(hashes) == 1


class TestReport:
    def test_scrolls_filters_and_prints_as_reports_do(self, tx: Tx, tmp_path: Path) -> None:
        sheet = book_of(as_xlsx.report, tx, tmp_path / "list.xlsx", ["a"] * 3).worksheets[0]

        first, _rows = rows_of(sheet)
        assert sheet.freeze_panes == f"B{first}"
        assert sheet.auto_filter.ref == f"A{first - 1}:K{first + 2}"  # titles and rows; the totals are outside
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
        assert sheet.print_title_rows == f"${first - 1}:${first - 1}"
        assert "&P / &N" in str(sheet.oddFooter.right.text)

    def test_adds_up_what_the_filter_leaves(self, tx: Tx, tmp_path: Path) -> None:
        path = tmp_path / "list.xlsx"
        sheet = book_of(as_xlsx.report, tx, path, ["a"] * 6).worksheets[0]

        first, rows = rows_of(sheet)
        assert [cell.value for cell in rows[6]][4:6] == [
            f"=SUBTOTAL(109,$E${first}:$E${first + 5})", f"=SUBTOTAL(109,$F${first}:$F${first + 5})",
        ]  # fmt: skip
        shown = openpyxl.load_workbook(path, data_only=True).worksheets[0]
        assert shown.cell(first + 6, 5).value == sum(n * 125 - 300 for n in range(1, 7)) / 100

    def test_compares_its_sums_with_the_databases_in_a_hidden_row(self, tx: Tx, tmp_path: Path) -> None:
        about = book_of(as_xlsx.report, tx, tmp_path / "list.xlsx", ["a"] * 6)["Definitions and filters"]

        (check,) = [row for row in about.iter_rows() if row[0].value == "Check of totals"]
        assert about.row_dimensions[check[0].row].hidden
        assert str(check[1].value).endswith("-8.25)<0.005")
        assert len(COLUMNS) == 11


class TestBulk:
    def test_goes_on_where_a_sheet_is_full(self, tx: Tx, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(as_xlsx, "ROWS_OF_SHEET", 4)

        book = book_of(as_xlsx.bulk, tx, tmp_path / "list.xlsx", [f"row {n}" for n in range(10)], language=Language.ZH_CN)

        assert book.sheetnames == ["明细 1", "明细 2", "明细 3", "口径与筛选"]
        found = [row[2].value for sheet in book.worksheets[:3] for row in rows_of(sheet)[1]]
        assert found == [f"row {n}" for n in range(10)]
