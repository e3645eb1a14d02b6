"""Nothing acknowledged is lost, nothing counts twice: whoever is killed, and however often (I-01, I-02, D-01)."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from core.kit import broker_accounts, roles
from core.kit.db import Database
from core.kit.embedded_broker import EmbeddedBroker
from core.kit.embedded_pg import DATABASE, EmbeddedPg
from core.kit.errors import Unavailable
from core.kit.migrations import migrate
from ingest.mqtt.consumer import reserve
from ingest.pipeline import Pipeline
from tests.ingest import town
from tests.ingest.mqtt.rush import RUSH_LOT, RUSH_STREET, Publisher
from tests.ingest.state import state_of

RATE = int(os.environ.get("BOSHU_PROVE_RATE", "1000"))
KILLS = int(os.environ.get("BOSHU_PROVE_KILLS", "20"))
RESTARTS = 5
PRODUCT = "from core.settings import settings; from ingest.mqtt import worker; worker.run(settings())"
CONTROL = "import runpy; runpy.run_module('tests.ingest.mqtt.hasty', run_name='__main__')"
COMPARED = ("stays", "orders", "payments", "balances", "runs", "timelines", "open", "hours", "days", "gaps")


class Stage:
    """A database and a broker of its own, a worker that can be killed, and a rush that goes on meanwhile."""

    def __init__(self, folder: Path) -> None:
        self.server = EmbeddedPg(folder / "pg", {"shared_buffers": "'128MB'"})
        self.server.start()
        self.broker = EmbeddedBroker(folder / "broker")
        self.broker.start()
        self.urls = self.server.urls_of(DATABASE)
        migrate(self.urls.owner)
        self.database = Database(self.urls.app)
        town.build(self.database, lot_rules=RUSH_LOT, street_rules=RUSH_STREET)
        reserve(self.broker.url(broker_accounts.COLLECTOR), worker=0)
        self.worker: subprocess.Popen[bytes] | None = None

    def start_worker(self, program: str = PRODUCT) -> None:
        """Start the worker as a process of its own."""
        environment = {
            **os.environ, "DATABASE_URL": self.urls.app, "MQTT_URL": self.broker.url(broker_accounts.COLLECTOR),
            "BOSHU_LOG_LEVEL": "WARNING",
        }  # fmt: skip
        self.worker = subprocess.Popen([sys.executable, "-c", program], env=environment, cwd=Path(__file__).parents[2])

    def kill_worker(self) -> None:
        """Kill the worker as the system would: at once, whatever it does."""
        assert self.worker is not None
        self.worker.kill()
        self.worker.wait()

    def stored(self) -> set[UUID]:
        """Return the events the database holds; wait for it where it is away."""
        while True:
            try:
                with self.database.transaction() as tx:
                    return {row["event_id"] for row in tx.rows("select event_id from event")}
            except Unavailable:
                time.sleep(0.5)

    def wait_until_stored(self, wanted: set[UUID], *, patience_s: float = 90) -> set[UUID]:
        """Return what is stored once everything wanted is there, or patience is at an end."""
        until = time.monotonic() + patience_s
        while wanted - (found := self.stored()) and time.monotonic() < until:
            time.sleep(1)
        return found

    def end(self) -> None:
        """Leave nothing running."""
        if self.worker is not None and self.worker.poll() is None:
            self.worker.terminate()
            self.worker.wait(20)
        self.database.close()
        self.broker.stop()
        self.server.stop()


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """Set the stage for the length of the block."""
    stage = Stage(folder)
    try:
        yield stage
    finally:
        stage.end()


@pytest.fixture
def stage(run_folder: Path, worker_name: str, request: pytest.FixtureRequest) -> Iterator[Stage]:
    with staged(run_folder / f"crash-{worker_name}-{abs(hash(request.node.name))}") as one:
        yield one


def twin(server: EmbeddedPg, publisher: Publisher) -> dict[str, list[tuple[object, ...]]]:
    """Return the state that the same messages end in when nobody is killed."""
    import psycopg

    with psycopg.connect(server.url("boshu_admin", "postgres"), autocommit=True) as admin:
        admin.execute(f"create database twin owner {roles.OWNER}")
    urls = server.urls_of("twin")
    migrate(urls.owner)
    database = Database(urls.app)
    town.build(database, lot_rules=RUSH_LOT, street_rules=RUSH_STREET)
    pipeline = Pipeline(database)
    for first in range(0, len(publisher.sent), 2_000):
        pipeline.take(publisher.sent[first : first + 2_000])
    state = state_of(database)
    database.close()
    return state


def prove(stage: Stage, publisher: Publisher) -> None:
    """Compare sets, not counts: what the broker acknowledged with what is stored; and the state with that of the twin."""
    publisher.stop()
    found = stage.wait_until_stored(publisher.acknowledged)
    assert len(publisher.acknowledged) == len(publisher.sent)
    assert found == publisher.acknowledged
    state, expected = state_of(stage.database), twin(stage.server, publisher)
    assert expected["orders"]
    for name in COMPARED:
        assert state[name] == expected[name], name


def every(seconds: tuple[float, float], times: int, do: Callable[[], None]) -> None:
    """Do something at random moments."""
    dice = random.Random(7)
    for _ in range(times):
        time.sleep(dice.uniform(*seconds))
        do()


@pytest.mark.timeout(600)
class TestWorker:
    def test_killed_again_and_again_loses_and_doubles_nothing(self, stage: Stage) -> None:
        stage.start_worker()
        publisher = Publisher(stage.broker.url(broker_accounts.SIMULATOR), 1, rate=RATE)

        def kill() -> None:
            stage.kill_worker()
            stage.start_worker()

        every((1.5, 3.0), KILLS, kill)

        prove(stage, publisher)

    def test_loses_nothing_when_the_broker_is_restarted(self, stage: Stage) -> None:
        stage.start_worker()
        publisher = Publisher(stage.broker.url(broker_accounts.SIMULATOR), 2, rate=RATE)

        def restart() -> None:
            os.kill(stage.broker.pid(), signal.SIGTERM)
            time.sleep(0.5)
            stage.broker.revive()

        every((2.0, 4.0), RESTARTS, restart)

        prove(stage, publisher)

    def test_loses_nothing_when_the_database_is_stopped_at_once(self, stage: Stage) -> None:
        stage.start_worker()
        publisher = Publisher(stage.broker.url(broker_accounts.SIMULATOR), 3, rate=RATE)

        def restart() -> None:
            os.kill(stage.server.pid(), signal.SIGQUIT)
            time.sleep(0.5)
            stage.server.revive()

        every((2.0, 4.0), RESTARTS, restart)

        prove(stage, publisher)
        assert stage.worker is not None
        assert stage.worker.poll() is None

    def test_that_acknowledges_before_it_stores_is_found_out(self, stage: Stage) -> None:
        """The control: without the order of commit and acknowledgement the same proof fails."""
        stage.start_worker(CONTROL)
        publisher = Publisher(stage.broker.url(broker_accounts.SIMULATOR), 4, rate=RATE)
        for _ in range(3):
            assert stage.worker is not None
            stage.worker.wait(60)
            stage.start_worker(CONTROL)
        publisher.stop()
        stage.kill_worker()
        stage.start_worker()

        lost = publisher.acknowledged - stage.wait_until_stored(publisher.acknowledged, patience_s=15)

        assert lost
