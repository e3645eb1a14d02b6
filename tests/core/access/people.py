"""Factories of people who sign in."""

from datetime import datetime
from uuid import UUID

from core.access import passwords, roles, scopes, users
from core.access.roles import RoleCode
from core.access.scopes import EVERYTHING, Scope
from core.access.signing_in import Browser
from core.kit.db import Tx
from core.kit.ids import uuid7

PASSWORD = "blue kettle rides north"
HOME = Browser("192.0.2.10", "a browser at the duty desk")
AWAY = Browser("198.51.100.7", "a browser far away")

_hashes: dict[str, str] = {}  # a hash takes a tenth of a second; tests share it


def hash_of(password: str) -> str:
    """Return the hash of a password, worked out once."""
    return _hashes.setdefault(password, passwords.hashed(password))


def a_user(
    tx: Tx,
    *role_codes: RoleCode,
    at: datetime,
    login: str = "",
    password: str | None = PASSWORD,
    scope: Scope = EVERYTHING,
    is_demo: bool = False,
) -> UUID:
    """Add a user who may sign in and see everything."""
    roles.keep_built_in(tx)
    user_id = users.add(tx, login=login or f"u-{uuid7().hex}", name="Somebody", at=at, is_demo=is_demo)
    roles.grant(tx, user_id=user_id, role_codes=role_codes, by=None, at=at)
    scopes.grant(tx, user_id=user_id, scope=scope, by=None, at=at)
    if password is not None:
        users.choose_password(tx, user_id=user_id, password_hash=hash_of(password), at=at)
    return user_id


def login_of(tx: Tx, user_id: UUID) -> str:
    """Return the name a user signs in by."""
    return users.get(tx, user_id=user_id).login
