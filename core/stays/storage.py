"""
Storage: where evidence is kept and how much of it there is, as counted by a job. Tables picture_sum, picture_check.

Addresses are told without what opens them.
"""

import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from core.kit.clock import city_date, city_zone
from core.kit.db import Tx
from core.kit.listing import Order, Relation
from core.kit.sql import named
from core.settings import Settings

SQL = named("stays/storage")

SUMS: Final = Relation(
    SQL["sum_rows"],
    key="sum_id",
    columns=frozenset(
        {"month", "month_on", "kind", "kept_n", "kept_bytes", "removed_n", "removed_bytes", "oldest_at", "unchecked_n",
         "least_checked_at", "counted_at"}
    ),
    order=(Order("month", is_falling=True), Order("kind")),
)  # fmt: skip


class Where(StrEnum):
    """What evidence is kept in."""

    FOLDER = "folder"
    S3 = "s3"


@dataclass(frozen=True, slots=True)
class Place:
    """Where evidence is kept: a folder, or bucket and prefix; `host` answers for a bucket. Bytes are None where nobody can say."""

    kind: Where
    address: str
    host: str = ""
    free_bytes: int | None = None
    total_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is kept and how much has gone; None everywhere: it was not counted yet."""

    kept_n: int | None
    kept_bytes: int | None
    removed_n: int | None
    removed_bytes: int | None
    oldest_at: datetime | None
    unchecked_n: int | None
    counted_at: datetime | None


def get_place(now: Settings) -> Place:
    """Return where an installation keeps evidence, without user, password and key."""
    url = urlsplit(now.evidence_url or (now.data_dir / "evidence").resolve().as_uri())
    if url.scheme == "s3":
        endpoint = urlsplit(os.environ.get("AWS_ENDPOINT_URL", ""))
        return Place(Where.S3, f"s3://{url.hostname or ''}{url.path}", endpoint.netloc.rpartition("@")[2])
    folder = Path(unquote(url.path))
    room = _room(folder)
    return Place(Where.FOLDER, str(folder), free_bytes=room and room[0], total_bytes=room and room[1])


def get_amount(tx: Tx) -> Amount:
    """Return how much there is of all months."""
    row = tx.row(SQL["total"])
    assert row is not None  # an aggregate without groups has one row
    return Amount(**row)


def count(tx: Tx, *, at: datetime) -> int:
    """Count all pictures anew, by month of the city and by what they show; return how many lines that makes."""
    lines_n = tx.run(SQL["count_anew"], zone=city_zone().key, at=at)
    lines_n += tx.run(SQL["put_none"], month_on=city_date(at).replace(day=1), at=at)
    tx.run(SQL["drop_uncounted"], at=at)
    return lines_n


def _room(folder: Path) -> tuple[int, int] | None:
    """Return free and all bytes of the disk below a folder, which may not be there yet; None where nobody can say."""
    there = next((each for each in (folder, *folder.parents) if each.exists()), None)
    if there is None:
        return None
    usage = shutil.disk_usage(there)
    return usage.free, usage.total
