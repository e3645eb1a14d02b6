"""
Inventory: every device from order to retirement. Table device.

A device is registered at a site under the address it speaks by; it goes to work when it is bound to a place, and speaks for
nothing any more from its retirement on. What it said before still counts, however late it comes.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from core.devices import bindings, devices, models
from core.devices.devices import DeviceState
from core.kit.db import Row, Tx
from core.kit.errors import Changed, Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.sql import named
from core.places import deployments, records

SQL = named("devices/inventory")

DEVICES: Final = Relation(
    SQL["device_rows"],
    key="device_id",
    columns=frozenset(
        {"code", "gateway_code", "kind", "site", "site_name", "serial_no", "firmware", "note", "state", "model", "supplier",
         "places", "places_n", "last_seen_at", "retired_at", "changed_at", "has_key"}
    ),
    order=(Order("site"), Order("gateway_code"), Order("code")),
)  # fmt: skip
STATES: Final[dict[str, Lazy]] = {
    DeviceState.ORDERED: _l("In stock"),
    DeviceState.INSTALLED: _l("Installed"),
    DeviceState.LIVE: _l("At work"),
    DeviceState.FAULTY: _l("Faulty"),
    DeviceState.RETIRED: _l("Retired"),
}
_TAKEN: Final = {
    "device_supplier_id_serial_no_key": ("serial_no", _l("Another device of this supplier has this serial number.")),
    "device_site_id_gateway_code_code_key": ("code", _l("Another device speaks under this address.")),
}

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$")]


class AddressInUse(Refused):
    """Others know the device by its address: it was heard, or bound."""


class NoSuchModel(Refused):
    """There is no such model in use."""


class WrongState(Refused):
    """The device is not where in its life this can be done."""


class Draft(BaseModel):
    """A device as a form tells it; kind, supplier and interval are those of its model."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    site_id: UUID
    model_id: UUID
    gateway_code: Code
    code: Code
    serial_no: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    firmware: Annotated[str, StringConstraints(max_length=40)] = ""
    note: Annotated[str, StringConstraints(max_length=400)] = ""


class Replacement(BaseModel):
    """What takes the place of a device: another one of the same site, by its code, and when it was put there."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    code: Code
    moment_at: datetime


class Retirement(BaseModel):
    """When devices were taken away."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    moment_at: datetime


def add(tx: Tx, draft: Draft, *, at: datetime) -> UUID:
    """
    Register a device; it is in stock until it is bound to a place.

    Raises:
        NoSuchModel: its model is not in use.
        records.Taken: another one has its serial number or its address.
    """
    model = models.find(tx, model_id=draft.model_id)
    if model is None:
        raise NoSuchModel(_("There is no such model in use."), field="model_id")
    device_id = uuid7()
    records.add(tx, SQL["add"], taken=_TAKEN, device_id=device_id, at=at, **draft.model_dump(), **model)
    return device_id


def change(tx: Tx, key: UUID, draft: Draft, *, version: int, at: datetime) -> None:
    """
    Change a device; site and model stay.

    Raises:
        AddressInUse: its address would change, and it was heard or bound under it.
        Changed: somebody changed it meanwhile.
        records.Taken: another one has its serial number or its address.
    """
    (now,) = lock(tx, [key])
    is_known = now["was_bound"] or now["last_seen_at"] is not None
    if is_known and (now["gateway_code"], now["code"]) != (draft.gateway_code, draft.code):
        raise AddressInUse(_("This device was heard or bound under its address: it stays."), field="code")
    said = draft.model_dump(include={"gateway_code", "code", "serial_no", "firmware", "note"})
    records.change(tx, SQL["change"], taken=_TAKEN, device_id=key, version=version, at=at, **said)


def retire(tx: Tx, keys: Sequence[UUID], *, draft: Retirement, reason: str, at: datetime) -> int:
    """
    Take devices out of service for ever; what they watch they watch until then.

    Raises:
        WrongState: one is retired already.
        bindings.NotThen: the moment lies in the future, or before something a device said.
    """
    for now in lock(tx, keys):
        if now["state"] == DeviceState.RETIRED:
            raise WrongState(_("%(device)s is retired already.", device=now["code"]))
        bindings.require_then(now, draft.moment_at, at=at)
        bindings.end_all(tx, now, moment_at=draft.moment_at, reason=reason, at=at)
    n = tx.run(SQL["retire"], keys=list(keys), moment_at=draft.moment_at, at=at)
    devices.note_faults(tx, at=at)
    deployments.registry_changed(tx)
    return n


def replace(tx: Tx, keys: Sequence[UUID], *, draft: Replacement, reason: str, at: datetime) -> int:
    """
    Let another device of the same site take over all that a device watches, and retire the old one.

    Raises:
        WrongState: the new one is at work already, or of another kind.
        bindings.NoSuchDevice: there is no other device of this code.
        bindings.NotThen: the moment lies in the future, or before something the old one said.
    """
    (old,) = lock(tx, keys[:1])
    new_id = bindings.find_device(tx, site_id=old["site_id"], device=draft.code)
    (new,) = lock(tx, [new_id])
    if new["kind"] != old["kind"] or new["device_id"] == old["device_id"] or new["state"] not in {"ordered", "installed"}:
        raise WrongState(_("%(device)s is not a device in stock of the same kind.", device=new["code"]), field="code")
    bindings.require_then(old, draft.moment_at, at=at)
    bindings.hand_over(tx, old, new, moment_at=draft.moment_at, reason=reason, at=at)
    tx.run(SQL["retire"], keys=[old["device_id"]], moment_at=draft.moment_at, at=at)
    tx.run(SQL["set_state"], keys=[new_id], state=DeviceState.LIVE.value, at=at)
    devices.note_faults(tx, at=at)
    deployments.registry_changed(tx)
    return 1


def mark_faulty(tx: Tx, keys: Sequence[UUID], *, at: datetime) -> int:
    """
    Mark devices as not speaking the truth: what they say is shown as a fault until they are mended.

    Raises:
        WrongState: one is not at work.
    """
    return _mark(tx, keys, DeviceState.LIVE, DeviceState.FAULTY, at=at)


def mark_mended(tx: Tx, keys: Sequence[UUID], *, at: datetime) -> int:
    """
    Trust devices again.

    Raises:
        WrongState: one is not faulty.
    """
    return _mark(tx, keys, DeviceState.FAULTY, DeviceState.LIVE, at=at)


def lock(tx: Tx, keys: Sequence[UUID]) -> list[Row]:
    """
    Return devices, locked, in a fixed order.

    Raises:
        Changed: one of them is not there.
    """
    rows = tx.rows(SQL["lock"], keys=list(keys))
    if len(rows) != len(set(keys)):
        raise Changed
    return rows


def _mark(tx: Tx, keys: Sequence[UUID], was: DeviceState, becomes: DeviceState, *, at: datetime) -> int:
    for now in lock(tx, keys):
        if now["state"] != was:
            raise WrongState(_("%(device)s is not in the state for this.", device=now["code"]))
    n = tx.run(SQL["set_state"], keys=list(keys), state=becomes.value, at=at)
    devices.note_faults(tx, at=at)
    deployments.registry_changed(tx)
    return n
