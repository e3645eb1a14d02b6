"""
Sessions: the time between signing in and out. Table session.

The browser holds a token of 256 random bits, the table its SHA-256. The token changes whenever its session gains rights.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from core.kit.db import Tx
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.sql import named

SQL = named("access/sessions")

IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)
CONFIRMED_FOR: Final = timedelta(minutes=5)
"""How long what is sensitive may follow after its user proved who he is."""
TO_FINISH: Final = timedelta(minutes=10)
"""How long somebody may take between password and second factor."""
_TOUCH: Final = timedelta(minutes=1)
_TOKEN_BYTES: Final = 32
_AGENT_LETTERS: Final = 300
MOST_LISTED: Final = 100


SESSIONS: Final = Relation(
    SQL["session_rows"],
    key="session_id",
    columns=frozenset({"login", "name", "address", "agent", "browser", "started_at", "last_seen_at", "confirmed_at", "user_id"}),
    order=(Order("last_seen_at", is_falling=True),),
)


class Stage(StrEnum):
    """What a session still waits for."""

    SECOND_FACTOR = "second_factor"
    NEW_PASSWORD = "new_password"  # noqa: S105  # a stage, no password
    OPEN = "open"


class Ended(StrEnum):
    """Why a session is over."""

    SIGNED_OUT = "signed_out"
    REVOKED = "revoked"
    DISABLED = "disabled"
    CREDENTIALS_CHANGED = "credentials_changed"
    RIGHTS_CHANGED = "rights_changed"


@dataclass(frozen=True, slots=True)
class Session:
    """One session that is not over."""

    session_id: UUID
    user_id: UUID
    stage: Stage
    offered_secret: str | None
    """Sealed."""
    address: str
    agent: str
    started_at: datetime
    last_seen_at: datetime
    confirmed_at: datetime


def begin(tx: Tx, *, user_id: UUID, stage: Stage, address: str, agent: str, at: datetime) -> str:
    """Begin a session; return its token."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    tx.run(
        SQL["begin"],
        session_id=uuid7(),
        user_id=user_id,
        token_sha256=digest(token),
        stage=stage,
        address=address,
        agent=agent[:_AGENT_LETTERS],
        at=at,
    )
    return token


def find(tx: Tx, *, token: str, at: datetime) -> Session | None:
    """Return the session of a token; None where there is none, it is over, or its user is disabled."""
    row = tx.row(SQL["find"], token_sha256=digest(token), unfinished_after=at - TO_FINISH, **bounds(at))
    return None if row is None else _session(row)


def touch(tx: Tx, *, session_id: UUID, at: datetime) -> None:
    """Note that somebody is there; once a minute is enough."""
    tx.run(SQL["touch"], session_id=session_id, at=at, before=at - _TOUCH)


def advance(tx: Tx, *, session: Session, stage: Stage, at: datetime) -> str:
    """Let a session go on, its user having just proved who he is; return its new token, the old one is worth nothing."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    tx.run(SQL["advance"], session_id=session.session_id, token_sha256=digest(token), stage=stage, at=at)
    return token


def offer_secret(tx: Tx, *, session: Session, secret: str) -> None:
    """Keep the secret of an authenticator that is being set up; it comes sealed."""
    tx.run(SQL["offer_secret"], session_id=session.session_id, secret=secret)


def end(tx: Tx, *, session_id: UUID, user_id: UUID, why: Ended, at: datetime) -> bool:
    """End a session of a user; tell whether it was open."""
    return tx.run(SQL["end"], session_id=session_id, user_id=user_id, why=why, at=at) == 1


def end_all(tx: Tx, *, user_id: UUID, why: Ended, at: datetime) -> int:
    """End every session of a user; return how many there were."""
    return tx.run(SQL["end_all"], user_id=user_id, why=why, at=at)


def revoke(tx: Tx, keys: Sequence[UUID], *, at: datetime) -> int:
    """End sessions of whomever; return how many were open."""
    return tx.run(SQL["end_these"], session_ids=list(keys), why=Ended.REVOKED, at=at)


def list_open(tx: Tx, *, user_id: UUID, at: datetime) -> list[Session]:
    """List a user's sessions that are not over, the newest first."""
    return [_session(row) for row in tx.rows(SQL["list_open"], user_id=user_id, limit=MOST_LISTED, **bounds(at))]


def list_over(tx: Tx, *, session_ids: list[UUID], at: datetime) -> list[UUID]:
    """List which of these sessions are over."""
    return [row["session_id"] for row in tx.rows(SQL["list_over"], session_ids=session_ids, **bounds(at))]


def digest(token: str) -> bytes:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def bounds(at: datetime) -> dict[str, datetime]:
    """Return since when a session must have been seen, and since when it must have begun."""
    return {"seen_after": at - IDLE, "begun_after": at - LONGEST}


def _session(row: dict[str, object]) -> Session:
    return Session(**row | {"stage": Stage(str(row["stage"]))})  # type: ignore[arg-type]  # columns of the statement
