"""
Bindings: what each channel of a device watches, from when to when. Table device_binding.

An event belongs to what was watched when it happened (R24), however late it comes. So the past stays: a binding is ended and
another begun, at a moment after the last thing the device said, for what was said is placed already.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from core.devices.devices import DeviceKind, DeviceState, TargetKind
from core.kit.db import Row, Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.sql import named
from core.places import deployments

SQL = named("devices/bindings")
_INVENTORY = named("devices/inventory")

BINDINGS: Final = Relation(
    SQL["binding_rows"],
    key="binding_id",
    columns=frozenset(
        {"device", "gateway_code", "kind", "site", "site_name", "channel", "target_kind", "target", "valid_from", "valid_to",
         "reason", "state", "changed_at"}
    ),
    order=(Order("valid_from", is_falling=True), Order("device")),
)  # fmt: skip
STATES: Final[dict[str, Lazy]] = {"holds": _l("In force"), "due": _l("To come"), "over": _l("Over")}
TARGETS: Final[dict[str, Lazy]] = {
    TargetKind.SPACE: _l("Berth"),
    TargetKind.LANE: _l("Lane"),
    TargetKind.SITE: _l("Site"),
}
ALONE: Final = frozenset({DeviceKind.GEOMAGNETIC, DeviceKind.LOOP, DeviceKind.SPACE_LOCK, DeviceKind.BOLLARD})
"""Kinds of which one place holds one device."""

Code = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Reason = Annotated[str, StringConstraints(max_length=200)]


class NoSuchDevice(Refused):
    """The site has no device of this code, or two of them."""


class NoSuchTarget(Refused):
    """The site has no such berth or lane at that time."""


class NotThen(Refused):
    """The moment lies in the future, or before something that was said already."""


class Clash(Refused):
    """The channel, or the place, is taken at that time."""


class WrongState(Refused):
    """The device is retired, or the binding is over."""


class Draft(BaseModel):
    """
    A binding as a form tells it: the device and its place by their codes at the site.

    A device that two gateways know by one code is named `gateway/code`. The channel is empty where a device has only one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    site_id: UUID
    device: Annotated[str, StringConstraints(min_length=1, max_length=81)]
    channel: Annotated[str, StringConstraints(max_length=40)] = ""
    target_kind: TargetKind
    target: Annotated[str, StringConstraints(max_length=40)] = ""
    moment_at: datetime
    reason: Reason = ""


class Move(BaseModel):
    """Where a channel looks from a moment on."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    target: Code
    moment_at: datetime


class End(BaseModel):
    """When bindings ended."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    moment_at: datetime


def add(tx: Tx, draft: Draft, *, at: datetime) -> UUID:
    """
    Bind a channel of a device to a place; a device in stock goes to work by it.

    Raises:
        NoSuchDevice, NoSuchTarget: one of them is not there.
        WrongState: the device is retired.
        NotThen: the moment lies in the future.
        Clash: channel or place is taken at that time.
    """
    device_id = find_device(tx, site_id=draft.site_id, device=draft.device)
    (device,) = tx.rows(_INVENTORY["lock"], keys=[device_id])
    if draft.moment_at > at:
        raise NotThen(_("That moment lies in the future."), field="moment_at")
    target_id = _target(tx, draft.site_id, draft.target_kind, draft.target, moment_at=draft.moment_at)
    _require_free(tx, device, draft.channel, target_id, moment_at=draft.moment_at)
    binding_id = uuid7()
    tx.run(
        SQL["add"], binding_id=binding_id, device_id=device_id, channel=draft.channel, target_kind=draft.target_kind.value,
        target_id=target_id, moment_at=draft.moment_at, reason=draft.reason, at=at,
    )  # fmt: skip
    if device["state"] in {DeviceState.ORDERED, DeviceState.INSTALLED}:
        tx.run(_INVENTORY["set_state"], keys=[device_id], state=DeviceState.LIVE.value, at=at)
    deployments.registry_changed(tx)
    return binding_id


def move(tx: Tx, keys: Sequence[UUID], *, draft: Move, reason: str, at: datetime) -> int:
    """
    Let a channel look elsewhere from a moment on.

    Raises:
        WrongState: its binding is over.
        NotThen: the moment lies in the future, before its beginning, or before something it said.
        NoSuchTarget, Clash: the place is not there, or taken.
    """
    binding, device = _locked(tx, keys[0])
    _require_living(binding)
    require_then(device, draft.moment_at, at=at, after=binding["valid_from"])
    kind = TargetKind(binding["target_kind"])
    target_id = _target(tx, device["site_id"], kind, draft.target, moment_at=draft.moment_at)
    _require_free(tx, device, binding["channel"], target_id, moment_at=draft.moment_at, but=[binding["binding_id"]])
    _end(tx, [binding["binding_id"]], moment_at=draft.moment_at, reason=reason, at=at)
    _begin(tx, device["device_id"], binding["channel"], kind, target_id, moment_at=draft.moment_at, reason=reason, at=at)
    deployments.registry_changed(tx)
    return 1


