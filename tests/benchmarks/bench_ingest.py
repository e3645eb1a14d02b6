"""
P1: MQTT QoS 1 → committed event, stay, claim, transfer and delta, one ingest process.

A morning of the demo city waits in the embedded broker; a worker drains it. The yardstick is the same worker that only
stores facts (message and event), in the same run, pair by pair. Printed: medians, and their ratio.
"""

import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest
from psycopg import sql

from core.devices import hearing
from core.devices.registry import Registry
from core.kit import broker_accounts, mqtt, roles
from core.kit.db import Database, Tx
from core.kit.embedded_broker import EmbeddedBroker
from core.kit.embedded_pg import ADMIN, EmbeddedPg
from core.kit.migrations import migrate
from core.kit.moments import moment
from core.stays.locks import lock_sites
from ingest import archive
from ingest.arrivals import Arrival, Outcome
from ingest.mqtt.consumer import Consumer, Delivery, reserve
from ingest.mqtt.watch import Watch
from ingest.mqtt.worker import Worker
from ingest.pipeline import Pipeline, date
from ingest.readings import Reading, identify
from ingest.simulator import city
from ingest.simulator.mess import Mess
from ingest.simulator.simulation import Event, Simulation

SEED, BERTHS = 7, 2_400
START = datetime(2026, 11, 20, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MESSAGES, PAIRS, BATCH = 40_000, 5, 2_000
REACH_SHARE, REACH_RATE = 0.40, 5_000


class DatedPipeline(Pipeline):
    """Receives each message when it was sent: the morning is replayed faster than it was."""

    def take(self, arrivals: Sequence[Arrival]) -> list[Outcome]:
        """Take arrivals as if they came in time."""
        return super().take([replace(arrival, received_at=_sent_at(arrival.payload)) for arrival in arrivals])


class FactsOnly(DatedPipeline):
    """The yardstick: stores messages and events, derives nothing."""

    def _apply(self, tx: Tx, readings: Sequence[Reading], known: Registry) -> None:
        lock_sites(tx, {reading.site.site_id for reading in readings})
        devices = {(reading.site.site_id, reading.device.device_id) for reading in readings if reading.device}
        date(readings, hearing.known_states(tx, devices))
        for reading in readings:
            identify(reading, known)
        archive.claim(tx, readings)
        archive.keep_messages(tx, readings)
        archive.keep_events(tx, [reading for reading in readings if not reading.is_duplicate])


class CountedWorker(Worker):
    """Stops by itself after so many messages, and knows how long they took."""

    left = MESSAGES
    began = 0.0

    def _take(self, batch: Sequence[Delivery]) -> None:
        self.began = self.began or time.monotonic()
        outcomes = self._pipeline.take([delivery.arrival for delivery in batch])
        self._consumer.acknowledge(batch)
        self.left -= outcomes.count(Outcome.STORED)
        if self.left <= 0:
            self.took_s = time.monotonic() - self.began
            self.stop()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, run_folder: Path) -> Iterator[tuple[EmbeddedPg, EmbeddedBroker]]:
    server, broker = EmbeddedPg(run_folder / "bench-pg"), EmbeddedBroker(run_folder / "bench-broker")
    server.start()
    broker.start()
    with psycopg.connect(server.url(ADMIN, "postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("create database morning owner {}").format(sql.Identifier(roles.OWNER)))
    migrate(server.url(roles.OWNER, "morning"))
    database = Database(server.urls_of("morning").app)
    city.build(database, seed=SEED, berths=BERTHS, at=START)
    database.close()
    yield server, broker
    broker.stop()
    server.stop()


def morning() -> list[Event]:
    """Return the first messages of a morning of the demo city."""
    events: list[Event] = []
    for event in Simulation(SEED, START, berths=BERTHS, mess=Mess.none()).events(START + timedelta(hours=8)):
        events.append(event)
        if len(events) == MESSAGES:
            return events
    raise AssertionError("the morning is too short")


def drained(server: EmbeddedPg, broker: EmbeddedBroker, events: Sequence[Event], kind: type[Pipeline], name: str) -> float:
    """Let a worker drain the broker into a fresh database; return messages a second."""
    with psycopg.connect(server.url(ADMIN, "postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("create database {} template morning").format(sql.Identifier(name)))
    url = broker.url(broker_accounts.COLLECTOR)
    reserve(url, worker=0)
    _publish(broker.url(broker_accounts.SIMULATOR), events)
    database = Database(server.urls_of(name).app)
    watch = Watch(database, worker=0)
    watch.start()
    consumer = Consumer(url, worker=0)
    worker = CountedWorker(consumer, kind(database), watch, batch_max=BATCH, batch_ms=50)
    consumer.open()
    worker.work()
    time.sleep(1)  # the last acknowledgements leave
    consumer.close()
    with database.transaction() as tx:
        assert tx.value("select count(*) from event") == len(events)
    watch.stop()
    database.close()
    with psycopg.connect(server.url(ADMIN, "postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))
    return len(events) / worker.took_s


def _publish(url: str, events: Sequence[Event]) -> None:
    client = mqtt.new_client(url, "boshu-bench", clean_session=True)
    client.max_inflight_messages_set(1_000)
    client.max_queued_messages_set(0)
    mqtt.connect(client, url)
    client.loop_start()
    sent = [client.publish(event.topic, event.payload, qos=1) for event in events]
    for info in sent:
        info.wait_for_publish(60)
    client.disconnect()
    client.loop_stop()


def _sent_at(payload: bytes) -> datetime:
    place = payload.index(b'"sent_ms":') + 10
    return moment(int(payload[place : place + 13]) + 50)


class BenchWorker:
    def bench_p1(self, stage: tuple[EmbeddedPg, EmbeddedBroker]) -> None:
        server, broker = stage
        events = morning()
        full: list[float] = []
        facts: list[float] = []
        for pair in range(PAIRS):
            facts.append(drained(server, broker, events, FactsOnly, f"facts_{pair}"))
            full.append(drained(server, broker, events, DatedPipeline, f"full_{pair}"))
            print(f"  pair {pair + 1}: facts only {facts[-1]:,.0f}/s, whole {full[-1]:,.0f}/s")
        rate, yardstick = statistics.median(full), statistics.median(facts)
        share = statistics.median(a / b for a, b in zip(full, facts, strict=True))
        print(f"P1  whole {rate:,.0f} msg/s, facts only {yardstick:,.0f} msg/s, share {share:.0%} "
              f"(reach {REACH_SHARE:.0%} and {REACH_RATE:,}/s), 0 lost")  # fmt: skip
