"""
What people do in registers: add, change, act. Checks what all things have in common, and tells the audit what was changed.

A row is looked for as its reader sees it: what lies outside of his scope is not there. A site that a form names is checked
against the scope, too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from inspect import signature
from typing import Any, Final
from uuid import UUID

from dash.development.base_component import Component
from pydantic import BaseModel

from core.access.scopes import OutOfScope
from core.kit.db import Row
from core.kit.errors import Changed, Refused
from core.kit.locale import _, ngettext
from core.ui.register import asking, forming, showing
from core.ui.register.declaring import Action, Form, Kind, Reader, Register

MOST_ROWS: Final = 500
"""Rows of one action at most."""
_NAMED: Final = 20
_SILENT: Final = frozenset({"version", "changed_at"})
"""What changes with everything, and says nothing."""
_HIDDEN: Final = "•••"


class NoSuchRow(Refused):
    """The list has no such row, or it lies outside of what its reader may see."""


class NotNow(Refused):
    """The row is in a state in which this cannot be done."""


class WrongForm(Refused):
    """Fields of a form are not as they must be; `errors` says it by field."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        """Keep what is wrong at which field."""
        super().__init__(errors.get("") or _("Some fields need attention."))
        self.errors = dict(errors)


@dataclass(frozen=True, slots=True)
class Deed:
    """What was done: for the audit, and for who did it; `shows` is shown once."""

    subject: str
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    key: str = ""
    n: int = 1
    shows: list[Component] = field(default_factory=list)
    stays: bool = False
    """The form stays open: it was a trial."""


def find_row(register: Register, reader: Reader, key: str) -> Row:
    """
    Return a row that its reader may see.

    Raises:
        NoSuchRow: there is none.
    """
    return find_rows(register, reader, [key])[0]


def find_rows(register: Register, reader: Reader, keys: Sequence[str]) -> list[Row]:
    """
    Return rows that their reader may see, all of them.

    Raises:
        NoSuchRow: one of them is not there.
    """
    if len(keys) > MOST_ROWS:
        raise NotNow(_("At most %(n)s rows at once.", n=MOST_ROWS))
    given = asking.given_for_row(register, reader)
    named = list(dict.fromkeys(showing.key_of(key) for key in keys))
    rows = register.relation.find(reader.tx, named, **given)
    if len(rows) != len(named) or not rows:
        raise NoSuchRow(_("There is no such row, or you may not see it."))
    return rows


def save(register: Register, reader: Reader, *, key: str, version: int, typed: Mapping[str, Any]) -> Deed:
    """
    Add a thing, or change the one of a key.

    Raises:
        WrongForm: fields are not as they must be.
        NoSuchRow, NotNow: it cannot be changed.
        Refused: what the business refuses; `Changed`, somebody was faster.
    """
    form = register.form
    assert form is not None
    return _change(register, form, reader, key, version, typed) if key else _add(register, form, reader, typed)


def add(register: Register, form: Form, reader: Reader, draft: BaseModel) -> Deed:
    """Add a thing of a model that holds; see `save`."""
    if form.add is None:
        raise NotNow(_("Nothing can be added here."))
    _check_scope(draft, register, reader)
    made = _asked_of(form.add, reader.tx, draft, by=reader.actor, at=reader.at)
    key = str(made if isinstance(made, UUID | str) else made.key)
    shows = form.tell(made) if form.tell else []
    found = register.relation.find(reader.tx, [showing.key_of(key)], **asking.given_for_row(register, reader))
    after = _plain(found[0]) if found else {}
    return Deed(f"{register.name} {key}", None, {**after, **_secrets(form, draft)}, key, shows=shows)


def fill(form: Form, typed: Mapping[str, Any], *, held: Mapping[str, Any], is_new: bool) -> BaseModel:
    """
    Return the model of what was typed.

    Raises:
        WrongForm: fields are not as they must be.
    """
    filled = forming.fill(form, typed, held=held, is_new=is_new)
    if filled.draft is None:
        raise WrongForm(filled.errors)
    return filled.draft


def act(register: Register, action: Action, reader: Reader, *, keys: Sequence[str], reason: str, typed: Mapping[str, Any]) -> Deed:
    """
    Do something to rows.

    Raises:
        WrongForm: fields are not as they must be, or no reason was given.
        NoSuchRow, NotNow: it cannot be done to one of them.
        Refused: what the business refuses.
    """
    rows = offered_rows(register, action, reader, keys)
    reason = reason.replace("\0", "").strip()[:200]
    if action.asks_reason and not reason:
        raise WrongForm({"reason": _("This is needed.")})
    draft = fill(action.form, typed, held={}, is_new=True) if action.form else None
    if draft is not None:
        _check_scope(draft, register, reader)
    named = [row[register.relation.key] for row in rows]
    made = _asked_of(action.do, reader.tx, named, rows=rows, reason=reason, by=reader.actor, at=reader.at, draft=draft)
    n = made if isinstance(made, int) else max(1, len(rows))
    before, after = _told(register, reader, rows)
    told = {} if draft is None or action.form is None else {"asked": {**_plain(draft.model_dump()), **_secrets(action.form, draft)}}
    subject = f"{register.name} {', '.join(map(str, named[:_NAMED]))}".strip()
    shows, stays = action.tell(made) if action.tell else [], action.stays is not None and action.stays(made)
    return Deed(subject, before, {**after, **told}, n=n, shows=shows, stays=stays)


def offered_rows(register: Register, action: Action, reader: Reader, keys: Sequence[str]) -> list[Row]:
    """
    Return the rows of an action.

    Raises:
        NoSuchRow: one of them is not there.
        NotNow: it is not offered on one of them, or not for so many.
    """
    if action.is_for_none and not keys:
        return []
    rows = find_rows(register, reader, keys)
    if len(rows) > 1 and not action.is_for_many:
        raise NotNow(_("This is done to one row at a time."))
    if action.when is not None and (closed := [row for row in rows if not action.when(row)]):
        names = ", ".join(showing.name_of(register, row) for row in closed[:3])
        raise NotNow(_("This cannot be done now to %(names)s.", names=names))
    return rows


def done(n: int) -> str:
    """Return what is said after an action."""
    return ngettext("Done: one row.", "Done: %(count)s rows.", n)


def _add(register: Register, form: Form, reader: Reader, typed: Mapping[str, Any]) -> Deed:
    return add(register, form, reader, fill(form, typed, held={}, is_new=True))


def _change(register: Register, form: Form, reader: Reader, key: str, version: int, typed: Mapping[str, Any]) -> Deed:
    row = find_row(register, reader, key)
    _check_open(form, row)
    draft = fill(form, typed, held=forming.held_values(form, reader, row), is_new=False)
    if row.get("version", version) != version:
        raise Changed
    return change(register, form, reader, row, draft)


def change(register: Register, form: Form, reader: Reader, row: Row, draft: BaseModel) -> Deed:
    """Change a row as it was read into a model that holds; see `save`."""
    _check_open(form, row)
    assert form.change is not None  # it is open
    _check_scope(draft, register, reader)
    found = row[register.relation.key]
    _asked_of(form.change, reader.tx, found, draft, version=row.get("version", 0), by=reader.actor, at=reader.at)
    before, after = _told(register, reader, [row])
    key = str(found)
    return Deed(f"{register.name} {key}", before.get(key), {**after.get(key, {}), **_secrets(form, draft)}, key)


def _check_open(form: Form, row: Row) -> None:
    if form.change is None or (form.when is not None and not form.when(row)):
        raise NotNow(_("This cannot be changed now."))


def _asked_of(function: Callable[..., Any], *given: Any, **offered: Any) -> Any:
    """Call a function of the business with as much of what is at hand as it takes."""
    taken = signature(function).parameters
    return function(*given, **{name: value for name, value in offered.items() if name in taken})


def _check_scope(draft: BaseModel, register: Register, reader: Reader) -> None:
    """Check that a site a form names lies inside of what its writer sees."""
    site_id = getattr(draft, "site_id", None)
    inside = reader.actor.scope.sites(reader.tx) if register.is_for_all else reader.sites
    if site_id is not None and site_id not in inside:
        raise OutOfScope(_("There is no such site."), field="site_id")


def _told(register: Register, reader: Reader, rows: Sequence[Row]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what changed in rows, before and after, by key and column."""
    key = register.relation.key
    now = {
        row[key]: row
        for row in register.relation.find(reader.tx, [row[key] for row in rows], **asking.given_for_row(register, reader))
    }
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for row in rows:
        other = now.get(row[key], {})
        changed = [name for name in row if name not in _SILENT and row[name] != other.get(name)]
        if changed:
            before[str(row[key])] = {name: row[name] for name in changed}
            after[str(row[key])] = {name: other.get(name) for name in changed}
    return before, after


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _SILENT and value is not None}


def _secrets(form: Form, draft: BaseModel) -> dict[str, str]:
    """Return which secrets were given, and nothing of them."""
    secret = [one.name for one in form.fields if forming.kind_of(form, one) is Kind.SECRET]
    return {name: _HIDDEN for name in secret if getattr(draft, name)}
