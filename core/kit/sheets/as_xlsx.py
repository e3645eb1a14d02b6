"""
XLSX, in two ways with the same sheets: `report` for what people read and print, `bulk` for what is too long for that.

Text is written as text, whatever it begins with; the only formulas are the totals of a report. Numbers are full numbers, rounded
by their format alone. The hash is that of the rows: each cell as text, a unit separator between cells, a line feed behind a row.
"""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from rustpy_xlsxwriter import FastExcel, Format

from core.kit.locale import _
from core.kit.sheets.sheet import EVERY, Cell, Column, Head, Kind, Tick, Written, unique
from core.kit.sheets.source import FEN, Source

REPORT_MOST: Final = 50_000
"""Rows of a report; more go the fast way."""
ROWS_OF_SHEET: Final = 1_000_000
"""A little below what the format holds."""
_MONEY: Final = '#,##0.00;[Red]-#,##0.00;"–"'
_FORMATS: Final = {
    Kind.TEXT: "@",
    Kind.YES_NO: "@",
    Kind.WHOLE: "#,##0",
    Kind.MONEY: _MONEY,
    Kind.SHARE: "0.0%",
    Kind.MOMENT: "yyyy-mm-dd hh:mm:ss",
    Kind.DATE: "yyyy-mm-dd",
}
_SUM: Final = 109
"""SUBTOTAL's sum that leaves out rows a reader has filtered away."""
_A4: Final = 9
_HEAD_GROUND: Final = "#E8EDF4"


def format_of(column: Column) -> str:
    """Return how a spreadsheet shows the cells of a column."""
    if column.kind is Kind.NUMBER:
        return "#,##0" + ("." + "0" * column.places if column.places else "")
    return _FORMATS[column.kind]


@dataclass(slots=True)
class _Counted:
    """Rows as they pass by: counted, hashed, told."""

    rows: Iterator[tuple[Cell, ...]]
    tick: Tick
    row_n: int = 0
    _digest: Any = field(default_factory=hashlib.sha256)  # hashlib has no public type

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        """Yield the rows."""
        while some := list(islice(self.rows, EVERY)):
            self._digest.update("".join(["\x1f".join(map(str, row)) + "\n" for row in some]).encode())
            self.row_n += len(some)
            self.tick(self.row_n)
            yield from some  # last: a sheet that is full asks for no more

    def written(self) -> Written:
        """Return what went by."""
        return Written(self.row_n, self._digest.digest())


def bulk(path: Path, source: Source, head: Head, *, row_n: int, tick: Tick) -> Written:
    """Write a list of any length, on as many sheets as it takes."""
    titles = unique(source.columns)
    formats = [Format().set_num_format(format_of(column)) for column in source.columns]
    file = FastExcel(str(path)).format(bold_headers=True).freeze(row=1, col=1)
    with closing(source.rows()) as read:
        counted = _Counted(read, tick)
        rows = iter(counted)
        for name in _rows_names(row_n):
            file.sheet(
                name,
                _records(titles, islice(rows, ROWS_OF_SHEET)),
                column_formats=formats,
                column_widths=[float(column.width) for column in source.columns],
                autofilter=True,
                page_setup=_page(head),
            )
        file.sheet(_("Definitions and filters"), _about(head, counted, row_n), column_widths=[28.0, 90.0])
        file.save()
    return counted.written()


