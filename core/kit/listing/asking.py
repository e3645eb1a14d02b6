"""Asking: what a screen wants of a list, and how much of it there is."""

import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from core.kit.errors import Refused
from core.kit.locale import _

MOST: Final = 500
"""Rows of one page at most."""


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
class Anchor:
    """A row that was read before: `place` rows end with it, and `key` is its key. What follows is found from there."""

    place: int
    key: object


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What a screen asks of a list: rows `first` up to `first + most`, in an order, under conditions that all hold.

    `after` spares the rows before an anchor; what it names must have been read under the same orders and conditions.
    """

    first: int = 0
    most: int = MOST
    orders: tuple[Order, ...] = ()
    conditions: tuple[Condition, ...] = ()
    after: Anchor | None = None

    def sorted_as(self, own: tuple[Order, ...]) -> "Asked":
        """Return the same question in a list's own order where it names none, or no more than what that begins with."""
        return replace(self, orders=own) if self.orders == own[: len(self.orders)] else self

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
        is_about: the count is neither exact nor the least there are, but near to it: as figures have it that are kept.
    """

    count: int
    is_exact: bool
    totals: Mapping[str, int | None] = field(default_factory=dict)
    is_about: bool = False


def known(name: str, columns: Collection[str]) -> str:
    """
    Return the name of a column of a list.

    Raises:
        UnknownColumn: the list does not have it.
    """
    if name not in columns:
        raise UnknownColumn(_("This list has no such column."))
    return name
