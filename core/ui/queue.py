"""
Queues of alarms: rows by priority, each an option that leads to where it happened. Ages are written by the page's script.

A long queue comes in pages, because each row costs the page time to draw; the options before its first and after its last
row lead to the page before and the one after, so that keys alone reach every alarm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dash import html
from dash.development.base_component import Component

from core.kit.locale import _
from core.ui.parts import box, span
from core.ui.signs import sign
from core.ui.states import Blank, blank

_SIGNS: Final = {1: "alarm-1", 2: "desk-attention", 3: "alarm-3"}


@dataclass(frozen=True, slots=True)
class Row:
    """
    One alarm: `n` things merged into it, `raised_at` as ISO, `told` what is read below its title; codes where it has a place.

    `seen` says who sees to it and since when; empty as long as nobody does.
    """

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
    seen: str = ""


def queue(rows: Sequence[Row], counts: Mapping[int, int], *, question: int = 0, skipped: int = 0, page: int = 40) -> Component:
    """
    Return one page of the queue.

    Args:
        rows: alarms, most urgent first, without those of the pages before.
        counts: how many are open of each priority, those that are not listed included.
        question: which question of the page's script this answers.
        skipped: how many stand on the pages before.
        page: how many stand on one.
    """
    names = {1: _("Urgent P1"), 2: _("High P2"), 3: _("Normal P3")}
    numbers = ",".join(str(counts[priority]) for priority in names)
    if not rows:
        calm = blank(Blank.EMPTY, title=_("No alarm is open"), note=_("Nothing needs an answer now."))
        return box("triage__rows", calm, question=str(question), skipped=str(skipped), counts=numbers)
    inside: list[Component] = []
    if skipped:
        inside.append(_turn(_("%(n)s before", n=f"{skipped:,}"), max(skipped - page, 0)))
    before = 0
    for priority, name in names.items():
        own = [row for row in rows if row.priority == priority]
        if own:
            listed = _listed(counts[priority], max(skipped - before, 0), len(own))
            inside += [_group(name, listed), *(_row(row) for row in own)]
        before += counts[priority]
    after = before - skipped - len(rows)
    if after > 0:
        said = _("Show %(n)s more of %(after)s", n=min(after, page), after=f"{after:,}")
        inside.append(_turn(said, skipped + page))
    listbox = {"role": "listbox", "aria-label": _("Alarms"), "tabIndex": 0}
    return box("triage__rows", *inside, extra=listbox, question=str(question), skipped=str(skipped), counts=numbers)


def _listed(count: int, skipped: int, shown: int) -> str:
    """Return which of the alarms of a priority are on the page: all, the first ones, or those from one to another."""
    if count == shown:
        return f"{count:,}"
    listed = f"{shown}" if not skipped else f"{skipped + 1:,}–{skipped + shown:,}"
    return _("%(listed)s of %(count)s", listed=listed, count=f"{count:,}")


def _group(name: str, listed: str) -> Component:
    return box("triage__group", name, span("triage__count num", listed), extra={"role": "presentation"})


def _turn(said: str, skip: int) -> Component:
    """Return the option that leads to another page."""
    return box(
        "alarm alarm--turn", span("alarm__title num", said), extra={"role": "option", "aria-selected": "false"}, turn=str(skip)
    )


def _row(row: Row) -> Component:
    many = [span("triage__many num", f"×{row.n}")] if row.n > 1 else []
    where = {} if row.lon is None or row.lat is None else {"lon": str(row.lon), "lat": str(row.lat)}
    seen = [span("alarm__seen", row.seen)] if row.seen else []
    return box(
        f"alarm alarm--{row.priority}{' alarm--seen' if row.seen else ''}",
        box("alarm__sign", sign(_SIGNS[row.priority])),
        span("alarm__title", row.title, *many),
        box("alarm__age num", tag=html.Time, extra={"dateTime": row.raised_at}),
        span("alarm__told", row.told),
        *seen,
        tag=html.Div,
        extra={"role": "option", "aria-selected": "false"},
        alarm=row.alarm,
        waits="no" if row.seen else "yes",
        at=row.raised_at,
        site=row.site,
        space=row.space,
        **where,
    )
