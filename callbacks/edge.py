"""
The edge: where a click becomes one transaction, and a refusal a notice.

Callbacks are declared through `guarded` alone, and `wire` gives them to an application. The gate on its callback
endpoint knows only what came that way and denies everything else, so that a forgotten permission is a closed door.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any, Concatenate, Final, ParamSpec, TypeVar, cast
from uuid import UUID

import dash
from dash import ClientsideFunction, Dash
from flask import Flask, Response, current_app, g, has_request_context, request

from core.access import audit
from core.access.actors import Actor, NotAllowed
from core.access.audit import Outcome, Values
from core.access.permissions import Permission
from core.access.scopes import Scope
from core.kit.clock import Clock
from core.kit.db import Database, Tx
from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.narrowing import narrow
from core.kit.secrets import Keys
from core.ui import entrance
from core.ui.entrance import gate, policies

P = ParamSpec("P")
R = TypeVar("R")

NOTICE: Final = "app-notice"
"""The element of the page frame that shows what was refused."""

_ENDPOINT: Final = "/_dash-update-component"
_OF_DASH: Final = "_pages_"
"""Outputs of Dash's own page switch begin like this."""
_ONE_VIEW: Final = "set transaction isolation level repeatable read, read only"
_KEY: Final = "boshu-edge"


@dataclass(frozen=True, slots=True)
class Place:
    """Where on a page of many a callback of a pattern is at work: on which register, and for what."""

    register: str
    of: str = ""


NeedOf = Callable[[Place], frozenset[Permission] | None]
"""All that a callback of a pattern needs at a place; None where there is no such place."""
Need = Permission | NeedOf


@dataclass(frozen=True, slots=True)
class _Guarded:
    """A callback as it was declared; `dependencies` and `options` are those of Dash."""

    permission: Need
    function: Callable[..., Any]
    dependencies: tuple[Any, ...]
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _InBrowser:
    """A callback that a script answers."""

    function: str
    dependencies: tuple[Any, ...]
    options: dict[str, Any]


_declared: Final[list[_Guarded]] = []  # filled while pages are imported
_in_browser: Final[list[_InBrowser]] = []


@dataclass(slots=True)
class Story:
    """What the audit will tell of an act; `tell` it what was changed, and nothing secret."""

    subject: str = ""
    before: Values | None = None
    after: Values | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """One transaction on behalf of somebody."""

    tx: Tx
    actor: Actor
    at: datetime
    story: Story = field(default_factory=Story)

    @property
    def scope(self) -> Scope:
        """Return what of the city its actor sees."""
        return self.actor.scope

    def tell(self, subject: str, *, before: Values | None = None, after: Values | None = None, reason: str = "") -> None:
        """Say what was changed, for the audit."""
        self.story.subject, self.story.before, self.story.after, self.story.reason = subject, before, after, reason


@dataclass(frozen=True, slots=True)
class _World:
    """What an application works on, and the permission that each of its callbacks needs, by its output."""

    database: Database
    clock: Clock
    needed: dict[str, Need] = field(default_factory=dict)


def register(
    server: Flask, *, database: Database, clock: Clock, is_https: bool = False, keys: Keys | None = None
) -> Callable[[], Callable[[], bool]]:
    """
    Give an application its database and clock, put the gate before it, and close its callback endpoint to all not guarded.

    Return what a route asks for that answers for long: it returns what tells whether its reader is still let in.
    """
    server.extensions[_KEY] = _World(database, clock)
    still_let_in = entrance.register(server, database=database, clock=clock, is_https=is_https, keys=keys)
    server.before_request(_gate)
    return still_let_in


def wire(screens: Dash) -> None:
    """Give an application, registered before, every callback that was declared; do it when its pages are imported."""
    world: _World = screens.server.extensions[_KEY]
    for each in _in_browser:
        screens.clientside_callback(ClientsideFunction("boshu", each.function), *each.dependencies, **each.options)
    for one in _declared:
        screens.callback(*one.dependencies, **one.options)(one.function)
        world.needed[screens._callback_list[-1]["output"]] = one.permission


