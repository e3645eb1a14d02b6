"""
Tables: what the grid of a list takes and asks, one block of rows at a time; chips, and short tables that stand whole.

Columns are declared as `Column`. The grid's request becomes a question (`asked`), which a domain answers; a row goes back as the
grid takes it (`shown`). The browser never holds a list, and never sorts or filters it. Lists themselves: `core.ui.register`.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from core.kit.db import Row
from core.kit.errors import Refused
from core.kit.listing import Asked, Order
from core.kit.locale import Language, Text, _, current
from core.kit.masks import Mask
from core.kit.moments import ms_of
from core.ui.parts import Child, box, span
from core.ui.tones import Tone

BLOCK: Final = 100
"""Rows of one request."""
_FIGURE: Final = re.compile(r"—|[-−+]?(?:0|[1-9][\d,]*)(?:\.\d+)?(?: ?(?:%|[^\W\d]{1,4}))?")
"""A number with its unit; a code that begins with 0 is none."""
_NUMBERS: Final = frozenset({"number", "level", "share", "money"})
_FIXED: Final = _NUMBERS | {"switch"}
_THEME: Final = (
    "themeQuartz.withParams({backgroundColor: 'var(--surface-1)', foregroundColor: 'var(--text-1)', "
    "headerBackgroundColor: 'var(--surface-2)', headerTextColor: 'var(--text-2)', borderColor: 'var(--line)', "
    "rowHoverColor: 'var(--surface-2)', selectedRowBackgroundColor: 'var(--brand-soft)', accentColor: 'var(--brand)', "
    "oddRowBackgroundColor: 'var(--surface-1)', fontFamily: 'inherit', fontSize: 14, headerFontSize: 13, "
    "headerFontWeight: 500, headerColumnResizeHandleColor: 'transparent', wrapperBorderRadius: '12px 12px 0 0', "
    "cellHorizontalPadding: 10})"
)


class Look(StrEnum):
    """How a cell is drawn; `assets/js/tables/cells.js` knows each."""

    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    STATE = "state"  # a lamp and a word
    LEVEL = "level"  # a number with its unit, marked where the column beside it says so
    AGE = "age"  # how long ago; it runs on
    MOMENT = "moment"
    SHARE = "share"  # per cent with a bar
    MONEY = "money"  # fen, written as yuan with two places
    DATE = "date"  # a day of the city
    PLATE = "plate"  # a plate on its own ground; `beside` names the column with its class
    SWITCH = "switch"  # yes or no


class BadRequest(Refused):
    """What came is not a request of the grid."""


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column of a table.

    Args:
        field: the name of the value in a row.
        title: what stands above it.
        look: how it is drawn.
        width: in pixels, at least; what is left goes to columns of words, twice as much to those that `grow`.
        note: what it means, shown on the title.
        words: what states are called; of `Look.STATE`.
        tones: what states ask of their reader; they are drawn by it.
        warns: a sum above nothing is marked, as what is owed.
        is_pill: a state is drawn as a pill, without a lamp.
        beside: the field with the level, or with a second value drawn behind the first.
        unit: what follows a number.
        scale: what a number is divided by before it is shown, with so many `places`.
        hidden: it is shown only to whoever chose it.
        personal: what it tells of a person.
    """

    field: str
    title: Text
    look: Look = Look.TEXT
    width: int = 110
    grows: bool = False
    note: Text = ""
    words: Mapping[str, Text] | None = None
    tones: Mapping[str, Tone] | None = None
    is_pill: bool = False
    warns: bool = False
    beside: str = ""
    unit: Text = ""
    scale: int = 1
    places: int = 0
    is_sorted: bool = True
    hidden: bool = False
    personal: Mask | None = None


def options_of_grid(selection: Mapping[str, Any]) -> dict[str, Any]:
    """Return how every list of the product scrolls, looks and speaks; `selection` says how rows are chosen."""
    return {
        "theme": {"function": _THEME},
        "rowHeight": 38,
        "headerHeight": 36,
        "cacheBlockSize": BLOCK,
        "maxBlocksInCache": 10,
        "blockLoadDebounceMillis": 120,
        "maxConcurrentDatasourceRequests": 1,
        "rowSelection": dict(selection),
        "animateRows": False,
        "suppressCellFocus": False,
        "tooltipShowDelay": 400,
        "localeText": {
            "noRowsToShow": _("Nothing here"),
            "loadingOoo": _("Loading"),
            "ariaRowSelect": _("Space shows this row"),
            "ariaRowDeselect": _("Space lets this row go"),
            "ariaSortableColumn": _("Enter sorts"),
            "ariaRowToggleSelection": _("Space chooses this row"),
            "ariaChecked": _("chosen"),
            "ariaUnchecked": _("not chosen"),
            "ariaIndeterminate": _("some chosen"),
            "ariaVisible": _("shown"),
            "ariaHidden": _("hidden"),
            "ariaSkeletonCellLoading": _("Loading"),
            "ariaSkeletonCellLoadingFailed": _("This could not be read"),
            "loadingError": _("This could not be read"),
            **_paging(),
        },
    }


def _paging() -> dict[str, str]:
    """Return the words of pages, which no list shows but every list holds."""
    return {
        "page": _("Page"),
        "of": _("of"),
        "to": _("to"),
        "more": _("more"),
        "firstPage": _("First page"),
        "previousPage": _("Page before"),
        "nextPage": _("Next page"),
        "lastPage": _("Last page"),
        "pageSizeSelectorLabel": _("Rows of a page"),
        "ariaPageSizeSelectorLabel": _("Rows of a page"),
    }


