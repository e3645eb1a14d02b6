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


def amount(money: str, currency: str, *, name: str, note: str, facts: Sequence[Fact]) -> Component:
    """Return a price large, what it is called, how long it holds, and the sums it comes from."""
    figure = box("bill__figures", span("bill__money num", money, part="price"), span("bill__currency", currency))
    head = box("bill__head", span("bill__name", name), figure, box("bill__until", note, tag=html.Small))
    return box("bill__amount", head, drawer.facts(facts))


def lines(rows: Sequence[Line], *, total: str) -> Component:
    """Return the lines as a table; the last row is what they add up to."""
    titles = (_("From"), _("To"), _("Band"), _("How it is counted"), _("Amount"), _("Rule"))
    looks = ("", "", "", "", "num bill__figure", "")
    head = html.Tr([html.Th(title, scope="col", className=look or None) for title, look in zip(titles, looks, strict=True)])
    drawn = [_line(row) for row in rows]
    foot = html.Tr([html.Th(_("Together"), scope="row", colSpan=4), html.Td(total, className="num bill__figure"), html.Td()])
    table = box("bill__lines", html.Thead(head), html.Tbody(drawn), html.Tfoot(foot), tag=html.Table)
    return box("bill__scroll", table, extra={"tabIndex": 0, "role": "region", "aria-label": _("Lines of the price")})


def _line(row: Line) -> Component:
    letter = [span("bill__letter", row.letter)] if row.letter else []
    before = [html.S(row.before, className="bill__before")] if row.before else []
    rule: Child = html.A(row.rule, href=row.rule_at, className="bill__rule") if row.rule_at else row.rule
    cells = (
        html.Td(row.starts, className="num"),
        html.Td(row.ends, className="num"),
        html.Td([*letter, row.band]),
        html.Td(row.counted),
        html.Td([*before, row.money], className="num bill__figure"),
        html.Td(rule),
    )
    return html.Tr(list(cells))


def notes(said: Sequence[str]) -> Component:
    """Return what somebody should know beside the lines."""
    return box("bill__notes", *(html.Li(each) for each in said), tag=html.Ul)
