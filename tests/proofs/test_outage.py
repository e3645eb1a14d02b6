"""Whoever is away for a while, nothing is dropped, and what waited is made up for (I-03, I-10)."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import pytest

from core.kit.broker_accounts import COLLECTOR, SIMULATOR
from core.kit.clock import utc_now
from core.kit.ids import uuid7
from ingest.mqtt.consumer import client_name
from tests.core.kit.test_embedded_broker import Ear, say
from tests.fixtures.mosquitto import Mosquitto
from tests.ingest.mqtt.proxy import proxied
from tests.ingest.mqtt.stage import FULL, Stage
from tests.ingest.mqtt.wire import PUBACK, PacketCounter

NEW_LAG: Final = timedelta(seconds=5)
RECOVERY: Final = timedelta(seconds=15)
GROWTH_MB: Final = 50
SETTLE_S: Final = 5.0
CONTROL_MESSAGES: Final = 5_000
"""Five times what a broker with common defaults keeps."""


class Size(NamedTuple):
    """Messages a second, how long somebody is away, and how long to make up for it at most; seconds."""

    rate: int
    away_s: float
    drained_s: float


WORKER_AWAY = (
    pytest.param(Size(1_000, 10, 240), id="10 s at 1,000/s"),
    pytest.param(Size(2_000, 600, 600), id="10 min at 2,000/s", marks=FULL),
)
DATABASE_AWAY = (
    pytest.param(Size(500, 40, 240), id="40 s at 500/s"),
    pytest.param(Size(500, 600, 600), id="10 min at 500/s", marks=FULL),
)


class Memory(NamedTuple):
    """Resident memory of a process over a while, megabytes."""

    at_first_mb: float
    most_mb: list[float]

    @property
    def growth_mb(self) -> float:
        """Return by how much it grew at most."""
        return max(self.most_mb) - self.at_first_mb


@contextmanager
def watched(pid: int) -> Iterator[Memory]:
    """Sample the memory of a process for the length of the block."""
    over, memory = Event(), Memory(resident_mb(pid), [])

    def sample() -> None:
        while not over.wait(0.25):
            memory.most_mb.append(resident_mb(pid))

    sampler = Thread(target=sample)
    sampler.start()
    try:
        yield memory
    finally:
        over.set()
        sampler.join()


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000


def behind(stage: Stage, sent: int) -> int:
    """Return how many of the messages sent are not stored yet."""
    with stage.database.transaction() as tx:
        return sent - int(tx.value("select count(*) from event"))


@pytest.mark.timeout(600)
class TestWorkerAway:
    @pytest.mark.parametrize("size", WORKER_AWAY)
    def test_finds_everything_kept_and_makes_up_for_it(self, stage: Stage, size: Size) -> None:
        stage.start_worker()
        publisher = stage.publisher(1, rate=size.rate)
        time.sleep(SETTLE_S)
        stage.kill_worker()
        time.sleep(size.away_s)

        back_at = utc_now()
        stage.start_worker()
        is_drained = stage.wait_for(lambda: behind(stage, len(publisher.sent)) < size.rate, patience_s=size.drained_s)
        drained_at = utc_now()
        time.sleep(SETTLE_S)

        assert is_drained
        assert stage.complaints(publisher, patience_s=size.drained_s) == []
        new = [lag for happened_at, _stored_at, lag in stage.lateness() if happened_at > drained_at]
        print(f"I-03 drained in {drained_at - back_at}; then {max(new)} at most for {len(new)} messages")
        assert len(new) > size.rate
        assert max(new) < NEW_LAG

    def test_would_lose_messages_with_the_defaults_of_mosquitto(self, mosquitto: Mosquitto) -> None:
        """The control: as it comes, the broker takes every message and drops what it does not want to keep."""
        with as_it_comes(mosquitto):
            assert 0 < kept(mosquitto) < CONTROL_MESSAGES

        assert kept(mosquitto) == CONTROL_MESSAGES


@contextmanager
def as_it_comes(mosquitto: Mosquitto) -> Iterator[None]:
    """Let mosquitto run with its own limits for the length of the block, and nothing else changed."""
    ours = mosquitto.configuration
    lines = [line for line in ours.read_text().splitlines() if not line.startswith("max_")]
    mosquitto.configuration = ours.with_name("defaults.conf")
    mosquitto.configuration.write_text("\n".join(lines))
    mosquitto.stop()
    mosquitto.start()
    yield
    mosquitto.stop()
    mosquitto.configuration = ours
    mosquitto.start()


def kept(mosquitto: Mosquitto) -> int:
    """Return how many of the acknowledged messages a worker finds that was away."""
    name, site = client_name(0), uuid7().hex
    Ear(mosquitto.url(COLLECTOR), name).close()
    topics = [f"boshu/v1/{site}/g/d{number}/state" for number in range(CONTROL_MESSAGES)]
    say(mosquitto.url(SIMULATOR), topics)
    ear = Ear(mosquitto.url(COLLECTOR), name)
    found = ear.wait(CONTROL_MESSAGES, seconds=5)
    ear.close()
    return len({topic for topic, _payload in found if site in topic})


@pytest.mark.timeout(600)
class TestDatabaseAway:
    @pytest.mark.parametrize("size", DATABASE_AWAY)
    def test_keeps_the_worker_small_and_silent_until_it_is_back(self, stage: Stage, size: Size) -> None:
        wire, broker = PacketCounter(), urlsplit(stage.collector_url)
        with proxied(broker.port or 0, wire.heard) as proxy:
            account = stage.broker.url(COLLECTOR)
            stage.start_worker(MQTT_URL=account.replace(f":{broker.port}", f":{proxy.port}"))
            assert stage.worker is not None
            publisher = stage.publisher(2, rate=size.rate)
            assert stage.wait_for(lambda: bool(stage.stored())), "the worker does not begin"
            time.sleep(SETTLE_S)

            os.kill(stage.server.pid(), signal.SIGINT)
            time.sleep(1)
            settled, before = utc_now(), wire.count[PUBACK]
            with watched(stage.worker.pid) as memory:
                time.sleep(size.away_s)
            acknowledged = wire.count[PUBACK] - before
            back_at = utc_now()
            stage.server.revive()
            is_drained = stage.wait_for(lambda: behind(stage, len(publisher.sent)) < size.rate, patience_s=size.drained_s)
            drained_at = utc_now()

            assert stage.complaints(publisher, patience_s=size.drained_s) == []
            assert stage.is_worker_alive()
        assert is_drained
        first = min(stored_at for _happened_at, stored_at, _lag in stage.lateness() if stored_at > settled)
        print(
            f"I-10 grew {memory.growth_mb:.1f} MB; {acknowledged} acknowledged; stores again after {first - back_at}, "
            f"drained after {drained_at - back_at}"
        )
        assert memory.growth_mb <= GROWTH_MB
        assert before > 0
        assert acknowledged == 0
        assert first - back_at <= RECOVERY
