"""
Wall screens: browsers on walls, which only look. Table wall_screen.

A link, good for one use, is exchanged for a token that stays in the screen's browser. It does not end by itself, for nobody
is there to sign in again; it ends within seconds when it is revoked.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from psycopg.errors import UniqueViolation

from core.access import sessions
from core.access.actors import Actor, ActorKind
from core.access.roles import OF_SCREENS
from core.access.scopes import EVERYTHING
from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.locale import _
from core.kit.sql import named

SQL = named("access/screens")

LINK_LASTS: Final = timedelta(hours=24)
_TOKEN_BYTES: Final = 32
_LONGEST: Final = 300


class NameTaken(Refused):
    """Another screen has this name."""


class NoSuchScreen(Refused):
    """There is no such screen, or it was revoked."""


@dataclass(frozen=True, slots=True)
class Beat:
    """What a screen tells of itself."""

    version: str
    heap_mb: int | None
    scene: str


def add(tx: Tx, *, name: str, by: UUID | None, at: datetime) -> UUID:
    """
    Add a screen, to which no browser is bound yet.

    Raises:
        NameTaken: another screen has this name.
    """
    screen_id = uuid7()
    try:
        with tx.savepoint():
            tx.run(SQL["add"], screen_id=screen_id, name=name.strip(), by=by, at=at)
    except UniqueViolation as error:
        raise NameTaken(_("Another screen has this name.")) from error
    return screen_id


def find_id(tx: Tx, *, name: str) -> UUID | None:
    """Return the id of the screen of a name, unless it was revoked."""
    found: UUID | None = tx.value(SQL["find_id"], name=name)
    return found


def make_link(tx: Tx, *, screen_id: UUID, at: datetime) -> str:
    """
    Return the secret part of a link that binds one browser to a screen, once; links made before are worth nothing.

    Raises:
        NoSuchScreen: there is none of this id, or it was revoked.
    """
    link = secrets.token_urlsafe(_TOKEN_BYTES)
    if not tx.run(SQL["make_link"], screen_id=screen_id, link_sha256=sessions.digest(link), ends_at=at + LINK_LASTS):
        raise NoSuchScreen(_("There is no such screen."))
    return link


def bind(tx: Tx, *, link: str, address: str, agent: str, at: datetime) -> tuple[UUID, str] | None:
    """Exchange a link for a screen and its token; None where it is worth nothing. A browser bound before is let go."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    screen_id: UUID | None = tx.value(
        SQL["bind"],
        link_sha256=sessions.digest(link),
        token_sha256=sessions.digest(token),
        address=address,
        agent=agent[:_LONGEST],
        at=at,
    )
    return None if screen_id is None else (screen_id, token)


def find_by_token(tx: Tx, *, token: str) -> Actor | None:
    """Return the screen of a token; None where there is none or it was revoked."""
    row = tx.row(SQL["find_by_token"], token_sha256=sessions.digest(token))
    if row is None:
        return None
    return Actor(row["screen_id"], OF_SCREENS, kind=ActorKind.SCREEN, name=row["name"], scope=EVERYTHING)


def beat(tx: Tx, *, screen_id: UUID, told: Beat, at: datetime) -> None:
    """Note that a screen lives, and what it tells of itself."""
    version, scene = told.version[:_LONGEST], told.scene[:_LONGEST]
    tx.run(SQL["beat"], screen_id=screen_id, version=version, heap_mb=told.heap_mb, scene=scene, at=at)


def revoke(tx: Tx, *, screen_id: UUID, at: datetime) -> bool:
    """Let a screen not look any more; tell whether it did until now."""
    return tx.run(SQL["revoke"], screen_id=screen_id, at=at) == 1


def list_over(tx: Tx, *, screen_ids: list[UUID]) -> list[UUID]:
    """List which of these screens are no longer let in."""
    return [row["screen_id"] for row in tx.rows(SQL["list_over"], screen_ids=screen_ids)]
