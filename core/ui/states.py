"""States of a piece of a page when it has nothing to show: empty, loading, failed, stale, not permitted. Each has its own sign."""

from enum import StrEnum

from dash import html
from dash.development.base_component import Component

from core.kit.locale import _
from core.ui.parts import box
from core.ui.signs import sign


class Blank(StrEnum):
    """Why a piece shows nothing."""

    EMPTY = "empty"
    LOADING = "loading"
    FAILED = "failed"
    STALE = "stale"
    FORBIDDEN = "forbidden"


def blank(why: Blank, *, title: str = "", note: str = "", action: Component | None = None) -> Component:
    """
    Return the piece that stands where content would.

    Args:
        why: which state.
        title: what to say; each state has words of its own.
        note: what the reader may do about it.
        action: a link or button that does it.
    """
    said = box("blank__title", title or _title(why), tag=html.Strong)
    more = [box("blank__note", note, tag=html.P)] if note else []
    role = {"role": "alert" if why is Blank.FAILED else "status"}
    mark = box("blank__sign", sign(f"blank-{why}"), extra={"aria-hidden": "true"})
    return box(f"blank blank--{why}", mark, said, *more, *([] if action is None else [action]), extra=role)


def waiting(*, rows: int = 4) -> Component:
    """Return a skeleton of some rows, for content that is on its way."""
    lines = [box("skeleton__row", tag=html.Span) for _row in range(rows)]
    return box("skeleton", *lines, extra={"role": "status", "aria-label": _("Loading")})


def _title(why: Blank) -> str:
    return {
        Blank.EMPTY: _("Nothing here"),
        Blank.LOADING: _("Loading"),
        Blank.FAILED: _("This could not be read"),
        Blank.STALE: _("No fresh data"),
        Blank.FORBIDDEN: _("You may not see this"),
    }[why]
