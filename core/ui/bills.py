"""
Bills: a price that is explained: how much, until when, and every line it comes from, with the stay drawn over the bands.

What is said comes in words; nothing is decided here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from core.kit.locale import _
from core.ui import drawer
from core.ui.drawer import Fact
from core.ui.parts import Child, box, span


@dataclass(frozen=True, slots=True)
class Line:
    """A line: its times, the letter and name of its band, how it was counted, the amount before a cap and after, its rule."""

    starts: str
    ends: str
    letter: str
    band: str
    counted: str
    before: str
    money: str
    rule: str
    rule_at: str


@dataclass(frozen=True, slots=True)
class Sum:
    """A step from the lines to what is due: its name, how it is counted, the amount, its rule; one without a rule is a result."""

    name: str
    how: str
    money: str
    rule: str
    rule_at: str


def amount(money: str, currency: str, *, name: str, note: str, facts: Sequence[Fact]) -> Component:
    """Return a price large, what it is called, how long it holds, and the sums it comes from."""
    figure = box("bill__figures", span("bill__money num", money, part="price"), span("bill__currency", currency))
    head = box("bill__head", span("bill__name", name), figure, box("bill__until", note, tag=html.Small))
    return box("bill__amount", head, drawer.facts(facts))


def lines(rows: Sequence[Line], sums: Sequence[Sum]) -> Component:
    """Return the lines as a table; below them what they add up to, and what leads from there to what is due."""
    titles = (_("From"), _("To"), _("Band"), _("How it is counted"), _("Amount"), _("Rule"))
    looks = ("", "", "", "", "num bill__figure", "")
    head = html.Tr([html.Th(title, scope="col", className=look or None) for title, look in zip(titles, looks, strict=True)])
    drawn = [_line(row) for row in rows]
    foot = html.Tfoot([_sum(row) for row in sums])
    table = box("bill__lines", html.Thead(head), html.Tbody(drawn), foot, tag=html.Table)
    return box("bill__scroll", table, extra={"tabIndex": 0, "role": "region", "aria-label": _("Lines of the price")})


def _line(row: Line) -> Component:
    letter = [span("bill__letter", row.letter)] if row.letter else []
    before = [html.S(row.before, className="bill__before")] if row.before else []
    cells = (
        html.Td(row.starts, className="num"),
        html.Td(row.ends, className="num"),
        html.Td([*letter, row.band]),
        html.Td(row.counted),
        html.Td([*before, row.money], className="num bill__figure"),
        html.Td(_rule(row.rule, row.rule_at)),
    )
    return html.Tr(list(cells))


def _sum(row: Sum) -> Component:
    cells = (
        html.Th(row.name, scope="row", colSpan=3),
        html.Td(row.how),
        html.Td(row.money, className="num bill__figure"),
        html.Td(_rule(row.rule, row.rule_at)),
    )
    return html.Tr(list(cells), className=None if row.rule else "bill__result")


def _rule(name: str, at: str) -> Child:
    return html.A(name, href=at, className="bill__rule") if at else name


def notes(said: Sequence[str]) -> Component:
    """Return what somebody should know beside the lines."""
    return box("bill__notes", *(html.Li(each) for each in said), tag=html.Ul)
