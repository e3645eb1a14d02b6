"""Devices, their suppliers and what they watch since when. Tables supplier, device, device_binding."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import orjson

from core.kit.db import Tx
from core.kit.sql import named

SQL = named("devices/devices")


class DeviceKind(StrEnum):
    """What a device is."""

    GATEWAY = "gateway"
    GEOMAGNETIC = "geomagnetic"
    LOOP = "loop"
    SPACE_LOCK = "space_lock"
    POLE_CAMERA = "pole_camera"
    BOLLARD = "bollard"
    PATROL_CAR = "patrol_car"
    PDA = "pda"
    LANE_CAMERA = "lane_camera"
    GATE = "gate"
    KIOSK = "kiosk"
    GUIDANCE_SCREEN = "guidance_screen"


class DeviceState(StrEnum):
    """Where a device is in its life; a faulty one is known not to speak the truth."""

    ORDERED = "ordered"
    INSTALLED = "installed"
    LIVE = "live"
    FAULTY = "faulty"
    RETIRED = "retired"


class TargetKind(StrEnum):
    """What a device watches."""

    SPACE = "space"
    LANE = "lane"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Supplier:
    """Who makes or installs devices."""

    supplier_id: UUID
    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Device:
    """
    One device, addressed by site, gateway and code; a device without a gateway is its own.

    `expected_interval_s` is the longest silence between two messages of a healthy device.
    """

    device_id: UUID
    site_id: UUID
    gateway_code: str
    code: str
    kind: DeviceKind
    supplier_id: UUID
    serial_no: str
    expected_interval_s: int
    state: DeviceState


@dataclass(frozen=True, slots=True)
class Binding:
    """What one channel of a device watches from an instant on; the channel is empty where a device has only one."""

    device_id: UUID
    channel: str
    valid_from: datetime
    target_kind: TargetKind
    target_id: UUID


def add_suppliers(tx: Tx, suppliers: Sequence[Supplier]) -> int:
    """Add suppliers; return how many were new."""
    return tx.run(SQL["add_suppliers"], rows=orjson.dumps(suppliers).decode())


def add(tx: Tx, devices: Sequence[Device]) -> int:
    """Add devices; return how many were new."""
    return tx.run(SQL["add_devices"], rows=orjson.dumps(devices).decode())


def bind(tx: Tx, bindings: Sequence[Binding]) -> int:
    """Add bindings; return how many were new."""
    return tx.run(SQL["add_bindings"], rows=orjson.dumps(bindings).decode())


def note_faults(tx: Tx, *, at: datetime) -> int:
    """
    Note of devices marked faulty since when they are, and of those no longer marked until when they were; return how many.

    Call it where the mark of a device changes: what is shown of a moment, past or present, goes by these notes (table
    device_outage), so that a berth below a faulty device is told alike by the map, the wall and a replay.
    """
    return tx.run(SQL["begin_faults"], at=at) + tx.run(SQL["end_faults"], at=at)
