"""Printing: the rows that were asked for, as far as paper is of use, with what is left out said."""

from typing import Any

import orjson
import pytest

from core.kit.listing import Asked, Condition, Is, Measure, Order
from core.ui.register import Reader, printing
from tests.core.ui.register.shelf import books

BOOKS = books()
MANY = (
    "insert into book (book_id, title, price_fen, borrower) "
    "select md5(n::text)::uuid, 'Book ' || lpad(n::text, 3, '0'), n, 'Wang Wu' from generate_series(1, %(n)s) as n"
)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Print on small sheets."""
    monkeypatch.setattr(printing, "MOST", 3)
    monkeypatch.setattr(printing, "ROWS_MOST", 10)


class TestRowsOf:
    @pytest.mark.parametrize(("n", "printed"), [(0, 0), (2, 2), (3, 3), (9, 9), (10, 10), (25, 10)])
    def test_are_all_there_are_in_order_up_to_a_limit(self, reader: Reader, n: int, printed: int) -> None:
        reader.tx.run(MANY, n=n)
        falling = Asked(orders=(Order("price_fen", is_falling=True),))

        rows = printing.rows_of(BOOKS, reader, falling, {})

        assert [row["price_fen"] for row in rows] == list(range(n, n - printed, -1))

    def test_hold_what_was_asked(self, reader: Reader) -> None:
        reader.tx.run(MANY, n=25)

        rows = printing.rows_of(BOOKS, reader, Asked(conditions=(Condition("price_fen", Is.AT_MOST, 7),)), {})

        assert len(rows) == 7


class TestTable:
    def test_holds_personal_data_in_part(self, reader: Reader) -> None:
        reader.tx.run(MANY, n=1)

        *_head, table = told(reader, {}, Measure(1, is_exact=True))

        body = table.children[1].to_plotly_json()["props"]
        assert orjson.loads(body["data-lines"]) == [["Book 001", "0.01", "Here", "W******"]]
        assert body["data-sides"] == ",paper__number,,"

    def test_holds_the_columns_that_were_chosen(self, reader: Reader) -> None:
        reader.tx.run(MANY, n=1)

        *_head, table = told(reader, {"cols": "title"}, Measure(1, is_exact=True))

        assert orjson.loads(table.children[1].to_plotly_json()["props"]["data-lines"]) == [["Book 001"]]

    def test_tells_what_it_was_narrowed_to(self, reader: Reader) -> None:
        _title, _when, asked, _table = told(reader, {"q": {"price_fen": ["1", "7"], "state": ["lent"]}}, Measure(0, is_exact=True))

        assert asked.children == "Price: 1 – 7 · State: Lent"

    @pytest.mark.parametrize(
        ("measure", "said"),
        [
            (Measure(10, is_exact=True), None),
            (Measure(12_345, is_exact=True), "12,335 rows are left out: 10 are printed at most. Export the list for all of them."),
            (Measure(10_000, is_exact=False), "Only the first 10 rows are printed; export the list for all of them."),
        ],
    )
    def test_says_what_is_left_out(self, reader: Reader, measure: Measure, said: str | None) -> None:
        reader.tx.run(MANY, n=10)

        _title, _count, *more, _table = told(reader, {}, measure)

        assert [each.children for each in more] == ([] if said is None else [said])


def told(reader: Reader, state: dict[str, Any], measure: Measure) -> list[Any]:
    """Return what stands on the paper."""
    return printing.table(BOOKS, reader, printing.rows_of(BOOKS, reader, Asked(), {}), state, measure)