@contextmanager
def action() -> Iterator[Act]:
    """Open the one transaction of a click; it commits, audit entry included, and rolls back on any exception."""
    world: _World = current_app.extensions[_KEY]
    if has_request_context():
        g.writes = True
    with world.database.transaction() as tx:
        act = Act(tx, actor(), world.clock.now())
        yield act
        told = act.story
        done = gate.entry(_doing(), Outcome.DONE, subject=told.subject, reason=told.reason)
        audit.add(tx, replace(done, before=told.before, after=told.after))


@contextmanager
def trial() -> Iterator[Act]:
    """Open a transaction in which everything may be tried, and nothing is kept."""
    world: _World = current_app.extensions[_KEY]
    with world.database.transaction() as tx:
        try:
            yield Act(tx, actor(), world.clock.now())
        finally:
            tx.raw.rollback()


@contextmanager
def reading() -> Iterator[Act]:
    """
    Open a transaction that only reads, and reads one moment of the database throughout.

    Whoever does not see the whole city sees his own sites in it, whatever is asked (`core.kit.narrowing`); a live address
    may choose of them those of a scene.
    """
    world: _World = current_app.extensions[_KEY]
    seen = sites()
    with world.database.transaction() as tx:
        tx.run(_ONE_VIEW)
        act = Act(tx, actor(), world.clock.now())
        if seen is not None:
            narrow(tx, seen)
        yield act


