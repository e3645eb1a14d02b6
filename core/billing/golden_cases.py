"""
Golden cases: stays whose price is known, saved with a tariff and tried on every draft and version of it. Table tariff_case.

A case is a file's case (`core.billing.cases`): wall times of the tariff's zone, and what kind of day its entry falls on.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, StringConstraints

from core.access.actors import Actor
from core.billing.cases import Case, CaseFile, Failure, Visit, verify
from core.billing.rules.pricing import Compiled
from core.kit.clock import city_zone
from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.sql import named

SQL = named("billing/golden_cases")

CASES: Final = Relation(
    SQL["case_rows"],
    key="case_id",
    columns=frozenset(
        {"code", "tariff", "name", "entry", "exit", "vehicle", "zone", "day_type", "attrs", "expected_fen", "saved_by", "saved_at",
         "state"}
    ),
    order=(Order("code"), Order("name")),
)  # fmt: skip
STATES: Final[dict[str, Lazy]] = {"used": _l("Tried"), "ended": _l("Given up")}
MOST: Final = 1_000
"""Cases of one tariff."""


class NameTaken(Refused):
    """The tariff has a case of this name."""


class Backwards(Refused):
    """A stay ends before it begins."""


def read_attrs(told: object) -> object:
    """
    Read what is told of a stay beside its times, typed as `lost_ticket=true, spaces=2`; what is no text is as it should be.

    Raises:
        ValueError: a word without a value.
    """
    if not isinstance(told, str):
        return told
    pairs = [word.partition("=") for word in re.split(r"[,;\n]", told) if word.strip()]
    if not all(name.strip() and equals and value.strip() for name, equals, value in pairs):
        raise ValueError(_("Write name=value, separated by commas."))
    return {name.strip(): _value(value.strip()) for name, _equals, value in pairs}


def _value(word: str) -> bool | int | str:
    if word in {"true", "false"}:
        return word == "true"
    return int(word) if word.isdecimal() else word


def read_visits(told: object) -> object:
    """
    Read earlier visits, typed as `2026-11-20T10:00/2026-11-20T10:25`, one after the other; what is no text is as it should be.

    Raises:
        ValueError: a visit without an end.
    """
    if not isinstance(told, str):
        return told
    pairs = [word.strip().partition("/") for word in re.split(r"[,;\n]", told) if word.strip()]
    if not all(slash for _entry, slash, _exit in pairs):
        raise ValueError(_("Write arrival/departure, separated by commas."))
    return [{"entry": entry, "exit": leave} for entry, _slash, leave in pairs]


AttributeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
AttributeValue = StrictBool | Annotated[StrictInt, Field(ge=0, le=1_000_000)] | Annotated[str, StringConstraints(max_length=40)]


class Draft(BaseModel):
    """A case as somebody types it; times are those of the city's clock."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    tariff_id: UUID
    name: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    entered_at: datetime
    left_at: datetime
    vehicle: Annotated[str, StringConstraints(min_length=1, max_length=40)] = "small"
    zone: Annotated[str, StringConstraints(max_length=40)] = ""
    day_type: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)] = "any"
    expected_fen: Annotated[int, Field(ge=0, le=100_000_000)]
    reason: Annotated[str, StringConstraints(max_length=200)] = ""
    attrs: Annotated[dict[AttributeName, AttributeValue], BeforeValidator(read_attrs), Field(max_length=50)] = {}
    earlier: Annotated[tuple[Visit, ...], BeforeValidator(read_visits), Field(max_length=20)] = ()


def save(tx: Tx, draft: Draft, *, by: Actor, at: datetime) -> UUID:
    """
    Save a case with its tariff.

    Raises:
        NameTaken: the tariff has one of this name.
        Backwards: it ends before it begins.
    """
    if draft.left_at < draft.entered_at:
        raise Backwards(_("It must end after it begins."), field="left_at")
    entry, leave = (each.astimezone(city_zone()).replace(tzinfo=None) for each in (draft.entered_at, draft.left_at))
    case = Case(
        case_id=draft.name,
        entry=entry,
        exit=leave,
        vehicle=draft.vehicle,
        day_type=draft.day_type,
        zone=draft.zone or None,
        attrs=draft.attrs,
        earlier=draft.earlier,
    )
    key = uuid7()
    kept = draft.model_dump(include={"tariff_id", "name", "expected_fen", "reason"})
    stay = case.model_dump_json(exclude={"expected_minor", "confidence"})
    with tx.unless_taken(NameTaken(_("This tariff has a case of this name."), field="name")):
        tx.run(SQL["add"], case_id=key, stay=stay, **kept, by=by.id, at=at)
    return key


def end(tx: Tx, keys: Sequence[UUID], *, at: datetime) -> int:
    """Give cases up: they are not tried any more; return how many."""
    return tx.run(SQL["end_now"], keys=list(keys), at=at)


def try_on(tx: Tx, *, tariff_id: UUID, compiled: Compiled, time_zone: str) -> Sequence[Failure]:
    """Try the cases of a tariff; return those that cost something else, or nothing at all."""
    rows = tx.rows(SQL["list_used"], tariff_id=tariff_id, most=MOST)
    cases = tuple(Case.model_validate_json(orjson.dumps({**row["stay"], "expected_minor": row["expected_fen"]})) for row in rows)
    return verify(compiled, CaseFile(timezone=time_zone, cases=cases)).failures
