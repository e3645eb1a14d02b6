"""
Audit: who did what, when, to what, from where, and how it ended. Table audit_entry, to which rows are only added.

An entry of what was done stands in the transaction that did it; one of a refusal or a failure in a transaction of its own.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson

from core.kit.db import Tx
from core.kit.ids import uuid7
from core.kit.sql import named

SQL = named("access/audit")

_LONGEST = 500
"""Letters of a text that may come from outside."""

Values = dict[str, Any]  # columns of any table; their types are known to the table only


class Outcome(StrEnum):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"
    """By a rule of the business."""
    DENIED = "denied"
    """For want of a permission."""
    FAILED = "failed"
    """By a bug or because the outside world was away."""


class Who(StrEnum):
    """What kind of actor it was."""

    USER = "user"
    SCREEN = "screen"
    PRODUCT = "product"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Entry:
    """
    One line of the audit.

    `before` and `after` hold what changed and nothing secret; `reason` is what the actor gave, or why he was refused.
    """

    noted_at: datetime
    action: str
    outcome: Outcome
    actor_id: UUID | None = None
    actor_kind: Who = Who.NOBODY
    actor_name: str = ""
    actor_roles: tuple[str, ...] = ()
    subject: str = ""
    before: Values | None = None
    after: Values | None = None
    reason: str = ""
    address: str = ""
    request_id: UUID | None = None
    entry_id: UUID = field(default_factory=uuid7)


def add(tx: Tx, entry: Entry) -> None:
    """Write an entry."""
    tx.run(
        SQL["add"],
        entry_id=entry.entry_id,
        noted_at=entry.noted_at,
        actor_id=entry.actor_id,
        actor_kind=entry.actor_kind,
        actor_name=entry.actor_name,
        actor_roles=list(entry.actor_roles),
        action=_clean(entry.action),
        subject=_clean(entry.subject),
        value_before=_json(entry.before),
        value_after=_json(entry.after),
        reason=_clean(entry.reason),
        address=_clean(entry.address),
        request_id=entry.request_id,
        outcome=entry.outcome,
    )


def _clean(text: str) -> str:
    """Return a text as the database can hold it."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:_LONGEST]


def _json(values: Values | None) -> str | None:
    return None if values is None else orjson.dumps(values, default=str).decode()
