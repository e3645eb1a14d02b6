"""
Run one ingest worker: batches from the broker, one transaction each, acknowledged after the commit.

A database that is away stops the acknowledging, nothing else: the batch in hand is tried again until it is back. Any
other error ends the process, loudly; the supervisor starts it again, and `watch` finds the message that did it.

A worker begins with a small batch and doubles it, so that a death soon after the start makes few suspects; and suspects
get half of its time at most, so that what just happened is not kept waiting by them.
"""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from core.devices import registry
from core.kit.broker_accounts import ROOT
from core.kit.db import Database
from core.kit.errors import Unavailable
from core.kit.garbage import collected_rarely
from core.kit.log import get_logger
from core.settings import Settings
from ingest.mqtt.consumer import Consumer, Delivery
from ingest.mqtt.publisher import Publisher
from ingest.mqtt.watch import GROUP, Watch
from ingest.pipeline import Pipeline

_log = get_logger(__name__)

RETRY_S: Final = 0.5
IDLE_S: Final = 0.2
REPORT_S: Final = 60.0


class Worker:
    """Moves messages from a consumer to the pipeline until told to stop."""

    def __init__(self, consumer: Consumer, pipeline: Pipeline, watch: Watch, *, batch_max: int, batch_ms: int) -> None:
        self._consumer = consumer
        self._pipeline = pipeline
        self._watch = watch
        self._batch_max = batch_max
        self._most = min(GROUP, batch_max)
        self._fill_s = batch_ms / 1000
        self._stopping = threading.Event()
        self._taken = 0
        self._report_at = time.monotonic() + REPORT_S

    def stop(self) -> None:
        """Finish the batch in hand, then end."""
        self._stopping.set()

    def work(self) -> None:
        """Take batches until told to stop."""
        with collected_rarely():
            while not self._stopping.is_set():
                batch = self._next_batch()
                begun = time.monotonic()
                self._persist(batch)
                self._try_suspects(for_s=time.monotonic() - begun)
                self._report()

    def _next_batch(self) -> list[Delivery]:
        """Wait for messages, unless there are suspects to try meanwhile."""
        if self._watch.has_suspects:
            return self._consumer.batch(self._most, wait_s=0, fill_s=0)
        return self._consumer.batch(self._most, wait_s=IDLE_S, fill_s=self._fill_s)

    def _persist(self, batch: Sequence[Delivery]) -> None:
        """Take what is not suspect, set aside what killed too often; the rest waits its turn."""
        fresh, poison = self._watch.sort(batch)
        if fresh:
            self._try(fresh)
            self._most = min(2 * self._most, self._batch_max)
        if poison:
            _log.error("Messages are set aside: the worker died of them.", count=len(poison))
            self._insist(self._set_aside, poison)
            self._insist(self._watch.clear, poison)

    def _try_suspects(self, *, for_s: float) -> None:
        """Try suspects for so long, once at least."""
        until = time.monotonic() + for_s
        while part := self._watch.next_suspects():
            self._try(part)
            if time.monotonic() >= until:
                return

    def _try(self, part: Sequence[Delivery]) -> None:
        """Take messages, or try until we are told to stop; the broker keeps what is not acknowledged."""
        self._insist(self._watch.hold, part)
        self._insist(self._take, part)
        self._insist(self._watch.clear, part)
        self._taken += len(part)

    def _insist(self, do: Callable[[Sequence[Delivery]], None], part: Sequence[Delivery]) -> None:
        """Do something with messages until the database has taken it, or we are told to stop; never once it was done."""
        is_told = False
        while not self._stopping.is_set():
            try:
                do(part)
            except Unavailable as away:
                if not is_told:
                    _log.warning("The database is away; nothing is acknowledged until it is back.", error=away.message)
                is_told = True
                self._stopping.wait(RETRY_S)
            else:
                return

    def _take(self, batch: Sequence[Delivery]) -> None:
        """Store messages, then acknowledge them; in this order lies the whole promise."""
        self._pipeline.take([delivery.arrival for delivery in batch])
        self._consumer.acknowledge(batch)

    def _set_aside(self, poison: Sequence[Delivery]) -> None:
        self._pipeline.set_aside([delivery.arrival for delivery in poison], "the worker died while it was in hand")
        self._consumer.acknowledge(poison)

    def _report(self) -> None:
        if time.monotonic() >= self._report_at:
            _log.info("Messages taken.", count=self._taken)
            self._taken, self._report_at = 0, time.monotonic() + REPORT_S


def run(settings: Settings) -> None:
    """
    Run the worker that the settings name until a signal ends it.

    Raises:
        Unavailable: database or broker do not answer at the start.
    """
    assert settings.database_url is not None
    assert settings.mqtt_url is not None
    number = settings.ingest_worker
    database = Database(settings.database_url, pool_size=4, name=f"boshu-ingest-{number}")
    watch = Watch(database, worker=number)
    watch.start()
    consumer = Consumer(settings.mqtt_url, worker=number, topics=_share(database, settings))
    worker = Worker(
        consumer,
        Pipeline(database, worker=number),
        watch,
        batch_max=settings.ingest_batch_max,
        batch_ms=settings.ingest_batch_ms,
    )
    for number_of_signal in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number_of_signal, lambda *_: worker.stop())
    consumer.open()
    publisher = Publisher(database, settings.mqtt_url, worker=number)
    publisher.start()
    try:
        worker.work()
    finally:
        publisher.stop()
        consumer.close()
    watch.stop()
    database.close()


def _share(database: Database, settings: Settings) -> list[str]:
    """Return the topics of this worker: everything where it is alone, else those of its share of the sites."""
    if settings.ingest_workers == 1:
        return [f"{ROOT}/#"]
    with database.transaction() as tx:
        sites = registry.read(tx).sites.values()
    mine = [site for site in sites if site.site_id.int % settings.ingest_workers == settings.ingest_worker]
    return [f"{ROOT}/{site.code}/#" for site in mine]
