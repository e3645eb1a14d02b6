"""
Checks: kept pictures compared with their hashes, a share each night and when somebody asks. Tables picture_check, picture_damage.

A picture is good, missing, or altered. Where the store does not answer nothing is known, and nothing is said of the picture.
What was found stays open until a later look finds the picture whole, somebody accepts the loss, or it has served its time.
"""

import hashlib
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from obstore.store import ObjectStore

from core.access.actors import Actor
from core.kit.db import Row, Tx
from core.kit.ids import derived_id, uuid7
from core.kit.sql import named
from core.stays import pictures

SQL = named("stays/checks")

NIGHTS: Final = 30
"""In so many nights every picture is compared once."""
LEAST_A_NIGHT: Final = 200
MOST_A_NIGHT: Final = 50_000
MOST_ASKED: Final = 1_000
"""Pictures of a check somebody asks for."""
BATCH: Final = 50
SILENT: Final = timedelta(hours=1)
"""A check that runs so long has lost its runner."""
KEPT: Final = timedelta(days=400)


class Verdict(StrEnum):
    """What became of a picture."""

    GOOD = "good"
    MISSING = "missing"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True)
class Check:
    """A check that runs; it looks at so many pictures at most that were not compared since it began."""

    check_id: UUID
    most: int
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Due:
    """A picture to be compared."""

    site_id: UUID
    frame_sha256: bytes
    kept_sha256: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """The newest check that ended, None where there was none; and whether one waits or runs."""

    ended_at: datetime | None
    checked_n: int
    missing_n: int
    altered_n: int
    is_open: bool


def ask_share(tx: Tx, *, at: datetime) -> None:
    """Have a night's share compared, unless a check waits already."""
    share = math.ceil(tx.value(SQL["count_kept"]) / NIGHTS)
    most = min(max(share, LEAST_A_NIGHT), MOST_A_NIGHT)
    tx.run(SQL["ask"], check_id=uuid7(), by=None, at=at, most=most)
    tx.run(SQL["drop_old"], before=at - KEPT)


def ask(tx: Tx, _keys: Sequence[UUID], *, by: Actor, at: datetime) -> int:
    """Have the pictures compared that were compared longest ago; return how many checks that makes, none where one waits."""
    return tx.run(SQL["ask"], check_id=uuid7(), by=by.id, at=at, most=MOST_ASKED)


def claim(tx: Tx, *, at: datetime) -> Check | None:
    """Take the next check that waits, or one whose runner fell silent; None where there is none."""
    row = tx.row(SQL["claim"], at=at, silent_since=at - SILENT)
    return None if row is None else Check(row["check_id"], row["most"], row["started_at"])


def list_due(tx: Tx, check: Check, *, done_n: int) -> list[Due]:
    """Return the next pictures of a check, `BATCH` at most, those compared longest ago first."""
    left_n = min(BATCH, check.most - done_n)
    return [Due(**row) for row in tx.rows(SQL["list_due"], before=check.started_at, most=left_n)] if left_n > 0 else []


def list_damaged(tx: Tx, damage_ids: Collection[UUID], *, sites: Collection[UUID]) -> list[Due]:
    """Return the pictures of some damages that are open, of some sites."""
    return [Due(**row) for row in tx.rows(SQL["list_damaged"], damage_ids=list(damage_ids), sites=list(sites))]


def look(due: Sequence[Due], *, out_of: ObjectStore) -> Mapping[Due, Verdict]:
    """
    Compare pictures with their hashes; no transaction waits for that.

    Raises:
        Unavailable: the store does not answer.
    """
    return {one: _verdict(pictures.load(one.kept_sha256, out_of=out_of), one.kept_sha256) for one in due}


def note(tx: Tx, verdicts: Mapping[Due, Verdict], *, at: datetime) -> dict[Verdict, int]:
    """Write down what was found; return how many of each. What was removed meanwhile is left out."""
    counted = dict.fromkeys(Verdict, 0)
    for one, verdict in verdicts.items():
        where = {"site_id": one.site_id, "frame_sha256": one.frame_sha256}
        if not tx.run(SQL["mark_checked"], **where, at=at):
            continue
        counted[verdict] += 1
        damage_id = derived_id("picture damage", one.site_id, one.frame_sha256)
        if verdict is Verdict.GOOD:
            tx.run(SQL["mend_damage"], site_id=one.site_id, damage_id=damage_id, at=at)
        else:
            tx.run(SQL["put_damage"], **where, damage_id=damage_id, kind=verdict.value, at=at)
    return counted


def note_progress(tx: Tx, check: Check, counted: Mapping[Verdict, int]) -> None:
    """Add to what a check has found so far."""
    tx.run(
        SQL["note_progress"], check_id=check.check_id, checked_n=sum(counted.values()), missing_n=counted[Verdict.MISSING],
        altered_n=counted[Verdict.ALTERED],
    )  # fmt: skip


def finish(tx: Tx, check: Check, *, at: datetime) -> None:
    """Note that a check is done."""
    tx.run(SQL["finish"], check_id=check.check_id, at=at)


def get_last(tx: Tx) -> Told:
    """Return how the newest check ended."""
    row: Row = tx.row(SQL["find_last"]) or {"ended_at": None, "checked_n": 0, "missing_n": 0, "altered_n": 0}
    return Told(row["ended_at"], row["checked_n"], row["missing_n"], row["altered_n"], bool(tx.value(SQL["is_open"])))


def _verdict(raw: bytes | None, sha256: bytes) -> Verdict:
    if raw is None:
        return Verdict.MISSING
    return Verdict.GOOD if hashlib.sha256(raw).digest() == sha256 else Verdict.ALTERED
