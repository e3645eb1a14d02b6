"""Commands on their way down, over a real broker and from a real database."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from core.devices import commands
from core.devices.commands import Action, Order
from core.kit import mqtt
from core.kit.broker_accounts import COLLECTOR, SIMULATOR
from core.kit.clock import utc_now
from core.kit.db import Database
from core.kit.embedded_broker import EmbeddedBroker
from core.kit.moments import ms_of
from ingest.messages.commands import Command
from ingest.mqtt.publisher import Publisher
from ingest.pipeline import Pipeline
from tests.ingest import town
from tests.ingest.town import LOT, MAGNET, Town

TOPIC = f"boshu/v1/{MAGNET}/g1/k1/cmd"
NOBODY = "mqtt://127.0.0.1:9"


class Gateway:
    """Hears what its devices are told."""

    def __init__(self, url: str) -> None:
        self.heard: list[tuple[str, Command]] = []
        ready = threading.Event()
        self._client = mqtt.new_client(url, "gateway", clean_session=True)
        self._client.on_connect = lambda client, *_rest: client.subscribe("boshu/v1/+/+/+/cmd", qos=1)
        self._client.on_subscribe = lambda *_rest: ready.set()
        self._client.on_message = lambda _client, _data, message: self.heard.append(
            (message.topic, Command.model_validate_json(bytes(message.payload)))
        )
        mqtt.connect(self._client, url)
        self._client.loop_start()
        assert ready.wait(5)

    def close(self) -> None:
        """Hang up."""
        self._client.disconnect()
        self._client.loop_stop()


def wait_for(is_so: Callable[[], bool], seconds: float = 10) -> None:
    """Wait until something is so."""
    until = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < until, "it never became so"
        threading.Event().wait(0.02)


@pytest.fixture
def lock(own_database: Database) -> UUID:
    town.build(own_database)
    with own_database.transaction() as tx:
        return town.equip(tx, MAGNET, "k1", "space_lock", {"": ("space", town.space_id(MAGNET, 1))})


@pytest.fixture
def gateway(broker: EmbeddedBroker) -> Iterator[Gateway]:
    gateway = Gateway(broker.url(SIMULATOR))
    yield gateway
    gateway.close()


@pytest.fixture
def publish(own_database: Database) -> Iterator[Callable[[str], None]]:
    """Return how to start a publisher on a broker; it ends with the test."""
    started: list[Publisher] = []

    def start(url: str) -> None:
        started.append(Publisher(own_database, url))
        started[-1].start()

    yield start
    for publisher in started:
        publisher.stop()


def issue(database: Database, lock: UUID, *, life: timedelta = commands.LIFE) -> datetime:
    """Tell the lock to go down; return when."""
    at = utc_now()
    with database.transaction() as tx:
        commands.issue(tx, [Order(town.site_id(MAGNET), lock, Action.LOWER, "paid/1", {})], at=at, life=life)
    return at


def state(database: Database, action: str = "lower") -> str | None:
    with database.transaction() as tx:
        found: str | None = tx.value("select state from device_command where action = %(action)s", action=action)
        return found


class TestPublisher:
    def test_sends_a_command_at_once_and_says_until_when_it_holds(
        self, own_database: Database, broker: EmbeddedBroker, gateway: Gateway, lock: UUID, publish: Callable[[str], None]
    ) -> None:
        publish(broker.url(COLLECTOR))
        issue(own_database, lock)
        wait_for(lambda: bool(gateway.heard))  # it listens from here on
        gateway.heard.clear()
        with own_database.transaction() as tx:
            tx.run("delete from device_command")

        at = issue(own_database, lock)
        wait_for(lambda: bool(gateway.heard))

        took = utc_now() - at
        [(topic, command)] = gateway.heard
        assert (topic, command.action) == (TOPIC, "lower")
        assert (command.issued_ms, command.expires_ms) == (ms_of(at), ms_of(at + commands.LIFE))
        assert took < timedelta(seconds=1), "it was woken, it did not look by chance"
        assert state(own_database) == "sent"

    def test_r26_sends_nothing_later_that_could_not_be_sent_in_time(
        self, own_database: Database, broker: EmbeddedBroker, gateway: Gateway, lock: UUID, publish: Callable[[str], None]
    ) -> None:
        publish(NOBODY)
        issue(own_database, lock, life=timedelta(milliseconds=500))

        wait_for(lambda: state(own_database) == "expired")
        publish(broker.url(COLLECTOR))
        with own_database.transaction() as tx:
            other = town.equip(tx, MAGNET, "k2", "space_lock", {"": ("space", town.space_id(MAGNET, 2))})
        issue(own_database, other)
        wait_for(lambda: bool(gateway.heard))

        with own_database.transaction() as tx:
            assert tx.value("select count(*) from device_command where sent_at is null") == 1
        assert [topic for topic, _ in gateway.heard] == [TOPIC.replace("k1", "k2")]

    def test_keeps_screens_told(
        self, own_database: Database, broker: EmbeddedBroker, gateway: Gateway, lock: UUID, publish: Callable[[str], None]
    ) -> None:
        assert lock is not None
        with own_database.transaction() as tx:
            town.equip(tx, LOT, "s1", "guidance_screen", {LOT: ("site", town.site_id(LOT))})
        Pipeline(own_database).take([Town().alive(LOT, "s1", utc_now())])

        publish(broker.url(COLLECTOR))
        wait_for(lambda: bool(gateway.heard))

        [(topic, command)] = gateway.heard
        assert topic == f"boshu/v1/{LOT}/g1/s1/cmd"
        assert [(row.target, row.free) for row in command.rows or ()] == [(LOT, town.LOT_SPACES)]
