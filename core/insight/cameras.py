"""
Cameras: every video device, whether it is heard, how many plates it reads, and what it saw last.

Health is that of `detectors`. Read rate = visits whose plate was read ÷ all visits of 24 hours, where a visit is a vehicle that
came and had a plate to read (R30); None where nobody came. Pictures are announced by their hash and not kept by this version.
Tables device, device_state, event, plate_read, evidence.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from core.insight import detectors
from core.insight.detectors import DEVICES, Health
from core.insight.dispatch.plates import masked_or_none
from core.insight.takings import ratio_pct
from core.kit.db import Row, Tx
from core.kit.listing import Asked
from core.kit.sql import named

SQL = named("insight/cameras")

KINDS: Final = ("pole_camera", "bollard", "lane_camera", "patrol_car")
MOST_READS: Final = 60
_BACK: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Read:
    """One visit that a camera saw; outcome is read, low or none. The plate is masked; None: nobody could read it."""

    at: datetime
    kind: str
    space: str | None
    plate: str | None
    confidence_pct: int | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One camera: its row of the list, what it saw of 24 hours, and its day."""

    row: Row
    reads: tuple[Read, ...]
    day: detectors.Sheet


def list_cameras(tx: Tx, asked: Asked, *, at: datetime) -> tuple[list[Row], int]:
    """
    Return one page of cameras, and how many there are.

    Columns: those of a detector, and of 24 hours visit_n, read_n, low_n, none_n, read_pct, last_read_at, picture_at,
    picture (hash, hex).
    """
    given = detectors.given(at=at, kinds=KINDS)
    return _with_reads(tx, DEVICES.rows(tx, asked, **given), at=at), DEVICES.count(tx, asked, **given)


def count_states(tx: Tx, asked: Asked, *, at: datetime) -> dict[Health, int]:
    """Return how many cameras are in each state under the other conditions."""
    return detectors.count_states(tx, asked, at=at, kinds=KINDS)


def get_sheet(tx: Tx, *, device_id: UUID, at: datetime) -> Sheet:
    """
    Return one camera.

    Raises:
        NoSuchDevice: no camera has this id.
    """
    day = detectors.get_sheet(tx, device_id=device_id, at=at, kinds=KINDS)
    row = _with_reads(tx, [day.row], at=at)[0]
    keys = {"site_id": row["site_id"], "device_id": device_id}
    return Sheet(row, tuple(_read(one) for one in tx.rows(SQL["list_reads"], **keys, **_day(at), most=MOST_READS)), day)


def _with_reads(tx: Tx, rows: list[Row], *, at: datetime) -> list[Row]:
    keys = {"site_ids": list({row["site_id"] for row in rows}), "device_ids": [row["device_id"] for row in rows]}
    visits = {row["device_id"]: row for row in tx.rows(SQL["list_visits"], **keys, **_day(at))}
    pictures = {row["device_id"]: row for row in tx.rows(SQL["list_pictures"], **keys, **_day(at))}
    return [{**row, **_figures(visits.get(row["device_id"])), **_picture(pictures.get(row["device_id"]))} for row in rows]


def _figures(visits: Row | None) -> Row:
    if visits is None:
        return {"visit_n": 0, "read_n": 0, "low_n": 0, "none_n": 0, "read_pct": None, "last_read_at": None}
    none_n = visits["visit_n"] - visits["read_n"] - visits["low_n"]
    told = {name: visits[name] for name in ("visit_n", "read_n", "low_n", "last_read_at")}
    return {**told, "none_n": none_n, "read_pct": ratio_pct(visits["read_n"], visits["visit_n"])}


def _picture(picture: Row | None) -> Row:
    if picture is None:
        return {"picture_at": None, "picture": None}
    return {"picture_at": picture["at"], "picture": picture["frame_sha256"].hex()}


def _read(row: Row) -> Read:
    plate = masked_or_none(row["plate"])
    return Read(row["at"], row["kind"], row["space"], plate, row["min_char_conf_pct"], row["outcome"])


def _day(at: datetime) -> dict[str, datetime]:
    return {"at": at, "day_at": at - _BACK}
