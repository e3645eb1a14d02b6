"""Listing: what a screen may ask of a list, and nothing else."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as some

from core.kit import listing
from core.kit.db import Database, Row, Tx
from core.kit.listing import Anchor, Asked, Condition, Is, Measure, Narrowed, Order, Relation, UnknownColumn, UnreadableValue

ROWS: list[Row] = [
    {"id": number, "name": name, "size": size}
    for number, (name, size) in enumerate([("ab", 3), ("a%b", None), ("A_b", 1), ("zz", 3), ("yy", 2)])
]
COLUMNS = frozenset({"name", "size"})
SHELF = Relation(
    "select id, name, size from jsonb_to_recordset(%(rows)s::jsonb) as r (id integer, name text, size integer)",
    key="id",
    columns=COLUMNS,
    order=(Order("name"),),
)
conditions = some.one_of(
    some.builds(Condition, some.just("size"), some.sampled_from([Is.EQUAL, Is.AT_LEAST, Is.AT_MOST]), some.integers(0, 4)),
    some.builds(Condition, some.just("size"), some.just(Is.IN), some.lists(some.integers(0, 4), max_size=3)),
    some.builds(Condition, some.just("name"), some.just(Is.CONTAINS), some.sampled_from(["a", "%", "_", "\\", "B", "q"])),
)
questions = some.builds(
    Asked,
    some.integers(0, 3),
    some.integers(1, 6),
    some.lists(some.builds(Order, some.just("size"), some.booleans()), min_size=1, max_size=1).map(tuple),
    some.lists(conditions, max_size=2).map(tuple),
)


@pytest.fixture(scope="module")
def shelf(database: Database) -> Iterator[tuple[Tx, str]]:
    """Return a transaction, and the rows as the statement takes them."""
    with database.transaction() as tx:
        yield tx, orjson.dumps(ROWS).decode()


class TestRelation:
    @given(asked=questions)
    def test_answers_as_python_would(self, shelf: tuple[Tx, str], asked: Asked) -> None:
        tx, rows = shelf

        page, n = listing.chosen(ROWS, asked, columns=COLUMNS, key="id")

        assert SHELF.rows(tx, asked, rows=rows) == page
        assert SHELF.count(tx, asked, rows=rows) == n

    @given(asked=questions, is_falling=some.booleans(), filled=some.booleans())
    def test_goes_on_after_a_row_as_if_the_rows_before_had_been_counted(
        self, shelf: tuple[Tx, str], asked: Asked, is_falling: bool, filled: bool
    ) -> None:
        """Whatever is sorted by, also what is not known, and equals."""
        tx, rows = shelf
        orders = (*asked.orders, Order("name", is_falling=is_falling))
        list_ = replace(SHELF, filled=frozenset({"name"} if filled else ()))
        whole = list_.rows(tx, replace(asked, first=0, most=99, orders=orders), rows=rows)

        for place, last in enumerate(whole, start=1):
            after = replace(asked, first=place, most=2, orders=orders, after=Anchor(place, last["id"]))
            assert list_.rows(tx, after, rows=rows) == whole[place : place + 2]
            assert list_.rows(tx, replace(after, first=place + 1), rows=rows) == whole[place + 1 : place + 3]

    def test_counts_the_rows_before_where_the_one_it_was_to_go_on_after_went(self, shelf: tuple[Tx, str]) -> None:
        tx, rows = shelf
        asked = Asked(2, 2, (Order("name"),))

        assert SHELF.rows(tx, replace(asked, after=Anchor(2, 99)), rows=rows) == SHELF.rows(tx, asked, rows=rows)

    def test_finds_rows_where_they_lie(self, shelf: tuple[Tx, str]) -> None:
        tx, rows = shelf

        for column in ("size", "name"):  # one of them is not known of every row
            assert replace(SHELF, lies_by=column).rows(tx, Asked(), rows=rows) == SHELF.rows(tx, Asked(), rows=rows)

    def test_is_narrowed_by_what_is_asked(self, shelf: tuple[Tx, str]) -> None:
        tx, rows = shelf
        empty = replace(
            SHELF, narrow=lambda _tx, asked, _given: Narrowed({"rows": "[]"} if asked.conditions else {}, asked.conditions)
        )
        asked = Asked(conditions=(Condition("size", Is.EQUAL, 3),))

        assert (empty.rows(tx, asked, rows=rows), empty.count(tx, asked, rows=rows)) == ([], 0)
        assert empty.measure(tx, asked, rows=rows).count == 0
        assert empty.count(tx, Asked(), rows=rows) == len(ROWS)

    def test_asks_the_statement_that_finds_them_sooner(self, shelf: tuple[Tx, str]) -> None:
        tx, rows = shelf
        sooner = f"{SHELF.statement} where id > 1"
        few = replace(SHELF, narrow=lambda _tx, asked, _given: Narrowed({}, asked.conditions, sooner))

        found = few.rows(tx, Asked(1, 2), rows=rows)

        assert found == [row for row in SHELF.rows(tx, Asked(), rows=rows) if row["id"] > 1][1:3]
        assert few.count(tx, Asked(), rows=rows) == few.measure(tx, Asked(), rows=rows).count == len(ROWS) - 2
        assert sum((few.count_some_by(tx, "size", Asked(), rows=rows) or {}).values()) == len(ROWS) - 2

    def test_leaves_out_what_narrowing_has_said(self, shelf: tuple[Tx, str]) -> None:
        tx, rows = shelf
        said = replace(SHELF, narrow=lambda _tx, _asked, _given: Narrowed({}, ()))
        asked = Asked(conditions=(Condition("size", Is.EQUAL, 3),))

        assert said.count(tx, asked, rows=rows) == len(ROWS)
        assert said.measure(tx, asked, rows=rows).count == len(ROWS)

    def test_lets_its_own_order_decide_where_no_more_is_asked_than_it_begins_with(self, shelf: tuple[Tx, str]) -> None:
        tx, rows = shelf
        own = replace(SHELF, order=(Order("size", is_falling=True), Order("name", is_falling=True)))

        def names(order: Order) -> list[str]:
            return [row["name"] for row in own.rows(tx, Asked(orders=(order,)), rows=rows)]

        assert names(Order("size", is_falling=True))[:2] == ["zz", "ab"]
        assert names(Order("size"))[2:4] == ["ab", "zz"]  # another order: the key decides

    def test_puts_the_unknown_last_either_way(self, shelf: tuple[Tx, str]) -> None:
        tx, rows = shelf

        for is_falling in (True, False):
            assert SHELF.rows(tx, Asked(orders=(Order("size", is_falling=is_falling),)), rows=rows)[-1]["size"] is None

    def test_counts_by_a_column_whatever_was_asked_of_it(self, shelf: tuple[Tx, str]) -> None:
        tx, rows = shelf
        asked = Asked(conditions=(Condition("size", Is.EQUAL, 3), Condition("name", Is.CONTAINS, "b")))

        assert SHELF.count_by(tx, "size", asked, rows=rows) == {3: 1, 1: 1, None: 1}

    def test_finds_keys_in_their_order(self, shelf: tuple[Tx, str]) -> None:
        tx, rows = shelf

        assert [row["id"] for row in SHELF.find(tx, [3, 99, 0], rows=rows)] == [3, 0]
        assert SHELF.find(tx, [], rows=rows) == []

    @pytest.mark.parametrize(
        "asked",
        [Asked(orders=(Order("id; drop table site"),)), Asked(conditions=(Condition("password", Is.EQUAL, 1),))],
        ids=["order", "condition"],
    )
    def test_refuses_a_column_it_does_not_have(self, shelf: tuple[Tx, str], asked: Asked) -> None:
        tx, rows = shelf

        with pytest.raises(UnknownColumn):
            SHELF.rows(tx, asked, rows=rows)
        with pytest.raises(UnknownColumn):
            listing.chosen(ROWS, asked, columns=COLUMNS, key="id")

    @pytest.mark.parametrize("value", ["' or 1=1 --", "x\x00", "99999999999999999999"])
    def test_refuses_a_value_its_column_cannot_be(self, database: Database, value: str) -> None:
        rows = orjson.dumps(ROWS).decode()
        asked = Asked(conditions=(Condition("size", Is.EQUAL, value),))

        for ask in (SHELF.rows, SHELF.count, SHELF.measure):
            with database.transaction() as tx, pytest.raises(UnreadableValue):
                ask(tx, asked, rows=rows)

    def test_never_returns_more_than_a_page(self, tx: Tx) -> None:
        many = Relation("select n as id from generate_series(1, 2000) as n", key="id", columns=frozenset())

        assert len(many.rows(tx, Asked(most=5_000))) == listing.MOST


class TestPage:
    def test_does_not_compute_for_all_what_only_a_shown_row_needs(self, tx: Tx) -> None:
        """The sum beside each row is dropped from the search for the page's keys."""
        costly = Relation(
            "select s.n as id, t.total from generate_series(1, 100) as s (n) "
            "left join lateral (select sum(x / (s.n - 100)) as total from generate_series(1, 3) as x) as t on true",
            key="id",
            columns=frozenset({"total"}),
        )

        assert len(costly.rows(tx, Asked(most=5))) == 5  # row 100 would divide by nothing


