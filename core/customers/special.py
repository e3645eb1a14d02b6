"""
Special classes of plates: police, embassies, driving schools and others, told by a pattern. Table plate_class.

One person asks, another approves, and before that a trial run tells whom it would free. A class holds from its approval on;
to change one that holds, end it and ask for another: stays keep the class that held when they began.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from core.access.actors import Actor
from core.customers import approvals
from core.customers.rules.rights import compiled
from core.kit.db import Tx
from core.kit.errors import Changed, Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.money import Fen
from core.kit.sql import named

SQL = named("customers/special")
DECISIONS = approvals.Statements(lock=SQL["lock"], approve=SQL["approve"], refuse=SQL["refuse"], end=SQL["end_now"])

TRIAL_DAYS: Final = 30
"""How far back a trial run looks."""
MOST_SAMPLES: Final = 20

CLASSES: Final = Relation(
    SQL["class_rows"],
    key="class_id",
    columns=frozenset(
        {"name", "pattern", "colours", "effect", "note", "starts_at", "ends_at", "state", "asked_at", "decided_at", "asked_by_name",
         "decided_by_name", "end_reason"}
    ),
    order=(Order("asked_at", is_falling=True),),
)  # fmt: skip


class Effect(StrEnum):
    """What a class brings."""

    FREE = "free"
    NONE = "none"

    @property
    def label(self) -> Lazy:
        """Return what operators call it."""
        return _EFFECTS[self]


_EFFECTS: Final = {Effect.FREE: _l("Parks for nothing"), Effect.NONE: _l("Told apart only")}


class NotAPattern(Refused):
    """What was typed cannot be held against plates."""


class Draft(BaseModel):
    """A class as it is asked for; no colours: any."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    name_en: Annotated[str, StringConstraints(strip_whitespace=True, max_length=60)] = ""
    pattern: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    plate_colours: list[str] = Field(default_factory=list)
    effect: Effect
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    starts_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Freed:
    """A vehicle a class would free, with its stays and money of the trial's period."""

    plate: str
    plate_colour: str
    stays_n: int
    net_fen: Fen
    paid_fen: Fen


@dataclass(frozen=True, slots=True)
class Trial:
    """What a class would have brought over the last days: vehicles seen in all, those it names, and their money."""

    days: int
    fleet_n: int
    vehicle_n: int
    stays_n: int
    net_fen: Fen
    paid_fen: Fen
    most: tuple[Freed, ...]


def add(tx: Tx, draft: Draft, *, by: Actor, at: datetime) -> UUID:
    """
    Ask for a class; somebody else approves it.

    Raises:
        NotAPattern: its pattern cannot be held against plates.
        EndsBefore: its period ends before it begins.
    """
    class_id = uuid7()
    tx.run(SQL["add"], class_id=class_id, **_values(draft), by=by.id, at=at)
    return class_id


def change(tx: Tx, key: UUID, draft: Draft, *, version: int, by: Actor, at: datetime) -> None:
    """
    Change what nobody has decided yet; who changes it asks for it now.

    Raises:
        NotWaiting: it was decided.
        Changed: somebody changed it meanwhile.
        NotAPattern, EndsBefore: as for `add`.
    """
    (row,) = approvals.require_waiting(tx.rows(SQL["lock"], keys=[key]), keys=[key])
    if row["version"] != version:
        raise Changed
    tx.run(SQL["change"], class_id=key, version=version, **_values(draft), by=by.id, at=at)


def approve(tx: Tx, keys: Sequence[UUID], *, by: Actor, at: datetime) -> int:
    """Let classes hold from now on, or from their start; see `approvals.approve`."""
    return approvals.approve(tx, DECISIONS, keys, by=by, at=at)


def refuse(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime) -> int:
    """Turn classes down; see `approvals.refuse`."""
    return approvals.refuse(tx, DECISIONS, keys, reason=reason, by=by, at=at)


def end(tx: Tx, keys: Sequence[UUID], *, reason: str, at: datetime) -> int:
    """End classes now; see `approvals.end`."""
    return approvals.end(tx, DECISIONS, keys, reason=reason, at=at)


def try_out(tx: Tx, *, class_id: UUID, sites: Sequence[UUID], at: datetime, days: int = TRIAL_DAYS) -> Trial:
    """Return what a class would have freed among the vehicles seen at some sites over the last days; most stays first."""
    row = tx.row(SQL["get"], class_id=class_id)
    assert row is not None
    span = {"from_at": at - timedelta(days=days), "to_at": at, "sites": list(sites)}
    named_by = {"pattern": row["pattern"], "colours": row["plate_colours"]}
    found = [Freed(**one) for one in tx.rows(SQL["list_fleet"], **span, **named_by)]
    return Trial(
        days,
        int(tx.value(SQL["count_fleet"], **span)),
        len(found),
        sum(one.stays_n for one in found),
        Fen(sum(one.net_fen for one in found)),
        Fen(sum(one.paid_fen for one in found)),
        tuple(found[:MOST_SAMPLES]),
    )


def trial(tx: Tx, keys: Sequence[UUID], *, by: Actor, at: datetime) -> Trial:
    """Try a class out where its reader may look."""
    return try_out(tx, class_id=keys[0], sites=by.scope.sites(tx), at=at)


def _values(draft: Draft) -> Mapping[str, object]:
    approvals.require_forward(draft.starts_at, draft.ends_at)
    try:
        compiled(draft.pattern)
    except ValueError as error:
        say = _("This cannot be held against plates; repeats inside repeats are not taken.")
        raise NotAPattern(say, field="pattern") from error
    if set(draft.plate_colours) - _COLOURS:
        raise NotAPattern(_("There is no such colour."), field="plate_colours")
    return {**draft.model_dump(), "effect": draft.effect.value}


_COLOURS: Final = frozenset({"blue", "green", "yellow", "yellow_green", "white", "black"})
