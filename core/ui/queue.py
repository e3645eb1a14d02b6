"""Queues of alarms: rows by priority, each a button that leads to where it happened. Ages are written by the page's script."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dash import html
from dash.development.base_component import Component

from core.kit.locale import _
from core.ui.parts import box, span
from core.ui.signs import sign

_SIGNS: Final = {1: "alarm-1", 2: "desk-attention", 3: "alarm-3"}


@dataclass(frozen=True, slots=True)
class Row:
    """One alarm: `n` things merged into it, `raised_at` as ISO, `told` what is read below its title; codes where it has a place."""

    alarm: str
    priority: int
    title: str
    told: str
    raised_at: str
    n: int
    site: str
    space: str
    lon: float | None
    lat: float | None


def queue(rows: Sequence[Row], counts: dict[int, int]) -> Component:
    """
    Return the queue.

    Args:
        rows: alarms, most urgent first.
        counts: how many are open of each priority, those that are not listed included.
    """
    names = {1: _("Urgent P1"), 2: _("High P2"), 3: _("Normal P3")}
    inside: list[Component] = []
    for priority, name in names.items():
        own = [row for row in rows if row.priority == priority]
        if own:
            inside += [_group(name, counts[priority], len(own)), *(_row(row) for row in own)]
    return box("triage__rows", *inside, extra={"role": "listbox", "aria-label": _("Alarms"), "tabIndex": 0})


def _group(name: str, count: int, listed: int) -> Component:
    said = str(count) if count == listed else _("%(listed)s of %(count)s", listed=listed, count=count)
    return box("triage__group", name, span("triage__count num", said), extra={"role": "presentation"})


def _row(row: Row) -> Component:
    many = [span("triage__many num", f"×{row.n}")] if row.n > 1 else []
    where = {} if row.lon is None or row.lat is None else {"lon": str(row.lon), "lat": str(row.lat)}
    return box(
        f"alarm alarm--{row.priority}",
        box("alarm__sign", sign(_SIGNS[row.priority])),
        span("alarm__title", row.title, *many),
        box("alarm__age num", tag=html.Time, extra={"dateTime": row.raised_at}),
        span("alarm__told", row.told),
        tag=html.Div,
        extra={"role": "option", "aria-selected": "false"},
        alarm=row.alarm,
        at=row.raised_at,
        site=row.site,
        space=row.space,
        **where,
    )
