"""Rows of a register as the browser takes them: nothing but what the list declares, personal data in part."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from dash import html
from dash.development.base_component import Component

from core.kit.db import Row
from core.kit.locale import Text, _
from core.kit.masks import masked
from core.ui import drawer, formats, tables
from core.ui.drawer import Fact, Pill
from core.ui.parts import UNKNOWN, box
from core.ui.register import parts
from core.ui.register.declaring import Action, Reader, Register
from core.ui.tables import Column, Look


def cells(register: Register, row: Row) -> dict[str, Any]:
    """Return a row as the grid takes it."""
    beside = {column.beside for column in register.columns if column.beside}
    names = {register.relation.key, *(column.field for column in register.columns), *beside}
    kept = {name: value for name, value in row.items() if name in names or name.removesuffix("_en") in names}
    return tables.shown(hidden(register, kept), key=register.relation.key)


def hidden(register: Register, row: Row) -> Row:
    """Return a row with its personal data in part."""
    marks = {column.field: column.personal for column in register.columns if column.personal}
    return {name: masked(value, marks[name]) if name in marks else value for name, value in row.items()}


def key_of(text: str) -> UUID | str:
    """Return the key that a page names: most are ids."""
    try:
        return UUID(text)
    except ValueError:
        return text


def name_of(register: Register, row: Row) -> str:
    """Return what a row is called, in part where its name is personal."""
    return str(tables.shown(hidden(register, row), key=register.relation.key).get(register.own_name) or UNKNOWN)


def sheet(register: Register, reader: Reader, row: Row) -> list[Component]:
    """Return what the drawer shows of a row."""
    shown = hidden(register, row)
    if register.sheet is not None:
        return register.sheet(reader, shown)
    facts = [Fact(str(column.title), written(column, shown, reader)) for column in register.columns if not _is_state(column)]
    pills = [pill(column, shown) for column in register.columns if _is_state(column) and shown[column.field]]
    return [drawer.heading(name_of(register, row), pills, str(register.one)), box("register__pairs", drawer.facts(facts))]


def pill(column: Column, row: Row) -> Pill:
    """Return a state of a row as a pill."""
    value = str(row[column.field])
    return Pill(word(column.words, value), str((column.tones or {}).get(value, value)))


def word(words: Mapping[str, Text] | None, value: str) -> str:
    """Return what a value is called; of several values side by side, what each is."""
    known = words or {}
    return str(known[value]) if value in known else " ".join(str(known.get(one, one)) for one in value.split(" "))


def written(column: Column, row: Row, reader: Reader) -> str:
    """Return the value of a column as text, as lists and exports for people write it."""
    value = tables.named(row, column.field)
    if value is None or value == "":
        return UNKNOWN
    match column.look:
        case Look.MONEY:
            return formats.money(int(value))
        case Look.MOMENT:
            return formats.moment(value, now=reader.at)
        case Look.AGE:
            return formats.ago(value, now=reader.at)
        case Look.SWITCH:
            return _("Yes") if value else _("No")
        case Look.NUMBER | Look.LEVEL:
            return f"{value / column.scale:,.{column.places}f} {column.unit}".strip()
        case Look.SHARE:
            return f"{value / column.scale:,.{column.places}f}%"
        case _:
            beside = tables.named(row, column.beside) if column.beside and column.look is not Look.PLATE else None
            return " · ".join(str(part) for part in (beside, word(column.words, str(value))) if part)


def buttons(register: Register, row: Row, *, permissions: frozenset[Any]) -> Component | None:
    """Return what may be done to a row by who reads it, at the foot of the drawer."""
    form = register.form
    may_change = form and form.change and form.needs in permissions and (form.when is None or form.when(row))
    found = [_button("edit", _("Edit"), is_first=True)] if may_change else []
    if "reveal" in parts.wants(register, permissions):
        found.append(_button("reveal", _("Show in full")))
    found += [
        _button(f"action:{action.name}", str(action.title), is_grave=action.is_grave)
        for action in offered(register, row, permissions=permissions)
    ]
    return box("register__acts", *found) if found else None


def offered(register: Register, row: Row, *, permissions: frozenset[Any]) -> Sequence[Action]:
    """Return the actions that may be done to a row by somebody who has some permissions."""
    return [
        action
        for action in register.actions
        if not action.is_for_none and action.needs in permissions and (action.when is None or action.when(row))
    ]


def _button(does: str, label: str, *, is_first: bool = False, is_grave: bool = False) -> Component:
    look = " button--first" if is_first else " button--grave" if is_grave else ""
    return box(f"button{look}", label, tag=html.Button, extra={"type": "button"}, does=does)


def _is_state(column: Column) -> bool:
    return column.look is Look.STATE
