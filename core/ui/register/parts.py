"""The parts of a register's page by their ids, and what each needs."""

from collections.abc import Collection, Iterator
from typing import Final

from core.access.permissions import Permission
from core.ui.register.declaring import Form, Kind, Register, find

Id = dict[str, str]

ACTION: Final = "action:"
"""What is asked for of an action begins like this."""


def part(register: Register, name: str, **more: str) -> Id:
    """Return the id of one part of a register's page; the gate reads it."""
    return {"register": register.name, "part": name, **more}


def purposes(register: Register) -> list[str]:
    """Return what may be asked for on the page of a register beside its rows."""
    return [purpose for purpose, _needs in _purposes(register)]


def wants(register: Register, permissions: Collection[Permission]) -> set[str]:
    """Return what somebody with some permissions may ask for."""
    return {purpose for purpose, needs in _purposes(register) if all(need in permissions for need in needs)}


def need_of(register_name: str, purpose: str) -> frozenset[Permission] | None:
    """Return what somebody needs who asks a register for something, its rows by default; None where there is no such thing."""
    register = find(register_name)
    if register is None:
        return None
    if not purpose:
        return frozenset({register.view})
    return next((needs for name, needs in _purposes(register) if name == purpose), None)


def form_of(register_name: str, purpose: str) -> Form | None:
    """Return the form that is filled in for a purpose; None where there is none."""
    register = find(register_name)
    if register is None:
        return None
    action = register.action(purpose.removeprefix(ACTION)) if purpose.startswith(ACTION) else None
    return action.form if action else register.form if purpose == "form" else None


def takes_pictures(register_name: str, purpose: str) -> bool:
    """Tell whether the form of a purpose has a field for pictures."""
    form = form_of(register_name, purpose)
    return form is not None and any(one.kind is Kind.PICTURES for one in form.fields)


def _purposes(register: Register) -> Iterator[tuple[str, frozenset[Permission]]]:
    """Yield what may be asked for, with all that it needs; to see the list is always needed."""
    seen = frozenset({register.view})
    yield "views", seen
    form = register.form
    if form and form.needs and (form.add or form.change):
        yield "form", seen | {form.needs}
        yield "save", seen | {form.needs}
        if register.has_import and form.add:
            yield "import", seen | {form.needs}
    for action in register.actions:
        yield f"{ACTION}{action.name}", seen | {action.needs}
    if any(column.personal for column in register.columns):
        yield "reveal", seen | {Permission.PII_REVEAL}
    if register.has_export:
        yield "export", seen | {Permission.EXPORT}
