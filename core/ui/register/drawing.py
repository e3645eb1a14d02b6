"""The page of a register: title, views, filters, list, foot and drawer. A skeleton; callbacks and the page's script fill it."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import dash
import dash_ag_grid
from dash import dcc, html
from dash.development.base_component import Component

from core.kit import pictures
from core.kit.listing import Order
from core.kit.locale import Text, _, current
from core.ui import language, shell, tables, words
from core.ui.entrance import gate
from core.ui.ids import Ids
from core.ui.parts import box, place, span
from core.ui.register import asking, importing, printing, saying
from core.ui.register.asking import Question
from core.ui.register.declaring import Between, Choice, Filter, Register, Typed
from core.ui.register.parts import part, purposes, wants
from core.ui.states import Blank, blank, waiting


def page(module: str, register: Register) -> Callable[..., Component]:
    """Give a register its page: register it, and return what draws it."""

    def title(**_path: str) -> str:
        with language.speaking():
            return str(register.title)

    def layout(lang: str | None = None, **query: str) -> Component:
        """Return the page without a row; the address says what to begin with."""
        with language.speaking(lang):
            return printing.page(register, query) if query.get("print") else _page(module, register, query)

    dash.register_page(
        module,
        path=register.path,
        title=title,
        name=register.name,
        layout=layout,
        needs=register.view,
        label=register.title,
        group=register.group,
        order=register.order,
        register=register.name,
    )
    return layout


def _page(module: str, register: Register, query: Mapping[str, Any]) -> Component:
    question = asking.of_address(register, query)
    rest = [_foot(register), _sheet(register), *_stores(register, question, query)]
    about = [html.Div(id=part(register, "about"), className="register__about")] if register.about else []
    board = box(
        f"register{' register--told' if about else ''}",
        _head(register),
        *about,
        place("views", "register__views", tag=html.Nav),
        _filters(register, question),
        _active(register, question),
        box("register__list", _grid(register, query)),
        *rest,
        register=register.name,
        config=json.dumps(_config(register), ensure_ascii=False),
    )
    return shell.page(
        Ids(module),
        area=register.path.split("/")[1],
        path=register.path,
        title=str(register.title),
        children=board,
        keys=_keys(register),
        extra_words={**tables.words(), "register": saying.words(), "drawing": words.drawing()},
    )


def _head(register: Register) -> Component:
    can = wants(register, gate.actor().permissions)
    may_add = "form" in can and register.form is not None and register.form.add is not None
    buttons = [
        box("button register__action", str(action.title), tag=html.Button, extra=_button(), does=f"action:{action.name}")
        for action in register.actions
        if action.is_for_none and f"action:{action.name}" in can
    ]
    if "import" in can:
        buttons.append(box("button", _("Import"), tag=html.Button, extra=_button(), does="import"))
    if "export" in can:
        look = "button" if may_add else "button button--first"
        buttons.append(box(look, _("Export"), tag=html.Button, extra=_button(), does="export"))
    if may_add:
        buttons.append(box("button button--first", f"＋ {_('New')}", tag=html.Button, extra=_button(), does="new"))
    return box(
        "register__head",
        box("register__title", str(register.title), tag=html.H1),
        span("register__note", str(register.note)),
        span("register__gap"),
        box("button", _("Columns"), box("num", paint="columns", tag=html.B), tag=html.Button, extra=_button(), does="columns"),
        box("button", _("Print"), tag=html.Button, extra=_button(), does="print"),
        *buttons,
    )


def _button() -> dict[str, str]:
    return {"type": "button"}


def _filters(register: Register, question: Question) -> Component:
    drawn = [_filter(register, each, question) for each in register.filters if not each.is_rare]
    rare = [each for each in register.filters if each.is_rare]
    if rare:
        is_asked = any(each.field in question for each in rare)
        drawn.append(_more(is_open=is_asked))
        drawn.append(
            box(
                "register__rare",
                *(_filter(register, each, question) for each in rare),
                paint="rare",
                extra={"hidden": not is_asked},
            )
        )
    found = html.Span(id=part(register, "found"), className="register__found num", role="status")
    return box("register__filters", *drawn, span("register__gap"), found, extra={"role": "search", "aria-label": _("Filters")})


def _more(*, is_open: bool) -> Component:
    extra = {**_button(), "aria-expanded": str(is_open).lower()}
    return box("button register__more", _("More filters"), tag=html.Button, extra=extra, does="more")


def _filter(register: Register, each: Filter, question: Question) -> Component:
    values = question.get(each.field, [])
    label = str(each.label)
    if not isinstance(each, Choice):
        field = span("choose__field", paint="filter", field=each.field)
        kind = "typed" if isinstance(each, Typed) else "between"
        return box(f"choose choose--{kind}", span("choose__name", label), field)
    is_many = each.is_many and not each.is_given
    at_hand = [(value, str(word)) for value, word in each.choices.items()] if isinstance(each.choices, Mapping) else []
    picker = dcc.Dropdown(
        id=part(register, "choice", field=each.field),
        options=tables.options(at_hand),  # a value that is none of its options is dropped
        value=values if is_many else ([*values, each.default][0] or None),
        multi=is_many,
        placeholder=_("All"),
        clearable=not each.default,
        labels=saying.dropdown(),  # type: ignore[arg-type]  # a dict of the shape that Dash describes
    )
    return html.Label([span("choose__name", label), span("choose__field", picker)], className="choose")


def _active(register: Register, question: Question) -> Component:
    """Return the chips of states, and the place of those that take a filter away."""
    chips: list[Component] = []
    if register.chips:
        value = (question.get(register.chips.field) or [""])[0]
        picker = dcc.RadioItems(
            id=part(register, "chips", field=register.chips.field),
            value=value,
            options=tables.chip_options(register.chips.words, None, tones=register.tones(register.chips.field)),
            className="chips__all",
            labelClassName="chips__one",
            inputClassName="chips__input",
        )
        chips.append(box("chips", picker, extra={"role": "group", "aria-label": _("State")}))
    return box("register__active", *chips, place("active", "register__chosen"))


def _grid(register: Register, query: Mapping[str, Any]) -> Component:
    drawn: Component = dash_ag_grid.AgGrid(
        id=part(register, "grid"),
        className="table__grid register__grid",
        rowModelType="infinite",
        columnDefs=_columns(register, query),
        defaultColDef={"sortable": True, "resizable": True, "suppressHeaderMenuButton": True, "suppressHeaderFilterButton": True},
        getRowId="params.data.id",
        style={"height": "100%"},
        dashGridOptions=tables.options_of_grid(
            {"mode": "multiRow", "checkboxes": True, "headerCheckbox": False, "enableClickSelection": False}
        ),
    )
    return drawn


def _columns(register: Register, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    chosen = str(query.get("cols", "")).split(",") if query.get("cols") else None
    sort = str(query.get("sort", "")) or _sort(asking.first_order(register, query))
    found = []
    for column in register.columns:
        is_hidden = column.hidden if chosen is None else column.field not in chosen
        drawn = tables.definition(column)
        ordered = {"sort": "desc" if sort.startswith("-") else "asc"} if sort.removeprefix("-") == column.field else {}
        found.append({**drawn, "hide": is_hidden, **ordered})
    return found


def _sort(order: Order | None) -> str:
    return "" if order is None else f"{'-' if order.is_falling else ''}{order.column}"


def _foot(register: Register) -> Component:
    sums = html.Span(id=part(register, "sums"), className="register__sums")
    chosen = place("chosen", "register__selected")
    return box("register__foot", sums, span("register__gap"), chosen, place("position", "register__position num"))


def _sheet(register: Register) -> Component:
    """Return the drawer: closed until a row is opened."""
    content = html.Div(id=part(register, "sheet"), className="register__sheet")
    label = {"hidden": True, "aria-label": _("Details"), "tabIndex": -1, "aria-live": "polite"}
    bar = box(
        "register__bar",
        *(
            box("button button--ghost button--sign", sign, tag=html.Button, extra={**_button(), "aria-label": said}, does=does)
            for does, sign, said in (("up", "↑", _("Row above")), ("down", "↓", _("Row below")), ("close", "✕", _("Close")))
        ),
    )
    again = box("button", _("Try again"), tag=html.Button, extra=_button(), does="again")
    failed = blank(Blank.FAILED, note=_("The list stays as it is."), action=again)
    parts = (bar, box("drawer__wait", waiting(rows=9)), box("drawer__failed", failed), content)
    return box("drawer register__drawer", *parts, tag=html.Aside, extra=label, paint="drawer")


def _stores(register: Register, question: Question, query: Mapping[str, Any]) -> list[Component]:
    """Return what the script and the callbacks hand each other."""
    state = {"q": question, "row": str(query.get("row", "")), "view": str(query.get("view", ""))}
    kept = {"state": state, "lang": language.SHORT[current()], "peek": None, "tick": None, "labels": None, "count": None}
    stores: list[Component] = [dcc.Store(id=part(register, name), data=value) for name, value in kept.items()]
    for purpose in purposes(register):
        stores += [dcc.Store(id=part(register, name, of=purpose)) for name in ("ask", "told", "heard")]
    shown_once = html.Div(id=part(register, "once"))
    close = html.Form(box("button button--first", _("Close"), tag=html.Button), method="dialog", className="sheet__foot")
    label = {"aria-label": _("Shown only once")}
    return [*stores, box("sheet sheet--small", shown_once, close, tag=html.Dialog, extra=label, paint="once")]


def _config(register: Register) -> dict[str, Any]:
    """Return what the page's script knows of the register."""
    can = wants(register, gate.actor().permissions)
    return {
        "name": register.name,
        "path": register.path,
        "title": str(register.title),
        "one": str(register.one),
        "key": register.relation.key,
        "heading": register.own_name,
        "can": sorted(can),
        "live": register.is_live,
        "written": register.form.page if register.form else "",
        "heads": importing.heads(register.form) if register.form and "import" in can else [],
        "mostMb": pictures.MOST_BYTES // 1024 // 1024,
        "columns": [{"field": each.field, "title": str(each.title), "hidden": each.hidden} for each in register.columns],
        "filters": [_told(each) for each in register.filters],
        "chips": register.chips and {"field": register.chips.field, "words": _words(register.chips.words)},
        "views": [
            {"name": view.name, "title": str(view.title), "q": asking.of_view(register, view), "sort": view.order}
            for view in register.views
        ],
        "actions": [
            {"name": action.name, "title": str(action.title), "grave": action.is_grave}
            for action in register.actions
            if action.is_for_many and f"action:{action.name}" in can
        ],
    }


def _told(each: Filter) -> dict[str, Any]:
    told: dict[str, Any] = {"field": each.field, "label": str(each.label), "rare": each.is_rare}
    match each:
        case Choice(is_many=is_many, is_given=is_given, default=default):
            return told | {"is": "choice", "many": is_many and not is_given, "default": default}
        case Typed(hint=hint):
            return told | {"is": "typed", "hint": str(hint)}
        case Between(kind=kind):
            return told | {"is": "between", "kind": kind.value}


def _words(words: Mapping[str, Text]) -> dict[str, str]:
    return {value: str(word) for value, word in words.items()}


def _keys(register: Register) -> Sequence[shell.Key]:
    can = wants(register, gate.actor().permissions)
    found = [
        shell.Key(("↑", "↓"), _("Row above, row below")),
        shell.Key(("Enter",), _("Open the row")),
        shell.Key(("x",), _("Select the row")),
    ]
    if "form" in can:
        found += [shell.Key(("n",), _("New")), shell.Key(("e",), _("Edit the row"))]
    return found
