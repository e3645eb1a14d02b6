"""
Vitals: how the product is, for those who watch over it from outside.

Tables source_health, dead_letter, device_gap, payment, job_run, audit_entry, audit_seal, sign_in_attempt. What is not known
is None, and is then not told at all.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from core.access.seals import SEALED_WITHIN
from core.kit.db import Tx
from core.kit.money import Fen
from core.kit.sql import named

SQL = named("upkeep/vitals")

WINDOW: Final = timedelta(hours=1)
"""How far back things are counted."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """How it is at an instant; counts are of the last hour unless they say otherwise."""

    message_age_s: float | None
    """Since anything arrived from any device."""
    dead_letter_n: int
    gap_n: int
    """Devices' boots in which messages are missing."""
    unsettled_n: int
    """Payments that belong to no claim, of all times."""
    unsettled_fen: Fen
    job_age_s: float | None
    """Since a job was done."""
    job_failed_n: int
    sealed_n: int
    """Entries of the audit's chain, of all times."""
    unsealed_n: int
    """Entries that should stand in the chain by now."""
    turned_away_n: int
    """Tries to sign in that were one too many."""
    clock_off_s: float
    """By how much the database's clock is ahead of ours."""
    disk_free_pct: float | None


def take(tx: Tx, *, folder: Path, at: datetime) -> Vitals:
    """Say how the product is; `folder` lies on the disk that may fill."""
    row = tx.row(SQL["take"], since=at - WINDOW, sealed_before=at - SEALED_WITHIN)
    assert row is not None  # a row of counts always comes
    return Vitals(
        message_age_s=_age_s(row["last_received_at"], at),
        dead_letter_n=row["dead_letter_n"],
        gap_n=row["gap_n"],
        unsettled_n=row["unsettled_n"],
        unsettled_fen=Fen(row["unsettled_fen"]),
        job_age_s=_age_s(row["job_done_at"], at),
        job_failed_n=row["job_failed_n"],
        sealed_n=row["sealed_n"],
        unsealed_n=row["unsealed_n"],
        turned_away_n=row["turned_away_n"],
        clock_off_s=(row["database_at"] - at).total_seconds(),
        disk_free_pct=_disk_free_pct(folder),
    )


def _age_s(then: datetime | None, at: datetime) -> float | None:
    return None if then is None else (at - then).total_seconds()


def _disk_free_pct(folder: Path) -> float | None:
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return 100 * usage.free / usage.total
