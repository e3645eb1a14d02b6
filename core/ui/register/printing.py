"""
The list of a register on paper: a plain table of what is asked, as far as paper is of use.

The rows go to the page as one text that its script writes into the table: a component for each of a hundred thousand cells would
take a browser half a minute.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import orjson
from dash import dcc, html
from dash.development.base_component import Component

from core.kit.db import Row
from core.kit.listing import MOST, Anchor, Asked, Measure, Order
from core.kit.locale import _, current
from core.ui import formats, language
from core.ui.parts import box
from core.ui.register import asking, counting, showing
from core.ui.register.declaring import Reader, Register
from core.ui.register.parts import part
from core.ui.tables import Column, Look

ROWS_MOST: Final = 5_000
"""Some hundred sheets."""
_RIGHT: Final = frozenset({Look.NUMBER, Look.MONEY, Look.LEVEL, Look.SHARE})


def page(register: Register, query: Mapping[str, Any]) -> Component:
    """Return the page for paper, without a row; a callback fills it."""
    state = {"q": asking.of_address(register, query), **{name: str(query.get(name, "")) for name in ("sort", "cols", "view")}}
    stores = [
        dcc.Store(id=part(register, "state"), data=state),
        dcc.Store(id=part(register, "lang"), data=language.SHORT[current()]),
    ]
    label = {"aria-label": str(register.title)}
    return box("paper", html.Div(id=part(register, "print")), *stores, tag=html.Main, extra=label, density="desk")


def order(register: Register, state: Mapping[str, Any]) -> tuple[Order, ...]:
    """Return what the paper is sorted by."""
    sort = str(state.get("sort") or "")
    if sort:
        return (Order(sort.removeprefix("-"), is_falling=sort.startswith("-")),)
    first = asking.first_order(register, state)
    return () if first is None else (first,)


def rows_of(register: Register, reader: Reader, asked: Asked, given: Mapping[str, Any]) -> list[Row]:
    """Return the rows that are printed, `ROWS_MOST` at most."""
    relation, found = register.relation, list[Row]()
    while len(found) < ROWS_MOST:
        after = Anchor(len(found), found[-1][relation.key]) if found else None
        most = min(MOST, ROWS_MOST - len(found))
        block = relation.rows(reader.tx, replace(asked, first=len(found), most=most, after=after), **given)
        found += block
        if len(block) < most:
            break
    return found


def table(
    register: Register, reader: Reader, rows: list[Row], state: Mapping[str, Any], measure: Measure
) -> list[Component]:  # fmt: skip
    """Return the rows as a table, with what it is, when it was made, and what is left out above."""
    chosen = str(state.get("cols") or "").split(",") if state.get("cols") else []
    columns = [each for each in register.columns if (each.field in chosen if chosen else not each.hidden)]
    head = html.Tr([html.Th(str(column.title), scope="col", className=_side(column)) for column in columns])
    lines = [[showing.written(column, showing.hidden(register, row), reader) for column in columns] for row in rows]
    left_out = [html.P(_left_out(measure, len(rows)))] if not measure.is_exact or measure.count > len(rows) else []
    at = formats.iso(reader.at)[:16].replace("T", " ")
    told = _("%(count)s rows · %(at)s · %(name)s", count=counting.words(measure), at=at, name=reader.actor.name)
    asked = [_("%(field)s: %(said)s", field=label, said=said) for label, said in _asked(register, reader, state)]
    sides = ",".join(_side(column) for column in columns)
    body = box("", tag=html.Tbody, paint="paper", lines=orjson.dumps(lines).decode(), sides=sides)
    return [
        html.H1(str(register.title)),
        html.P(told, className="num"),
        *([html.P(" · ".join(asked))] if asked else []),
        *left_out,
        html.Table([html.Thead(head), body], className="paper__table"),
    ]


def _asked(register: Register, reader: Reader, state: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what the list was narrowed to, in words: a paper is read without its page."""
    return asking.in_words(register, reader, asking.of_page(register, state))


def _left_out(measure: Measure, printed: int) -> str:
    if not measure.is_exact:
        return _("Only the first %(n)s rows are printed; export the list for all of them.", n=f"{printed:,}")
    left = f"{measure.count - printed:,}"
    return _(
        "%(left)s rows are left out: %(n)s are printed at most. Export the list for all of them.", left=left, n=f"{ROWS_MOST:,}"
    )


def _side(column: Column) -> str:
    return "paper__number" if column.look in _RIGHT else ""
