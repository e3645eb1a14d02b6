"""
Job runs: one job in one slot of time, claimed by writing its row, which is its history afterwards. Table job_run.

A slot is the instant at which a period of the job begins; a run that failed or was lost may be claimed again in its slot.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from core.kit.clock import city_date, city_day
from core.kit.db import Tx
from core.kit.sql import named

SQL = named("upkeep/job_runs")

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class RunState(StrEnum):
    """Where a run stands; running ones become lost when they outlive their limit."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run one job in one slot; `runner` names the process that has it."""

    job: str
    slot: datetime
    runner: str


def slot_of(at: datetime, period: timedelta) -> datetime:
    """Return the start of the period that an instant falls in, periods counted from 1970 in UTC."""
    return _EPOCH + (at - _EPOCH) // period * period


def night_of(at: datetime, hour: int) -> datetime:
    """Return the latest instant, not after `at`, that lies so many hours behind a midnight of the city."""
    return city_day(city_date(at - timedelta(hours=hour)))[0] + timedelta(hours=hour)


def claim(tx: Tx, *, job: str, slot: datetime, runner: str, at: datetime) -> Claim | None:
    """Claim a slot; None where it is being run, or was run well, by anybody."""
    won = tx.value(SQL["claim"], job=job, slot=slot, runner=runner, at=at)
    return Claim(job=job, slot=slot, runner=runner) if won is not None else None


def finish(tx: Tx, *, claim: Claim, state: RunState, detail: str, at: datetime) -> None:
    """Write how a run ended; a run that was called lost in the meantime stays lost."""
    tx.run(SQL["finish"], job=claim.job, slot=claim.slot, runner=claim.runner, state=state, detail=detail, at=at)


def reap(tx: Tx, *, job: str, limit: timedelta, at: datetime) -> int:
    """Call the runs of a job lost that take longer than `limit`; return how many."""
    return tx.run(SQL["reap"], job=job, limit=limit, at=at)
