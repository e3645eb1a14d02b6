"""Lists at hand: a few thousand rows that Python filters, sorts and counts."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.kit.db import Row, Tx
from core.kit.listing.asking import Asked, Condition, Is, Measure, Order, known


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
        return self._chosen(tx, asked.sorted_as(self.order), given)[0]

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
        return self._chosen(tx, asked.sorted_as(self.order).all_rows(), given)[0]

    def _chosen(self, tx: Tx, asked: Asked, given: Mapping[str, object]) -> tuple[list[Row], int]:
        return chosen(self.all_rows(tx, **given), asked, columns=self.columns, key=self.key)


def _sum(rows: Iterable[Row], column: str) -> Any:  # int or Decimal, as the column holds
    """Add up what is known; None where there are rows and none of them knows it."""
    there = list(rows)
    values = [row[column] for row in there if row[column] is not None]
    return sum(values) if values or not there else None


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
