"""
Parts of a live page: skeletons whose values the page's own script writes.

A part names the tile it shows (`data-tile`) and the value (`data-live`, a key of the tile); values themselves never pass
through Dash, which would keep the history of every one of them. Until the first value a part shows a dash.
"""

from collections.abc import Callable
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from core.kit.locale import _

UNKNOWN: Final = "—"
"""What stands where a value cannot be known; never a zero, never an old value."""

Child = Component | str
Tag = Callable[..., Component]


def box(class_name: str, *inside: Child, tag: Tag = html.Div, extra: dict[str, Any] | None = None, **told: str) -> Component:
    """
    Return an element of a class.

    Args:
        class_name: its classes.
        inside: what it holds.
        tag: which element.
        extra: attributes by the names Dash gives them, such as `hidden` or `aria-label`.
        told: what the script reads: `live_page="wall"` becomes `data-live-page`.
    """
    data = {f"data-{name.replace('_', '-')}": value for name, value in told.items()}
    return tag(list(inside) or None, className=class_name or None, **data, **(extra or {}))


def span(class_name: str, *inside: Child, **told: str) -> Component:
    """Return a piece of a line."""
    return box(class_name, *inside, tag=html.Span, extra=None, **told)


def live(path: str, style: str = "whole", *, class_name: str = "") -> Component:
    """
    Return the place of one live value.

    Args:
        path: its key in the tile the place stands in, such as `fen`.
        style: how the script writes it: whole, percent, yuan, change, points.
        class_name: classes beside `num`.
    """
    return span(f"num {class_name}".strip(), UNKNOWN, live=path, style=style)


def lamp() -> Component:
    """Return the sign of a source's state."""
    return box("lamp", tag=html.I)


def meaning(tile: str) -> Component:
    """Return the "i" that opens the definition of a tile's figure."""
    said = _("Definition")
    return box("info", "i", tag=html.Button, extra={"aria-expanded": "false", "aria-label": said, "title": said}, meaning=tile)


def bullet(name: str) -> Component:
    """Return a bar with the tick of a target; both stand nowhere until the script has a value."""
    return box(
        "bullet",
        box("bullet__fill", tag=html.I),
        box("bullet__goal", tag=html.I, extra={"hidden": True}),
        tag=html.Span,
        paint=name,
    )


def rate(kpi: str, name: str, *, tile: str) -> Component:
    """
    Return one rate of the strip with its target; the whole cell opens its definition.

    Args:
        kpi: the rate, a KPI of the dictionary and a row of the tile.
        name: what people call it.
        tile: the tile of the snapshot whose state the cell carries.
    """
    value = box("rate__value num", span("", UNKNOWN), box("rate__unit", tag=html.Small), tag=html.Span, paint="rate-value")
    closed = {"aria-expanded": "false"}
    inside = (span("rate__name", name), value, bullet("rate-bar"))
    return box("rate", *inside, tag=html.Button, extra=closed, tile=tile, look="rate", rate=kpi, meaning=kpi)


def panel(
    name: str, tile: str, title: str, note: str, *content: Child, flag: str = "gap", back: str = "", of: str = ""
) -> Component:
    """
    Return a panel with its title, its "i", a note that turns into the age when data is late, and a flag for stale data.

    Args:
        name: its place on the canvas.
        tile: the tile of the snapshot whose state and age the panel carries.
        title: what the panel shows.
        note: unit or basis, at the right of the title.
        content: what stands below.
        flag: `gap` says how long nothing came, `until` up to when data reaches.
        back: the note of a past moment, where it differs.
        of: the part of the canvas the panel belongs to, such as `wide`; every layout has it when empty.
    """
    head = box(
        "panel__title",
        span("panel__name", title),
        meaning(tile),
        box("panel__note", note, tag=html.Small, note=note, back=back or note),
        tag=html.H2,
    )
    body = (head, *content, box("panel__flag", flag=flag))
    classes = f"panel wall__box wall__box--{name}" + (f" wall__box--{of}" if of else "")
    return box(classes, *body, tag=html.Section, panel=name, tile=tile, look="panel")


def plain_panel(name: str, title: str, note: str, *content: Child, of: str) -> Component:
    """Return a panel of the canvas's `of` part that shows what has no tile, such as the alarms; its note is painted by name."""
    head = box(
        "panel__title", span("panel__name", title), box("panel__note", note, tag=html.Small, paint=f"{name}-note"), tag=html.H2
    )
    return box(f"panel wall__box wall__box--{name} wall__box--{of}", head, *content, tag=html.Section, panel=name)


def figure(tile: str, name: str, value: tuple[Child, ...], change: Component, versus: str, *, look: str = "") -> Component:
    """Return one figure of today: its name, the figure, how it compares, and its age when it is not fresh."""
    compared = box("figure__change", change, span("figure__versus", versus=versus), span("figure__age", age=""))
    named = box("figure__name", span("", name), meaning(tile))
    return box("figure", named, box(f"figure__value num {look}".strip(), *value), compared, tile=tile, look="figure")


def place(name: str, class_name: str, *, tag: Tag = html.Div) -> Component:
    """Return an empty part which the script paints as a whole."""
    return box(class_name, tag=tag, paint=name)


def glyph(name: str) -> Component:
    """Return the place of a sign."""
    return span("glyph", glyph=name)
