"""
Readiness: whether all that the product needs is there. Reads tables schema_migration and job_run, the broker and the disk.

What cannot be looked at because something before it is missing is unknown, which is not ready either.
"""

import shutil
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final

from core.kit import migrations, mqtt
from core.kit.db import Database
from core.kit.errors import Unavailable
from core.kit.sql import named

SQL = named("upkeep/readiness")

RUNNER_WITHIN: Final = timedelta(minutes=1)
"""The most frequent jobs start every ten seconds."""
BROKER_S: Final = 1.0
KEPT_S: Final = 2.0
"""Age up to which an answer is given again, so that nobody who asks often makes us work."""
_MB: Final = 1_000_000


class Part(StrEnum):
    """What is looked at."""

    DATABASE = "database"
    SCHEMA = "schema"
    BROKER = "broker"
    DISK = "disk"
    LIVE = "live"
    JOBS = "jobs"


class State(StrEnum):
    """How a part was found."""

    OK = "ok"
    MISSING = "missing"
    UNKNOWN = "unknown"


States = Mapping[Part, State]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """
    Where to look.

    `mqtt_url` is None where the process was told of no broker; `folder` lies on the disk that may fill, which must have
    `floor_mb` million bytes left; `is_live` tells whether the live picture is read.
    """

    database: Database
    mqtt_url: str | None
    folder: Path
    floor_mb: int
    is_live: Callable[[], bool]


def look(at_hand: Surroundings, *, at: datetime) -> States:
    """Say of every part how it is; takes a second at most beside what the database takes."""
    return {
        **dict.fromkeys(Part, State.UNKNOWN),
        **_database(at_hand.database, at=at),
        Part.BROKER: _broker(at_hand.mqtt_url),
        Part.DISK: _disk(at_hand.folder, at_hand.floor_mb),
        Part.LIVE: _told(at_hand.is_live()),
    }


@dataclass(slots=True)
class Watch:
    """Looks when asked, and at most once in `KEPT_S`, however many ask."""

    at_hand: Surroundings
    _turn: threading.Lock = field(default_factory=threading.Lock)
    _seen: States | None = None
    _seen_at: float = 0.0

    def states(self, *, at: datetime) -> States:
        """Return how every part is, or was a moment ago."""
        with self._turn:
            if self._seen is None or time.monotonic() - self._seen_at > KEPT_S:
                self._seen = look(self.at_hand, at=at)
                self._seen_at = time.monotonic()
            return self._seen


def _database(database: Database, *, at: datetime) -> States:
    """Look at the database and, where it answers, at what is in it."""
    names = list(migrations.names())
    try:
        with database.transaction() as tx:
            is_current = tx.value(SQL["has_schema"]) and tx.value(SQL["count_applied"], names=names) == len(names)
            found = {Part.DATABASE: State.OK, Part.SCHEMA: _told(is_current)}
            if is_current:
                found[Part.JOBS] = _told(tx.value(SQL["has_runner"], since=at - RUNNER_WITHIN))
    except Unavailable:
        return {Part.DATABASE: State.MISSING}
    return found


def _broker(url: str | None) -> State:
    return State.UNKNOWN if url is None else _told(mqtt.answers(url, within_s=BROKER_S))


def _disk(folder: Path, floor_mb: int) -> State:
    try:
        return _told(shutil.disk_usage(folder).free >= floor_mb * _MB)
    except OSError:
        return State.UNKNOWN


def _told(is_so: bool) -> State:  # noqa: FBT001  # the one thing it says
    return State.OK if is_so else State.MISSING