def end(tx: Tx, keys: Sequence[UUID], *, draft: End, reason: str, at: datetime) -> int:
    """
    End bindings; their channels watch nothing from then on.

    Raises:
        WrongState: one is over.
        NotThen: the moment lies in the future, before the beginning of one, or before something its device said.
    """
    for key in sorted(keys):
        binding, device = _locked(tx, key)
        _require_living(binding)
        require_then(device, draft.moment_at, at=at, after=binding["valid_from"])
    n = _end(tx, keys, moment_at=draft.moment_at, reason=reason, at=at)
    deployments.registry_changed(tx)
    return n


def end_all(tx: Tx, device: Row, *, moment_at: datetime, reason: str, at: datetime) -> None:
    """
    End everything a device, locked before, watches.

    Raises:
        NotThen: one of its bindings began later.
    """
    living = tx.rows(SQL["list_living"], device_id=device["device_id"])
    if any(row["valid_from"] >= moment_at for row in living):
        raise NotThen(_("It was bound later than that."), field="moment_at")
    _end(tx, [row["binding_id"] for row in living], moment_at=moment_at, reason=reason, at=at)


def hand_over(tx: Tx, old: Row, new: Row, *, moment_at: datetime, reason: str, at: datetime) -> None:
    """
    Let a device watch what another one watches, from a moment on; both are locked before.

    Raises:
        NotThen: one of the bindings began later.
    """
    living = tx.rows(SQL["list_living"], device_id=old["device_id"])
    end_all(tx, old, moment_at=moment_at, reason=reason, at=at)
    for row in living:
        kind = TargetKind(row["target_kind"])
        _begin(tx, new["device_id"], row["channel"], kind, row["target_id"], moment_at=moment_at, reason=reason, at=at)


def find_device(tx: Tx, *, site_id: UUID, device: str) -> UUID:
    """
    Return the device of a site that a code names, or `gateway/code`.

    Raises:
        NoSuchDevice: there is none, or two gateways know one.
    """
    gateway, slash, code = device.rpartition("/")
    found = tx.rows(_INVENTORY["find"], site_id=site_id, gateway=gateway if slash else "", code=code)
    if not found:
        raise NoSuchDevice(_("This site has no such device in use."), field="device")
    if len(found) > 1:
        raise NoSuchDevice(_("Two gateways know this code: write gateway/code."), field="device")
    device_id: UUID = found[0]["device_id"]
    return device_id


def require_then(device: Row, moment_at: datetime, *, at: datetime, after: datetime | None = None) -> None:
    """
    Check that a change may take place at a moment.

    Raises:
        NotThen: it lies in the future, not after an instant, or before something the device said.
    """
    if moment_at > at:
        raise NotThen(_("That moment lies in the future."), field="moment_at")
    if after is not None and moment_at <= after:
        raise NotThen(_("It was bound later than that."), field="moment_at")
    if device["last_event_at"] is not None and moment_at <= device["last_event_at"]:
        raise NotThen(_("%(device)s spoke after that moment, and was placed.", device=device["code"]), field="moment_at")


def _locked(tx: Tx, key: UUID) -> tuple[Row, Row]:
    binding = tx.row(SQL["get"], binding_id=key)
    if binding is None:
        raise WrongState(_("There is no such binding."))
    (device,) = tx.rows(_INVENTORY["lock"], keys=[binding["device_id"]])
    again = tx.row(SQL["get"], binding_id=key)
    assert again is not None  # bindings are never deleted
    return again, device


def _require_living(binding: Row) -> None:
    if binding["valid_to"] is not None:
        raise WrongState(_("This binding is over."))


def _target(tx: Tx, site_id: UUID, kind: TargetKind, code: str, *, moment_at: datetime) -> UUID:
    if kind is TargetKind.SITE:
        return site_id
    statement = SQL["find_space"] if kind is TargetKind.SPACE else SQL["find_lane"]
    given = {"moment_at": moment_at} if kind is TargetKind.SPACE else {}
    target_id: UUID | None = tx.value(statement, site_id=site_id, code=code, **given)
    if target_id is None:
        raise NoSuchTarget(_("This site had no such place then."), field="target")
    return target_id


def _require_free(tx: Tx, device: Row, channel: str, target_id: UUID, *, moment_at: datetime, but: Sequence[UUID] = ()) -> None:
    found = tx.row(
        SQL["list_clashing"], device_id=device["device_id"], channel=channel, target_id=target_id, kind=device["kind"],
        is_alone=device["kind"] in ALONE, moment_at=moment_at, but=list(but),
    )  # fmt: skip
    if found is None:
        return
    if found["is_own"]:
        raise Clash(_("This channel watches something then: move it, or end that first."), field="device")
    raise Clash(_("%(device)s watches this place then.", device=found["code"]), field="target")


def _begin(
    tx: Tx, device_id: UUID, channel: str, kind: TargetKind, target_id: UUID, *, moment_at: datetime, reason: str, at: datetime
) -> None:
    tx.run(
        SQL["add"], binding_id=uuid7(), device_id=device_id, channel=channel, target_kind=kind.value, target_id=target_id,
        moment_at=moment_at, reason=reason, at=at,
    )  # fmt: skip


def _end(tx: Tx, keys: Sequence[UUID], *, moment_at: datetime, reason: str, at: datetime) -> int:
    return tx.run(SQL["end_bindings"], keys=list(keys), moment_at=moment_at, reason=reason, at=at)
