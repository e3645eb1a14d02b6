"""A small city with a past, and the same city while it lives: what the map is proved against."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice

from core.kit.db import Database
from core.upkeep import alarms, silence
from core.upkeep.alarms import Limits
from ingest.arrivals import Arrival
from ingest.pipeline import Pipeline
from ingest.simulator.mess import Mess
from ingest.simulator.simulation import Event, Simulation
from tests.core.insight import facts

UNTIL = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)  # 14:32:08 in the city
DAYS = 8


def past_moments(count: int) -> list[datetime]:
    """Return random moments of the last days, to the millisecond."""
    luck = random.Random(21)
    return [UNTIL - timedelta(days=1) - timedelta(milliseconds=luck.randrange((DAYS - 3) * 86_400_000)) for _ in range(count)]


def live_moments(count: int, minutes: int) -> list[datetime]:
    """Return random moments after the past, in their order."""
    luck = random.Random(22)
    return sorted(UNTIL + timedelta(milliseconds=luck.randrange(minutes * 60_000)) for _ in range(count))


class City:
    """The city while it lives: messages up to a moment, silences and alarms judged at it."""

    def __init__(self, database: Database) -> None:
        """Begin where the past ends."""
        self.database = database
        self.pipeline = Pipeline(database)
        self.simulation = Simulation(facts.SEED, UNTIL, berths=facts.BERTHS, mess=Mess.default())

    def live_until(self, at: datetime) -> None:
        """Let everything happen up to a moment."""
        for batch in _batched(self.simulation.events(at)):
            self.pipeline.take([Arrival(event.topic, event.payload, event.due_at) for event in batch])
        with self.database.transaction() as tx:
            alarms.judge(tx, limits=Limits(), at=at)

    def mark_silent(self, at: datetime) -> None:
        """Hold devices to be silent that were not heard for three of their intervals."""
        with self.database.transaction() as tx:
            silence.mark(tx, devices=silence.list_silent(tx, listening_since=UNTIL, at=at))


def _batched(events: Iterator[Event], size: int = 500) -> Iterator[list[Event]]:
    while batch := list(islice(events, size)):
        yield batch
