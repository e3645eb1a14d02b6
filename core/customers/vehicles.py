"""Vehicles that owners bound to themselves. Tables owned_vehicle, vehicle_owner; a vehicle is a plate together with its colour."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from core.customers.plates import require_plate
from core.kit.db import Tx
from core.kit.errors import Changed, Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import _
from core.kit.sql import named
from core.office import switches
from core.office.switches import Switch

SQL = named("customers/vehicles")

BINDINGS: Final = Relation(
    SQL["binding_rows"],
    key="binding_id",
    columns=frozenset(
        {"plate", "plate_colour", "owner", "phone", "note", "bound_at", "ended_at", "end_reason", "state", "energy", "also_n",
         "last_entered_at"}
    ),
    order=(Order("bound_at", is_falling=True),),
)  # fmt: skip


class TooMany(Refused):
    """An owner or a vehicle has as many bindings as it may."""


class AlreadyBound(Refused):
    """The vehicle is bound to its owner already."""


class NotBound(Refused):
    """The binding has ended."""


class Draft(BaseModel):
    """A vehicle as an owner binds it; the phone says who the owner is."""

    plate: Annotated[str, StringConstraints(strip_whitespace=True, min_length=5, max_length=20)]
    plate_colour: str = Field(pattern="^(blue|green|yellow|yellow_green|white|black)$")
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    phone: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[0-9+][0-9 -]{4,19}$")]
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""


def add(tx: Tx, draft: Draft, *, at: datetime) -> UUID:
    """
    Bind a vehicle to the owner of a phone; a phone nobody has told yet brings a new owner.

    Raises:
        NotAPlate: the plate cannot be one.
        AlreadyBound: it is bound to him already.
        TooMany: he, or the vehicle, has as many bindings as allowed.
    """
    plate = require_plate(draft.plate)
    owner_id = tx.value(SQL["find_owner"], phone=draft.phone)
    if owner_id is None:
        owner_id = uuid7()
        tx.run(SQL["add_owner"], owner_id=owner_id, name=draft.name, phone=draft.phone, at=at)
    counted = tx.row(SQL["count_bound"], owner_id=owner_id, plate=plate, plate_colour=draft.plate_colour)
    assert counted is not None  # an aggregate without groups has one row
    if counted["same_n"]:
        raise AlreadyBound(_("This vehicle is bound to this owner already."), field="plate")
    if counted["of_owner_n"] >= (most := switches.value_of(tx, Switch.VEHICLES_OF_OWNER)):
        raise TooMany(_("An owner binds %(n)s vehicles at most.", n=most), field="phone")
    if counted["of_plate_n"] >= (most := switches.value_of(tx, Switch.OWNERS_OF_VEHICLE)):
        raise TooMany(_("A vehicle has %(n)s owners at most.", n=most), field="plate")
    binding_id = uuid7()
    tx.run(
        SQL["bind"],
        binding_id=binding_id,
        owner_id=owner_id,
        plate=plate,
        plate_colour=draft.plate_colour,
        note=draft.note,
        at=at,
    )
    return binding_id


def change(tx: Tx, key: UUID, draft: Draft, *, version: int) -> None:
    """
    Change the note; another vehicle or owner is another binding.

    Raises:
        Changed: somebody changed it meanwhile, or it has ended.
    """
    if not tx.run(SQL["change"], binding_id=key, version=version, note=draft.note):
        raise Changed


def unbind(tx: Tx, keys: Sequence[UUID], *, reason: str, at: datetime) -> int:
    """
    End bindings; what was is kept.

    Raises:
        NotBound: one has ended already.
    """
    n = tx.run(SQL["unbind"], keys=list(keys), reason=reason, at=at)
    if n != len(set(keys)):
        raise NotBound(_("This vehicle is not bound any more."))
    return n