def definition(column: Column) -> dict[str, Any]:
    """Return a column as the grid takes it."""
    words = None if column.words is None else {name: str(word) for name, word in column.words.items()}
    return {
        "field": column.field,
        "headerName": str(column.title),
        "headerTooltip": str(column.note) or None,
        "headerClass": "table__head--number" if column.look in _NUMBERS else "",
        "cellClass": f"table__cell table__cell--{column.look}",
        "cellRenderer": "BoshuCell",
        "cellRendererParams": {
            "look": column.look.value, "words": words, "beside": column.beside, "unit": str(column.unit), "scale": column.scale,
            "places": column.places, "warns": column.warns, **_drawn_by_tone(column),
            **({"told": {"yes": _("Yes"), "no": _("No")}} if column.look is Look.SWITCH else {}),
        },
        "sortable": column.is_sorted,
        **({"tooltipField": column.field} if column.look in {Look.TEXT, Look.CODE} and not (words or column.beside) else {}),
        **_wide(column),
    }  # fmt: skip


def _wide(column: Column) -> dict[str, Any]:
    """Return how wide a column is: figures keep their width, so that those of one row stay together."""
    if column.grows:
        return {"flex": 2 * column.width, "minWidth": column.width}
    if column.look in _FIXED:
        return {"width": column.width}
    return {"flex": column.width, "minWidth": column.width}


def _drawn_by_tone(column: Column) -> dict[str, Any]:
    if column.tones is None:
        return {}
    return {"tones": {name: tone.value for name, tone in column.tones.items()}, "pill": column.is_pill}


def asked(request: Mapping[str, Any]) -> Asked:
    """
    Return the question that a request of the grid asks.

    Raises:
        BadRequest: it is none. Whether the list has the columns is for the list to say.
    """
    try:
        first, last = int(request["startRow"]), int(request["endRow"])
        orders = tuple(Order(str(one["colId"]), is_falling=one["sort"] == "desc") for one in request.get("sortModel") or ())
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadRequest(_("This request cannot be read.")) from error
    if first < 0 or last <= first:
        raise BadRequest(_("This request cannot be read."))
    return Asked(first, min(last - first, BLOCK), orders)


def shown(row: Row, *, key: str) -> dict[str, Any]:
    """
    Return a row as the grid takes it: instants in milliseconds, ids as text, names in the reader's language.

    Of two fields `name` and `name_en` the English one is shown to whoever reads English.
    """
    is_english = current() is Language.EN
    told = {name: row[f"{name}_en"] if is_english and row.get(f"{name}_en") else value for name, value in row.items()}
    return {"id": str(row[key]), **{name: _plain(value) for name, value in told.items() if not name.endswith("_en")}}


def named(row: Row, field: str) -> Any:  # of any column
    """Return a value of a row; of two fields `name` and `name_en` the one of the reader's language."""
    english = row.get(f"{field}_en") if current() is Language.EN else None
    return english or row.get(field)


def _plain(value: object) -> object:
    match value:
        case datetime():
            return ms_of(value)
        case Decimal():
            return float(value)
        case None | str() | bool() | int() | float():
            return value
        case list() | tuple():
            return [_plain(each) for each in value]
    return str(value)


# ------------------------------------------------------------------------------------------------------- around the grid


def chip_options(
    words: Mapping[str, Text],
    counts: Mapping[str, int] | None,
    *,
    tones: Mapping[str, Tone] | None = None,
) -> list[dict[str, Any]]:
    """
    Return the chips of states with their numbers, each with the lamp of its tone, if it has one; the first is for all.

    Where `counts` is None nobody knows the numbers, and the chips have none.
    """
    every = {"value": "", "label": _chip(_("All"), None if counts is None else sum(counts.values()), "")}
    lamp_of = {name: str((tones or {}).get(name, "")) for name in words}
    of = {name: None if counts is None else counts.get(name, 0) for name in words}
    return [every, *({"value": name, "label": _chip(str(word), of[name], lamp_of[name])} for name, word in words.items())]


def _chip(word: str, n: int | None, lamp: str) -> Component:
    sign = [box(f"lamp lamp--{lamp}", tag=html.I)] if lamp else []
    number = [] if n is None else [box("chips__n num", f"{n:,}", tag=html.B)]
    return span("chips__face", *sign, word, *number)


def options(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Return the values of a choice with their names."""
    return [{"value": value, "label": label} for value, label in pairs]


def plain(titles: Sequence[str], rows: Iterable[Sequence[Child]], *, empty: str) -> Component:
    """Return a short table that stands whole; a row of one cell goes across all columns."""
    drawn = [list(cells) for cells in rows]
    if not drawn:
        return box("lines__empty", empty)
    looks = ["lines__number" if _is_figures(drawn, i) else None for i in range(len(titles))]
    head = html.Thead(html.Tr([html.Th(title, scope="col", className=look) for title, look in zip(titles, looks, strict=True)]))
    return html.Table([head, html.Tbody([_line(cells, looks) for cells in drawn])], className="lines")


def _is_figures(rows: Sequence[Sequence[Child]], i: int) -> bool:
    """Tell whether a column holds figures alone; those stand under each other by their last digit."""
    cells = [row[i] for row in rows if len(row) > 1]
    return all(isinstance(cell, str) and _FIGURE.fullmatch(cell) for cell in cells) and any(cell != "—" for cell in cells)


def _line(cells: Sequence[Child], looks: Sequence[str | None]) -> Component:
    if len(cells) == 1:
        return html.Tr(html.Td(cells[0], colSpan=len(looks)), className="lines__across")
    return html.Tr([html.Td(cell, className=look) for cell, look in zip(cells, looks, strict=True)])


def hint(say: str) -> Component:
    """Return a sentence that stands where there is nothing to show yet."""
    return box("table__hint", say)


def words() -> dict[str, object]:
    """Return the words that the script of tables writes."""
    return {"ago": _("%(span)s ago")}
