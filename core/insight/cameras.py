"""
Cameras: every video device, whether it is heard, how many plates it reads, and what it saw last.

Health is that of `detectors`. Read rate = visits whose plate was read ÷ all visits of 24 hours, where a visit is a vehicle that
came and had a plate to read (R30); None where nobody came. Pictures are announced by their hash and not kept by this version.
Tables device, device_state, event, plate_read, evidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from core.insight import detectors
from core.insight.dispatch.plates import masked_or_none
from core.kit.db import Row, Tx
from core.kit.sql import named

SQL = named("insight/cameras")

KINDS: Final = detectors.VIDEO_KINDS
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
    """One camera: its row of the list, what it saw of 24 hours, and its day; `is_cut`: it saw more than is told."""

    row: Row
    reads: tuple[Read, ...]
    is_cut: bool
    day: detectors.Sheet


def given(*, at: datetime, sites: Sequence[UUID]) -> dict[str, Any]:
    """Return the values that the list of devices needs at an instant, for the cameras of some sites."""
    return detectors.given(at=at, sites=sites, kinds=KINDS)


def get_sheet(tx: Tx, row: Row, *, at: datetime, most: int = MOST_READS) -> Sheet:
    """Return one camera, a row of `detectors.DEVICES`, with its newest reads; it gains picture_at and picture (hash, hex)."""
    keys = {"site_id": row["site_id"], "device_id": row["device_id"], **_day(at)}
    picture = tx.row(SQL["find_picture"], **keys)
    reads = [_read(one) for one in tx.rows(SQL["list_reads"], **keys, most=most + 1)]
    day = detectors.get_sheet(tx, row, at=at)
    return Sheet({**row, **_picture(picture)}, tuple(reads[:most]), is_cut=len(reads) > most, day=day)


def _picture(picture: Row | None) -> Row:
    if picture is None:
        return {"picture_at": None, "picture": None}
    return {"picture_at": picture["at"], "picture": picture["frame_sha256"].hex()}


def _read(row: Row) -> Read:
    plate = masked_or_none(row["plate"])
    return Read(row["at"], row["kind"], row["space"], plate, row["min_char_conf_pct"], row["outcome"])


def _day(at: datetime) -> dict[str, datetime]:
    return {"at": at, "day_at": at - _BACK}
