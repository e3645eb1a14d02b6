"""Users: the accounts of people who sign in. Tables user_account, one_time_code."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from psycopg.errors import CheckViolation, UniqueViolation
from pydantic import BaseModel, ConfigDict, StringConstraints

from core.access import passwords, sessions
from core.access.actors import Actor
from core.access.sessions import Ended
from core.kit.db import Tx
from core.kit.errors import Changed, Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.sql import named

SQL = named("access/users")

CODE_LASTS: Final = timedelta(hours=72)
_LETTERS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without those that look alike."""
_GROUPS: Final = 4
_IN_A_GROUP: Final = 5
"""Twenty letters of thirty-one: 99 bits."""


STATES: Final[dict[str, Lazy]] = {
    "active": _l("Active"),
    "invited": _l("Has a one-time code"),
    "waiting": _l("Needs a one-time code"),
    "disabled": _l("Disabled"),
}
USERS: Final = Relation(
    SQL["user_rows"],
    key="user_id",
    columns=frozenset(
        {"login", "name", "note", "state", "roles", "roles_en", "is_demo", "has_authenticator", "session_n", "created_at",
         "password_set_at", "last_seen_at"}
    ),
    order=(Order("login"),),
)  # fmt: skip


class UserState(StrEnum):
    """Whether a user may sign in."""

    ACTIVE = "active"
    DISABLED = "disabled"


class NoSuchUser(Refused):
    """No user has this id."""


class LoginTaken(Refused):
    """Another user has this name, or it cannot be one."""


class OwnAccount(Refused):
    """Somebody wanted to disable himself."""


class Draft(BaseModel):
    """An account as a form tells it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    login: Annotated[str, StringConstraints(to_lower=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$")]
    name: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    note: Annotated[str, StringConstraints(max_length=400)] = ""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time code, to be shown once."""

    key: UUID
    login: str
    code: str = field(repr=False)
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class User:
    """One user, as those who keep accounts see him."""

    user_id: UUID
    login: str
    name: str
    state: UserState
    has_password: bool
    has_authenticator: bool
    is_demo: bool


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a user proves himself with."""

    user_id: UUID
    login: str
    name: str
    password_hash: str | None = field(repr=False)
    has_authenticator: bool
    needs_authenticator: bool
    """One of the roles asks for it; a demo's users may do without."""


def normal(login: str) -> str:
    """Return a name as it is compared: without blanks around it, in small letters."""
    return login.strip().lower()


def add(tx: Tx, *, login: str, name: str, at: datetime, is_demo: bool = False) -> UUID:
    """
    Add a user, who can do nothing yet: no password, no role, no scope.

    Raises:
        LoginTaken: the name is another one's, or not of letters, digits, dots and dashes.
    """
    user_id = uuid7()
    try:
        with tx.savepoint():
            tx.run(SQL["add"], user_id=user_id, login=normal(login), name=name.strip(), is_demo=is_demo, at=at)
    except (UniqueViolation, CheckViolation) as error:
        message = _("This name is taken, or is not made of letters, digits, dots and dashes.")
        raise LoginTaken(message, field="login") from error
    return user_id


def register(tx: Tx, draft: Draft, *, at: datetime) -> Invitation:
    """
    Add a user and give him a one-time code; he has no role and sees nothing until somebody else grants it.

    Raises:
        LoginTaken: the name is another one's.
    """
    user_id = add(tx, login=draft.login, name=draft.name, at=at)
    tx.run(SQL["put_note"], user_id=user_id, note=draft.note)
    return Invitation(user_id, draft.login, issue_code(tx, user_id=user_id, at=at), at + CODE_LASTS)


def change(tx: Tx, key: UUID, draft: Draft, *, version: int) -> None:
    """
    Change what an account is called.

    Raises:
        Changed: somebody changed it meanwhile.
        LoginTaken: the name is another one's.
    """
    with tx.unless_taken(LoginTaken(_("Another user has this name."), field="login")):
        n = tx.run(SQL["change"], user_id=key, version=version, **draft.model_dump())
    if not n:
        raise Changed


def invite(tx: Tx, keys: Sequence[UUID], *, by: Actor, at: datetime) -> Invitation:
    """
    Give one user a new one-time code; his password, his authenticator and his sessions end.

    Raises:
        OwnAccount: it is who does it: he changes his password himself.
    """
    user_id = keys[0]
    if user_id == by.id:
        raise OwnAccount(_("Nobody gives himself a code; change your password instead."))
    return Invitation(user_id, get(tx, user_id=user_id).login, issue_code(tx, user_id=user_id, at=at), at + CODE_LASTS)


