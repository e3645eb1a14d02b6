"""PDF: pages with their letters inside."""

from pathlib import Path

import pytest

from core.kit.db import Tx
from core.kit.sheets import as_pdf
from core.kit.sheets.sheet import Column, Kind
from tests.core.kit.sheets.lists import a_head, a_list, no_tick, payloads


class TestWrite:
    def test_makes_pages_that_carry_their_fonts(self, tx: Tx, tmp_path: Path) -> None:
        path = tmp_path / "list.pdf"

        written = as_pdf.write(path, a_list(tx, payloads()), a_head(), row_n=200, tick=no_tick)

        made = path.read_bytes()
        assert made.startswith(b"%PDF-")
        assert written.row_n == 200
        assert made.count(b"/Type /Page\n") > 5
        assert b"/FontFile2" in made

    def test_refuses_what_nobody_reads_on_paper(self, tx: Tx, tmp_path: Path) -> None:
        with pytest.raises(as_pdf.TooLong):
            as_pdf.write(tmp_path / "list.pdf", a_list(tx, []), a_head(), row_n=as_pdf.MOST + 1, tick=no_tick)


class TestTextOf:
    def test_writes_numbers_as_people_read_them(self) -> None:
        assert as_pdf.text_of(Column("a", "A", Kind.MONEY), 1234.5) == "1,234.50"
        assert as_pdf.text_of(Column("a", "A", Kind.SHARE), 0.125) == "12.5%"
        assert as_pdf.text_of(Column("a", "A", Kind.WHOLE), 1234) == "1,234"
        assert as_pdf.text_of(Column("a", "A"), None) == "–"