def read(function: Callable[Concatenate[Tx, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Return what a function finds in a transaction that only reads."""
    with reading() as act:
        return function(act.tx, *args, **kwargs)


def actor() -> Actor:
    """Return who sends this request."""
    return gate.actor()


def sites(*, is_whole: bool = False) -> tuple[UUID, ...] | None:
    """Return the sites that who sends this request looks at, as of `gate.sites`; None for the whole city."""
    return gate.sites(is_whole=is_whole)


def _doing() -> str:
    """Return the name of the callback at work; outside of one, of the address."""
    if not has_request_context():
        return "edge"
    return str(g.get("doing", request.path))


def guarded(permission: Permission, *dependencies: Any, **options: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """
    Declare a callback that needs a permission; the function itself is returned, so that tests call it directly.

    `dependencies` (with an output at least) and `options` are those of Dash. A refusal becomes the notice of the page,
    nothing else changes.
    """

    def guard(function: Callable[P, R]) -> Callable[P, R]:
        name = f"{function.__module__.removeprefix('callbacks.')}.{function.__name__}"

        @functools.wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            with _noted(name):
                try:
                    actor().require(permission)
                    return function(*args, **kwargs)
                except Refused as error:
                    gate.note(gate.entry(name, _outcome(error), reason=error.message))
                    dash.set_props(NOTICE, {"children": error.message})
                    return cast("R", dash.no_update)  # Dash takes it in the place of any value

        _declared.append(_Guarded(permission, checked, dependencies, options))
        return function

    return guard


def guarded_each(
    need_of: NeedOf, *dependencies: Any, **options: Any
) -> Callable[[Callable[Concatenate[Place, P], R]], Callable[Concatenate[Place, P], R]]:
    """
    Declare a callback of a pattern, whose ids name a register and perhaps what of it is asked for (`of`).

    It is what `guarded` declares, except that its permission follows from the place, which is the function's first argument.
    """

    def guard(function: Callable[Concatenate[Place, P], R]) -> Callable[Concatenate[Place, P], R]:
        @functools.wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            place: Place = g.place  # the gate wrote it
            with _noted(f"{place.register}.{place.of or function.__name__}"):
                try:
                    return function(place, *args, **kwargs)
                except Refused as error:
                    note_refusal(error)
                    dash.set_props(NOTICE, {"children": error.message})
                    return cast("R", dash.no_update)  # Dash takes it in the place of any value

        _declared.append(_Guarded(need_of, checked, dependencies, options))
        return function

    return guard


def in_browser(function: str, *dependencies: Any, **options: Any) -> None:
    """Declare a callback that a script answers, `boshu.name`; it never comes here."""
    _in_browser.append(_InBrowser(function, dependencies, options))


def note_refusal(error: Refused, *, subject: str = "") -> None:
    """Note in the audit that what is being done was refused, for who tells the refusal himself."""
    gate.note(gate.entry(_doing(), _outcome(error), subject=subject, reason=error.message))


@contextmanager
def _noted(name: str) -> Iterator[None]:
    """Give what happens its name in the audit, and note when a bug or the outside world stopped a write."""
    g.doing, g.writes, is_over = name, False, False
    try:
        yield
        is_over = True
    finally:
        if not is_over and g.writes:
            gate.note(gate.entry(name, Outcome.FAILED))


def _outcome(error: Refused) -> Outcome:
    return Outcome.DENIED if isinstance(error, NotAllowed) else Outcome.REFUSED


def given(typed: str | None, else_say: str) -> str:
    """
    Return what was typed, without blanks around it.

    Raises:
        NothingGiven: nothing was.
    """
    if not (text := (typed or "").strip()):
        raise NothingGiven(else_say)
    return text


class NothingGiven(Refused):
    """A field that is needed was left empty."""


def _gate() -> Response | None:
    """Deny a callback that is not guarded or not permitted, before Dash looks at it."""
    if not request.path.endswith(_ENDPOINT):
        return None
    asked = request.get_json(silent=True)
    output = asked.get("output") if isinstance(asked, dict) else None
    if not isinstance(output, str) or not _is_open(output, asked):
        world: _World = current_app.extensions[_KEY]
        is_ours = isinstance(output, str) and output in world.needed
        gate.note(gate.entry("callback", Outcome.DENIED, subject=str(output) if is_ours else "unknown"))
        return Response(_("You may not do this."), status=HTTPStatus.FORBIDDEN, mimetype="text/plain")
    return None


def _is_open(output: str, asked: Any) -> bool:  # JSON, of any shape
    parts = [part for part in output.strip(".").split("...") if part]
    if parts and all(part.startswith(_OF_DASH) for part in parts):
        return _may_see_page(asked)
    world: _World = current_app.extensions[_KEY]
    need = world.needed.get(output)
    if not callable(need):
        return need is not None and need in actor().permissions
    g.place = place = _place(asked)
    needed = need(place) if place else None
    return needed is not None and needed <= actor().permissions


def _place(asked: Any) -> Place | None:  # JSON, of any shape
    """Return the one place that all ids of a request name; None where they differ or are no ids of a register."""
    wires = [asked.get(name) for name in ("outputs", "inputs", "state")]
    ids = [one.get("id") if isinstance(one, dict) else None for one in _flat(wires)]
    named = [one for one in ids if isinstance(one, dict)]
    registers, purposes = {one.get("register") for one in named}, {one["of"] for one in named if "of" in one}
    if not named or len(named) != len(ids) or len(registers) != 1 or len(purposes) > 1:
        return None
    return Place(str(registers.pop()), str(purposes.pop()) if purposes else "")


def _flat(wires: Any) -> Iterator[Any]:  # JSON, of any shape
    """Yield what lists of lists hold; nothing that is absent."""
    for wire in wires:
        if isinstance(wire, list):
            yield from _flat(wire)
        elif wire is not None:
            yield wire


def _may_see_page(asked: Any) -> bool:  # JSON, of any shape
    """Tell whether the page may be seen that Dash's page switch was asked to draw; one that does not exist holds nothing."""
    inputs = asked.get("inputs") if isinstance(asked, dict) else None
    given_values = [one for group in inputs or [] for one in (group if isinstance(group, list) else [group])]
    paths = [one.get("value") for one in given_values if isinstance(one, dict) and one.get("property") == "pathname"]
    if len(paths) != 1 or not isinstance(paths[0], str):
        return False
    need = policies.need_of_page(paths[0])
    return need is None or need in actor().permissions
