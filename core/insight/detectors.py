"""
Detectors: every sensor, lock, loop and gateway of the streets, how it fares and what it reported.

Tables device, device_state, device_health, device_gap, device_outage, event. States as they are shown: a device is *online*
within two of its intervals, *late* within four, then *silent*; *unheard* never spoke, *faulty* is known not to speak the
truth. Nothing is assumed of what nobody told: battery and signal may be unknown.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from core.kit import clock
from core.kit.db import Row, Tx
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _l
from core.kit.periods import Period
from core.kit.sql import named
from core.places import records

SQL = named("insight/detectors")

BATTERY_WATCH_MV: Final = 3_400
BATTERY_ACT_MV: Final = 3_200
RSSI_WATCH_DBM: Final = -100
RSSI_ACT_DBM: Final = -110
"""Source: the operating figures of sensor health; narrow-band radio."""
MOST_REPORTS: Final = 200
UNHEARD: Final = "unheard"
"""Cause of the time before the first word of a device; its hour is known, not its minute."""
_BACK: Final = timedelta(hours=24)
_HOUR: Final = timedelta(hours=1)

KINDS: Final = ("geomagnetic", "space_lock", "loop", "gateway")
"""What a detector is here, as far as this version knows the kinds."""
VIDEO_KINDS: Final = ("pole_camera", "bollard", "lane_camera", "patrol_car")
"""What a camera is."""

DEVICES: Final = Relation(
    SQL["device_rows"],
    key="device_id",
    columns=frozenset(
        {"code", "gateway_code", "kind", "site", "district", "spaces", "state", "battery", "signal", "last_seen_at", "battery_mv",
         "rssi_dbm", "missed_n", "boot_n", "duplicate_n", "offset_ms"}
    ),
    order=(Order("site"), Order("gateway_code"), Order("code")),
)  # fmt: skip


class Health(StrEnum):
    """Whether a device is heard."""

    ONLINE = "online"
    LATE = "late"
    SILENT = "silent"
    UNHEARD = "unheard"
    FAULTY = "faulty"

    @property
    def label(self) -> Lazy:
        """Return what operators call it."""
        return _HEALTH[self]


_HEALTH: Final = {
    Health.ONLINE: _l("Online"),
    Health.LATE: _l("Late"),
    Health.SILENT: _l("Silent"),
    Health.UNHEARD: _l("Never heard"),
    Health.FAULTY: _l("Faulty"),
}
KIND_LABELS: Final = {
    "gateway": _l("Gateway"),
    "geomagnetic": _l("Magnetometer"),
    "pole_camera": _l("Pole camera"),
    "lane_camera": _l("Lane camera"),
    "gate": _l("Gate"),
    "pda": _l("Handheld"),
    "kiosk": _l("Kiosk"),
    "space_lock": _l("Space lock"),
    "bollard": _l("Video bollard"),
    "loop": _l("Loop"),
    "patrol_car": _l("Patrol vehicle"),
    "guidance_screen": _l("Guidance screen"),
}


LEVEL_LABELS: Final = {"good": _l("Good"), "watch": _l("Watch"), "act": _l("Act"), "unknown": _l("Not told")}
"""Levels of battery and signal."""


@dataclass(frozen=True, slots=True)
class Report:
    """
    One report as it came: `device_at` is the device's clock, `received_at` ours, `at` what was agreed on.

    `missed_before` are sequence numbers that never came between this report and the one before it, first and last.
    """

    at: datetime
    device_at: datetime | None
    received_at: datetime
    time_quality: str
    kind: str
    space: str | None
    is_repeat: bool
    is_late: bool
    is_backfill: bool
    boot_id: int
    seq: int
    has_plate: bool
    missed_before: tuple[int, int] | None = None

    @property
    def delay_ms(self) -> int:
        """Return how long after it happened it came; below zero where the agreed time lies ahead of our clock."""
        return (self.received_at - self.at) // timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch in which nothing was heard, cut at the ends of the day."""

    cause: str
    starts_at: datetime
    ends_at: datetime
    is_running: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """One device: its row of the list, its day so far, and its newest reports of 24 hours, newest first."""

    row: Row
    day: Period
    watched: Period | None  # the part of the day in which it was to be heard; None: it never was
    outages: tuple[Outage, ...]
    reports: tuple[Report, ...]

    @property
    def online_min(self) -> int | None:
        """Return the whole minutes of today in which it was heard; None where it never was."""
        if self.watched is None:
            return None
        return (self.watched.seconds - sum(Period(one.starts_at, one.ends_at).seconds for one in self.outages)) // 60

    @property
    def coverage_pct(self) -> float | None:
        """Return the share of today so far in which it was heard."""
        if self.watched is None or self.watched.seconds == 0:
            return None
        silent_s = sum(Period(one.starts_at, one.ends_at).seconds for one in self.outages)
        return round(100 * (self.watched.seconds - silent_s) / self.watched.seconds, 1)


