"""
Attempts: who tries to sign in how often. Table sign_in_attempt.

A guess is looked at only while fewer than ten failed within a quarter of an hour for this account from this address, fewer
than ten for this account from all addresses it has never signed in from, and fewer than fifty from this address. So nobody
can lock a user out of the place he works at by guessing somewhere else.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.locale import _
from core.kit.sql import named

SQL = named("access/attempts")

WINDOW: Final = timedelta(minutes=15)
OF_ACCOUNT: Final = 10
OF_ADDRESS: Final = 50
KNOWN_FOR: Final = timedelta(days=30)
"""How long an address stays known to an account that signed in from it."""


class TooManyAttempts(Refused):
    """There were too many guesses; the next is not even looked at."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try whose password may be looked at."""

    attempt_id: UUID


def admit(tx: Tx, *, login: str, user_id: UUID | None, address: str, at: datetime) -> Attempt | None:
    """
    Count a try; return it, or None where it is one too many. It counts as failed until it is said to have passed.

    Two tries at once wait for each other here, so commit before the password is looked at.
    """
    account = hashlib.sha256(login.encode("utf-8", "surrogatepass")).digest()
    for key in sorted((account.hex(), address)):
        tx.run(SQL["lock"], key=key)
    row = tx.row(
        SQL["count"],
        account=account,
        address=address,
        after=at - WINDOW,
        known_after=at - KNOWN_FOR,
        until=at,
    )
    assert row is not None  # counts always come
    of_account = row["of_pair"] if row["is_known"] else row["of_strangers"]
    is_admitted = of_account < OF_ACCOUNT and row["of_address"] < OF_ADDRESS
    attempt_id = uuid7()
    outcome = "pending" if is_admitted else "turned_away"
    tx.run(SQL["add"], attempt_id=attempt_id, account=account, user_id=user_id, address=address, at=at, outcome=outcome)
    return Attempt(attempt_id) if is_admitted else None


def settle(tx: Tx, attempt: Attempt, *, is_passed: bool) -> None:
    """Say how a try ended."""
    tx.run(SQL["settle"], attempt_id=attempt.attempt_id, outcome="passed" if is_passed else "failed")


def refusal() -> TooManyAttempts:
    """Return what is said to one who tries too often; it tells nothing about the account."""
    return TooManyAttempts(_("Too many tries. Wait %(n)s minutes, then try again.", n=int(WINDOW.total_seconds()) // 60))
