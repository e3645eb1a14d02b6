"""Files: tried row by row, limited in size, named by labels in either language or by the model's own names."""

import io
import zipfile
from base64 import b64encode

import openpyxl
import pytest

from core.ui.register import Reader, importing
from core.ui.register.importing import Line, NotReadable
from tests.core.ui.register.shelf import books

BOOKS = books()


def csv_of(text: str, encoding: str = "utf-8") -> str:
    """Return a CSV as the browser sends it."""
    return b64encode(text.encode(encoding)).decode()


def xlsx_of(*rows: tuple[object, ...]) -> str:
    """Return a workbook as the browser sends it."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    return b64encode(held.getvalue()).decode()


class TestRead:
    def test_reads_xml_that_attacks_nobody(self) -> None:
        assert openpyxl.DEFUSEDXML

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_reads_the_writing_of_the_country(self, encoding: str) -> None:
        assert importing.read("a.csv", csv_of("Title,Price\n红楼梦,3\n", encoding)) == [(2, {"Title": "红楼梦", "Price": "3"})]

    def test_reads_a_workbook_and_leaves_empty_lines_out(self) -> None:
        rows = importing.read("a.XLSX", xlsx_of(("Title", "Price"), (None, None), ("Kim", 3)))

        assert rows == [(3, {"Title": "Kim", "Price": 3})]

    @pytest.mark.parametrize("content", ["", "%%%", csv_of(""), csv_of("\0\0")], ids=["nothing", "no base64", "empty", "zeros"])
    def test_refuses_what_it_cannot_read(self, content: str) -> None:
        with pytest.raises(NotReadable):
            importing.read("a.xlsx", content)

    def test_refuses_what_is_too_large(self) -> None:
        with pytest.raises(NotReadable, match="5 MB"):
            importing.read("a.csv", "A" * 7_000_000)

    def test_refuses_too_many_rows(self) -> None:
        with pytest.raises(NotReadable, match="2000"):
            importing.read("a.csv", csv_of("Title\n" + "x\n" * (importing.MOST_ROWS + 1)))

    def test_refuses_a_workbook_that_unpacks_to_much_more_than_itself(self) -> None:
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("xl/workbook.xml", b"\0" * 30_000_000)

        with pytest.raises(NotReadable, match="plain table"):
            importing.read("a.xlsx", b64encode(held.getvalue()).decode())


class TestTake:
    def test_says_of_each_row_what_became_of_it(self, reader: Reader) -> None:
        rows = importing.read("a.csv", csv_of("title,Price,Genre\nKim,3,Atlas\n,4,\nForbidden,1,\nEmma,ten,song\n"))

        lines, keys = importing.take(BOOKS, reader, rows)

        assert lines == [
            Line(2),
            Line(3, "Title: This is needed."),
            Line(4, "Title: This title is forbidden."),
            Line(5, "Price: A number is needed.; Genre: Choose one of the list."),
        ]
        assert len(keys) == 1
        assert reader.tx.value("select price_fen from book") == 300

    def test_refuses_a_head_that_names_nothing(self, reader: Reader) -> None:
        with pytest.raises(NotReadable, match="Title, Price"):
            importing.take(BOOKS, reader, [(2, {"Colour": "red"})])
