"""
PDF: A4 across, the head, then the rows with their titles on every page, page x of y, the user's name behind all of it.

For lists that are printed and filed. It needs no library of the system: fpdf2 draws, `fonts` brings the letters.
"""

import hashlib
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos

from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.sheets import fonts
from core.kit.sheets.sheet import EVERY, NUMERIC, Cell, Column, Head, Kind, Tick, Written, unique
from core.kit.sheets.source import Source

MOST: Final = 5_000
"""Rows; more paper nobody reads."""
_FONT: Final = "sans"
_TITLE_PT, _HEAD_PT, _CELL_PT, _FOOT_PT, _MARK_PT = 15.0, 8.0, 7.5, 7.0, 44.0
_LINE_MM, _TITLES_MM, _MARGIN_MM = 5.2, 7.0, 10.0
_INK, _QUIET, _GROUND, _RULE, _MARK = (23, 32, 51), (94, 107, 130), (232, 237, 244), (214, 220, 230), (238, 241, 246)
_MARK_ANGLE: Final = 24
_MARKED_IN: Final = (40, 105, 170)
"""Heights of a page at which the user's name stands, millimetres."""


class TooLong(Refused):
    """Nobody reads so many pages."""


def write(path: Path, source: Source, head: Head, *, row_n: int, tick: Tick) -> Written:
    """
    Write a list of at most `MOST` rows.

    Raises:
        TooLong: it has more.
    """
    if row_n > MOST:
        raise TooLong(_("A PDF holds %(most)s rows, this list has %(n)s. Take XLSX or CSV.", most=MOST, n=row_n))
    with closing(source.rows()) as read:
        rows = [[text_of(column, cell) for column, cell in zip(source.columns, row, strict=True)] for row in read]
    digest = hashlib.sha256("".join("\x1f".join(row) + "\n" for row in rows).encode())
    lines = [*head.lines(row_n=len(rows)), *head.definitions, (_("SHA-256 of the rows"), digest.hexdigest())]
    with TemporaryDirectory() as folder:
        pages = _Pages(source.columns, head, Path(folder), letters=_letters(rows, lines, source.columns, head))
        pages.begin(lines)
        for number, row in enumerate(rows, 1):
            pages.add(row)
            if number % EVERY == 0:
                tick(number)
        pages.output(str(path))
    tick(len(rows))
    return Written(len(rows), digest.digest())


def text_of(column: Column, cell: Cell) -> str:
    """Return a cell as paper shows it."""
    match cell:
        case None:
            return "–"
        case datetime():
            return cell.strftime("%Y-%m-%d %H:%M:%S")
        case date():
            return cell.isoformat()
        case int() | float() if column.kind in NUMERIC:
            places = {Kind.MONEY: 2, Kind.NUMBER: column.places}.get(column.kind, 0)
            return f"{cell:.1%}" if column.kind is Kind.SHARE else f"{cell:,.{places}f}"
    return str(cell)


def _letters(rows: list[list[str]], lines: list[tuple[str, str]], columns: tuple[Column, ...], head: Head) -> set[str]:
    found = set("0123456789/ …–()" + head.title + head.user)
    for text in (*unique(columns), *(part for pair in lines for part in pair), *(text for row in rows for text in row)):
        found |= set(text)
    return found


