"""What a job is, and how one run of it is claimed, done and written down."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from core.kit.clock import Clock, SystemClock
from core.kit.db import Database
from core.kit.errors import Refused, Unavailable
from core.kit.log import get_logger
from core.upkeep import job_runs
from core.upkeep.job_runs import Claim, RunState
from ingest.pipeline import Pipeline
from ingest.schedule.ears import Ears

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """What jobs work with."""

    database: Database
    pipeline: Pipeline  # used by one job alone, hence by one thread at a time
    anchor: Path | None = None
    """Where the audit is anchored; None: nowhere, as in tests of other jobs."""
    clock: Clock = field(default_factory=SystemClock)
    ears: Ears = field(default_factory=Ears)
    runner: str = field(default_factory=lambda: f"{socket.gethostname()}:{os.getpid()}")


@dataclass(frozen=True, slots=True)
class Job:
    """
    Something that is done by itself. Done twice it must be as done once: a run may be repeated after a crash.

    `slot` names the period of an instant, `every` is how often the clock asks whether that period is done yet, `run`
    returns a line for the history. A run longer than `limit` is taken for lost.
    """

    name: str
    every: timedelta
    slot: Callable[[datetime], datetime]
    limit: timedelta
    run: Callable[[Work], str]
    first_after: timedelta = timedelta()
    """How long after the start of a runner it is tried first."""


def periodic(name: str, every: timedelta, run: Callable[[Work], str], *, limit: timedelta = timedelta(minutes=5)) -> Job:
    """Declare a job that is done once in each period of time."""
    return Job(name=name, every=every, slot=lambda at: job_runs.slot_of(at, every), limit=limit, run=run)


def nightly(name: str, hour: int, run: Callable[[Work], str], *, limit: timedelta = timedelta(hours=2)) -> Job:
    """Declare a job that is done once a city day from an hour on, or as soon after it as the product runs."""
    often = timedelta(minutes=10)
    return Job(name=name, every=often, slot=lambda at: job_runs.night_of(at, hour), limit=limit, run=run, first_after=often)


def attempt(job: Job, work: Work) -> None:
    """Run a job unless its slot is done; whatever stops it, the history says so."""
    claim = _claim(job, work)
    if claim is None:
        return
    state, detail = RunState.FAILED, "stopped by a bug; the log has its trace"
    try:
        detail = job.run(work)
        state = RunState.DONE
    except (Refused, Unavailable) as said:
        detail = said.message
        _log.error("A job did not succeed.", job=job.name, reason=detail)
    finally:
        _finish(claim, work, state=state, detail=detail)


def _claim(job: Job, work: Work) -> Claim | None:
    at = work.clock.now()
    try:
        with work.database.transaction() as tx:
            if job_runs.reap(tx, job=job.name, limit=job.limit, at=at):
                _log.warning("A run was lost.", job=job.name)
            return job_runs.claim(tx, job=job.name, slot=job.slot(at), runner=work.runner, at=at)
    except Unavailable:
        return None


def _finish(claim: Claim, work: Work, *, state: RunState, detail: str) -> None:
    try:
        with work.database.transaction() as tx:
            job_runs.finish(tx, claim=claim, state=state, detail=detail, at=work.clock.now())
    except Unavailable:
        _log.warning("The end of a run could not be written; it will be called lost.", job=claim.job)
