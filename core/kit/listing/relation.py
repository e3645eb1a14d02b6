"""Relations: lists that the database filters, sorts, counts and adds up."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple, TypeVar, cast

from psycopg import DataError, sql
from psycopg.errors import QueryCanceled

from core.kit.db import Row, Tx
from core.kit.listing.asking import MOST, Asked, Condition, Is, Measure, Order, UnreadableValue, known
from core.kit.listing.keyset import beyond
from core.kit.locale import _

COUNTED: Final = 10_000
"""Rows that are counted one by one."""
SUMMED: Final = 200_000
"""Rows that are added up one by one, where that takes no longer than `SUM_MS`; of more, only what rollups know is told."""
SUM_MS: Final = 1_500
T = TypeVar("T")


Known = Callable[[Tx, Asked, Sequence[str], Mapping[str, object]], Measure | None]
"""Says how many rows there are, and what columns add up to; it is given the values of the statement. None: it cannot say."""


class Narrowed(NamedTuple):
    """
    Values of a statement that change with a question, and the conditions that still have to be looked at row by row.

    `statement` is asked instead of the relation's where it finds the rows sooner; it has the same columns.
    """

    values: Mapping[str, object]
    conditions: tuple[Condition, ...]
    statement: str | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """
    A statement that returns all rows of a list.

    Args:
        statement: it takes the values that are `given` with each question.
        key: a column that tells rows apart.
        columns: what may be filtered and sorted.
        order: that of a reader who asked for none.
        filled: columns that are never null.
        lies_by: a column by which the rows lie in partitions, so that few of them are looked at for the rows of a page.
        narrow: what a question means for the values of the statement.
        quick: answers some questions without looking at rows one by one, exactly or nearly; it is asked first.
        rollup: answers for very many rows from sums that are kept, exactly; it is asked where there are more than `COUNTED`.
    """

    statement: str
    key: str
    columns: frozenset[str]
    order: tuple[Order, ...] = field(default=())
    filled: frozenset[str] = frozenset()
    lies_by: str = ""
    narrow: Callable[[Tx, Asked, Mapping[str, Any]], Narrowed] | None = None
    quick: Known | None = None
    rollup: Known | None = None

    def rows(self, tx: Tx, asked: Asked, **given: object) -> list[Row]:
        """
        Return the rows of one page, in order; `given` are the values of the statement.

        Raises:
            UnknownColumn: a condition or an order names a column the list does not have.
        """
        narrow, asked, given = self._narrowed(tx, asked, given)
        where, values = self._where(asked.conditions)
        after, last, first = narrow._after(tx, asked, given)
        page = sql.SQL("select {keys} from ({listed}) as listed {where} order by {order} limit {most} offset {first}").format(
            keys=sql.SQL(", ").join(map(sql.Identifier, filter(None, [self.key, self.lies_by]))),
            listed=sql.SQL(narrow.statement),
            where=where if after is None else sql.SQL(" and " if asked.conditions else "where ").join([where, after]),
            order=self._order(asked.sorted_as(self.order).orders),
            most=sql.Placeholder("listing_most"),
            first=sql.Placeholder("listing_first"),
        )
        bounds = {"listing_most": min(asked.most, MOST), "listing_first": first}
        found = _tuples(tx, page, **given, **values, **last, **bounds)
        return narrow._found(tx, [key for key, *_lies in found], [place for _key, *lies in found for place in lies], given)

    def find(self, tx: Tx, keys: Sequence[object], **given: object) -> list[Row]:
        """Return the rows of some keys, in the order of the keys; keys the list does not have are left out."""
        return self._found(tx, keys, [], given)

    def _found(self, tx: Tx, keys: Sequence[object], places: Sequence[Any], given: Mapping[str, object]) -> list[Row]:
        """Return the rows of some keys; `places` are where they lie, each of them, or nothing."""
        if not keys:
            return []
        there: sql.Composable = sql.SQL("")
        values: dict[str, object] = {"listing_keys": list(keys)}
        if places and None not in places:
            there = sql.SQL("and {} = any(%(listing_places)s)").format(sql.Identifier(self.lies_by))
            values["listing_places"] = list(dict.fromkeys(places))
        chosen = sql.SQL("select * from ({listed}) as listed where {key} = any(%(listing_keys)s) {there}").format(
            listed=sql.SQL(self.statement), key=sql.Identifier(self.key), there=there
        )
        rows = tx.rows(_written(tx, chosen), **given, **values)
        found = {row[self.key]: row for row in rows}
        return [found[key] for key in keys if key in found]

    def _narrowed(self, tx: Tx, asked: Asked, given: dict[str, object]) -> tuple["Relation", Asked, dict[str, object]]:
        if self.narrow is None:
            return self, asked, given
        values, conditions, statement = self.narrow(tx, asked, given)
        return replace(self, statement=statement or self.statement), replace(asked, conditions=conditions), {**given, **values}

    def _after(
        self, tx: Tx, asked: Asked, given: Mapping[str, object]
    ) -> tuple[sql.Composable | None, dict[str, object], int]:  # fmt: skip
        """Return the condition of what comes after the anchor, its values, and how many rows are to be left out from there."""
        anchor, orders = asked.after, asked.sorted_as(self.order).orders
        if anchor is None or not 0 < anchor.place <= asked.first:
            return None, {}, asked.first
        names = list(dict.fromkeys([self.key, *(known(order.column, self.columns) for order in orders)]))
        last = sql.SQL("select {names} from ({listed}) as listed where {key} = {anchor}").format(
            names=sql.SQL(", ").join(map(sql.Identifier, names)), listed=sql.SQL(self.statement), key=sql.Identifier(self.key),
            anchor=sql.Placeholder("listing_anchor"),
        )  # fmt: skip
        found = _tuples(tx, last, **given, listing_anchor=anchor.key)
        if not found:  # it went meanwhile
            return None, {}, asked.first
        condition, values = beyond(orders, self.key, dict(zip(names, found[0], strict=True)), filled=self.filled)
        return condition, values, asked.first - anchor.place

    def select(self, cells: sql.Composable, asked: Asked) -> tuple[sql.Composed, dict[str, object]]:
        """Return the statement of some expressions over all rows that hold what was asked, in order, and its values: for files."""
        where, values = self._where(asked.conditions)
        selected = sql.SQL("select {cells} from ({listed}) as listed {where} order by {order}").format(
            cells=cells, listed=sql.SQL(self.statement), where=where, order=self._order(asked.sorted_as(self.order).orders)
        )
        return selected, values

    def count(self, tx: Tx, asked: Asked, **given: object) -> int:
        """Return how many rows hold what was asked."""
        narrow, asked, given = self._narrowed(tx, asked, given)
        where, values = self._where(asked.conditions)
        counted = sql.SQL("select count(*) from ({listed}) as listed {where}").format(listed=sql.SQL(narrow.statement), where=where)
        ((count,),) = _tuples(tx, counted, **given, **values)
        return int(count)

    def measure(self, tx: Tx, asked: Asked, totals: Sequence[str] = (), **given: object) -> Measure:
        """
        Return how many rows hold what was asked, and the sums of columns over all of them.

        What is known quickly is told. Of more than `COUNTED` rows the rollup is asked. Where it cannot say, and sums are asked
        for, rows are added up as far as `SUMMED` and `SUM_MS` allow; beyond, the count is a lower bound and the sums are withheld.
        """
        quick = self.quick
        if quick is not None and (soon := _in_time(tx, lambda: quick(tx, asked, totals, given))) is not None:
            return soon
        narrow, left, given = self._narrowed(tx, asked, given)
        near = narrow._measure(tx, left, totals, COUNTED, given)
        if near.is_exact:
            return near
        rollup = self.rollup
        told = _in_time(tx, lambda: rollup(tx, asked, totals, given)) if rollup is not None else None
        if told is None and totals:
            told = _in_time(tx, lambda: narrow._measure(tx, left, totals, SUMMED, given))
        return told if told is not None and told.is_exact else near

    def _measure(self, tx: Tx, asked: Asked, totals: Sequence[str], most: int, given: Mapping[str, object]) -> Measure:
        where, values = self._where(asked.conditions)
        sums = [sql.SQL("coalesce(sum({}), 0)::bigint").format(self._column(name)) for name in totals]
        kept = sql.SQL(", ").join(sql.Identifier(name) for name in dict.fromkeys([self.key, *totals]))
        measured = sql.SQL("select {sums} from (select {kept} from ({listed}) as listed {where} limit {most}) as measured").format(
            sums=sql.SQL(", ").join([sql.SQL("count(*)"), *sums]),
            kept=kept,
            listed=sql.SQL(self.statement),
            where=where,
            most=sql.Placeholder("listing_most"),
        )
        ((count, *found),) = _tuples(tx, measured, **given, **values, listing_most=most + 1)
        if count <= most:
            return Measure(count, is_exact=True, totals=dict(zip(totals, found, strict=True)))
        return Measure(most, is_exact=False, totals=dict.fromkeys(totals))

    def count_some_by(self, tx: Tx, column: str, asked: Asked, **given: object) -> dict[Any, int] | None:
        """Return what `count_by` does; None where there are more than `SUMMED` rows in all, or it takes longer than `SUM_MS`."""
        narrow, others, given = self._narrowed(tx, asked.without(column), given)
        return _in_time(tx, lambda: narrow._count_some_by(tx, column, others, given))

    def _count_some_by(self, tx: Tx, column: str, others: Asked, given: Mapping[str, object]) -> dict[Any, int] | None:
        where, values = self._where(others.conditions)
        counted = sql.SQL(
            "select {column}, count(*) from (select {column} from ({listed}) as listed {where} limit {most}) as measured "
            "group by {column}"
        ).format(
            column=self._column(column), listed=sql.SQL(self.statement), where=where, most=sql.Placeholder("listing_most")
        )  # fmt: skip
        found = dict(_tuples(tx, counted, **given, **values, listing_most=SUMMED + 1))
        return found if sum(found.values()) <= SUMMED else None

    def count_by(self, tx: Tx, column: str, asked: Asked, **given: object) -> dict[Any, int]:
        """Return how many rows have each value of a column, whatever was asked of that column itself."""
        where, values = self._where(asked.without(column).conditions)
        counted = sql.SQL("select {column}, count(*) from ({listed}) as listed {where} group by {column}").format(
            column=self._column(column), listed=sql.SQL(self.statement), where=where
        )
        return dict(_tuples(tx, counted, **given, **values))

    def _column(self, name: str) -> sql.Identifier:
        return sql.Identifier(known(name, self.columns))

    def _order(self, orders: Sequence[Order]) -> sql.Composed:
        parts = [
            sql.SQL("{} {} nulls last").format(self._column(order.column), sql.SQL("desc" if order.is_falling else "asc"))
            for order in orders
        ]
        return sql.SQL(", ").join([*parts, sql.Identifier(self.key)])

    def _where(self, conditions: Sequence[Condition]) -> tuple[sql.Composable, dict[str, object]]:
        parts: list[sql.Composable] = []
        values: dict[str, object] = {}
        for number, condition in enumerate(conditions):
            # each value of `in` for itself: the database reads a text as the column's type, an array of texts it would not
            held = list(cast("Iterable[object]", condition.value)) if condition.test is Is.IN else [_value(condition)]
            named = {f"listing_{number}_{each}": value for each, value in enumerate(held)}
            parts.append(_compared(self._column(condition.column), condition.test, [sql.Placeholder(name) for name in named]))
            values |= named
        return (sql.SQL("where ") + sql.SQL(" and ").join(parts) if parts else sql.SQL("")), values


def _tuples(tx: Tx, statement: sql.Composed, **values: object) -> list[tuple[Any, ...]]:
    """
    Return the rows of a statement whose values came from a screen.

    Raises:
        UnreadableValue: the database cannot read one of them as what its column holds.
    """
    try:
        return tx.tuples(_written(tx, statement), **values)
    except DataError as error:
        raise UnreadableValue(_("This request cannot be read.")) from error


def _in_time(tx: Tx, measured: Callable[[], T | None]) -> T | None:
    """Return what is measured; None where the database took longer than `SUM_MS`. The transaction goes on either way."""
    usual = tx.value("select current_setting('statement_timeout')")
    try:
        with tx.savepoint():
            tx.run("select set_config('statement_timeout', %(ms)s, true)", ms=f"{SUM_MS}ms")
            found = measured()
            tx.run("select set_config('statement_timeout', %(usual)s, true)", usual=usual)
            return found
    except QueryCanceled:
        return None


def _compared(column: sql.Identifier, test: Is, values: Sequence[sql.Placeholder]) -> sql.Composable:
    if test is Is.IN:
        return sql.SQL("{} in ({})").format(column, sql.SQL(", ").join(values)) if values else sql.SQL("false")
    return sql.SQL(_SQL[test]).format(column, *values)


_SQL: Final = {
    Is.EQUAL: "{} = {}",
    Is.CONTAINS: "{} ilike {}",
    Is.AT_LEAST: "{} >= {}",
    Is.AT_MOST: "{} <= {}",
    Is.BELOW: "{} < {}",
}


def _value(condition: Condition) -> object:
    return contains(str(condition.value)) if condition.test is Is.CONTAINS else condition.value


def contains(text: str) -> str:
    """Return the pattern of what contains a text."""
    text = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{text}%"


def _written(tx: Tx, statement: sql.Composable) -> str:
    return statement.as_string(tx.raw)
