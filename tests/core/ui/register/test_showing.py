"""Showing: the browser is given what the list declares and nothing else, personal data in part."""

from core.kit.ids import uuid7
from core.ui.register import Reader, showing
from tests.core.ui.register.shelf import books

BOOKS = books()
ROW = {"book_id": uuid7(), "title": "Kim", "price_fen": 1_250, "state": "lent", "borrower": "李雷", "version": 3, "secret": "x"}


class TestCells:
    def test_hold_the_columns_and_the_key(self) -> None:
        cells = showing.cells(BOOKS, ROW)

        assert set(cells) == {"id", "book_id", "title", "price_fen", "state", "borrower"}

    def test_show_persons_in_part(self) -> None:
        assert showing.cells(BOOKS, ROW)["borrower"] == "李*"


class TestSheet:
    def test_shows_persons_in_part(self, reader: Reader) -> None:
        drawn = str(showing.sheet(BOOKS, reader, ROW))

        assert "李*" in drawn
        assert "李雷" not in drawn
        assert "12.50" in drawn
