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
from core.billing.cases import Case, CaseFile, Failure, Handed, Paid, Span, Visit, verify
from core.billing.rules.pricing import Compiled
from core.billing.rules.terms import CouponKind
from core.kit.clock import city_zone
from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.money import NotWholeFen, from_yuan
from core.kit.sql import named

SQL = named("billing/golden_cases")

CASES: Final = Relation(
    SQL["case_rows"],
    key="case_id",
    columns=frozenset(
        {"code", "tariff", "name", "entry", "exit", "vehicle", "zone", "day_type", "attrs", "earlier", "passes", "inner_lots",
         "left_before", "charging_ended", "coupons", "payments", "expected_fen", "saved_by", "saved_at", "state"}
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


def _words(told: str) -> list[str]:
    return [word.strip() for word in re.split(r"[,;\n]", told) if word.strip()]


def read_attrs(told: object) -> object:
    """
    Read what is told of a stay beside its times, typed as `lost_ticket=true, spaces=2`; what is no text is as it should be.

    Raises:
        ValueError: a word without a value.
    """
    if not isinstance(told, str):
        return told
    pairs = [word.partition("=") for word in _words(told)]
    if not all(name.strip() and equals and value.strip() for name, equals, value in pairs):
        raise ValueError(_("Write name=value, separated by commas."))
    return {name.strip(): _value(value.strip()) for name, _equals, value in pairs}


def _value(word: str) -> bool | int | str:
    if word in {"true", "false"}:
        return word == "true"
    return int(word) if word.isdecimal() else word


def _pairs(told: str) -> list[tuple[str, str]]:
    pairs = [word.partition("/") for word in _words(told)]
    if not all(slash for _first, slash, _second in pairs):
        raise ValueError(_("Write two times with a stroke between, separated by commas."))
    return [(first.strip(), second.strip()) for first, _slash, second in pairs]


def read_visits(told: object) -> object:
    """
    Read earlier visits, typed as `2026-11-20T10:00/2026-11-20T10:25`, one after the other; what is no text is as it should be.

    Raises:
        ValueError: a visit without an end.
    """
    return [{"entry": entry, "exit": leave} for entry, leave in _pairs(told)] if isinstance(told, str) else told


def read_spans(told: object) -> object:
    """
    Read times of a pass or in an inner lot, typed as visits are; what is no text is as it should be.

    Raises:
        ValueError: a time without an end.
    """
    return [{"from": first, "to": end} for first, end in _pairs(told)] if isinstance(told, str) else told


def read_coupons(told: object) -> object:
    """
    Read coupons, typed as `percent 20 shop, minutes 30, amount 5.00`; what is no text is as it should be.

    Raises:
        ValueError: a coupon of no known kind, or without a value.
    """
    return [_coupon(word) for word in _words(told)] if isinstance(told, str) else told


def _coupon(word: str) -> dict[str, object]:
    kind, value, group = (*word.split(maxsplit=2), "", "")[:3]
    try:
        return {"kind": kind, "value": from_yuan(value) if kind == CouponKind.AMOUNT else value, "group": group}
    except NotWholeFen as error:
        raise ValueError(_("Write each as percent 20, minutes 30 or amount 5.00, and its group behind it.")) from error


def read_payments(told: object) -> object:
    """
    Read payments, typed as `2026-11-20T09:20 8.00`; what is no text is as it should be.

    Raises:
        ValueError: a payment without an amount.
    """
    if not isinstance(told, str):
        return told
    try:
        return [{"at": at, "minor": from_yuan(yuan)} for word in _words(told) for at, _space, yuan in [word.rpartition(" ")]]
    except NotWholeFen as error:
        raise ValueError(_("Write each as time and amount, such as 2026-11-20T09:20 8.00.")) from error


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
    passes: Annotated[tuple[Span, ...], BeforeValidator(read_spans), Field(max_length=20)] = ()
    inner_lots: Annotated[tuple[Span, ...], BeforeValidator(read_spans), Field(max_length=20)] = ()
    left_before: datetime | None = None
    charging_ended: datetime | None = None
    coupons: Annotated[tuple[Handed, ...], BeforeValidator(read_coupons), Field(max_length=20)] = ()
    payments: Annotated[tuple[Paid, ...], BeforeValidator(read_payments), Field(max_length=20)] = ()


def save(tx: Tx, draft: Draft, *, by: Actor, at: datetime) -> UUID:
    """
    Save a case with its tariff.

    Raises:
        NameTaken: the tariff has one of this name.
        Backwards: it ends before it begins.
    """
    if draft.left_at < draft.entered_at:
        raise Backwards(_("It must end after it begins."), field="left_at")
    case = case_of(draft)
    key = uuid7()
    kept = draft.model_dump(include={"tariff_id", "name", "expected_fen", "reason"})
    stay = case.model_dump_json(exclude={"expected_minor", "confidence"}, by_alias=True)
    with tx.unless_taken(NameTaken(_("This tariff has a case of this name."), field="name")):
        tx.run(SQL["add"], case_id=key, stay=stay, **kept, by=by.id, at=at)
    return key


def case_of(draft: Draft) -> Case:
    """Return what is tried: the draft with its instants as the city's clock shows them."""
    told = draft.model_dump(include={"vehicle", "day_type", "attrs", "earlier", "passes", "inner_lots", "coupons", "payments"})
    return Case(
        case_id=draft.name,
        entry=_wall(draft.entered_at),
        exit=_wall(draft.left_at),
        zone=draft.zone or None,
        left_before=draft.left_before and _wall(draft.left_before),
        charging_ended=draft.charging_ended and _wall(draft.charging_ended),
        **told,
    )


def _wall(at: datetime) -> datetime:
    return at.astimezone(city_zone()).replace(tzinfo=None)


def end(tx: Tx, keys: Sequence[UUID], *, at: datetime) -> int:
    """Give cases up: they are not tried any more; return how many."""
    return tx.run(SQL["end_now"], keys=list(keys), at=at)


def try_on(tx: Tx, *, tariff_id: UUID, compiled: Compiled, time_zone: str) -> Sequence[Failure]:
    """Try the cases of a tariff; return those that cost something else, or nothing at all."""
    rows = tx.rows(SQL["list_used"], tariff_id=tariff_id, most=MOST)
    cases = tuple(Case.model_validate_json(orjson.dumps({**row["stay"], "expected_minor": row["expected_fen"]})) for row in rows)
    return verify(compiled, CaseFile(timezone=time_zone, cases=cases)).failures
