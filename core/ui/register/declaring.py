"""
Declaring a register: a managed thing said once, with its list, its filters, its form and what may be done to it.

A declaration stands in `callbacks/<domain>/<noun>.py` and needs no application: the worker of exports reads it, too. Labels
are lazy texts. What a declaration names (columns of filters, fields of the form) is checked when it is made.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from dash.development.base_component import Component
from pydantic import BaseModel

from core.access.actors import Actor
from core.access.permissions import Permission
from core.kit.db import Row, Tx
from core.kit.listing import AtHand, Relation
from core.kit.locale import Text
from core.ui.tables import Column, Look
from core.ui.tones import Tone


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a list: in which transaction, when, and which sites he sees."""

    tx: Tx
    actor: Actor
    at: datetime
    sites: list[UUID] = field(default_factory=list)


class Kind(StrEnum):
    """What is typed into a field or a filter; of a form's field it follows from the model."""

    TEXT = "text"
    LINES = "lines"
    """Text of several lines."""
    NUMBER = "number"
    MONEY = "money"
    """Yuan on the screen, fen in the model."""
    DATE = "date"
    """A day of the city."""
    MOMENT = "moment"
    """A city's time on the screen, an instant in the model."""
    SWITCH = "switch"
    CHOICE = "choice"
    CHOICES = "choices"
    """Several of the choices."""
    SECRET = "secret"  # noqa: S105  # a kind of field
    """Written, never shown again, never told the audit."""
    PICTURES = "pictures"
    """Chosen, and sent at once; the model holds the ids of what came (`core.stays.uploads`)."""
    GEOMETRY = "geometry"
    """Drawn by what the field names in `draw`."""


Choices = Mapping[str, Text] | Callable[[Reader], Sequence[tuple[str, str]]]
"""What may be chosen: values with their words, or who finds them, `(value, label)`."""


@dataclass(frozen=True, slots=True)
class Choice:
    """
    A filter by one or several values of a column; `is_given` hands the one value to the statement instead.

    A filter that is rare stands behind a button, as of `Typed` and `Between`. `widest` is the given value under which every row is
    found by its key, whatever the list was asked for.
    """

    field: str
    label: Text
    choices: Choices
    is_many: bool = True
    is_given: bool = False
    default: str = ""
    widest: str = ""
    is_rare: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """A filter by a piece of the text of a column."""

    field: str
    label: Text
    hint: Text = ""
    is_exact: bool = False
    is_rare: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """A filter from one value to another, both included; days of the city for dates and instants."""

    field: str
    label: Text
    kind: Kind = Kind.DATE
    is_rare: bool = False


Filter = Choice | Typed | Between


