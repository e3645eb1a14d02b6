"""
Operations: everything anybody did, was refused or was denied, as the audit keeps it. Tables audit_entry, audit_seal, audit_check.

Who reads it changes nothing. How the chain stands is worked out at night, and told with the list.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from core.access.audit import Outcome
from core.access.seals import Verdict
from core.kit.db import Tx
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _l
from core.kit.sql import named

SQL = named("access/operations")

OUTCOMES: Final[dict[str, Lazy]] = {
    Outcome.DONE: _l("Done"),
    Outcome.REFUSED: _l("Refused by a rule"),
    Outcome.DENIED: _l("Denied"),
    Outcome.FAILED: _l("Failed"),
}
KINDS: Final[dict[str, Lazy]] = {
    "user": _l("Person"),
    "screen": _l("Wall screen"),
    "product": _l("The product"),
    "nobody": _l("Nobody known"),
}
DEEDS: Final[dict[str, Lazy]] = {
    "access.sign_in": _l("Sign in"),
    "access.sign_out": _l("Sign out"),
    "access.second_factor": _l("Second factor"),
    "access.confirm": _l("Prove it"),
    "access.choose_password": _l("Choose a password"),
    "access.change_password": _l("Change password"),
    "access.end_session": _l("End a session"),
    "access.bind_screen": _l("Bind a wall screen"),
    "access.link_screen": _l("Issue the address of a wall screen"),
    "access.issue_code": _l("Issue a one-time code"),
    "audit.retire": _l("Retire old entries of the audit"),
    "exports.ask": _l("Export asked for"),
    "exports.finish": _l("Export written"),
    "exports.fetch": _l("Export fetched"),
}
"""Acts of no register, as the audit names them."""
OPERATIONS: Final = Relation(
    SQL["operation_rows"],
    key="entry_id",
    columns=frozenset(
        {"noted_at", "actor_kind", "actor_name", "actor_roles", "action", "subject", "reason", "address", "outcome", "seal_no"}
    ),
    order=(Order("noted_at", is_falling=True),),
)


@dataclass(frozen=True, slots=True)
class Chain:
    """How the chain stands; None where nothing was sealed or checked yet."""

    sealed_n: int
    sealed_to: datetime | None
    checked_at: datetime | None
    checked_n: int | None
    faults: tuple[str, ...]


def keep_check(tx: Tx, *, verdict: Verdict, at: datetime) -> None:
    """Keep what was found when the chain was worked out anew."""
    tx.run(SQL["add_check"], at=at, sealed_n=verdict.sealed_n, fault_n=len(verdict.faults), faults=list(verdict.faults))


def chain(tx: Tx) -> Chain:
    """Say how the chain stands."""
    sealed, checked = tx.row(SQL["newest_seal"]), tx.row(SQL["newest_check"])
    return Chain(
        sealed_n=sealed["seal_no"] if sealed else 0,
        sealed_to=sealed["noted_at"] if sealed else None,
        checked_at=checked["checked_at"] if checked else None,
        checked_n=checked["sealed_n"] if checked else None,
        faults=tuple(checked["faults"]) if checked else (),
    )
