"""Handhelds and who holds them. Table handheld_holder: one collector, one handheld, at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from core.kit.db import Row, Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.sql import named

SQL = named("staff/handhelds")

HANDHELDS: Final = Relation(
    SQL["handheld_rows"],
    key="device_id",
    columns=frozenset(
        {"code", "gateway_code", "site", "site_name", "serial_no", "staff_no", "person", "held_from", "last_seen_at", "battery_mv",
         "signed_in_at", "state"}
    ),
    order=(Order("site"), Order("code")),
)  # fmt: skip
STATES: Final[dict[str, Lazy]] = {
    "at_work": _l("At work"),
    "silent": _l("Signed in, not heard"),
    "off_duty": _l("Off duty"),
    "free": _l("Held by nobody"),
}


class NoSuchCollector(Refused):
    """No collector in service has this number."""


class HeldAlready(Refused):
    """Somebody holds the handheld, or the collector holds another one."""


class NotHeld(Refused):
    """Nobody holds it."""


class Draft(BaseModel):
    """To whom a handheld is given."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    staff_no: Annotated[str, StringConstraints(min_length=1, max_length=40)]


def hand_out(tx: Tx, keys: Sequence[UUID], *, draft: Draft, at: datetime) -> int:
    """
    Give a handheld to a collector.

    Raises:
        NoSuchCollector: there is none of this number.
        HeldAlready: somebody holds it, or he holds another one.
    """
    employee_id = tx.value(SQL["find_employee"], staff_no=draft.staff_no)
    if employee_id is None:
        raise NoSuchCollector(_("There is no such collector."), field="staff_no")
    with tx.unless_taken(HeldAlready(_("Somebody holds it, or the collector holds another one."), field="staff_no")):
        return tx.run(SQL["hand_out"], holding_id=uuid7(), device_id=keys[0], employee_id=employee_id, at=at)


def take_back(tx: Tx, keys: Sequence[UUID], *, reason: str, at: datetime) -> int:
    """
    Take handhelds back.

    Raises:
        NotHeld: nobody holds one of them.
    """
    n = tx.run(SQL["take_back"], keys=list(keys), reason=reason, at=at)
    if n != len(set(keys)):
        raise NotHeld(_("Nobody holds this handheld."))
    return n


def list_history(tx: Tx, *, device_id: UUID) -> list[Row]:
    """Return who held a handheld from when to when, newest first."""
    return tx.rows(SQL["list_history"], device_id=device_id)


def list_collectors(tx: Tx) -> list[tuple[str, str]]:
    """Return the collectors in service, for a form: number, and number with name."""
    return [(row["key"], f"{row['key']} · {row['name']}") for row in tx.rows(SQL["list_collectors"])]