@dataclass(frozen=True, slots=True)
class Chips:
    """One chip for each state of a column, with how many rows have it."""

    field: str
    words: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over all rows that were found; `look` says how it is written."""

    field: str
    title: Text
    look: Look = Look.NUMBER
    unit: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """A question that many ask, as a tab; `asks` holds values of filters as an address would: `{"state": "arrears"}`."""

    name: str
    title: Text
    asks: Mapping[str, str | list[str]] = field(default_factory=dict)
    order: str = ""
    """A column to sort by, falling where `-` stands before it."""


@dataclass(frozen=True, slots=True)
class Field:
    """
    One field of a form, a field of its model.

    Args:
        name: the name in the model.
        label: what people call it.
        choices: what may be chosen; none, anything may be typed.
        kind: how it is typed in; None: as the model says.
        hint: what stands below it.
        unit: what follows a number.
        is_fixed: said when the thing is added, and never changed.
        is_wide: it takes the whole width of the form.
        draw: the script that draws a field of a kind of its own: `boshu.fields[draw](place, value, changed, field)` fills the
            place and returns what reads the value, `{ read: () => value }`; the value goes to the model as JSON.
        starts: what stands there when a thing is added; None: the default of the model.
        offers: texts that are often typed; others may be typed as well.
    """

    name: str
    label: Text
    choices: Choices | None = None
    kind: Kind | None = None
    hint: Text = ""
    unit: Text = ""
    is_fixed: bool = False
    is_wide: bool = False
    draw: str = ""
    starts: Callable[[Reader], Any] | None = None
    offers: Callable[[Reader], Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """
    How a thing is added and changed.

    Args:
        draft: the model; a field named `site_id` is checked against the scope of who writes.
        fields: in their order.
        add: `add(tx, draft, *, by, at)` returns the new key, or something with a `key` that `tell` shows; None: nothing is added.
        change: `change(tx, key, draft, *, version, by, at)`; None: nothing is changed.
            Each function is given what it takes of these.
        needs: the permission.
        is_confirmed: who saves must have proved lately who he is.
        load: what the form of a row starts with, where the row itself does not hold it.
        when: whether a row may be changed.
        tell: what is shown once of what `add` returned, such as a code.
        known_by: fields by which a file names a thing that is there already, the first of them a column of the relation; a row of
            the file then changes it. None: every row of a file is a new thing.
        page: the address of a page of its own on which it is written, without the key at its end; empty: a dialog of the list.
    """

    draft: type[BaseModel]
    fields: Sequence[Field] = ()
    add: Callable[..., Any] | None = None
    change: Callable[..., None] | None = None
    needs: Permission | None = None
    is_confirmed: bool = False
    load: Callable[[Reader, Row], Mapping[str, Any]] | None = None
    when: Callable[[Row], bool] | None = None
    tell: Callable[[Any], list[Component]] | None = None
    known_by: tuple[str, ...] = ()
    page: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """
    Something that may be done to rows.

    Args:
        name: as it stands in the audit.
        title: the word on the button.
        do: `do(tx, keys, *, rows, reason, by, at, draft)` returns how many it did, or something that `tell` shows; `rows` are
            those of the keys as who acts sees them. It is given what it takes of these.
        needs: the permission.
        says: what will happen, below the question.
        warns: what else is to be known of the rows before it is done, told in front of that.
        asks_reason: a reason must be given.
        offers: reasons that are often given; others may be typed.
        is_for_many: it can be done to all selected rows.
        is_for_none: it needs no row, and stands at the head of the list.
        is_grave: it cannot be undone; its button says so by colour.
        is_confirmed: who does it must have proved lately who he is.
        when: whether it is offered on a row.
        form: further fields; `draft` is their model.
        tell: what is shown once of what `do` returned, such as a code.
        stays: whether its form stays open after what `do` returned, as after a trial.
    """

    name: str
    title: Text
    do: Callable[..., Any]
    needs: Permission
    says: Text = ""
    warns: Callable[[Reader, Sequence[Row]], str] | None = None
    asks_reason: bool = False
    offers: Callable[[Reader], Sequence[str]] | None = None
    is_for_many: bool = False
    is_for_none: bool = False
    is_grave: bool = False
    is_confirmed: bool = False
    when: Callable[[Row], bool] | None = None
    form: Form | None = None
    tell: Callable[[Any], list[Component]] | None = None
    stays: Callable[[Any], bool] | None = None


@dataclass(frozen=True, slots=True)
class Register:
    """
    A managed thing.

    Args:
        name: `<domain>/<noun>`, as its files are called.
        path: the address of its page.
        title: what its list is called; `one` is a single thing.
        view: the permission to see it.
        relation: where its rows come from; its key tells them apart.
        columns: of the list; `hidden` ones are offered by the chooser.
        note: what stands behind the title.
        group, order: its place in the navigation at the side.
        given: the values of the statement; None: `sites` and `at`, as far as the statement names them.
        sheet: what the drawer shows of a row; None: its columns.
        about: what stands above the list and is told of all of it; None: nothing.
        heading: the column that names a row; the first one by default.
        for_all: why its statement knows no scope: the thing belongs to no site. Empty: it knows one.
        personal_key: what tells the audit which row was revealed; the key by default.
    """

    name: str
    path: str
    title: Text
    one: Text
    view: Permission
    relation: Relation | AtHand
    columns: Sequence[Column]
    note: Text = ""
    group: str = ""
    order: int = 0
    filters: Sequence[Filter] = ()
    chips: Chips | None = None
    totals: Sequence[Total] = ()
    views: Sequence[View] = ()
    given: Callable[[Reader], Mapping[str, Any]] | None = None
    sheet: Callable[[Reader, Row], list[Component]] | None = None
    about: Callable[[Reader], list[Component]] | None = None
    heading: str = ""
    form: Form | None = None
    actions: Sequence[Action] = ()
    for_all: str = ""
    has_import: bool = False
    has_export: bool = True
    is_live: bool = False
    """Its rows are read again with the ticks of the stream."""

    def __post_init__(self) -> None:
        """Check what is named, and make the register known."""
        _check(self)
        _known[self.name] = self

    @property
    def is_for_all(self) -> bool:
        """Return whether its statement knows no scope."""
        return bool(self.for_all)

    @property
    def own_name(self) -> str:
        """Return the column that names a row."""
        return self.heading or self.columns[0].field

    def tones(self, field: str) -> Mapping[str, Tone] | None:
        """Return how the states of a column look."""
        column = self.column(field)
        return None if column is None else column.tones

    def action(self, name: str) -> Action | None:
        """Return an action by its name."""
        return next((action for action in self.actions if action.name == name), None)

    def column(self, field: str) -> Column | None:
        """Return a column by its field."""
        return next((column for column in self.columns if column.field == field), None)


_known: Final[dict[str, Register]] = {}  # filled while declarations are imported


def find(name: str) -> Register | None:
    """Return a register by its name."""
    return _known.get(name)


def everything() -> list[Register]:
    """Return all registers that were declared, in the order of their names."""
    return [_known[name] for name in sorted(_known)]


def _check(register: Register) -> None:
    """Assert that a declaration names what exists."""
    listed = register.relation.columns
    asked = [each.field for each in register.filters if not getattr(each, "is_given", False)]
    asked += [] if register.chips is None else [register.chips.field]
    asked += [each.field for each in register.totals]
    asked += [each.field for each in register.columns if each.is_sorted]
    lost = sorted(set(asked) - listed)
    assert not lost, f"{register.name}: its relation has no columns {lost}"
    forms = [register.form, *(action.form for action in register.actions)]
    for form in forms:
        strange = sorted({each.name for each in form.fields} - set(form.draft.model_fields)) if form else []
        assert not strange, f"{register.name}: {form} has no fields {strange}"
    known_by = register.form.known_by if register.form else ()
    assert set(known_by[:1]) <= listed, f"{register.name}: its relation has no column {known_by[:1]}"
    assert set(known_by) <= {each.name for each in (register.form.fields if register.form else ())}, f"{register.name}: {known_by}"
    names = [action.name for action in register.actions]
    assert len(set(names)) == len(names), f"{register.name}: two actions of one name"
