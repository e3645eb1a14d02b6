"""What the page's script asks of a register, answered: forms, saving, actions, views, personal data, files."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from dash import set_props

from callbacks import edge
from callbacks.edge import Act
from core.access import exports, views
from core.access.actors import NotConfirmed
from core.access.exports import Shape
from core.kit.errors import Changed
from core.kit.listing import Asked, Order
from core.kit.locale import _, current
from core.ui.parts import UNKNOWN
from core.ui.register import asking, counting, doing, forming, importing, showing
from core.ui.register.declaring import Action, Form, Kind, Reader, Register
from core.ui.register.doing import Deed
from core.ui.register.importing import Became
from core.ui.register.parts import ACTION

NOBODYS: Final = UUID(int=0)


def reader_of(register: Register, act: Act) -> Reader:
    """Return who reads a register, with the sites he sees where it belongs to any."""
    return Reader(act.tx, act.actor, act.at, [] if register.is_for_all else act.scope.sites(act.tx))


def show_form(register: Register, _of: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Describe the form of a row, or of a thing to be added."""
    form, key = _form(register), text(told.get("key"))
    with edge.reading() as act:
        reader = reader_of(register, act)
        row = doing.find_row(register, reader, key) if key else None
        masked = showing.hidden(register, row) if row else {}
        fields = forming.describe(form, reader, row, masked=masked)
    title = showing.name_of(register, row) if row else str(register.one)
    return {"fields": fields, "title": title, "version": (row or {}).get("version", 0)}


