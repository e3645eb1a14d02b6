"""A few pipelines for many threads: one thread uses a pipeline at a time."""

from collections.abc import Sequence
from queue import Empty, LifoQueue
from typing import Final, Protocol

from core.kit.db import Database
from core.kit.errors import Unavailable
from core.kit.locale import _
from ingest.arrivals import Arrival, Outcome
from ingest.pipeline import Pipeline

COUNT: Final = 4
"""Requests stored at a time; each pipeline knows all devices, so there are few of them."""
WAIT_S: Final = 5


class Taker(Protocol):
    """Whatever takes messages as a pipeline does."""

    def take(self, arrivals: Sequence[Arrival]) -> list[Outcome]:
        """Store and apply messages in one transaction; say what became of each."""


class Pipelines:
    """Pipelines that are lent to one thread after the other, the one used last first."""

    def __init__(self, database: Database, *, count: int = COUNT) -> None:
        """Make the pipelines; their numbers are negative, so that ingest's own workers keep theirs."""
        self._free: LifoQueue[Pipeline] = LifoQueue()
        for number in range(1, count + 1):
            self._free.put(Pipeline(database, worker=-number))

    def take(self, arrivals: Sequence[Arrival]) -> list[Outcome]:
        """
        Let a free pipeline take messages.

        Raises:
            Unavailable: the database is away, or all pipelines are at work.
        """
        try:
            pipeline = self._free.get(timeout=WAIT_S)
        except Empty:
            raise Unavailable(_("Too many requests at once.")) from None
        try:
            return pipeline.take(arrivals)
        finally:
            self._free.put(pipeline)
