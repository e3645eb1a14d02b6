"""The worker begins small, and keeps nobody waiting for suspects."""

import threading
from collections.abc import Sequence
from typing import Final

from core.kit.broker_accounts import COLLECTOR, SIMULATOR
from core.kit.clock import utc_now
from core.kit.db import Database
from core.kit.embedded_broker import EmbeddedBroker
from ingest.arrivals import Arrival, Outcome
from ingest.mqtt.consumer import Consumer, Delivery, reserve
from ingest.mqtt.watch import GROUP, Watch
from ingest.mqtt.worker import Worker
from ingest.pipeline import Pipeline
from tests.core.kit.test_embedded_broker import say

NUMBER, COUNT = 93, 500
WITHIN_S: Final = 60.0


class Diary(Pipeline):
    """Stores nothing; notes what it was given, and when it has seen everything."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.batches: list[list[str]] = []
        self.is_full = threading.Event()

    def take(self, arrivals: Sequence[Arrival]) -> list[Outcome]:
        """Note the topics."""
        self.batches.append([arrival.topic for arrival in arrivals])
        if len({topic for batch in self.batches for topic in batch}) == COUNT:
            self.is_full.set()
        return [Outcome.STORED for _ in arrivals]


class Patient(Consumer):
    """Hands nothing out before everything has come."""

    _has_come = False

    def batch(self, most: int, *, wait_s: float, fill_s: float) -> list[Delivery]:
        """Wait once; from then on behave."""
        with self._changed:
            self._has_come = self._has_come or self._changed.wait_for(lambda: len(self._waiting) == COUNT, WITHIN_S)
        return super().batch(most, wait_s=wait_s, fill_s=fill_s)


def after_death(database: Database, in_hand: Sequence[str]) -> Watch:
    """Return the watch of a worker whose last run died with messages of these topics in hand."""
    last, watch = Watch(database, worker=NUMBER), Watch(database, worker=NUMBER)
    last.start()
    last.hold([Delivery(1, number, Arrival(topic, b"x", utc_now())) for number, topic in enumerate(in_hand)])
    watch.start()
    return watch


def diary_of(database: Database, watch: Watch, url: str, topics: str) -> list[list[str]]:
    """Let a worker take everything; return what it took together."""
    consumer, diary = Patient(url, worker=NUMBER, topics=[topics]), Diary(database)
    worker = Worker(consumer, diary, watch, batch_max=COUNT, batch_ms=50)
    at_work = threading.Thread(target=worker.work)
    consumer.open()
    at_work.start()
    try:
        assert diary.is_full.wait(WITHIN_S)
    finally:
        worker.stop()
        at_work.join()
        consumer.close()
    return diary.batches


class TestWork:
    def test_begins_small_and_tries_suspects_in_between(self, own_database: Database, broker: EmbeddedBroker) -> None:
        topics = [f"boshu/v1/careful/g/d{number}/alive" for number in range(COUNT)]
        suspects = set(topics[1::2])
        reserve(broker.url(COLLECTOR), worker=NUMBER, topics=["boshu/v1/careful/#"])
        say(broker.url(SIMULATOR), topics)
        watch = after_death(own_database, sorted(suspects))

        batches = diary_of(own_database, watch, broker.url(COLLECTOR), "boshu/v1/careful/#")

        fresh = [batch for batch in batches if not suspects.intersection(batch)]
        tried = [batch for batch in batches if suspects.issuperset(batch)]
        sizes = [len(batch) for batch in fresh]
        assert len(fresh) + len(tried) == len(batches), "suspects are tried together with others"
        assert all(size <= GROUP * 2**place for place, size in enumerate(sizes))
        assert max(sizes) > GROUP
        assert all(len(batch) <= GROUP for batch in tried)
        assert batches.index(tried[0]) < batches.index(fresh[-1]), "suspects wait for everybody"
        assert batches.index(fresh[0]) < batches.index(tried[0]), "everybody waits for suspects"
        assert not watch.has_suspects