class TestTally:
    def test_counts_rows_by_value(self) -> None:
        assert listing.tally(ROWS, "size") == {3: 2, None: 1, 1: 1, 2: 1}


NUMBERS = Relation("select id, id %% 3 as size from generate_series(1, %(n)s) as id", key="id", columns=frozenset({"id", "size"}))


class TestMeasure:
    def test_counts_and_adds_up_all_rows(self, tx: Tx) -> None:
        asked = Asked(most=5, conditions=(Condition("size", Is.AT_LEAST, 1),))

        found = NUMBERS.measure(tx, asked, ["size", "id"], n=9)

        assert found == Measure(6, is_exact=True, totals={"size": 9, "id": 27})

    def test_adds_nothing_up_to_nothing(self, tx: Tx) -> None:
        assert NUMBERS.measure(tx, Asked(), ["size"], n=0) == Measure(0, is_exact=True, totals={"size": 0})

    def test_counts_no_further_where_nothing_is_added_up(self, tx: Tx) -> None:
        assert NUMBERS.measure(tx, Asked(), n=listing.COUNTED).is_exact
        assert NUMBERS.measure(tx, Asked(), n=listing.COUNTED + 1) == Measure(listing.COUNTED, is_exact=False)

    def test_adds_many_up_as_far_as_it_goes(self, tx: Tx, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(listing.relation, "SUMMED", listing.COUNTED + 1)

        assert NUMBERS.measure(tx, Asked(), ["id"], n=listing.COUNTED + 1) == Measure(10_001, True, {"id": 50_015_001})
        assert NUMBERS.measure(tx, Asked(), ["id"], n=listing.COUNTED + 2) == Measure(listing.COUNTED, False, {"id": None})

    def test_tells_what_is_quickly_known(self, tx: Tx) -> None:
        near = Measure(20_000, is_exact=False, is_about=True)
        quick = replace(NUMBERS, quick=lambda _tx, asked, _totals, _given: None if asked.conditions else near)

        assert quick.measure(tx, Asked(), n=20_000) == near
        assert quick.measure(tx, Asked(conditions=(Condition("id", Is.AT_MOST, 7),)), n=20_000) == Measure(7, is_exact=True)

    def test_withholds_what_takes_too_long_and_goes_on(self, tx: Tx, monkeypatch: pytest.MonkeyPatch) -> None:
        def slow(tx: Tx, *_asked: object) -> Measure | None:
            tx.run("select pg_sleep(5)")
            return Measure(1, is_exact=True, totals={"size": 1})

        monkeypatch.setattr(listing.relation, "SUMMED", 0)
        monkeypatch.setattr(listing.relation, "SUM_MS", 50)
        usual = tx.value("show statement_timeout")
        found = replace(NUMBERS, rollup=slow).measure(tx, Asked(), ["size"], n=listing.COUNTED + 1)

        assert found == Measure(listing.COUNTED, False, {"size": None})
        assert tx.value("show statement_timeout") == usual

    def test_asks_the_rollup_for_very_many_rows(self, tx: Tx) -> None:
        def known(_tx: Tx, asked: Asked, _totals: object, given: Mapping[str, object]) -> Measure | None:
            return None if asked.conditions else Measure(int(str(given["n"])), is_exact=True, totals={"size": 7})

        kept = replace(NUMBERS, rollup=known)

        assert kept.measure(tx, Asked(), ["size"], n=20_000) == Measure(20_000, is_exact=True, totals={"size": 7})
        assert kept.measure(tx, Asked(conditions=(Condition("size", Is.AT_LEAST, 1),)), ["size"], n=20_000).count < 20_000

    def test_refuses_a_sum_of_what_the_list_does_not_have(self, tx: Tx) -> None:
        with pytest.raises(UnknownColumn):
            NUMBERS.measure(tx, Asked(), ["wealth"], n=3)


class TestCountSomeBy:
    def test_counts_by_value_unless_there_are_very_many(self, tx: Tx) -> None:
        assert NUMBERS.count_some_by(tx, "size", Asked(conditions=(Condition("size", Is.EQUAL, 1),)), n=7) == {0: 2, 1: 3, 2: 2}
        assert NUMBERS.count_some_by(tx, "size", Asked(), n=listing.SUMMED + 1) is None
