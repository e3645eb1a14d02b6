"""Actors: who acts, and what he may do."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from core.access import scopes, sessions
from core.access.permissions import Permission
from core.access.scopes import NOTHING, Scope
from core.access.sessions import CONFIRMED_FOR
from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.sql import named

SQL = named("access/actors")
_KNOWN: Final = frozenset(Permission)


class ActorKind(StrEnum):
    """What acts."""

    USER = "user"
    SCREEN = "screen"


class NotAllowed(Refused):
    """The actor lacks the permission."""


class NotConfirmed(Refused):
    """What is asked for needs its user to prove once more who he is."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts."""

    id: UUID
    permissions: frozenset[Permission]
    kind: ActorKind = ActorKind.USER
    name: str = ""
    roles: tuple[str, ...] = ()
    scope: Scope = NOTHING
    session_id: UUID | None = None
    """None for a screen."""
    confirmed_at: datetime | None = field(default=None)
    """When he last proved who he is."""

    def require(self, permission: Permission) -> None:
        """
        Check a permission.

        Raises:
            NotAllowed: the actor lacks it.
        """
        if permission not in self.permissions:
            raise NotAllowed(_("You may not do this."))

    def require_confirmed(self, *, at: datetime) -> None:
        """
        Check that its user proved within the last minutes who he is: before refunds, rights, keys.

        Raises:
            NotConfirmed: that was longer ago.
        """
        if self.confirmed_at is None or at - self.confirmed_at > CONFIRMED_FOR:
            raise NotConfirmed(_("Please prove once more who you are."))


def find_by_token(tx: Tx, *, token: str, at: datetime, is_seen: bool = True) -> Actor | None:
    """
    Return the user behind a session's token; None where it is over or still waits for something.

    Note that he is there, unless his page asks by itself (`is_seen`): a page that nobody looks at keeps no session open.
    """
    found = tx.row(SQL["find_by_token"], token_sha256=sessions.digest(token), **sessions.bounds(at))
    if found is None:
        return None
    if is_seen:
        sessions.touch(tx, session_id=found["session_id"], at=at)
    return Actor(
        id=found["user_id"],
        permissions=frozenset(Permission(name) for name in found["permissions"] if name in _KNOWN),
        name=found["name"],
        roles=tuple(found["roles"]),
        scope=scopes.scope_of(found["is_everything"], found["organisation_ids"], found["site_ids"]),
        session_id=found["session_id"],
        confirmed_at=found["confirmed_at"],
    )


def find_by_user(tx: Tx, *, user_id: UUID) -> Actor | None:
    """Return a user as what he may do now, for work done on his behalf while he is away; None where he may not sign in."""
    found = tx.row(SQL["find_by_user"], user_id=user_id)
    if found is None:
        return None
    return Actor(
        id=found["user_id"],
        permissions=frozenset(Permission(name) for name in found["permissions"] if name in _KNOWN),
        name=found["name"],
        roles=tuple(found["roles"]),
        scope=scopes.scope_of(found["is_everything"], found["organisation_ids"], found["site_ids"]),
    )
