"""
The edge: where a click becomes one transaction, and a refusal a notice.

Callbacks are declared through `guarded` alone, and `wire` gives them to an application. The gate on its callback
endpoint knows only what came that way and denies everything else, so that a forgotten permission is a closed door.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, ParamSpec, TypeVar, cast

import dash
from dash import Dash
from flask import Flask, Response, current_app, request

from core.access import actors
from core.access.actors import Actor
from core.access.permissions import Permission
from core.kit.clock import Clock
from core.kit.db import Database, Tx
from core.kit.errors import Refused
from core.kit.locale import _

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
class _Guarded:
    """A callback as it was declared; `dependencies` and `options` are those of Dash."""

    permission: Permission
    function: Callable[..., Any]
    dependencies: tuple[Any, ...]
    options: dict[str, Any]


_declared: Final[list[_Guarded]] = []  # filled while pages are imported


@dataclass(frozen=True, slots=True)
class Act:
    """One transaction on behalf of somebody."""

    tx: Tx
    actor: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class _World:
    """What an application works on, and the permission that each of its callbacks needs, by its output."""

    database: Database
    clock: Clock
    needed: dict[str, Permission] = field(default_factory=dict)


def register(server: Flask, *, database: Database, clock: Clock) -> None:
    """Give an application its database and clock, and close its callback endpoint to all that is not guarded."""
    server.extensions[_KEY] = _World(database, clock)
    server.before_request(_gate)


def wire(screens: Dash) -> None:
    """Give an application, registered before, every callback that was declared; do it when its pages are imported."""
    world: _World = screens.server.extensions[_KEY]
    for one in _declared:
        screens.callback(*one.dependencies, **one.options)(one.function)
        world.needed[screens._callback_list[-1]["output"]] = one.permission


@contextmanager
def action() -> Iterator[Act]:
    """Open the one transaction of a click; it commits on leaving and rolls back on any exception."""
    world: _World = current_app.extensions[_KEY]
    with world.database.transaction() as tx:
        yield Act(tx, actor(), world.clock.now())


@contextmanager
def reading() -> Iterator[Act]:
    """Open a transaction that only reads, and reads one moment of the database throughout."""
    with action() as act:
        act.tx.run(_ONE_VIEW)
        yield act


def actor() -> Actor:
    """Return who sends this request."""
    return actors.LOCAL


def guarded(permission: Permission, *dependencies: Any, **options: Any) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """
    Declare a callback that needs a permission; the function itself is returned, so that tests call it directly.

    `dependencies` (with an output at least) and `options` are those of Dash. A refusal becomes the notice of the page,
    nothing else changes.
    """

    def guard(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                actor().require(permission)
                return function(*args, **kwargs)
            except Refused as error:
                dash.set_props(NOTICE, {"children": error.message})
                return cast("R", dash.no_update)  # Dash takes it in the place of any value

        _declared.append(_Guarded(permission, checked, dependencies, options))
        return function

    return guard


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
    if not isinstance(output, str) or not _is_open(output):
        return Response(_("You may not do this."), status=HTTPStatus.FORBIDDEN, mimetype="text/plain")
    return None


def _is_open(output: str) -> bool:
    parts = [part for part in output.strip(".").split("...") if part]
    if parts and all(part.startswith(_OF_DASH) for part in parts):
        return True
    world: _World = current_app.extensions[_KEY]
    return output in world.needed and world.needed[output] in actor().permissions
