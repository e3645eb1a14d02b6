"""The process `boshu jobs`: one of its kind leads and lets the clock run, the others stand by."""

import logging
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC
from functools import partial
from threading import Event
from typing import Final

from apscheduler.events import EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED, JobEvent
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from core.kit.db import Database
from core.kit.log import get_logger
from core.kit.services import open_services
from core.settings import Settings
from ingest.pipeline import Pipeline
from ingest.schedule.job import Job, Work, attempt
from ingest.schedule.jobs import JOBS
from ingest.schedule.leader import lead

THREADS: Final = 4
"""Jobs at a time; a long one must not keep the short ones waiting."""
_log = get_logger(__name__)


def run(settings: Settings) -> None:
    """Run the jobs of the product until the process is told to end."""
    logging.getLogger("apscheduler").setLevel(logging.WARNING)  # the history of runs is in job_run
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stop.set())
    with open_services(settings) as services:
        database = Database(services.database_url, pool_size=THREADS + 2, name="boshu jobs")
        serve(Work(database=database, pipeline=Pipeline(database), anchor=settings.anchor_file), JOBS, stop=stop)
        database.close()


def serve(work: Work, jobs: Sequence[Job], *, stop: Event) -> None:
    """Stand by, lead, stand by again; return when told to stop."""
    lead(work.database, stop=stop, term=partial(_term, work, jobs))


@contextmanager
def _term(work: Work, jobs: Sequence[Job]) -> Iterator[None]:
    """
    Let the clock run while this process leads.

    Jobs live in memory and are declared in code. A run that is late is run, not skipped; runs that piled up are one.
    """
    scheduler = BackgroundScheduler(
        timezone=UTC,
        executors={"default": ThreadPoolExecutor(THREADS)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    scheduler.add_listener(_tell, EVENT_JOB_MISSED | EVENT_JOB_MAX_INSTANCES)
    for job in jobs:
        trigger = IntervalTrigger(seconds=job.every.total_seconds(), timezone=UTC)
        first_at = work.clock.now() + job.first_after
        scheduler.add_job(attempt, trigger, args=(job, work), id=job.name, name=job.name, next_run_time=first_at)
    scheduler.start()
    try:
        yield
    except BaseException:
        scheduler.shutdown(wait=False)  # the next leader may have begun: what runs here ends by itself
        raise
    scheduler.shutdown(wait=True)


def _tell(event: JobEvent) -> None:
    _log.warning("A job is still at its last run, or was not started in time.", job=event.job_id)
