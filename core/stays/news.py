"""
News: tell whoever listens what happened at a site, within the transaction that makes it true (NOTIFY).

A listener hears it when the transaction has committed, in the order of the commits, and never otherwise. Two channels:
states of spaces, and happenings in words a dispatcher reads. What is told to nobody is lost; who begins to listen reads
the tables first.
"""

import base64
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple
from uuid import UUID

import orjson

from core.kit.db import Tx
from core.kit.sql import named

SQL = named("stays/news")

STATES: Final = "boshu_states"
HAPPENINGS: Final = "boshu_happenings"

MOST_HAPPENINGS: Final = 25
"""Happenings of one batch that are told, the newest: nobody reads more than fifty a second."""
_STATES_A_NOTE: Final = 320  # a note holds less than 8,000 bytes
_STATE_BYTES: Final = 17
_LETTER_OF: Final = {"unknown": 0, "free": 1, "occupied": 2, "reserved": 3}
_STATE_OF: Final = {letter: state for state, letter in _LETTER_OF.items()}


class Happening(NamedTuple):
    """One thing that happened. subject_id: the space, None where it was none; fen: of a payment."""

    at_ms: int
    site: str
    subject_id: UUID | None
    kind: str
    device: str | None
    fen: int | None


def tell_states(tx: Tx, states: Sequence[tuple[UUID, str]]) -> None:
    """Tell which spaces have changed and what they are now, given as (space, state)."""
    packed = [space_id.bytes + bytes((_LETTER_OF[state],)) for space_id, state in states]
    groups = [b"".join(packed[first : first + _STATES_A_NOTE]) for first in range(0, len(packed), _STATES_A_NOTE)]
    _tell(tx, STATES, [base64.b64encode(group).decode() for group in groups])


def read_states(note: str) -> list[tuple[UUID, str]]:
    """Return what a note of `tell_states` says."""
    raw = base64.b64decode(note)
    starts = range(0, len(raw), _STATE_BYTES)
    return [(UUID(bytes=raw[first : first + 16]), _STATE_OF[raw[first + 16]]) for first in starts]


def tell_happenings(tx: Tx, happenings: Iterable[Happening]) -> None:
    """Tell what happened, at most `MOST_HAPPENINGS`, the newest."""
    newest = sorted(happenings, key=lambda one: one.at_ms)[-MOST_HAPPENINGS:]
    if newest:
        _tell(tx, HAPPENINGS, [orjson.dumps([tuple(one) for one in newest]).decode()])


def read_happenings(note: str) -> list[Happening]:
    """Return what a note of `tell_happenings` says."""
    return [
        Happening(at_ms, site, None if subject is None else UUID(subject), *rest)
        for at_ms, site, subject, *rest in orjson.loads(note)
    ]


def _tell(tx: Tx, channel: str, notes: list[str]) -> None:
    if notes:
        tx.run(SQL["tell"], channel=channel, notes=notes)
