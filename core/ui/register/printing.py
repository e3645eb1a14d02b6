"""The list of a register on paper: a plain table of what is asked, as far as one page of a list reaches."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dash import dcc, html
from dash.development.base_component import Component

from core.kit.db import Row
from core.kit.listing import MOST, Order
from core.kit.locale import _, current
from core.ui import formats, language
from core.ui.parts import box
from core.ui.register import asking, showing
from core.ui.register.declaring import Reader, Register
from core.ui.register.parts import part
from core.ui.tables import Column, Look

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


def table(register: Register, reader: Reader, rows: Sequence[Row], state: Mapping[str, Any], *, count: str) -> list[Component]:
    """Return the rows as a table, with what it is and when it was made above."""
    chosen = str(state.get("cols") or "").split(",") if state.get("cols") else []
    columns = [each for each in register.columns if (each.field in chosen if chosen else not each.hidden)]
    head = html.Tr([html.Th(str(column.title), scope="col", className=_side(column)) for column in columns])
    lines = [
        html.Tr(
            [html.Td(showing.written(column, showing.hidden(register, row), reader), className=_side(column)) for column in columns]
        )
        for row in rows
    ]
    more = (
        [html.P(_("Only the first %(n)s rows are printed; export the list for all of them.", n=MOST))] if len(rows) >= MOST else []
    )
    told = _("%(count)s rows · %(at)s · %(name)s", count=count, at=formats.iso(reader.at)[:16], name=reader.actor.name)
    return [
        html.H1(str(register.title)),
        html.P(told, className="num"),
        *more,
        html.Table([html.Thead(head), html.Tbody(lines)], className="paper__table"),
    ]


def _line(columns: Sequence[Column], row: Row, reader: Reader) -> Component:
    return html.Tr([html.Td(showing.written(column, row, reader), className=_side(column)) for column in columns])


def _side(column: Column) -> str:
    return "paper__number" if column.look in _RIGHT else ""