def save(register: Register, _of: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Add a thing or change one; where somebody was faster, tell what stands there now."""
    key, values, version = text(told.get("key")), _dict(told.get("values")), _whole(told.get("version"))
    if away := _to_be_confirmed(needs=_form(register).is_confirmed):
        return away
    try:
        with edge.action() as act:
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
    keys = [text(key) for key in told.get("keys") or []][: doing.MOST_ROWS + 1]
    if told.get("do") is not True:
        return _ask_for(register, action, keys)
    if away := _to_be_confirmed(needs=action.is_confirmed):
        return away
    with edge.action() as act:
        reason = text(told.get("reason"))
        deed = doing.act(register, action, reader_of(register, act), keys=keys, reason=reason, typed=_dict(told.get("values")))
        act.tell(deed.subject, before=deed.before, after=deed.after, reason=reason)
    said = {"stays": True} if deed.stays else {"said": doing.done(deed.n)}
    return {**said, **_once(register, deed)}


def keep_views(register: Register, _of: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Save or remove a view, if that is asked; return all of them, with how many rows each finds."""
    name = ""
    if isinstance(kept := told.get("save"), dict):
        title, state = text(kept.get("title")), _dict(kept.get("state"))
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
            key = showing.key_of(text(told["remove"]))
            views.remove(act.tx, view_id=key if isinstance(key, UUID) else NOBODYS, register=register.name, by=act.actor)
            act.tell(f"{register.name} view {key}")
    return {"name": name, **_views(register)}


def reveal(register: Register, _of: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Show the personal data of a row in full, for a reason that the audit keeps."""
    key, reason = text(told.get("key")), text(told.get("reason")).strip()
    if not reason:
        raise edge.NothingGiven(_("Say for what you need it."))
    with edge.action() as act:
        row = doing.find_row(register, reader_of(register, act), key)
        shown = [column for column in register.columns if column.personal]
        act.tell(f"{register.name} {key}", after={"revealed": [column.field for column in shown]}, reason=reason)
    return {"values": [(str(column.title), str(row[column.field] or UNKNOWN)) for column in shown]}


def take_in(register: Register, _of: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Try a file row by row; take it over as a whole where that is asked and no row is wrong."""
    rows = importing.read(text(told.get("name")), text(told.get("content")))
    with edge.trial() as act:
        lines, deeds = importing.take(register, reader_of(register, act), rows)
    counts = {became.value: sum(line.became is became for line in lines) for became in Became}
    shown = [{"n": line.n, "became": line.became.value, "said": line.said} for line in lines]
    answer = {"counts": counts, "n": len(deeds), "rows": shown}
    if told.get("do") is not True or counts[Became.WRONG] or not deeds:
        return answer
    with edge.action() as act:
        lines, deeds = importing.take(register, reader_of(register, act), rows)
        if any(line.became is Became.WRONG for line in lines):
            raise Changed
        done = [line.became for line in lines if line.became is not Became.SAME]
        changed = [deed for became, deed in zip(done, deeds, strict=True) if became is Became.CHANGED]
        added = [deed.key for became, deed in zip(done, deeds, strict=True) if became is Became.ADDED]
        after = {"file": text(told.get("name")), "added": added, "changed": {deed.key: deed.after for deed in changed}}
        act.tell(f"{register.name} {len(deeds)}", before={deed.key: deed.before for deed in changed} or None, after=after)
    return {**answer, "n": len(deeds), "done": True}


def give_out(register: Register, _of: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for a file of all rows that the list holds as it is asked now."""
    question = asking.of_page(register, told)
    sort = text(told.get("sort"))
    orders = (Order(sort.removeprefix("-"), is_falling=sort.startswith("-")),) if sort else ()
    asked = Asked(orders=orders, conditions=asking.conditions(register, question))
    named = told.get("columns")
    columns = [each.field for each in register.columns if isinstance(named, list) and each.field in named]
    shape, reason, reveals = text(told.get("shape")), text(told.get("reason")), told.get("reveals") is True
    if shape not in set(Shape):
        raise edge.NothingGiven(_("Choose a kind of file."))
    with edge.action() as act:
        export_id = exports.ask(
            act.tx,
            register=register.name,
            asked=asked,
            columns=columns,
            shape=Shape(shape),
            language=current(),
            by=act.actor,
            at=act.at,
            reveals=reveals,
            reason=reason,
            question=question,
        )
        act.tell(f"{register.name} export {export_id}", reason=reason)
    return {"key": str(export_id)}


Answer = Callable[[Register, str, Mapping[str, Any]], dict[str, Any]]
ANSWERS: Final[Mapping[str, Answer]] = {
    "form": show_form,
    "save": save,
    "action": act_on,
    "views": keep_views,
    "reveal": reveal,
    "import": take_in,
    "export": give_out,
}
"""Who answers what the page's script asks for."""


def _ask_for(register: Register, action: Action, keys: list[str]) -> dict[str, Any]:
    """Describe what an action will do, to what, and what it asks for."""
    with edge.reading() as act:
        reader = reader_of(register, act)
        rows = doing.offered_rows(register, action, reader, keys)
        fields = forming.describe(action.form, reader, None) if action.form else []
        offers = list(action.offers(reader)) if action.offers else []
        warned = action.warns(reader, rows) if action.warns else ""
        away = _unconfirmed(act, needs=action.is_confirmed)
    return {
        "title": str(action.title),
        "says": " ".join(said for said in (warned, str(action.says)) if said),
        "names": [showing.name_of(register, row) for row in rows],
        "n": len(rows),
        "asks_reason": action.asks_reason,
        "offers": offers,
        "grave": action.is_grave,
        "fields": fields,
        **away,
    }


def _to_be_confirmed(*, needs: bool) -> dict[str, str]:
    """Return what `_unconfirmed` does, before anything is begun: the audit must not tell of what was only asked for."""
    if not needs:
        return {}
    with edge.reading() as act:
        return _unconfirmed(act, needs=True)


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
            kept = {name: text(view.state.get(name)) for name in ("sort", "cols")}
            found.append({"name": str(view.view_id), "title": view.name, "q": q, "own": view.is_own, **kept})
        questions = {"": {}, **{view.name: asking.of_view(register, view) for view in register.views}}
        for name, question in {**questions, **{view["name"]: view["q"] for view in found}}.items():
            asked = Asked(conditions=asking.conditions(register, question))
            measure = register.relation.measure(act.tx, asked, **asking.given(register, reader, question))
            counts[name] = counting.short(measure)
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


def text(value: object) -> str:
    """Return what came as a text, whatever came."""
    return value.replace("\0", "") if isinstance(value, str) else ""


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _dict(value: object) -> dict[str, Any]:
    return dict(value) if isinstance(value, Mapping) else {}