def _rows_names(row_n: int) -> list[str]:
    sheet_n = max(1, -(-row_n // ROWS_OF_SHEET))
    return [_("Detail rows") if sheet_n == 1 else _("Detail %(n)s", n=number) for number in range(1, sheet_n + 1)]


def _records(titles: list[str], rows: Iterator[tuple[Cell, ...]]) -> Iterator[dict[str, Cell]]:
    """Yield rows by their titles; a list without rows still has its titles."""
    first = next(rows, None)
    for row in chain([first or (None,) * len(titles)], rows):
        yield dict(zip(titles, row, strict=True))


def _page(head: Head) -> dict[str, object]:
    return {
        "landscape": True, "paper_size": _A4, "repeat_rows": 0, "fit_to_pages": (1, 0), "footer": f"&L{_plain(head.user)}&R&P / &N",
    }  # fmt: skip


def _about(head: Head, counted: _Counted, row_n: int) -> Iterator[dict[str, str]]:
    """Yield what stands on the last sheet. It is asked for when the rows are through, so the hash is known."""
    name, value = _("Name"), _("Value")
    for each in (*head.lines(row_n=row_n), *head.definitions):
        yield dict(zip((name, value), each, strict=True))
    yield {name: _("SHA-256 of the rows"), value: counted.written().data_sha256.hex()}


def report(path: Path, source: Source, head: Head, *, row_n: int, tick: Tick) -> Written:
    """Write a list as a report: head, filter, totals that follow it, ready to print; at most `REPORT_MOST` rows."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, options) as book, closing(source.rows()) as read:
        book.set_properties({"title": head.title, "company": head.company, "author": head.user, "comments": head.snapshot_id})
        counted, sheet = _Counted(read, tick), _Report(book, source.columns, head)
        sheet.open(row_n)
        for row in counted:
            sheet.add(row)
        totals = source.totals()
        sheet.close(totals)
        sheet.explain(counted.written(), totals)
    return counted.written()


class _Report:
    """The sheets of a report, written from the first row to the last."""

    def __init__(self, book: Any, columns: tuple[Column, ...], head: Head) -> None:  # xlsxwriter ships no types
        self.book, self.columns, self.head = book, columns, head
        self.sheet, self.about = book.add_worksheet(_("Report table")), book.add_worksheet(_("Definitions and filters"))
        self.bold, self.title = book.add_format({"bold": True}), book.add_format({"bold": True, "font_size": 16})
        self.heading = book.add_format(
            {"bold": True, "bg_color": _HEAD_GROUND, "border": 1, "text_wrap": True, "valign": "vcenter"}
        )
        self.formats = [book.add_format({"num_format": format_of(column)}) for column in columns]
        self.sums = [book.add_format({"num_format": format_of(column), "bold": True, "top": 1}) for column in columns]
        self.first = self.next = 0

    def open(self, row_n: int) -> None:
        """Write head and titles; say how the sheet scrolls and prints."""
        for number, column in enumerate(self.columns):
            self.sheet.set_column(number, number, column.width)
        self.sheet.write_string(0, 0, self.head.title, self.title)
        for number, (name, value) in enumerate(self.head.lines(row_n=row_n), 1):
            self.sheet.write_string(number, 0, name, self.bold)
            self.sheet.write_string(number, 1, value)
            self.next = number
        at = self.next + 2
        for number, title in enumerate(unique(self.columns)):
            self.sheet.write_string(at, number, title, self.heading)
        self.first = self.next = at + 1
        last = len(self.columns) - 1
        self.sheet.freeze_panes(self.first, 1)
        self.sheet.autofilter(at, 0, at + max(1, row_n), last)
        self.sheet.repeat_rows(at)
        self.sheet.set_landscape()
        self.sheet.set_paper(_A4)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.print_area(0, 0, self.first + row_n, last)
        self.sheet.set_footer(f"&L{_plain(self.head.user)} {self.head.snapshot_id}&R&P / &N")

    def add(self, row: tuple[Cell, ...]) -> None:
        """Write a row."""
        for number, (value, shape) in enumerate(zip(row, self.formats, strict=True)):
            match value:
                case None:
                    self.sheet.write_blank(self.next, number, None, shape)
                case datetime():
                    self.sheet.write_datetime(self.next, number, value, shape)
                case date():
                    self.sheet.write_datetime(self.next, number, value, shape)
                case int() | float():
                    self.sheet.write_number(self.next, number, value, shape)
                case _:
                    self.sheet.write_string(self.next, number, str(value), shape)
        self.next += 1

    def close(self, totals: dict[str, int]) -> None:
        """Write the totals below the rows, outside the filter; they follow it."""
        if self.next == self.first:
            return
        for number, (column, shape) in enumerate(zip(self.columns, self.sums, strict=True)):
            if column.field in totals:
                formula = f"=SUBTOTAL({_SUM},{self._cells(number)})"
                self.sheet.write_formula(self.next, number, formula, shape, _shown(column, totals[column.field]))
            elif number == 0:
                self.sheet.write_string(self.next, 0, _("Total"), shape)

    def explain(self, written: Written, totals: dict[str, int]) -> None:
        """Write the sheet that says what the other one is; a hidden row compares its sums with the database's own."""
        lines = [*self.head.lines(row_n=written.row_n), *self.head.definitions]
        lines.append((_("SHA-256 of the rows"), written.data_sha256.hex()))
        self.about.set_column(0, 0, 28)
        self.about.set_column(1, 1, 90)
        for number, (name, value) in enumerate(lines):
            self.about.write_string(number, 0, name, self.bold)
            self.about.write_string(number, 1, value)
        at, summed = len(lines) + 1, [each for each in enumerate(self.columns) if each[1].field in totals]
        if not summed or not written.row_n:
            return
        self.about.set_row(at, None, None, {"hidden": True})
        self.about.write_string(at, 0, _("Check of totals"))
        sheet = "'" + _("Report table") + "'!"
        for place, (number, column) in enumerate(summed, 1):
            total = _shown(column, totals[column.field])
            self.about.write_formula(at, place, f"=ABS(SUM({sheet}{self._cells(number)})-{total})<0.005", None, True)  # noqa: FBT003

    def _cells(self, number: int) -> str:
        column = xlsxwriter.utility.xl_col_to_name(number)
        return f"${column}${self.first + 1}:${column}${self.next}"


def _shown(column: Column, total: int) -> float:
    """Return a sum of the database as its column shows it."""
    return float(total) / (FEN if column.kind is Kind.MONEY else column.scale)


def _plain(text: str) -> str:
    """Return a text that a footer shows as it is."""
    return text.replace("&", "&&")
