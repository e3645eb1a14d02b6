"""
Tariffs: what is written as a draft, checked, approved by a second person, and then never changed.

A draft holds a text of the rule language. When it is checked it becomes a version: the text has no fault, no minute without
a rule, and every golden case of the tariff costs what it should. Tables tariff, tariff_draft, tariff_version.
"""

from collections.abc import Sequence
from datetime import datetime
from difflib import unified_diff
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, StringConstraints

from core.access.actors import Actor
from core.billing import differences, golden_cases
from core.billing.differences import Difference
from core.billing.language import NotATariff, Tariff, compile_tariff, read_yaml, write_value
from core.kit.db import Row, Tx
from core.kit.errors import Changed, Refused
from core.kit.ids import derived_id, uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.sql import named
from core.places import records

SQL = named("billing/tariffs")

TARIFFS: Final = Relation(
    SQL["tariff_rows"],
    key="edition_id",
    columns=frozenset(
        {"code", "name", "name_en", "number", "state", "note", "made_at", "made_by", "decided_at", "decided_by", "site_n", "case_n"}
    ),
    order=(Order("code"), Order("number", is_falling=True)),
)
_LAST: Final = 1 << 30
MOST_FAILURES: Final = 5
"""Failing cases that are told at once."""


class State(StrEnum):
    """Where an edition of a tariff stands; live is approved and assigned somewhere now."""

    DRAFT = "draft"
    CHECKED = "checked"
    APPROVED = "approved"
    LIVE = "live"
    REFUSED = "refused"
    RETIRED = "retired"

    @property
    def label(self) -> Lazy:
        """Return what operators call it."""
        return _STATES[self]


_STATES: Final = {
    State.DRAFT: _l("Draft"),
    State.CHECKED: _l("Checked, waits for approval"),
    State.APPROVED: _l("Approved, not assigned"),
    State.LIVE: _l("In force"),
    State.REFUSED: _l("Turned down"),
    State.RETIRED: _l("Retired"),
}
STATES: Final = {state.value: state.label for state in State}


class AlreadyDrafted(Refused):
    """A tariff has one draft at a time."""


class AnotherTariff(Refused):
    """The text of a draft is of another tariff."""


class CasesFail(Refused):
    """Golden cases cost something else than they should."""


class NotWaiting(Refused):
    """A version does not wait for a decision."""


class OwnVersion(Refused):
    """Who made a version decides about it himself."""


class NeverTried(Refused):
    """Nobody has looked what a version would have earned, and no reason says why that does not matter."""


class StillHeld(Refused):
    """A version still holds somewhere."""


