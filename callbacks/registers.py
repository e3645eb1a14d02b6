"""
Registers: what happens on the page of every managed thing. One set of callbacks serves all; the ids name the register.

The grid asks for rows; the page's script asks for the rest (`ask`) and is told (`told`).
"""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from dash import ALL, MATCH, Dash, Input, Output, State, html, no_update, set_props
from dash.development.base_component import Component

from callbacks import edge
from callbacks.edge import Act, Place
from core.access import views
from core.access.actors import NotConfirmed
from core.kit.errors import Changed, Refused
from core.kit.listing import COUNTED, Asked, Measure
from core.kit.locale import _
from core.ui import formats, language, tables
from core.ui.parts import UNKNOWN, box, span
from core.ui.register import asking, doing, forming, showing
from core.ui.register.declaring import Action, Choice, Form, Kind, Reader, Register, Total, find
from core.ui.register.doing import Deed, WrongForm
from core.ui.register.parts import ACTION, need_of
from core.ui.tables import Look

NOBODYS: Final = UUID(int=0)


def wire(screens: Dash) -> None:
    """Give an application every callback that was declared, those of registers among them."""
    edge.wire(screens)


def part(name: str, **more: Any) -> dict[str, Any]:
    """Return the pattern of a part on the page of any register."""
    return {"register": MATCH, "part": name, **more}


def needed(place: Place) -> frozenset[Any] | None:
    """Return what a reader needs at a place."""
    return need_of(place.register, place.of)


def register_of(place: Place) -> Register:
    """Return the register of a place, which the gate let pass."""
    register = find(place.register)
    assert register is not None
    return register


def reader_of(register: Register, act: Act) -> Reader:
    """Return who reads a register, with the sites he sees where it belongs to any."""
    return Reader(act.tx, act.actor, act.at, [] if register.is_for_all else act.scope.sites(act.tx))


@edge.guarded_each(
    needed,
    Output(part("grid"), "getRowsResponse"),
    Output(part("count"), "data"),
    Input(part("grid"), "getRowsRequest"),
    State(part("state"), "data"),
    State(part("count"), "data"),
    State(part("lang"), "data"),
    prevent_initial_call=True,
)
@language.spoken
def list_rows(place: Place, request: Mapping[str, Any] | None, state: Any, count: Any) -> tuple[Any, Any]:
    """Answer the grid; rows are counted with the first block, which every new question begins with."""
    if not request:
        return no_update, no_update
    register = register_of(place)
    with edge.reading() as act:
        asked, given = _question(register, act, state, tables.asked({**request, "filterModel": None}))
        rows = register.relation.rows(act.tx, asked, **given)
        if asked.first == 0 or not isinstance(count, dict):
            count = _counted(register.relation.measure(act.tx, asked, **given))
    block = {"rowData": [showing.cells(register, row) for row in rows], "rowCount": _last_row(asked, len(rows), count)}
    return block, count if asked.first == 0 else no_update


@edge.guarded_each(
    needed,
    Output(part("found"), "children"),
    Output(part("sums"), "children"),
    Output(part("chips", field=ALL), "options"),
    Input(part("grid"), "getRowsRequest"),
    State(part("state"), "data"),
    State(part("chips", field=ALL), "id"),
    State(part("lang"), "data"),
    prevent_initial_call=True,
)
@language.spoken
def sum_up(place: Place, request: Mapping[str, Any] | None, state: Any, chips: list[Any]) -> tuple[Any, ...]:
    """Tell how many rows were found, what they add up to, and how many have each state; with the first block alone."""
    register = register_of(place)
    if not request or tables.asked({**request, "filterModel": None}).first > 0:
        return no_update, no_update, [no_update for _chip in chips]
    with edge.reading() as act:
        asked, given = _question(register, act, state, Asked())
        measure = register.relation.measure(act.tx, asked, [total.field for total in register.totals], **given)
        shown = register.chips
        counts = register.relation.count_some_by(act.tx, shown.field, asked, **given) if shown else {}
    options = [tables.chip_options(shown.words, counts)] if shown else []
    return _found(measure), _sums(register, measure), options


@edge.guarded_each(
    needed,
    Output(part("choice", field=ALL), "options"),
    Input(part("lang"), "data"),
    State(part("choice", field=ALL), "id"),
    State(part("lang"), "data"),
)
@language.spoken
def list_choices(place: Place, _drawn: str, ids: list[dict[str, str]]) -> list[Any]:
    """Fill the filters."""
    register = register_of(place)
    choices = {each.field: each.choices for each in register.filters if isinstance(each, Choice)}
    with edge.reading() as act:
        reader = reader_of(register, act)
        return [tables.options(forming.choices_of(choices[one["field"]], reader)) for one in ids]


@edge.guarded_each(
    needed,
    Output(part("sheet"), "children"),
    Input(part("peek"), "data"),
    State(part("lang"), "data"),
    prevent_initial_call=True,
)
@language.spoken
def show_row(place: Place, peek: Any) -> Any:
    """Tell all about the row that was opened, and what its reader may do to it."""
    register = register_of(place)
    key = peek.get("key") if isinstance(peek, dict) else None
    if not isinstance(key, str) or not key:
        return no_update
    with edge.reading() as act:
        reader = reader_of(register, act)
        row = doing.find_row(register, reader, key)
        sheet = showing.sheet(register, reader, row)
        acts = showing.buttons(register, row, permissions=act.actor.permissions)
    return [box("register__told", *sheet), *([acts] if acts else [])]