def given(*, at: datetime, sites: Sequence[UUID], kinds: Collection[str] = KINDS) -> dict[str, Any]:
    """Return the values that the list needs at an instant, for the devices of some sites."""
    hour_at = at.replace(minute=0, second=0, microsecond=0)
    return {
        "at": at,
        "hour_at": hour_at,
        "day_at": hour_at - _BACK,
        "seen_at": at - _BACK,
        "sites": list(sites),
        "kinds": list(kinds),
        "video_kinds": list(VIDEO_KINDS),
        "battery_watch_mv": BATTERY_WATCH_MV,
        "battery_act_mv": BATTERY_ACT_MV,
        "rssi_watch_dbm": RSSI_WATCH_DBM,
        "rssi_act_dbm": RSSI_ACT_DBM,
    }


def list_districts(tx: Tx, *, sites: Sequence[UUID], kinds: Collection[str] = KINDS) -> list[tuple[str, str]]:
    """Return the districts that have devices of some kinds, by code and name, for a filter."""
    rows = tx.rows(SQL["list_choices"], sites=list(sites), kinds=list(kinds))
    named_once = dict.fromkeys((row["district"], row["district_name"], row["district_name_en"]) for row in rows)
    return records.choices(named_once)


def list_sites(tx: Tx, *, sites: Sequence[UUID], kinds: Collection[str] = KINDS) -> list[tuple[str, str]]:
    """Return the sites that have devices of some kinds, by code and name, for a filter; by district."""
    rows = tx.rows(SQL["list_choices"], sites=list(sites), kinds=list(kinds))
    called = records.choices((row["site"], row["site_name"], row["site_name_en"]) for row in rows)
    return [(code, f"{name} · {code}") for code, name in called]


def get_sheet(tx: Tx, row: Row, *, at: datetime) -> Sheet:
    """Return one device, a row of `DEVICES`, with its day and its reports."""
    keys = {"site_id": row["site_id"], "device_id": row["device_id"]}
    starts_at, _ends_at = clock.city_day(clock.city_date(at))
    day = Period(starts_at, at)
    watched = None if row["last_seen_at"] is None else Period(min(max(starts_at, row["since"] or starts_at), at), at)
    outages = [] if watched is None else _outages(tx, keys, watched, first_at=row["first_hour"])
    return Sheet(row, day, watched, tuple(outages), tuple(_reports(tx, keys, at=at)))


def _outages(tx: Tx, keys: dict[str, UUID], watched: Period, *, first_at: datetime | None) -> list[Outage]:
    """Return when nothing was heard; the time before the device's first hour is such a time, too."""
    rows = tx.rows(SQL["list_outages"], **keys, from_at=watched.starts_at, to_at=watched.ends_at, most=MOST_REPORTS)
    found = [Outage(**row) for row in rows]
    if first_at is not None and watched.starts_at < first_at:
        return [Outage(UNHEARD, watched.starts_at, min(first_at, watched.ends_at), is_running=False), *found]
    return found


def _reports(tx: Tx, keys: dict[str, UUID], *, at: datetime) -> list[Report]:
    rows = tx.rows(SQL["list_reports"], **keys, from_at=at - _BACK, to_at=at, most=MOST_REPORTS)
    gaps = {(gap["boot_id"], gap["last_seq"]): gap["first_seq"] for gap in tx.rows(SQL["list_gaps"], **keys, most=MOST_REPORTS)}
    return [Report(**row, missed_before=_missed(row, gaps)) for row in rows]


def _missed(row: Row, gaps: dict[tuple[int, int], int]) -> tuple[int, int] | None:
    """Return the hole that ends just before a report."""
    last = row["seq"] - 1
    first = gaps.get((row["boot_id"], last))
    return None if first is None else (first, last)
