"""Approvals: what one person asks for and another decides. Entries of lists and special classes of plates live by it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from core.access.actors import Actor
from core.customers import rights
from core.kit.db import Row, Tx
from core.kit.errors import Refused
from core.kit.locale import Lazy, _, _l


class Statements(NamedTuple):
    """What a table is decided by: rows locked and told with their state, and the three decisions written."""

    lock: str
    approve: str
    refuse: str
    end: str


class State(StrEnum):
    """Where something stands that holds once it is approved."""

    ASKED = "asked"
    DUE = "due"
    ACTIVE = "active"
    OVER = "over"
    ENDED = "ended"
    REFUSED = "refused"

    @property
    def label(self) -> Lazy:
        """Return what operators call it."""
        return _LABELS[self]


_LABELS = {
    State.ASKED: _l("Waits for approval"),
    State.DUE: _l("Approved, not begun"),
    State.ACTIVE: _l("In force"),
    State.OVER: _l("Over"),
    State.ENDED: _l("Ended"),
    State.REFUSED: _l("Turned down"),
}


class OwnRequest(Refused):
    """Who asked for something cannot approve it."""


class NotWaiting(Refused):
    """Nothing is to be decided any more."""


class NotInForce(Refused):
    """What does not hold cannot be ended."""


class EndsBefore(Refused):
    """A period ends before it begins."""


def require_forward(starts_at: datetime, ends_at: datetime | None) -> None:
    """
    Check that a period has a length.

    Raises:
        EndsBefore: it has none.
    """
    if ends_at is not None and ends_at <= starts_at:
        raise EndsBefore(_("It must end after it begins."), field="ends_at")


def require_waiting(rows: Iterable[Row], *, keys: Iterable[UUID]) -> list[Row]:
    """
    Return the rows, locked before, if all of them are there and wait.

    Raises:
        NotWaiting: one of them does not.
    """
    found = list(rows)
    if {row["state"] for row in found} - {State.ASKED} or len(found) != len(set(keys)):
        raise NotWaiting(_("This was decided already."))
    return found


def require_other(rows: Iterable[Row], *, by: Actor) -> None:
    """
    Check that somebody else asked.

    Raises:
        OwnRequest: it was the same person.
    """
    if any(row["asked_by"] == by.id for row in rows):
        raise OwnRequest(_("What you asked for yourself, somebody else approves."))


def require_in_force(rows: Iterable[Row], *, keys: Iterable[UUID]) -> None:
    """
    Check that everything was approved and has not been ended.

    Raises:
        NotInForce: something is not.
    """
    found = list(rows)
    if {row["state"] for row in found} - {State.ACTIVE} or len(found) != len(set(keys)):
        raise NotInForce(_("Only what is in force can be ended."))


def approve(tx: Tx, statements: Statements, keys: Sequence[UUID], *, by: Actor, at: datetime) -> int:
    """
    Let things hold from now on, or from their start.

    Raises:
        NotWaiting: one was decided already, or its period is over.
        OwnRequest: who approves asked for one of them.
    """
    rows = require_waiting(tx.rows(statements.lock, keys=list(keys)), keys=keys)
    require_other(rows, by=by)
    if any(row["ends_at"] is not None and row["ends_at"] <= at for row in rows):
        raise NotWaiting(_("Its period is over."))
    n = tx.run(statements.approve, keys=list(keys), by=by.id, at=at)
    rights.raise_version(tx)
    return n


def refuse(tx: Tx, statements: Statements, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime) -> int:
    """
    Turn things down.

    Raises:
        NotWaiting: one was decided already.
        OwnRequest: who decides asked for one of them.
    """
    require_other(require_waiting(tx.rows(statements.lock, keys=list(keys)), keys=keys), by=by)
    return tx.run(statements.refuse, keys=list(keys), reason=reason, by=by.id, at=at)


def end(tx: Tx, statements: Statements, keys: Sequence[UUID], *, reason: str, at: datetime) -> int:
    """
    End things now; stays that began before keep what held then.

    Raises:
        NotInForce: one is not in force.
    """
    require_in_force(tx.rows(statements.lock, keys=list(keys)), keys=keys)
    n = tx.run(statements.end, keys=list(keys), reason=reason, at=at)
    rights.raise_version(tx)
    return n
