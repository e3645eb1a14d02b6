"""Drawers: what is known of one thing, at the right of the page: a heading, then sections of facts, gauges and notes."""

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from core.kit.locale import _
from core.ui.parts import Child, box, span
from core.ui.signs import sign


@dataclass(frozen=True, slots=True)
class Pill:
    """A state told by sign, colour and word; `look`: a tone, a berth's state or `attention`; `sign`: of glyphs.js or signs.js."""

    text: str
    look: str
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One value with its name; `look` is `owed` or nothing. `since`: the ISO instant from which the page's script counts on."""

    name: str
    value: str
    look: str = ""
    since: str = ""


@dataclass(frozen=True, slots=True)
class Gauge:
    """A value as text and as a bar; `pct` is None where it cannot be known, `level` is good, watch, act or unknown."""

    name: str
    value: str
    pct: float | None
    level: str


def heading(title: str, pills: Sequence[Pill], note: str, *more: Child) -> Component:
    """Return the head of a drawer."""
    marks = [pill(each) for each in pills]
    return box(
        "drawer__head", box("drawer__title", span("drawer__name", title), *marks, tag=html.H2), box("drawer__note", note), *more
    )


def pill(said: Pill) -> Component:
    """Return one state."""
    mark = [box("pill__sign", sign(said.sign), tag=html.Span)] if said.sign else []
    return span(f"pill pill--{said.look}", *mark, said.text)


def section(title: str, note: Child, *content: Child, name: str = "") -> Component:
    """Return a section; `name` is how the page's script finds it."""
    head = box("drawer__section-title", span("", title), box("drawer__section-note", note, tag=html.Small), tag=html.H3)
    return box("drawer__section", head, *content, tag=html.Section, part=name or "section")


def facts(values: Sequence[Fact]) -> Component:
    """Return values in three columns."""
    cells = [
        box(
            "facts__one",
            box("facts__name", fact.name, tag=html.Dt),
            _value(fact),
        )
        for fact in values
    ]
    return box("facts", *cells, tag=html.Dl)


def _value(fact: Fact) -> Component:
    look = f" facts__value--{fact.look}" if fact.look else ""
    counts_on = {"data-since": fact.since} if fact.since else None
    return box(f"facts__value num{look}", fact.value, tag=html.Dd, extra=counts_on)


def gauges(values: Sequence[Gauge]) -> Component:
    """Return values with their bars; where nothing is known the bar stays empty."""
    rows = []
    for gauge in values:
        width = {"width": f"{min(100.0, max(0.0, gauge.pct or 0.0)):.1f}%"}
        bar = box(f"gauge__fill gauge__fill--{gauge.level}", tag=html.I, extra={"style": width})
        value = box(f"gauge__value num gauge__value--{gauge.level}", gauge.value, tag=html.B)
        rows.append(box("gauge", span("gauge__name", gauge.name), span("gauge__track", bar), value))
    return box("gauges", *rows)


def notes(rows: Sequence[tuple[str, str]]) -> Component:
    """Return what happened: the time, then the sentence; where nothing did, that."""
    if not rows:
        return box("lines__empty", _("Nothing here"))
    lines = [box("notes__row", box("notes__time num", time, tag=html.Time), span("notes__text", text)) for time, text in rows]
    return box("notes", *lines, tag=html.Div)


def pictures(rows: Sequence[tuple[str, str] | tuple[str, str, str]]) -> Component:
    """
    Return pictures beside what they show: when, and what or why there is none; then the address of those that are kept.

    What was announced and not kept has an empty place.
    """
    return box("pictures", *(_picture(row[0], row[1], row[2] if len(row) > 2 else "") for row in rows))  # the address


def _picture(why: str, name: str, address: str) -> Component:
    if not address:
        sign_of_none = box("picture__sign", sign("blank-picture"))
        return box("picture", sign_of_none, span("picture__why", why), span("picture__name num", name))
    drawn = html.Img(src=address, alt=f"{why} {name}", className="picture__drawn")
    words = box("picture__words", span("picture__why", why), span("picture__name num", name))
    return html.A([drawn, words], href=address, target="_blank", className="picture picture--kept")