class Draft(BaseModel):
    """A draft as somebody writes it; code and title stand in the text."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    organisation_id: UUID
    rules_text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=10, max_length=20_000)]
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


def deliver(tx: Tx, texts: Sequence[str], *, organisation_id: UUID, at: datetime) -> dict[str, UUID]:
    """
    Add tariffs as a deployment brings them, approved from an instant on; return their first versions by code.

    Raises:
        NotATariff: a text has a fault.
    """
    delivered = {}
    for text in texts:
        rules = _read(text)
        delivered[rules.code] = version_id = derived_id("tariff_version", rules.code, "1")
        tariff_id = _open(tx, rules, organisation_id=organisation_id)
        tx.run(SQL["deliver"], tariff_version_id=version_id, tariff_id=tariff_id, **_written(rules), rules_text=text, at=at)
    return delivered


def write(tx: Tx, draft: Draft, *, by: Actor, at: datetime) -> UUID:
    """
    Begin a draft: of a new tariff, or of the next version of one that has its code.

    Raises:
        NotATariff: the text has a fault; the message tells where.
        AlreadyDrafted: the tariff has a draft.
    """
    rules = _read(draft.rules_text)
    known = tx.row(SQL["find_tariff"], code=rules.code)
    tariff_id = known["tariff_id"] if known else _open(tx, rules, organisation_id=draft.organisation_id)
    draft_id = uuid7()
    written = {"tariff_id": tariff_id, "rules_text": draft.rules_text, "note": draft.note}
    with tx.unless_taken(AlreadyDrafted(_("This tariff has a draft already."), field="rules_text")):
        tx.run(SQL["add_draft"], draft_id=draft_id, **written, by=by.id, at=at)
    return draft_id


def rewrite(tx: Tx, key: UUID, draft: Draft, *, version: int, by: Actor, at: datetime) -> None:
    """
    Change the text of a draft.

    Raises:
        NotATariff: the text has a fault.
        AnotherTariff: its code is that of another tariff.
        Changed: somebody wrote meanwhile.
    """
    rules = _read(draft.rules_text)
    held = tx.row(SQL["lock_draft"], draft_id=key)
    if held is None:
        raise Changed
    if rules.code != held["code"]:
        raise AnotherTariff(_("The code stays %(code)s: this is the draft of that tariff.", code=held["code"]), field="rules_text")
    if not tx.run(
        SQL["change_draft"], draft_id=key, version=version, rules_text=draft.rules_text, note=draft.note, by=by.id, at=at
    ):
        raise Changed


def drop(tx: Tx, keys: Sequence[UUID]) -> int:
    """Throw drafts away; return how many."""
    return tx.run(SQL["drop_drafts"], keys=list(keys))


def check(tx: Tx, keys: Sequence[UUID], *, by: Actor, at: datetime) -> int:
    """
    Make versions of drafts, if nothing is wrong with them; return how many.

    Raises:
        NotATariff: a text has a fault, such as a minute without a rule.
        CasesFail: a golden case costs something else.
        Changed: a draft is gone.
    """
    for key in keys:
        held = tx.row(SQL["lock_draft"], draft_id=key)
        if held is None:
            raise Changed
        rules = _read(held["rules_text"])
        _try_cases(tx, held["tariff_id"], rules)
        tx.run(
            SQL["make_version"],
            tariff_version_id=uuid7(),
            tariff_id=held["tariff_id"],
            **_written(rules),
            rules_text=held["rules_text"],
            note=held["note"],
            by=by.id,
            at=at,
        )
    return drop(tx, keys)


def approve(tx: Tx, keys: Sequence[UUID], *, reason: str = "", by: Actor, at: datetime) -> int:
    """
    Let versions be assigned; return how many.

    Raises:
        NotWaiting: one was decided already.
        OwnVersion: who approves made one of them.
        NeverTried: nobody has looked what one of them would have earned (`effects`), and no reason is given.
        CasesFail: a golden case, saved meanwhile perhaps, costs something else.
    """
    for row in _waiting(tx, keys, by=by):
        if not row["has_effect"] and not reason:
            said = _("It was never tried on the stays of a month. Try it, or say why it is approved all the same.")
            raise NeverTried(said, field="reason")
        _try_cases(tx, row["tariff_id"], _read(row["rules_text"]))
    return _decide(tx, keys, State.CHECKED, State.APPROVED, reason=reason, by=by, at=at)


def refuse(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime) -> int:
    """
    Turn versions down; return how many.

    Raises:
        NotWaiting, OwnVersion: as in `approve`.
    """
    _waiting(tx, keys, by=by)
    return _decide(tx, keys, State.CHECKED, State.REFUSED, reason=reason, by=by, at=at)


def retire(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime) -> int:
    """
    End versions that hold nowhere, now or later; return how many. What was priced by them keeps its lines.

    Raises:
        StillHeld: one of them holds somewhere.
        NotWaiting: one was never approved, or has ended.
    """
    rows = tx.rows(SQL["lock_versions"], keys=list(keys))
    if len(rows) != len(set(keys)) or {row["state"] for row in rows} != {State.APPROVED}:
        raise NotWaiting(_("Only what was approved can be retired."))
    if held_n := tx.value(SQL["count_held"], keys=list(keys), at=at):
        raise StillHeld(_("It still holds by %(n)s assignments. End them first.", n=held_n))
    return _decide(tx, keys, State.APPROVED, State.RETIRED, reason=reason, by=by, at=at)


def find_text_before(tx: Tx, *, tariff_id: UUID, number: int | None) -> str | None:
    """Return the text of the version before another one, or before the draft; None where there is none."""
    row = tx.row(SQL["get_text"], tariff_id=tariff_id, number=number if number is not None else _LAST)
    return None if row is None else str(row["rules_text"])


def list_changes(before: str, after: str) -> list[str]:
    """Return how a text differs from another, line by line, each with its sign."""
    return list(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1))[2:]


def list_differences(before: str, after: str) -> list[Difference]:
    """
    Return how a text differs from another, in words.

    Raises:
        NotATariff: one of them has a fault.
    """
    return differences.list_differences(read_yaml(before), read_yaml(after))


def list_choices(tx: Tx) -> list[tuple[str, str]]:
    """Return the tariffs for a form, in the reader's language."""
    return records.choices(tx.tuples(SQL["list_choices"]))


def list_approved(tx: Tx) -> list[tuple[str, str]]:
    """Return the versions that may be assigned, in the reader's language."""
    return records.choices(tx.tuples(SQL["list_approved"]))


def _open(tx: Tx, rules: Tariff, *, organisation_id: UUID) -> UUID:
    tariff_id = derived_id("tariff", rules.code)
    title = rules.title
    tx.run(
        SQL["add_tariff"], tariff_id=tariff_id, organisation_id=organisation_id, code=rules.code, name=title.zh, name_en=title.en
    )
    return tariff_id


def _written(rules: Tariff) -> dict[str, str]:
    return {"rules": orjson.dumps(write_value(rules)).decode()}


def _read(text: str) -> Tariff:
    try:
        return read_yaml(text)
    except NotATariff as refusal:
        refusal.field = "rules_text"
        raise


def _try_cases(tx: Tx, tariff_id: UUID, rules: Tariff) -> None:
    failures = golden_cases.try_on(tx, tariff_id=tariff_id, compiled=compile_tariff(rules), time_zone=rules.time_zone)
    if failures:
        told = "; ".join(str(failure) for failure in failures[:MOST_FAILURES])
        raise CasesFail(_("%(n)s golden cases fail: %(told)s", n=len(failures), told=told))


def _waiting(tx: Tx, keys: Sequence[UUID], *, by: Actor) -> list[Row]:
    rows = tx.rows(SQL["lock_versions"], keys=list(keys))
    if len(rows) != len(set(keys)) or {row["state"] for row in rows} != {State.CHECKED}:
        raise NotWaiting(_("This was decided already."))
    if any(row["made_by"] == by.id for row in rows):
        raise OwnVersion(_("What you made yourself, somebody else approves."))
    return rows


def _decide(tx: Tx, keys: Sequence[UUID], before: State, after: State, *, reason: str, by: Actor, at: datetime) -> int:
    return tx.run(SQL["decide"], keys=list(keys), before=before, state=after, reason=reason, by=by.id, at=at)
