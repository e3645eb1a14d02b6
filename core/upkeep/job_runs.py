"""
Job runs: one job in one slot of time, claimed by writing its row, which is its history afterwards. Table job_run.

A slot is the city-independent instant at which a period of the job begins: its period counted from 1970 in UTC.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from core.kit.db import Tx
from core.kit.sql import named

SQL = named("upkeep/job_runs")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
    """Return the start of the period that an instant falls in."""
    return _EPOCH + (at - _EPOCH) // period * period


def claim(tx: Tx, *, job: str, period: timedelta, runner: str, at: datetime) -> Claim | None:
    """Claim the slot of this instant; None where it is run, or was run well, by anybody."""
    wanted = Claim(job=job, slot=slot_of(at, period), runner=runner)
    won = tx.value(SQL["claim"], job=wanted.job, slot=wanted.slot, runner=wanted.runner, at=at)
    return wanted if won is not None else None


def finish(tx: Tx, *, claim: Claim, state: RunState, detail: str, at: datetime) -> None:
    """Write how a run ended; a run that was called lost in the meantime stays lost."""
    tx.run(SQL["finish"], job=claim.job, slot=claim.slot, runner=claim.runner, state=state, detail=detail, at=at)


def reap(tx: Tx, *, job: str, limit: timedelta, at: datetime) -> int:
    """Call the runs of a job lost that take longer than `limit`; return how many."""
    return tx.run(SQL["reap"], job=job, limit=limit, at=at)
