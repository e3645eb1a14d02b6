"""Authenticators: six digits that a program on the user's phone shows for half a minute (TOTP, RFC 6238). Table user_account."""

from datetime import datetime
from typing import Final
from uuid import UUID

import pyotp
from pyotp.utils import strings_equal

from core.kit.db import Tx
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


def set_up(tx: Tx, *, user_id: UUID, secret: str, code: str, at: datetime) -> bool:
    """Give a user an authenticator once its first code proves that it works; tell whether it did."""
    step = step_of(secret, code, at=at)
    return step is not None and tx.run(SQL["set_up"], user_id=user_id, secret=secret, step=step) == 1


def use(tx: Tx, *, user_id: UUID, code: str, at: datetime) -> bool:
    """Take a user's code; it counts once, and none before it counts any more. Tell whether it was right."""
    secret: str | None = tx.value(SQL["secret"], user_id=user_id)
    step = None if secret is None else step_of(secret, code, at=at)
    return step is not None and tx.run(SQL["use"], user_id=user_id, step=step) == 1
