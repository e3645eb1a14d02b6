"""
Signing in: three steps, for comparing a password takes long and no transaction may wait for it.

`prepare` counts the try and commits, `compare` works out the hash without a transaction, `finish` says how it ended.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.access import attempts, authenticators, passwords, sessions, users
from core.access.attempts import Attempt
from core.access.sessions import Session, Stage
from core.access.users import Credentials
from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.secrets import Keys


class NotSignedIn(Refused):
    """Name, password or code are not right; it is not said which."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A try that was counted. Without an attempt it was one too many, without credentials there is no such user."""

    attempt: Attempt | None
    credentials: Credentials | None
    fits_code: bool
    """What was typed is the one-time code of a user who has no password."""
    at: datetime

    @property
    def user_id(self) -> UUID | None:
        """Return whose name was typed."""
        return None if self.credentials is None else self.credentials.user_id


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a request came from."""

    address: str
    agent: str


def prepare(tx: Tx, *, login: str, password: str, browser: Browser, at: datetime) -> Prepared:
    """Count a try."""
    normal = users.normal(login)
    found = users.find_credentials(tx, login=normal)
    user_id = None if found is None else found.user_id
    attempt = attempts.admit(tx, login=normal, user_id=user_id, address=browser.address, at=at)
    is_new = attempt is not None and found is not None and found.password_hash is None
    fits_code = user_id is not None and is_new and users.fits_code(tx, user_id=user_id, typed=password, at=at)
    return Prepared(attempt, found, fits_code, at)


def compare(prepared: Prepared, password: str) -> bool:
    """
    Tell whether what was typed is right; it takes as long for everybody.

    Raises:
        TooManyAttempts: it was one try too many.
        Unavailable: too many are signing in at once.
    """
    if prepared.attempt is None:
        raise attempts.refusal()
    stored = None if prepared.credentials is None else prepared.credentials.password_hash
    return passwords.is_right(password, stored) or prepared.fits_code


def finish(tx: Tx, prepared: Prepared, *, is_right: bool, browser: Browser) -> str | None:
    """Say how a try ended; return the token of the session that begins, None where nothing does."""
    settle(tx, prepared, is_right=is_right)
    who = prepared.credentials
    if not is_right or who is None:
        return None
    return sessions.begin(
        tx, user_id=who.user_id, stage=next_stage(who), address=browser.address, agent=browser.agent, at=prepared.at
    )


def settle(tx: Tx, prepared: Prepared, *, is_right: bool) -> None:
    """Say how a try ended, if it was looked at."""
    if prepared.attempt is not None:
        attempts.settle(tx, prepared.attempt, is_passed=is_right)


def next_stage(who: Credentials) -> Stage:
    """Return what a user still has to do once his name and password or code were right."""
    if who.password_hash is None:
        return Stage.NEW_PASSWORD
    return Stage.SECOND_FACTOR if who.has_authenticator or who.needs_authenticator else Stage.OPEN


def choose_password(tx: Tx, *, session: Session, password_hash: str, browser: Browser, at: datetime) -> str:
    """Give the user of an unfinished session his password; return the token of the session that takes its place."""
    users.choose_password(tx, user_id=session.user_id, password_hash=password_hash, at=at)
    who = users.get_credentials(tx, user_id=session.user_id)
    return sessions.begin(tx, user_id=who.user_id, stage=next_stage(who), address=browser.address, agent=browser.agent, at=at)


def give_code(tx: Tx, *, session: Session, code: str, keys: Keys, at: datetime) -> bool:
    """Take the code of a user's authenticator, the first one while it is being set up; tell whether it was right."""
    if (secret := authenticators.offered(session, keys=keys)) is not None:
        return authenticators.set_up(tx, user_id=session.user_id, secret=secret, code=code, keys=keys, at=at)
    return authenticators.use(tx, user_id=session.user_id, code=code, keys=keys, at=at)


def not_signed_in() -> NotSignedIn:
    """Return what is said when something was not right."""
    return NotSignedIn(_("Name, password or code are not right."))
