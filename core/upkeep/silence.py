"""
Silence: devices that stopped talking, and those that are back. Tables device_outage, device_state.

A device is silent when nothing was heard for three of its intervals while we listened (R17). What that does to its
spaces is told to the pipeline by the caller, as a message of our own.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from core.kit.db import Tx
from core.kit.sql import named

SQL = named("upkeep/silence")

MOST_DEVICES: Final = 2_000
"""Devices judged silent in one run; the rest follows in the next."""
MOST_SPACES: Final = MOST_DEVICES * 64


@dataclass(frozen=True, slots=True)
class SilentDevice:
    """A device that was last heard at `last_seen_at`, our clock, with the channels by which it watches spaces."""

    site_id: UUID
    device_id: UUID
    site_code: str
    gateway_code: str
    code: str
    last_seen_at: datetime
    channels: tuple[str, ...]


def list_silent(tx: Tx, *, listening_since: datetime, at: datetime) -> list[SilentDevice]:
    """
    Return the devices that have just become silent, those longest unheard first, at most `MOST_DEVICES`.

    `listening_since` is when the caller began to watch without a break; a restart of ingest counts as a break, too.
    """
    since = max(listening_since, tx.value(SQL["listening_since"]) or listening_since)
    found = tx.rows(SQL["list_silent"], listening_since=since, at=at, most=MOST_DEVICES)
    channels = _channels(tx, device_ids=[row["device_id"] for row in found], at=at)
    return [SilentDevice(**row, channels=tuple(channels.get(row["device_id"], ()))) for row in found]


def mark(tx: Tx, *, devices: Sequence[SilentDevice]) -> int:
    """Hold devices to be silent since they were last heard and open their outages; return how many were marked anew."""
    return int(
        tx.value(
            SQL["mark_silent"],
            site_ids=[device.site_id for device in devices],
            device_ids=[device.device_id for device in devices],
            last_seen=[device.last_seen_at for device in devices],
        )
    )


def end_outages(tx: Tx) -> int:
    """Close the outages of devices that were heard again; return how many."""
    return int(tx.value(SQL["end_outages"]))


def _channels(tx: Tx, *, device_ids: Sequence[UUID], at: datetime) -> dict[UUID, list[str]]:
    """Return the channels by which devices watch spaces: space codes of a pole, empty for a sensor of one space."""
    watched: dict[UUID, list[str]] = defaultdict(list)
    if device_ids:
        for row in tx.rows(SQL["list_spaces"], device_ids=list(device_ids), at=at, most=MOST_SPACES):
            watched[row["device_id"]].append(row["channel"])
    return watched
