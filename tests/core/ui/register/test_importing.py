"""Files: tried row by row, limited in size, named by labels in either language or by the model's own names."""

import io
import zipfile
from base64 import b64encode
from dataclasses import replace

import openpyxl
import psycopg
import pytest

from core.ui.register import Reader, importing
from core.ui.register.doing import Deed
from core.ui.register.importing import Became, Line, NotReadable
from tests.core.ui.register.shelf import books, changed, form_of

BOOKS = books()
FORM = form_of(BOOKS)
FIXED = {"title", "price_fen"}


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


def taken(reader: Reader, text: str) -> tuple[list[Line], list[Deed]]:
    """Take a file of books in."""
    return importing.take(BOOKS, reader, importing.read("a.csv", csv_of(text)))


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

        lines, deeds = importing.take(BOOKS, reader, rows)

        assert lines == [
            Line(2, Became.ADDED),
            Line(3, Became.WRONG, "Title: This is needed."),
            Line(4, Became.WRONG, "Title: This title is forbidden."),
            Line(5, Became.WRONG, "Price: A number is needed. Genre: Choose one of the list."),
        ]
        assert len(deeds) == 1
        assert reader.tx.value("select price_fen from book") == 300

    def test_changes_what_is_there_already_as_far_as_the_file_tells(self, reader: Reader) -> None:
        taken(reader, "title,Price,Printed,Old\nKim,3,1901-10-01,no\nEmma,4,1815-12-23,yes\nUlysses,5,,yes\n")

        lines, deeds = taken(reader, "title,Price\nKim,3.50\nEmma,4.00\nNew,1\n")

        assert lines == [Line(2, Became.CHANGED, "Price: 3.00 → 3.50"), Line(3, Became.SAME), Line(4, Became.ADDED)]
        assert [(deed.before, deed.after) for deed in deeds if deed.before] == [({"price_fen": 300}, {"price_fen": 350})]
        books = reader.tx.tuples("select title, price_fen, printed_on::text, is_old, version from book order by title")
        assert books == [
            ("Emma", 400, "1815-12-23", True, 1), ("Kim", 350, "1901-10-01", False, 2), ("New", 100, None, False, 1),
            ("Ulysses", 500, None, True, 1),
        ]  # fmt: skip

    def test_takes_its_own_list_back_without_a_change(self, reader: Reader) -> None:
        text = "title,Price,Printed,Bought,Old\nKim,3,1901-10-01,2026-01-02 10:30:00,yes\nEmma,,,,\n"
        taken(reader, text)

        lines, deeds = taken(reader, text)

        assert ([line.became for line in lines], deeds) == ([Became.SAME, Became.SAME], [])

    def test_changes_nothing_twice_and_nothing_that_stays(self, reader: Reader) -> None:
        taken(reader, "title,Price\nKim,3\n")

        twice, _deeds = taken(reader, "title,Price\nKim,4\nKim,5\n")

        assert [line.became for line in twice] == [Became.CHANGED, Became.WRONG]
        fixed = changed(BOOKS, form=replace(FORM, fields=[replace(one, is_fixed=one.name in FIXED) for one in FORM.fields]))
        lines, _deeds = importing.take(fixed, reader, importing.read("a.csv", csv_of("title,Price\nKim,6\n")))
        assert lines == [Line(2, Became.WRONG, "Price: This is said once and never changed.")]

    def test_does_not_guess_which_of_several_is_meant(self, reader: Reader) -> None:
        taken(reader, "title,Price\nKim,3\nEmma,3\n")
        by_price = changed(BOOKS, form=replace(FORM, known_by=("price_fen",)))
        reader.tx.run("update book set price_fen = 3")

        lines, _deeds = importing.take(by_price, reader, [(2, {"Price": "3", "title": "Kim"})])

        assert lines == [Line(2, Became.WRONG, "Price: Several rows have this name; change them one by one.")]

    def test_adds_where_nothing_says_by_what_things_are_known(self, reader: Reader) -> None:
        taken(reader, "title,Price\nKim,3\n")
        unknown = changed(BOOKS, form=replace(FORM, known_by=()))

        with pytest.raises(psycopg.errors.UniqueViolation):
            importing.take(unknown, reader, importing.read("a.csv", csv_of("title,Price\nKim,4\n")))

    def test_refuses_a_head_that_names_nothing(self, reader: Reader) -> None:
        with pytest.raises(NotReadable, match="Title, Price"):
            importing.take(BOOKS, reader, [(2, {"Colour": "red"})])
