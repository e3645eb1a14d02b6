"""Healths: how well the devices of a berth do, by the limits of wall.md 4.5. Tables device, device_state, device_health."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from core.devices.devices import DeviceKind
from core.insight import detectors
from core.insight.dispatch.berths import Berth
from core.kit.db import Row, Tx
from core.kit.sql import named

SQL = named("insight/dispatch/healths")

DAY: Final = timedelta(hours=24)
MOST_DEVICES: Final = 16
_BATTERY_MV: Final = (3_400, 3_200)
_RSSI_DBM: Final = (-100, -110)
_MISSED_SHARE: Final = (-3 / 96, -8 / 96)


class Level(StrEnum):
    """Whether something is to be done about a figure."""

    GOOD = "good"
    WATCH = "watch"
    ACT = "act"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DeviceHealth:
    """
    One device of a berth.

    heard_24h, expected_24h and missed_24h are those of the list of devices (`core.insight.detectors`): of whole hours after the
    one in which the device was first heard; missed_24h is None where no such hour has passed.
    """

    device: str
    kind: str
    gateway: str
    gateway_seen_at: datetime | None
    channel: str
    state: str
    last_seen_at: datetime | None
    silent_since: datetime | None
    interval_s: int
    battery_mv: int | None
    battery_level: Level
    rssi_dbm: int | None
    rssi_level: Level
    temperature_c: int | None
    heard_24h: int
    expected_24h: int
    missed_24h: int | None
    missed_level: Level


def list_healths(tx: Tx, *, berth: Berth, at: datetime, live: bool) -> tuple[DeviceHealth, ...]:
    """Return the devices that watch a berth at a moment, by kind and code."""
    hour_at = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    given = {"at": at, "live": live, "from_at": hour_at - DAY, "to_at": hour_at, "limit": MOST_DEVICES}
    rows = tx.rows(SQL["list_devices"], **berth.key, **given)
    asked = detectors.given(at=at, sites=[berth.key["site_id"]], kinds=list(DeviceKind))
    judged = detectors.DEVICES.find(tx, [row["device_id"] for row in rows], **asked)
    reports = {row["device_id"]: row for row in judged}
    return tuple(_health(row, reports.get(row.pop("device_id"))) for row in rows)


def level(value: float | None, limits: tuple[float, float]) -> Level:
    """Judge a figure that is better the larger it is: good from the first limit on, to act upon below the second."""
    if value is None:
        return Level.UNKNOWN
    if value >= limits[0]:
        return Level.GOOD
    return Level.WATCH if value >= limits[1] else Level.ACT


def _health(row: Row, reports: Row | None) -> DeviceHealth:
    """Return one device; `reports`: its row of the list of devices, None where it is in use no more."""
    expected_n = int(reports["expected_n"] or 0) if reports else 0
    missed_n = int(reports["missed_n"]) if reports and expected_n else None
    return DeviceHealth(
        **row,
        battery_level=level(row["battery_mv"], _BATTERY_MV),
        rssi_level=level(row["rssi_dbm"], _RSSI_DBM),
        heard_24h=int(reports["heard_n"]) if reports and expected_n else 0,
        expected_24h=expected_n,
        missed_24h=missed_n,
        missed_level=level(None if missed_n is None or not expected_n else -missed_n / expected_n, _MISSED_SHARE),
    )
