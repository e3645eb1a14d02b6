"""Counts: how many places of a lot were free at an instant, as somebody told. Table count_snapshot, insert only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

from core.kit.db import Tx
from core.kit.sql import named
from core.occupancy.rules.counts import fault_of

SQL = named("occupancy/counts")

STALE_AFTER: Final = timedelta(minutes=30)
"""A count older than this says nothing about now."""

_COUNT: Final = (
    "uuid", "timestamptz", "uuid", "int4", "int4", "int4", "bool", "timestamptz", "text", "text", "bool",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Count:
    """One count, named by `count_id`, so that a repeat of it is the same count. None: not told."""

    site_id: UUID
    count_id: UUID
    at: datetime
    total: int | None
    free: int | None
    inside: int | None
    is_open: bool | None
    received_at: datetime | None
    is_trusted: bool


@dataclass(frozen=True, slots=True)
class Published:
    """What may be shown of a lot: a closed one has no free places to offer, a lot nobody measured has no total."""

    site_id: UUID
    code: str
    at: datetime
    total: int | None
    free: int | None
    is_open: bool | None
    is_trusted: bool


@dataclass(frozen=True, slots=True)
class DayCount:
    """The possible counts of one lot on one day of its own zone."""

    day: date
    count_n: int
    mean_free: Decimal
    max_free: int
    min_free: int


def make_months(tx: Tx, moments: Iterable[datetime]) -> None:
    """Make the partitions of these instants where they are missing; that blocks other writers until the commit."""
    tx.run(SQL["make_months"], days=sorted({at.date().replace(day=1) for at in moments}))


def add(tx: Tx, counts: Sequence[Count]) -> int:
    """Add imported counts, the impossible ones marked; return how many were not known before. Partitions stand."""
    tx.run(SQL["stage"])
    tx.run(SQL["clear"])
    tx.copy_in(SQL["copy_counts"], map(_row, counts), _COUNT)
    return tx.run(SQL["add_counts"])


def published(tx: Tx, *, at: datetime) -> list[Published]:
    """Return the newest possible count of each site, by code; sites without one in the last half hour are left out."""
    return [Published(**row) for row in tx.rows(SQL["list_published"], at=at, from_at=at - STALE_AFTER)]


def list_days(tx: Tx, *, site_id: UUID, from_on: date, to_on: date) -> list[DayCount]:
    """Return mean, largest and smallest number of free places by day of the site's zone, from `from_on` to before `to_on`."""
    return [DayCount(**row) for row in tx.rows(SQL["list_days"], site_id=site_id, from_on=from_on, to_on=to_on)]


def _row(count: Count) -> tuple[object, ...]:
    fault = fault_of(total=count.total, free=count.free, inside=count.inside)
    return (
        count.site_id, count.at, count.count_id, count.total, count.free, count.inside, count.is_open, count.received_at,
        "trusted" if count.is_trusted else "suspect", fault, fault is None,
    )  # fmt: skip
