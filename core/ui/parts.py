"""
Parts of a live page: skeletons whose values the page's own script writes.

A part names the tile it shows (`data-tile`) and the value (`data-live`, a path inside the tile); values themselves never
pass through Dash, which would keep the history of every one of them. Until the first value a part shows a dash.
"""

from dash import html
from dash.development.base_component import Component

from core.kit.locale import _

UNKNOWN = "—"
"""What stands where a value cannot be known; never a zero, never an old value."""

Child = Component | str | None


def live(path: str, style: str = "whole", *, class_name: str = "") -> html.Span:
    """
    Return the place of one live value.

    Args:
        path: the value inside the tile of the nearest part, such as `fen`.
        style: how the script writes it: whole, percent, yuan, change, points, span.
        class_name: classes beside `num`.
    """
    return html.Span(UNKNOWN, className=f"num {class_name}".strip(), **_told(live=path, style=style))


def meaning(tile: str) -> html.Button:
    """Return the "i" that opens the definition of a tile's figure."""
    return html.Button(
        "i", className="info", title=_("Definition"), **{"aria-expanded": "false", "aria-label": _("Definition")}, **_told(meaning=tile)
    )


def panel(box: str, tile: str, title: str, note: str, *content: Child, flag: str = "gap") -> html.Section:
    """
    Return a panel with its title, its "i", a note that turns into the age when data is late, and a flag for stale data.

    Args:
        box: name of the place on the canvas.
        tile: the tile of the snapshot whose state and age the panel carries.
        title: what the panel shows.
        note: unit or basis, at the right of the title.
        content: what stands below.
        flag: `gap` says how long nothing came, `until` up to when data reaches.
    """
    head = html.H2(
        [html.Span(title), meaning(tile), html.Small(note, className="panel__note", **_told(note=note))], className="panel__title"
    )
    return html.Section(
        [head, *content, html.Div(className="panel__flag", **_told(flag=flag))],
        className=f"panel wall__box wall__box--{box}",
        **_told(panel=box, tile=tile, look="panel"),
    )


def figure(tile: str, name: str, value: Child, change: Child, versus: str, *, hero: bool = False) -> html.Div:
    """Return one figure of today: its name, the figure, how it compares, and its age when it is not fresh."""
    return html.Div(
        [
            html.Div([html.Span(name), meaning(tile)], className="figure__name"),
            html.Div(value, className=f"figure__value num{' figure__value--hero' if hero else ''}"),
            html.Div(
                [
                    change,
                    html.Span(className="figure__versus", **_told(versus=versus)),
                    html.Span(className="figure__age", **_told(age="")),
                ],
                className="figure__change",
            ),
        ],
        className="figure",
        **_told(tile=tile, look="figure"),
    )


def place(name: str, class_name: str, tag: type[Component] = html.Div) -> Component:
    """Return an empty part which the script paints as a whole."""
    return tag(className=class_name, **_told(paint=name))


def _told(**attributes: str) -> dict[str, str]:
    return {f"data-{name}": value for name, value in attributes.items()}
