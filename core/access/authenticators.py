"""
Authenticators: six digits that a program on the user's phone shows for half a minute (TOTP, RFC 6238).

Tables user_account, session. The secret stands there sealed for its row; who reads the database reads no secret.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

import pyotp
from pyotp.utils import strings_equal

from core.access import sessions
from core.access.sessions import Session
from core.kit import secrets
from core.kit.db import Tx
from core.kit.secrets import Keys
from core.kit.sql import named

SQL = named("access/authenticators")

STEP_S: Final = 30
_BESIDE: Final = 1
"""Steps by which a phone's clock may be off."""
_ISSUER: Final = "Boshu"


def new_secret() -> str:
    """Return a secret for a user's program, in base32."""
    return pyotp.random_base32()


def address(secret: str, *, login: str) -> str:
    """Return the otpauth address by which a program takes a secret over."""
    return pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=login, issuer_name=_ISSUER)


def step_of(secret: str, code: str, *, at: datetime) -> int | None:
    """Return the time step whose code was typed, this one or one beside it; None where the code is wrong."""
    totp = pyotp.TOTP(secret, interval=STEP_S)
    now = int(at.timestamp()) // STEP_S
    digits = "".join(code.split())
    steps = range(now - _BESIDE, now + _BESIDE + 1)
    return next((step for step in steps if strings_equal(digits, totp.at(step * STEP_S))), None)


def offer(tx: Tx, *, session: Session, keys: Keys) -> str:
    """Return the secret a session's user is to set up, a new one where none was offered."""
    if (known := offered(session, keys=keys)) is not None:
        return known
    secret = new_secret()
    sessions.offer_secret(tx, session=session, secret=keys.seal(secret, place=_of_session(session.session_id)))
    return secret


def offered(session: Session, *, keys: Keys) -> str | None:
    """Return the secret a session's user was offered."""
    return None if session.offered_secret is None else keys.open(session.offered_secret, place=_of_session(session.session_id))


def set_up(tx: Tx, *, user_id: UUID, secret: str, code: str, keys: Keys, at: datetime) -> bool:
    """Give a user an authenticator once its first code proves that it works; tell whether it did."""
    step = step_of(secret, code, at=at)
    sealed = keys.seal(secret, place=_of_user(user_id))
    return step is not None and tx.run(SQL["set_up"], user_id=user_id, secret=sealed, step=step) == 1


def use(tx: Tx, *, user_id: UUID, code: str, keys: Keys, at: datetime) -> bool:
    """Take a user's code; it counts once, and none before it counts any more. Tell whether it was right."""
    stored: str | None = tx.value(SQL["secret"], user_id=user_id)
    if stored is None:
        return False
    place = _of_user(user_id)
    secret = keys.open(stored, place=place) if secrets.is_sealed(stored) else stored
    step = step_of(secret, code, at=at)
    if step is None or tx.run(SQL["use"], user_id=user_id, step=step) == 0:
        return False
    if not keys.is_current(stored):  # written before there were keys, or by an older one
        tx.run(SQL["seal_anew"], user_id=user_id, old=stored, secret=keys.seal(secret, place=place))
    return True


def _of_user(user_id: UUID) -> str:
    return f"user_account.totp_secret/{user_id}"


def _of_session(session_id: UUID) -> str:
    return f"session.offered_secret/{session_id}"
