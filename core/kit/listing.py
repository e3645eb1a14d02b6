"""
Listing: one page of a long list, filtered and sorted by the database.

A *relation* is a named statement with its key and the columns a reader may filter and sort by; what is *asked* comes from
a screen. Names of columns are checked against the relation and quoted, values are parameters. Rows are found in two steps,
first the keys of the page, then their rows: what only a shown row needs (a lateral sum) is then not computed for all.
"""

import sys
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final, TypeVar, cast

from psycopg import DataError, sql
from psycopg.errors import QueryCanceled

from core.kit.db import Row, Tx
from core.kit.errors import Refused
from core.kit.locale import _

MOST: Final = 500
"""Rows of one page at most."""
COUNTED: Final = 10_000
"""Rows that are counted one by one."""
SUMMED: Final = 200_000
"""Rows that are added up one by one, where that takes no longer than `SUM_MS`; of more, only what rollups know is told."""
SUM_MS: Final = 1_500
T = TypeVar("T")


class Is(StrEnum):
    """How a column is compared with what was asked for."""

    EQUAL = "equal"
    IN = "in"
    CONTAINS = "contains"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    BELOW = "below"


class UnknownColumn(Refused):
    """A screen asked for a column that the list does not have."""


class UnreadableValue(Refused):
    """A screen asked for a value that the column's type cannot be, such as a word where numbers stand."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One column compared with a value; several values only for `Is.IN`."""

    column: str
    test: Is
    value: object