def disable_all(tx: Tx, keys: Sequence[UUID], *, by: Actor, at: datetime) -> int:
    """
    Let users not sign in any more; return how many.

    Raises:
        OwnAccount: who does it is one of them.
    """
    for user_id in sorted(set(keys)):
        disable(tx, user_id=user_id, by=by.id, at=at)
    return len(set(keys))


def enable_all(tx: Tx, keys: Sequence[UUID]) -> int:
    """Let users sign in again; return how many."""
    for user_id in sorted(set(keys)):
        enable(tx, user_id=user_id)
    return len(set(keys))


def end_sessions(tx: Tx, keys: Sequence[UUID], *, at: datetime) -> int:
    """End all sessions of users; return how many there were."""
    return sum(sessions.end_all(tx, user_id=user_id, why=Ended.REVOKED, at=at) for user_id in sorted(set(keys)))


def get(tx: Tx, *, user_id: UUID) -> User:
    """
    Return a user.

    Raises:
        NoSuchUser: there is none of this id.
    """
    row = tx.row(SQL["get"], user_id=user_id)
    if row is None:
        raise NoSuchUser(_("There is no such user."))
    return User(**row | {"state": UserState(row["state"])})


def find_id(tx: Tx, *, login: str) -> UUID | None:
    """Return the id of the user of a name."""
    found: UUID | None = tx.value(SQL["find_id"], login=normal(login))
    return found


def find_credentials(tx: Tx, *, login: str) -> Credentials | None:
    """Return what the user of a name proves himself with; None where he may not sign in."""
    row = tx.row(SQL["find_credentials"], login=normal(login))
    return None if row is None else Credentials(**row)


def get_credentials(tx: Tx, *, user_id: UUID) -> Credentials:
    """
    Return what a user proves himself with.

    Raises:
        NoSuchUser: he may not sign in.
    """
    login: str | None = tx.value(SQL["login_of"], user_id=user_id)
    found = None if login is None else find_credentials(tx, login=login)
    if found is None:
        raise NoSuchUser(_("There is no such user."))
    return found


def issue_code(tx: Tx, *, user_id: UUID, at: datetime) -> str:
    """
    Give a user a one-time code and return it, now and never again. His password, authenticator and sessions end.

    Raises:
        NoSuchUser: there is none of this id.
    """
    get(tx, user_id=user_id)
    code = "-".join("".join(secrets.choice(_LETTERS) for _letter in range(_IN_A_GROUP)) for _group in range(_GROUPS))
    tx.run(SQL["forget"], user_id=user_id)
    tx.run(SQL["issue_code"], user_id=user_id, code_sha256=_digest(code), at=at, ends_at=at + CODE_LASTS)
    sessions.end_all(tx, user_id=user_id, why=Ended.CREDENTIALS_CHANGED, at=at)
    return code


def fits_code(tx: Tx, *, user_id: UUID, typed: str, at: datetime) -> bool:
    """Tell whether a user's one-time code was typed; it stays until he has chosen a password."""
    kept = tx.value(SQL["code"], user_id=user_id, at=at)
    return kept is not None and secrets.compare_digest(bytes(kept), _digest(typed))


def choose_password(tx: Tx, *, user_id: UUID, password_hash: str, at: datetime) -> None:
    """Give a user the password whose hash this is; his one-time code and all his sessions end."""
    tx.run(SQL["choose_password"], user_id=user_id, password_hash=password_hash, at=at)
    tx.run(SQL["spend_code"], user_id=user_id)
    sessions.end_all(tx, user_id=user_id, why=Ended.CREDENTIALS_CHANGED, at=at)


def judge_password(tx: Tx, *, user_id: UUID, password: str) -> None:
    """
    Check that a password is worth having for this user.

    Raises:
        WeakPassword: it is not.
    """
    user = get(tx, user_id=user_id)
    passwords.judge(password, context=(user.login, user.name, *(tx.value(SQL["names"]) or ())))


def disable(tx: Tx, *, user_id: UUID, by: UUID, at: datetime) -> None:
    """
    Let a user not sign in any more; his sessions end with it.

    Raises:
        OwnAccount: it is who does it.
    """
    if user_id == by:
        raise OwnAccount(_("Nobody disables himself."))
    tx.run(SQL["put_state"], user_id=user_id, state=UserState.DISABLED)
    sessions.end_all(tx, user_id=user_id, why=Ended.DISABLED, at=at)


def enable(tx: Tx, *, user_id: UUID) -> None:
    """Let a user sign in again."""
    tx.run(SQL["put_state"], user_id=user_id, state=UserState.ACTIVE)


def _digest(code: str) -> bytes:
    return hashlib.sha256("".join(letter for letter in code.lower() if letter in _LETTERS).encode()).digest()
