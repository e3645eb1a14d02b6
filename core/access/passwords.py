"""
Passwords: how one is judged, kept and compared. Only its argon2id hash is stored; nobody can read it back.

A hash takes 64 MiB and a tenth of a second, so that few are worked out at a time.
"""

import threading
from collections.abc import Collection
from typing import Final

import argon2
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from core.kit.errors import Refused, Unavailable
from core.kit.locale import _

FEWEST: Final = 12
MOST: Final = 200
"""Longer is refused, not cut: what is cut silently is not what was typed."""
_JUDGED: Final = 72
"""Letters whose strength is judged; the time that takes grows with their number."""
_STRONG: Final = 3
"""Of 0 to 4: at least a hundred million guesses by somebody who knows common passwords, words, names, keys and dates."""
_OWN: Final = 8
"""Letters beside words that somebody who knows the user or the product would try."""
_OURS: Final = ("boshu", "泊枢", "parking", "park", "tingche", "center", "command")
_AT_ONCE: Final = 4
_WAIT_S: Final = 4.0

_hasher: Final = argon2.PasswordHasher()
_NOBODYS: Final = "$argon2id$v=19$m=65536,t=3,p=4$Ggo20qWWAqTa8g2s4SdTrA$I4Lvz8tksE3zzhf4l/DYQJY3yoe+dKgahld+vBXujHQ"
"""Compared where there is no account, so that the answer takes as long. No password of twelve letters fits it."""
_turn: Final = threading.BoundedSemaphore(_AT_ONCE)


class WeakPassword(Refused):
    """The password would be guessed."""


def judge(password: str, *, context: Collection[str] = ()) -> None:
    """
    Check that a password is worth having.

    `context` are words somebody who knows its user would try: his names, his city.

    Raises:
        WeakPassword: too short, too long, or easily guessed.
    """
    if len(password) < FEWEST:
        raise WeakPassword(_("A password has at least %(n)s characters.", n=FEWEST))
    if len(password) > MOST:
        raise WeakPassword(_("A password has at most %(n)s characters.", n=MOST))
    words = [part for word in (*_OURS, *context) for part in (word, *word.replace("-", " ").replace(".", " ").split())]
    if _of_its_own(password, words) < _OWN or zxcvbn(password[:_JUDGED], user_inputs=words, max_length=_JUDGED)["score"] < _STRONG:
        raise WeakPassword(_("This password is easily guessed. Take several words that do not belong together."))


def _of_its_own(password: str, words: Collection[str]) -> int:
    """Count the letters that belong to none of the words."""
    rest = password.lower()
    for word in sorted((word.lower() for word in words if len(word) > 1), key=len, reverse=True):
        rest = rest.replace(word, "")
    return len(rest)


def hashed(password: str) -> str:
    """
    Return what is stored of a password.

    Raises:
        Unavailable: too many are being worked out at once.
    """
    with _Turn():
        return _hasher.hash(password)


def is_right(password: str, password_hash: str | None) -> bool:
    """
    Tell whether a password is the one that was hashed; it takes as long where there is no hash.

    Raises:
        Unavailable: too many are being compared at once.
    """
    with _Turn():
        try:
            _hasher.verify(password_hash or _NOBODYS, password[:MOST])
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


class _Turn:
    """Wait for one of the places; give it back afterwards."""

    def __enter__(self) -> None:
        if not _turn.acquire(timeout=_WAIT_S):
            raise Unavailable(_("Too many people are signing in at once."))

    def __exit__(self, *_error: object) -> None:
        _turn.release()