@dataclass(frozen=True, slots=True)
class Order:
    """One column to sort by; what is not known comes last either way."""

    column: str
    is_falling: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a screen asks of a list: rows `first` up to `first + most`, in an order, under conditions that all hold."""

    first: int = 0
    most: int = MOST
    orders: tuple[Order, ...] = ()
    conditions: tuple[Condition, ...] = ()

    def without(self, column: str) -> "Asked":
        """Return the same question without the conditions on one column."""
        kept = tuple(condition for condition in self.conditions if condition.column != column)
        return Asked(self.first, self.most, self.orders, kept)

    def all_rows(self) -> "Asked":
        """Return the same question for the rows of all pages, where they are at hand."""
        return Asked(0, sys.maxsize, self.orders, self.conditions)


@dataclass(frozen=True, slots=True)
class Measure:
    """
    How many rows hold what was asked, and what they add up to.

    Args:
        count: how many there are; where it is not exact, there are more than these.
        is_exact: whether that is their number.
        totals: the sum of each column asked for; None where no row knows it, or where nobody can say it quickly and exactly.
    """

    count: int
    is_exact: bool
    totals: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Relation:
    """
    A statement that returns all rows of a list.

    `key` is a column that tells rows apart; `columns` may be filtered and sorted; `order` is that of a reader who asked
    for none. `rollup` answers for very many rows from sums that are kept, exactly, and None where they cannot say it: it
    is given the transaction, the question, the columns to add up, and the values of the statement.
    """

    statement: str
    key: str
    columns: frozenset[str]
    order: tuple[Order, ...] = field(default=())
    rollup: Callable[[Tx, Asked, Sequence[str], Mapping[str, object]], Measure | None] | None = None

    def rows(self, tx: Tx, asked: Asked, **given: object) -> list[Row]:
        """
        Return the rows of one page, in order; `given` are the values of the statement.

        Raises:
            UnknownColumn: a condition or an order names a column the list does not have.
        """
        where, values = self._where(asked.conditions)
        page = sql.SQL("select {key} from ({listed}) as listed {where} order by {order} limit {most} offset {first}").format(
            key=sql.Identifier(self.key),
            listed=sql.SQL(self.statement),
            where=where,
            order=self._order(asked.orders or self.order),
            most=sql.Placeholder("listing_most"),
            first=sql.Placeholder("listing_first"),
        )
        bounds = {"listing_most": min(asked.most, MOST), "listing_first": asked.first}
        keys = [key for (key,) in _tuples(tx, page, **given, **values, **bounds)]
        return self.find(tx, keys, **given)

    def find(self, tx: Tx, keys: Sequence[object], **given: object) -> list[Row]:
        """Return the rows of some keys, in the order of the keys; keys the list does not have are left out."""
        if not keys:
            return []
        chosen = sql.SQL("select * from ({listed}) as listed where {key} = any({keys})").format(
            listed=sql.SQL(self.statement), key=sql.Identifier(self.key), keys=sql.Placeholder("listing_keys")
        )
        found = {row[self.key]: row for row in tx.rows(_written(tx, chosen), **given, listing_keys=list(keys))}
        return [found[key] for key in keys if key in found]

    def select(self, cells: sql.Composable, asked: Asked) -> tuple[sql.Composed, dict[str, object]]:
        """Return the statement of some expressions over all rows that hold what was asked, in order, and its values: for files."""
        where, values = self._where(asked.conditions)
        selected = sql.SQL("select {cells} from ({listed}) as listed {where} order by {order}").format(
            cells=cells, listed=sql.SQL(self.statement), where=where, order=self._order(asked.orders or self.order)
        )
        return selected, values

    def count(self, tx: Tx, asked: Asked, **given: object) -> int:
        """Return how many rows hold what was asked."""
        where, values = self._where(asked.conditions)
        counted = sql.SQL("select count(*) from ({listed}) as listed {where}").format(listed=sql.SQL(self.statement), where=where)
        ((count,),) = _tuples(tx, counted, **given, **values)
        return int(count)

    def measure(self, tx: Tx, asked: Asked, totals: Sequence[str] = (), **given: object) -> Measure:
        """
        Return how many rows hold what was asked, and the sums of columns over all of them.

        Of more than `COUNTED` rows the rollup is asked. Where it cannot say, and sums are asked for, rows are added up as far
        as `SUMMED` and `SUM_MS` allow; beyond, the count is a lower bound and the sums are withheld.
        """
        near = self._measure(tx, asked, totals, COUNTED, given)
        if near.is_exact:
            return near
        rollup = self.rollup
        told = _in_time(tx, lambda: rollup(tx, asked, totals, given)) if rollup is not None else None
        if told is None and totals:
            told = _in_time(tx, lambda: self._measure(tx, asked, totals, SUMMED, given))
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
        return _in_time(tx, lambda: self._count_some_by(tx, column, asked, given))

    def _count_some_by(self, tx: Tx, column: str, asked: Asked, given: Mapping[str, object]) -> dict[Any, int] | None:
        where, values = self._where(asked.without(column).conditions)
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


@dataclass(frozen=True, slots=True)
class AtHand:
    """
    A list of a few thousand rows that Python puts together; it answers as a `Relation` does.

    `all_rows` returns them, `all_rows(tx, **given)`.
    """

    all_rows: Callable[..., list[Row]]
    key: str
    columns: frozenset[str]
    order: tuple[Order, ...] = field(default=())

    def rows(self, tx: Tx, asked: Asked, **given: object) -> list[Row]:
        """Return the rows of one page, in order."""
        return self._chosen(tx, replace(asked, orders=asked.orders or self.order), given)[0]

    def find(self, tx: Tx, keys: Sequence[object], **given: object) -> list[Row]:
        """Return the rows of some keys, in the order of the keys; keys the list does not have are left out."""
        found = {row[self.key]: row for row in self.all_rows(tx, **given)}
        return [found[key] for key in keys if key in found]

    def count(self, tx: Tx, asked: Asked, **given: object) -> int:
        """Return how many rows hold what was asked."""
        return self._chosen(tx, asked, given)[1]

    def count_by(self, tx: Tx, column: str, asked: Asked, **given: object) -> dict[Any, int]:
        """Return how many rows have each value of a column, whatever was asked of that column itself."""
        found, _n = self._chosen(tx, asked.without(column).all_rows(), given)
        return tally(found, known(column, self.columns))

    def count_some_by(self, tx: Tx, column: str, asked: Asked, **given: object) -> dict[Any, int]:
        """Return what `count_by` does."""
        return self.count_by(tx, column, asked, **given)

    def measure(self, tx: Tx, asked: Asked, totals: Sequence[str] = (), **given: object) -> Measure:
        """Return how many rows hold what was asked, and the sums of columns over all of them."""
        found, count = self._chosen(tx, asked.all_rows(), given)
        return Measure(count, is_exact=True, totals={name: _sum(found, known(name, self.columns)) for name in totals})

    def every_row(self, tx: Tx, asked: Asked, **given: object) -> list[Row]:
        """Return all rows that hold what was asked, in order: for files."""
        return self._chosen(tx, replace(asked, orders=asked.orders or self.order).all_rows(), given)[0]

    def _chosen(self, tx: Tx, asked: Asked, given: Mapping[str, object]) -> tuple[list[Row], int]:
        return chosen(self.all_rows(tx, **given), asked, columns=self.columns, key=self.key)


def _sum(rows: Iterable[Row], column: str) -> Any:  # int or Decimal, as the column holds
    """Add up what is known; None where there are rows and none of them knows it."""
    there = list(rows)
    values = [row[column] for row in there if row[column] is not None]
    return sum(values) if values or not there else None


def known(name: str, columns: Collection[str]) -> str:
    """
    Return the name of a column of a list.

    Raises:
        UnknownColumn: the list does not have it.
    """
    if name not in columns:
        raise UnknownColumn(_("This list has no such column."))
    return name


def chosen(rows: Iterable[Row], asked: Asked, *, columns: Collection[str], key: str) -> tuple[list[Row], int]:
    """
    Return one page of rows that are all at hand, and how many there are under the conditions: for lists of a few thousand.

    Raises:
        UnknownColumn: a condition or an order names a column the list does not have.
    """
    kept = [row for row in rows if all(_holds(row, condition, columns) for condition in asked.conditions)]
    kept.sort(key=lambda row: str(row[key]))
    for order in reversed(asked.orders):
        name = known(order.column, columns)
        there = [row for row in kept if row[name] is not None]
        there.sort(key=lambda row: row[name], reverse=order.is_falling)
        kept = [*there, *(row for row in kept if row[name] is None)]
    return kept[asked.first : asked.first + asked.most], len(kept)


def tally(rows: Iterable[Row], column: str) -> dict[Any, int]:
    """Return how many rows have each value of a column."""
    counted: dict[Any, int] = {}
    for row in rows:
        counted[row[column]] = counted.get(row[column], 0) + 1
    return counted


def _holds(row: Mapping[str, Any], condition: Condition, columns: Collection[str]) -> bool:
    there: Any = row[known(condition.column, columns)]
    asked: Any = condition.value
    if there is None:
        return False
    match condition.test:
        case Is.EQUAL:
            return bool(there == asked)
        case Is.IN:
            return there in asked
        case Is.CONTAINS:
            return str(asked).casefold() in str(there).casefold()
        case Is.AT_LEAST:
            return bool(there >= asked)
        case Is.AT_MOST:
            return bool(there <= asked)
        case Is.BELOW:
            return bool(there < asked)


def _value(condition: Condition) -> object:
    if condition.test is Is.CONTAINS:
        text = str(condition.value).replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        return f"%{text}%"
    return condition.value


def _written(tx: Tx, statement: sql.Composable) -> str:
    return statement.as_string(tx.raw)
