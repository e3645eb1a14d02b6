"""Keysets: what comes after a row in an order, as a condition: so that the thousandth page is found as quickly as the second."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from psycopg import sql

from core.kit.listing.asking import Order

_VALUE: Final = "listing_after_{}"
_KEY: Final = "listing_after_key"


def beyond(
    orders: Sequence[Order], key: str, last: Mapping[str, object], *, filled: Collection[str]
) -> tuple[sql.Composable, dict[str, object]]:  # fmt: skip
    """
    Return the condition of the rows after `last`, and its values.

    Args:
        orders: what the rows are sorted by; what is not known comes last, and the key decides between equals.
        key: the column that tells rows apart, rising.
        last: the values of these columns in the row that comes before.
        filled: columns that are never null: of the first order it lets the database go along an index.
    """
    condition: sql.Composable = sql.SQL("{} > {}").format(sql.Identifier(key), sql.Placeholder(_KEY))
    values: dict[str, object] = {_KEY: last[key]}
    for number, order in reversed(list(enumerate(orders))):
        column, value = sql.Identifier(order.column), last[order.column]
        if value is None:
            condition = sql.SQL("({} is null and {})").format(column, condition)
            continue
        held = sql.Placeholder(_VALUE.format(number))
        values[_VALUE.format(number)] = value
        later = sql.SQL("{} < {}" if order.is_falling else "{} > {}").format(column, held)
        if order.column in filled:
            bound = sql.SQL("{} <= {}" if order.is_falling else "{} >= {}").format(column, held)
            condition = sql.SQL("({} and ({} or {}))").format(bound, later, condition)
        else:
            same = sql.SQL("{} = {}").format(column, held)
            condition = sql.SQL("({} or {} is null or ({} and {}))").format(later, column, same, condition)
    return condition, values
