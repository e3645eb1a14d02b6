"""
Commands: what devices are told to do, and what came of it (R26). Table device_command.

A command is issued within the transaction that is its reason, sent when that has committed, and lives for seconds. What
the device answers is believed only where it says how it stands afterwards.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Literal, NamedTuple
from uuid import UUID

from psycopg.types.json import Jsonb

from core.kit.db import Tx
from core.kit.ids import derived_id
from core.kit.sql import named

SQL = named("devices/commands")

CHANNEL: Final = "boshu_commands"
"""Who sends commands listens here; a note says no more than that there is one."""
LIFE: Final = timedelta(seconds=8)
"""A driver waits no longer before a lock; a screen is told anew."""
LONGEST: Final = timedelta(seconds=10)


Word = Literal["raise", "lower", "show"]


class Action(StrEnum):
    """What a device can be told."""

    RAISE = "raise"
    LOWER = "lower"
    SHOW = "show"


class CommandState(StrEnum):
    """How far a command has come."""

    ISSUED = "issued"
    SENT = "sent"
    DONE = "done"
    REFUSED = "refused"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Order:
    """What a device shall do and why: of one reason it is told once. `detail` goes with the action as it is sent."""

    site_id: UUID
    device_id: UUID
    action: Action
    reason: str
    detail: dict[str, Any]  # JSON


class Due(NamedTuple):
    """A command to be sent now, with the address of its device."""

    site_code: str
    gateway_code: str
    code: str
    command_id: UUID
    action: Word
    issued_at: datetime
    expires_at: datetime
    detail: dict[str, Any]  # JSON


class Answer(NamedTuple):
    """What a device says of a command. is_raised: how a lock stands now, None for what is no lock."""

    site_id: UUID
    device_id: UUID
    command_id: UUID
    result: str
    is_raised: bool | None
    at: datetime


def issue(tx: Tx, orders: Sequence[Order], *, at: datetime, life: timedelta = LIFE) -> int:
    """Issue commands that live until `at + life`; return how many were new, a reason told before tells nothing."""
    assert timedelta() < life <= LONGEST, "a command that comes later than this would surprise somebody"
    if not orders:
        return 0
    issued_n = tx.run(
        SQL["issue"],
        site_ids=[order.site_id for order in orders],
        device_ids=[order.device_id for order in orders],
        command_ids=[derived_id("command", order.device_id, order.reason) for order in orders],
        actions=[order.action.value for order in orders],
        details=[Jsonb(order.detail) for order in orders],
        at=at,
        expires_at=at + life,
    )
    if issued_n:
        tx.run(SQL["tell"], channel=CHANNEL)
    return issued_n


def take_due(tx: Tx, *, at: datetime, most: int = 1_000) -> list[Due]:
    """Return the commands to be sent now, the oldest first, and note that they are: none is ever sent twice."""
    return [Due(**row) for row in tx.rows(SQL["take_due"], at=at, most=most)]


def expire(tx: Tx, *, at: datetime) -> int:
    """Give up the commands nobody answered in time; return how many."""
    return tx.run(SQL["expire"], at=at)


def answer(tx: Tx, answers: Sequence[Answer]) -> int:
    """Note what devices say of commands; return how many were waiting for it. The first answer stands."""
    if not answers:
        return 0
    return tx.run(
        SQL["answer"],
        site_ids=[one.site_id for one in answers],
        device_ids=[one.device_id for one in answers],
        command_ids=[one.command_id for one in answers],
        results=[one.result for one in answers],
        raised=[one.is_raised for one in answers],
        ats=[one.at for one in answers],
    )