class _Pages(FPDF):
    """The pages; fpdf calls `header` and `footer` on each."""

    def __init__(self, columns: tuple[Column, ...], head: Head, folder: Path, *, letters: set[str]) -> None:
        super().__init__("L", "mm", "A4")
        self.columns, self.head, self.titles = columns, head, unique(columns)
        for style, weight in (("", 400), ("B", 600)):
            file = folder / f"sans{weight}.ttf"
            self.known = fonts.joined(letters, file, weight=weight)
            self.add_font(_FONT, style, file)
        self.set_margins(_MARGIN_MM, _MARGIN_MM)
        self.set_auto_page_break(auto=False)
        self.set_title(head.title)
        self.set_author(head.company)
        self.set_subject(head.snapshot_id)
        letters_n = sum(column.width for column in columns)
        self.widths = [self.epw * column.width / letters_n for column in columns]
        self.is_listing = False

    def begin(self, lines: list[tuple[str, str]]) -> None:
        """Write title and head on the first page, then the titles of the columns."""
        self.add_page()
        self._write(self.head.title, self.epw, _TITLE_PT, bold=True, high=10)
        half = -(-len(lines) // 2)
        for left, right in zip(lines[:half], [*lines[half:], ("", "")], strict=False):
            for name, value, is_last in ((*left, False), (*right, True)):
                self._write(name, 42, _HEAD_PT, ink=_QUIET, is_last=False)
                self._write(value, self.epw / 2 - 42, _HEAD_PT, is_last=is_last)
        self.ln(3)
        self.is_listing = True
        self._titles()

    def add(self, row: list[str]) -> None:
        """Write a row, on a new page where this one is full."""
        if self.get_y() + _LINE_MM > self.h - _MARGIN_MM - _LINE_MM:
            self.add_page()
        last = len(row) - 1
        for number, (text, width, column) in enumerate(zip(row, self.widths, self.columns, strict=True)):
            side = Align.R if column.kind in NUMERIC else Align.L
            self._write(text, width, _CELL_PT, side=side, border="B", is_last=number == last)

    def header(self) -> None:
        """Write the user's name across the page, and the titles from the second page on."""
        self.set_font(_FONT, "B", _MARK_PT)
        self.set_text_color(*_MARK)
        for y in _MARKED_IN:
            with self.rotation(_MARK_ANGLE, self.w / 2, y):
                self.text(self.w / 2 - self.get_string_width(self._known(self.head.user)) / 2, y, self._known(self.head.user))
        self.set_xy(_MARGIN_MM, _MARGIN_MM)
        if self.is_listing:
            self._titles()

    def footer(self) -> None:
        """Write whose page this is, and which."""
        self.set_xy(_MARGIN_MM, self.h - _MARGIN_MM)
        self._write(f"{self.head.title} {self.head.snapshot_id}", self.epw / 2, _FOOT_PT, ink=_QUIET, is_last=False)
        self.set_font(_FONT, "", _FOOT_PT)
        self.cell(self.epw / 2, _LINE_MM, f"{self.page_no()} / {{nb}}", align=Align.R)

    def _titles(self) -> None:
        last = len(self.titles) - 1
        for number, (title, width) in enumerate(zip(self.titles, self.widths, strict=True)):
            self._write(title, width, _CELL_PT, bold=True, high=_TITLES_MM, fill=True, border="B", is_last=number == last)

    def _write(
        self, text: str, width: float, size: float, *, bold: bool = False, ink: tuple[int, int, int] = _INK, side: Align = Align.L,
        high: float = _LINE_MM, fill: bool = False, border: str = "", is_last: bool = True,
    ) -> None:  # fmt: skip
        """Write one cell, cut to its width."""
        self.set_font(_FONT, "B" if bold else "", size)
        self.set_text_color(*ink)
        self.set_fill_color(*_GROUND)
        self.set_draw_color(*_RULE)
        new_x, new_y = (XPos.LMARGIN, YPos.NEXT) if is_last else (XPos.RIGHT, YPos.TOP)
        shown = self._fitting(self._known(text), width - 2 * self.c_margin)
        self.cell(width, high, shown, border, align=side, fill=fill, new_x=new_x, new_y=new_y)

    def _fitting(self, text: str, width: float) -> str:
        if self.get_string_width(text) <= width:
            return text
        while text and self.get_string_width(text + "…") > width:
            text = text[:-1]
        return text + "…"

    def _known(self, text: str) -> str:
        """Return a text in letters the fonts have."""
        return "".join(letter if ord(letter) in self.known else "?" for letter in text)