@edge.guarded_each(
    needed,
    Output(part("told", of=MATCH), "data"),
    Input(part("ask", of=MATCH), "data"),
    State(part("lang"), "data"),
    prevent_initial_call=True,
)
@language.spoken
def tell(place: Place, asked: Any) -> dict[str, Any]:
    """Answer what the page's script asks; a refusal is an answer, too."""
    register = register_of(place)
    told: dict[str, Any] = asked if isinstance(asked, dict) else {}
    answer = ANSWERS["action" if place.of.startswith(ACTION) else place.of]
    try:
        return {"asked": told.get("asked"), **answer(register, place.of, told)}
    except Refused as error:
        edge.note_refusal(error, subject=f"{register.name} {_text(told.get('key'))}".strip())
        errors = error.errors if isinstance(error, WrongForm) else {error.field: error.message} if error.field else None
        return {"asked": told.get("asked"), "refused": error.message, **({"errors": errors} if errors else {})}


def show_form(register: Register, _of: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Describe the form of a row, or of a thing to be added."""
    form, key = _form(register), _text(told.get("key"))
    with edge.reading() as act:
        reader = reader_of(register, act)
        row = doing.find_row(register, reader, key) if key else None
        masked = showing.hidden(register, row) if row else {}
        fields = forming.describe(form, reader, row, masked=masked)
    title = showing.name_of(register, row) if row else str(register.one)
    return {"fields": fields, "title": title, "version": (row or {}).get("version", 0)}


def save(register: Register, _of: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Add a thing or change one; where somebody was faster, tell what stands there now."""
    key, values, version = _text(told.get("key")), _dict(told.get("values")), _whole(told.get("version"))
    try:
        with edge.action() as act:
            if away := _unconfirmed(act, needs=_form(register).is_confirmed):
                return away
            deed = doing.save(register, reader_of(register, act), key=key, version=version, typed=values)
            act.tell(deed.subject, before=deed.before, after=deed.after)
    except Changed as error:
        edge.note_refusal(error, subject=f"{register.name} {key}")
        return {"refused": error.message, **_now(register, key)}
    return {"key": deed.key, **_once(register, deed)}


def act_on(register: Register, of: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Say what an action will do, or do it."""
    action = register.action(of.removeprefix(ACTION))
    assert action is not None  # the gate let it pass
    keys = [_text(key) for key in told.get("keys") or []][: doing.MOST_ROWS + 1]
    if told.get("do") is not True:
        return _ask_for(register, action, keys)
    with edge.action() as act:
        if away := _unconfirmed(act, needs=action.is_confirmed):
            return away
        reason = _text(told.get("reason"))
        deed = doing.act(register, action, reader_of(register, act), keys=keys, reason=reason, typed=_dict(told.get("values")))
        act.tell(deed.subject, before=deed.before, after=deed.after, reason=reason)
    return {"said": doing.done(deed.n), **_once(register, deed)}


def keep_views(register: Register, _of: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Save or remove a view, if that is asked; return all of them, with how many rows each finds."""
    name = ""
    if isinstance(kept := told.get("save"), dict):
        title, state = _text(kept.get("title")), _dict(kept.get("state"))
        with edge.action() as act:
            view_id = views.save(
                act.tx,
                register=register.name,
                name=title,
                state=state,
                is_shared=kept.get("shared") is True,
                by=act.actor,
                at=act.at,
            )
            act.tell(f"{register.name} view {title}", after=state)
        name = str(view_id)
    elif told.get("remove"):
        with edge.action() as act:
            key = showing.key_of(_text(told["remove"]))
            views.remove(act.tx, view_id=key if isinstance(key, UUID) else NOBODYS, register=register.name, by=act.actor)
            act.tell(f"{register.name} view {key}")
    return {"name": name, **_views(register)}


def reveal(register: Register, _of: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Show the personal data of a row in full, for a reason that the audit keeps."""
    key, reason = _text(told.get("key")), _text(told.get("reason")).strip()
    if not reason:
        raise edge.NothingGiven(_("Say for what you need it."))
    with edge.action() as act:
        row = doing.find_row(register, reader_of(register, act), key)
        shown = [column for column in register.columns if column.personal]
        act.tell(f"{register.name} {key}", after={"revealed": [column.field for column in shown]}, reason=reason)
    return {"values": [(str(column.title), str(row[column.field] or UNKNOWN)) for column in shown]}


Answer = Callable[[Register, str, Mapping[str, Any]], dict[str, Any]]
ANSWERS: Final[Mapping[str, Answer]] = {
    "form": show_form,
    "save": save,
    "action": act_on,
    "views": keep_views,
    "reveal": reveal,
}
"""Who answers what the page's script asks for."""

edge.in_browser(
    "told",
    Output(part("heard", of=MATCH), "data"),
    Input(part("told", of=MATCH), "data"),
    prevent_initial_call=True,
)
edge.in_browser(
    "chosen",
    Output(part("tick"), "data"),
    Input(part("choice", field=ALL), "value"),
    Input(part("chips", field=ALL), "value"),
    prevent_initial_call=True,
)
edge.in_browser(
    "labelled",
    Output(part("labels"), "data"),
    Input(part("choice", field=ALL), "options"),
    prevent_initial_call=True,
)


def _ask_for(register: Register, action: Action, keys: list[str]) -> dict[str, Any]:
    """Describe what an action will do, to what, and what it asks for."""
    with edge.reading() as act:
        reader = reader_of(register, act)
        rows = doing.offered_rows(register, action, reader, keys)
        fields = forming.describe(action.form, reader, None) if action.form else []
        away = _unconfirmed(act, needs=action.is_confirmed)
    return {
        "title": str(action.title),
        "says": str(action.says),
        "names": [showing.name_of(register, row) for row in rows],
        "n": len(rows),
        "asks_reason": action.asks_reason,
        "grave": action.is_grave,
        "fields": fields,
        **away,
    }


def _unconfirmed(act: Act, *, needs: bool) -> dict[str, str]:
    """Return where to prove who one is, if that is needed and was not done lately."""
    if not needs:
        return {}
    try:
        act.actor.require_confirmed(at=act.at)
    except NotConfirmed:
        return {"confirm": "/confirm"}
    return {}


def _now(register: Register, key: str) -> dict[str, Any]:
    """Return what a row's form would show now, for who was slower."""
    form = _form(register)
    with edge.reading() as act:
        reader = reader_of(register, act)
        row = doing.find_row(register, reader, key)
        fields = forming.describe(form, reader, row, masked=showing.hidden(register, row))
    changed = {one["name"]: {"value": one["value"]} for one in fields if not one["fixed"] and one["kind"] != Kind.SECRET}
    return {"changed": changed, "version": row.get("version", 0)}


def _views(register: Register) -> dict[str, Any]:
    counts: dict[str, str] = {}
    found: list[dict[str, Any]] = []
    with edge.reading() as act:
        reader = reader_of(register, act)
        for view in views.list_views(act.tx, register=register.name, by=act.actor):
            q = asking.cleaned(register, _dict(view.state.get("q")))
            kept = {name: _text(view.state.get(name)) for name in ("sort", "cols")}
            found.append({"name": str(view.view_id), "title": view.name, "q": q, "own": view.is_own, **kept})
        questions = {"": {}, **{view.name: asking.of_view(register, view) for view in register.views}}
        for name, question in {**questions, **{view["name"]: view["q"] for view in found}}.items():
            asked = Asked(conditions=asking.conditions(register, question))
            measure = register.relation.measure(act.tx, asked, **asking.given(register, reader, question))
            counts[name] = f"{measure.count:,}" if measure.is_exact else f"{COUNTED:,}+"
    return {"views": found, "counts": counts}


def _once(register: Register, deed: Deed) -> dict[str, Any]:
    """Write what is shown only now into its part of the page."""
    if not deed.shows:
        return {}
    set_props({"register": register.name, "part": "once"}, {"children": deed.shows})
    return {"once": True}


def _form(register: Register) -> Form:
    assert register.form is not None  # the gate let it pass
    return register.form


def _text(value: object) -> str:
    return value.replace("\0", "") if isinstance(value, str) else ""


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _dict(value: object) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}


def _question(register: Register, act: Act, state: Any, asked: Asked) -> tuple[Asked, dict[str, Any]]:
    reader = reader_of(register, act)
    question = asking.of_page(register, state)
    conditions = asking.conditions(register, question)
    return Asked(asked.first, asked.most, asked.orders, conditions), asking.given(register, reader, question)


def _counted(measure: Measure) -> dict[str, Any]:
    return {"n": measure.count, "exact": measure.is_exact}


def _last_row(asked: Asked, got: int, count: Mapping[str, Any]) -> int | None:
    """Return how many rows there are, as far as that is known: the grid asks on while it is not."""
    if count.get("exact"):
        return int(count["n"])
    return asked.first + got if got < asked.most else None


def _found(measure: Measure) -> list[Component | str]:
    n = f"{measure.count:,}" if measure.is_exact else _("more than %(n)s", n=f"{COUNTED:,}")
    return [box("register__n", n, tag=html.B), " ", _("found")]


def _sums(register: Register, measure: Measure) -> list[Component]:
    if not register.totals:
        return []
    if any(measure.totals.get(total.field) is None for total in register.totals):
        return [span("register__withheld", _("Too many rows to add up: filter first."))]
    head = span("register__sum-head", _("Total of %(n)s", n=f"{measure.count:,}"))
    return [head, *(_sum(total, measure.totals[total.field] or 0) for total in register.totals)]


def _sum(total: Total, value: int) -> Component:
    written = formats.money(value) if total.look is Look.MONEY else f"{value:,} {total.unit}".strip()
    return span("register__sum", str(total.title), box("num", written, tag=html.B))
