"""A stage for proofs of the ingest: a database and a broker of its own, a worker in a process of its own, a rush meanwhile."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Final
from uuid import UUID

import psycopg
import pytest

from core.kit import broker_accounts, roles
from core.kit.db import Database, Row
from core.kit.embedded_broker import EmbeddedBroker
from core.kit.embedded_pg import ADMIN, DATABASE, EmbeddedPg
from core.kit.errors import Unavailable
from core.kit.migrations import migrate
from ingest.mqtt.consumer import reserve
from ingest.pipeline import Pipeline
from tests.ingest import town
from tests.ingest.mqtt.rush import RUSH_LOT, RUSH_STREET, Publisher
from tests.ingest.state import state_of

FULL: Final = (pytest.mark.prove, pytest.mark.timeout(0))
"""Marks of a proof at full size: run by `make prove`, for as long as it takes."""
PRODUCT: Final = "from core.settings import settings; from ingest.mqtt import worker; worker.run(settings())"
COMPARED: Final = ("stays", "orders", "payments", "balances", "runs", "timelines", "open", "hours", "days", "gaps")
ROOT = Path(__file__).parents[3]
_LATENESS = (
    "select device_at, pg_xact_commit_timestamp(xmin) - device_at as lag, pg_xact_commit_timestamp(xmin) as stored_at from event"
)


@dataclass(slots=True)
class Deaths:
    """How often the worker died."""

    count: int = 0


class Stage:
    """What a proof of the ingest plays on."""

    def __init__(self, folder: Path) -> None:
        """Start the servers and lay the town out; `end` stops them."""
        self.server = EmbeddedPg(folder / "pg", {"shared_buffers": "'128MB'", "track_commit_timestamp": "on"})
        self.server.start()
        self.broker = EmbeddedBroker(folder / "broker")
        self.broker.start()
        self.urls = self.server.urls_of(DATABASE)
        migrate(self.urls.owner)
        self.database = Database(self.urls.app)
        town.build(self.database, lot_rules=RUSH_LOT, street_rules=RUSH_STREET)
        self.collector_url = self.broker.url(broker_accounts.COLLECTOR)
        reserve(self.collector_url, worker=0)
        self.worker: subprocess.Popen[bytes] | None = None
        self._publishers: list[Publisher] = []

    def publisher(self, seed: int, *, rate: int) -> Publisher:
        """Begin a rush of so many messages a second."""
        self._publishers.append(Publisher(self.broker.url(broker_accounts.SIMULATOR), seed, rate=rate))
        return self._publishers[-1]

    def start_worker(self, program: str = PRODUCT, **more: str) -> None:
        """Start the worker as a process of its own, with further settings."""
        environment = {
            **os.environ, "DATABASE_URL": self.urls.app, "MQTT_URL": self.collector_url, "BOSHU_LOG_LEVEL": "WARNING", **more,
        }  # fmt: skip
        self.worker = subprocess.Popen([sys.executable, "-c", program], env=environment, cwd=ROOT)

    def kill_worker(self) -> None:
        """Kill the worker as the system would: at once, whatever it does."""
        assert self.worker is not None
        self.worker.kill()
        self.worker.wait()

    def is_worker_alive(self) -> bool:
        """Tell whether the process started last still runs."""
        return self.worker is not None and self.worker.poll() is None

    @contextmanager
    def supervised(self, program: str = PRODUCT) -> Iterator[Deaths]:
        """Start the worker, and again whenever it died, for the length of the block."""
        over, deaths = Event(), Deaths()

        def supervise() -> None:
            while not over.wait(0.1):
                if not self.is_worker_alive():
                    deaths.count += 1
                    self.start_worker(program)

        self.start_worker(program)
        supervisor = Thread(target=supervise)
        supervisor.start()
        try:
            yield deaths
        finally:
            over.set()
            supervisor.join()

    def stored(self) -> set[UUID]:
        """Return the events the database holds; wait for it where it is away."""
        return {row["event_id"] for row in self._asked("select event_id from event")}

    def wait_until_stored(self, wanted: set[UUID], *, patience_s: float = 90) -> set[UUID]:
        """Return what is stored once everything wanted is there, or patience is at an end."""
        self.wait_for(lambda: self._asked("select count(*) as n from event")[0]["n"] >= len(wanted), patience_s=patience_s)
        return self.stored()

    def wait_for(self, condition: Callable[[], bool], *, patience_s: float = 90) -> bool:
        """Wait until a condition holds, or patience is at an end; tell whether it held."""
        until = time.monotonic() + patience_s
        while not (holds := condition()) and time.monotonic() < until:
            time.sleep(0.25)
        return holds

    def lateness(self) -> list[tuple[datetime, datetime, timedelta]]:
        """Return for every event when it happened, when it was committed, and the time between."""
        return [(row["device_at"], row["stored_at"], row["lag"]) for row in self._asked(_LATENESS)]

    def twin(self, publisher: Publisher) -> dict[str, list[tuple[object, ...]]]:
        """Return the state that the same messages end in when nothing happens to anybody."""
        with psycopg.connect(self.server.url(ADMIN, "postgres"), autocommit=True) as admin:
            admin.execute(f"create database twin owner {roles.OWNER}")
        urls = self.server.urls_of("twin")
        migrate(urls.owner)
        database = Database(urls.app)
        town.build(database, lot_rules=RUSH_LOT, street_rules=RUSH_STREET)
        pipeline = Pipeline(database)
        for first in range(0, len(publisher.sent), 2_000):
            pipeline.take(publisher.sent[first : first + 2_000])
        state = state_of(database)
        database.close()
        return state

    def complaints(self, publisher: Publisher, *, patience_s: float = 90) -> list[str]:
        """
        Stop the rush and say what the product did wrong with it; nothing, where the promise holds.

        Sets are compared, not counts: what the broker acknowledged with what is stored; and the state with the twin's.
        """
        publisher.stop(patience_s=patience_s)
        found = self.wait_until_stored(publisher.acknowledged, patience_s=patience_s)
        said = []
        if len(publisher.acknowledged) != len(publisher.sent):
            said.append(f"the broker took {len(publisher.acknowledged)} of {len(publisher.sent)} messages")
        if lost := publisher.acknowledged - found:
            letters = self._asked("select count(*) as n from dead_letter")[0]["n"]
            said.append(
                f"{len(lost)} of {len(publisher.acknowledged)} acknowledged messages are not stored, {letters} are dead letters; "
                f"the worker {'lives' if self.is_worker_alive() else 'is dead'}"
            )
        if invented := found - publisher.acknowledged:
            said.append(f"{len(invented)} events nobody sent are stored")
        return said or list(_differences(self.twin(publisher), state_of(self.database)))

    def end(self) -> None:
        """Leave nothing running, also where a test ended before its time."""
        for publisher in self._publishers:
            publisher.stop(patience_s=0)
        if self.worker is not None and self.worker.poll() is None:
            self.worker.terminate()
            self.worker.wait(20)
        self.database.close()
        self.broker.stop()
        self.server.stop("immediate")
        for folder in (self.broker.folder, self.server.folder):
            shutil.rmtree(folder)

    def _asked(self, question: str) -> list[Row]:
        while True:
            try:
                with self.database.transaction() as tx:
                    return tx.rows(question)
            except Unavailable:
                time.sleep(0.5)


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """Set the stage for the length of the block."""
    stage = Stage(folder)
    try:
        yield stage
    finally:
        stage.end()


def _differences(expected: Mapping[str, list[tuple[object, ...]]], found: Mapping[str, list[tuple[object, ...]]]) -> Iterator[str]:
    """Say in which tables two states differ, with an example."""
    if not expected["orders"]:
        yield "the twin has no orders: nothing is proved"
    for name in COMPARED:
        only_expected, only_found = set(expected[name]) - set(found[name]), set(found[name]) - set(expected[name])
        if only_expected or only_found:
            examples = f"{sorted(map(str, only_expected))[:2]} became {sorted(map(str, only_found))[:2]}"
            yield f"{name}: {len(only_expected)} rows became {len(only_found)} others; {examples}"
