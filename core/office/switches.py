"""
Switches: numbers an operator sets at run time, each with its bounds and what it does. Table switch_value.

Which switches there are stands here; one without a value of its own stands as the deployment has it. Each takes effect at
the next question, in every process.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from core.access.actors import Actor
from core.kit.db import Row, Tx
from core.kit.errors import Changed, Refused
from core.kit.listing import AtHand, Order
from core.kit.locale import Lazy, _, _l
from core.kit.sql import named
from core.settings import settings

SQL = named("office/switches")


class Switch(StrEnum):
    """What can be set."""

    OVERSTAY_AFTER_H = "overstay_after_h"
    EVASION_AFTER_MIN = "evasion_after_min"
    AREA_FULL_PCT = "area_full_pct"
    SCREEN_DRIFT_N = "screen_drift_n"
    VEHICLES_OF_OWNER = "vehicles_of_owner"
    OWNERS_OF_VEHICLE = "owners_of_vehicle"
    EVIDENCE_DAYS = "evidence_days"
    PLATE_DAYS = "plate_days"
    MESSAGE_DAYS = "message_days"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a switch is called and does, its bounds, both included, and what it is where nobody set it."""

    label: Lazy
    note: Lazy
    unit: Lazy
    least: int
    most: int
    default: Callable[[], int]


MEANINGS: Final[Mapping[Switch, Meaning]] = {
    Switch.OVERSTAY_AFTER_H: Meaning(
        _l("Overstay after"), _l("A stay on the street of this length raises an alarm."), _l("h"), 1, 720,
        lambda: settings().overstay_after_h,
    ),
    Switch.EVASION_AFTER_MIN: Meaning(
        _l("Suspected evasion after"), _l("A vehicle whose plate nobody read for so long raises an alarm."), _l("min"), 1, 1_440,
        lambda: settings().evasion_after_min,
    ),
    Switch.AREA_FULL_PCT: Meaning(
        _l("District full from"), _l("A district with so many of its known berths occupied raises an alarm."), _l("%"), 50, 100,
        lambda: round(settings().area_full_pct),
    ),
    Switch.SCREEN_DRIFT_N: Meaning(
        _l("Guidance screen differs by"), _l("A screen that shows so many places more or less raises an alarm."), _l("places"),
        1, 1_000, lambda: settings().screen_drift_n,
    ),
    Switch.VEHICLES_OF_OWNER: Meaning(
        _l("Vehicles of an owner"), _l("An owner binds no more than these."), _l("vehicles"), 1, 100, lambda: 10
    ),
    Switch.OWNERS_OF_VEHICLE: Meaning(
        _l("Owners of a vehicle"), _l("A vehicle is bound by no more than these."), _l("owners"), 1, 20, lambda: 3
    ),
    Switch.EVIDENCE_DAYS: Meaning(
        _l("Pictures are kept for"), _l("Pictures older than this are deleted; their hashes stay."), _l("days"), 30, 3_650,
        lambda: settings().evidence_days,
    ),
    Switch.PLATE_DAYS: Meaning(
        _l("Plates are kept for"),
        _l("Plates of older stays, reads and passages become anonymous, month by month; what is owed or disputed keeps them."),
        _l("days"), 30, 3_650, lambda: 730,
    ),
    Switch.MESSAGE_DAYS: Meaning(
        _l("Messages are kept for"), _l("Older messages of devices that may name a plate are emptied; what they said stays."),
        _l("days"), 30, 3_650, lambda: 180,
    ),
}  # fmt: skip


class OutOfBounds(Refused):
    """A value lies outside of the bounds of its switch."""


class Draft(BaseModel):
    """A new value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    value: int


def value_of(tx: Tx, switch: Switch) -> int:
    """Return how a switch stands."""
    found = tx.value(SQL["get"], name=switch.value)
    return MEANINGS[switch].default() if found is None else int(found)


def values(tx: Tx) -> dict[Switch, int]:
    """Return how all switches stand, read at once."""
    own = {row["name"]: row["value"] for row in tx.rows(SQL["read_values"])}
    return {switch: own.get(switch.value, meaning.default()) for switch, meaning in MEANINGS.items()}


def list_rows(tx: Tx) -> list[Row]:
    """Return every switch with how it stands and who set it; version 0: nobody did."""
    own = {row["name"]: row for row in tx.rows(SQL["read_values"])}
    return [_row(switch, meaning, own.get(switch.value)) for switch, meaning in MEANINGS.items()]


SWITCHES: Final = AtHand(
    list_rows,
    key="name",
    columns=frozenset({"name", "label", "value", "default", "state", "changed_by", "changed_at"}),
    order=(Order("label"),),
)


def change(tx: Tx, key: str, draft: Draft, *, version: int, by: Actor, at: datetime) -> None:
    """
    Set a switch.

    Raises:
        OutOfBounds: the value is too small or too large.
        Changed: somebody set it meanwhile.
    """
    meaning = MEANINGS[Switch(key)]
    if not meaning.least <= draft.value <= meaning.most:
        raise OutOfBounds(_("From %(least)s to %(most)s.", least=meaning.least, most=meaning.most), field="value")
    if not tx.run(SQL["put"], name=key, value=draft.value, version=version, by=by.id, at=at):
        raise Changed


def reset(tx: Tx, keys: Sequence[str]) -> int:
    """Let switches stand as the deployment has them; return how many had another value."""
    return tx.run(SQL["drop_values"], names=[str(key) for key in keys])


def _row(switch: Switch, meaning: Meaning, own: Row | None) -> Row:
    return {
        "name": switch.value,
        "label": str(meaning.label),
        "note": str(meaning.note),
        "unit": str(meaning.unit),
        "value": meaning.default() if own is None else own["value"],
        "default": meaning.default(),
        "least": meaning.least,
        "most": meaning.most,
        "state": "standard" if own is None else "own",
        "changed_by": None if own is None else own["changed_by"],
        "changed_at": None if own is None else own["changed_at"],
        "version": 0 if own is None else own["version"],
    }
