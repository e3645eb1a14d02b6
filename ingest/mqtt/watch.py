"""
Find the message that kills: before messages are read, note which are in hand.

A run that never said that it stopped died, and what it had in hand is suspect: it waits here and is tried in small
groups, then one by one, in between everything else. A message that was in hand when the worker died, again when it was
tried in a group, and twice when it was alone, is set aside unread: the broker has delivered it again three times in
vain. The last of these trials waits until the worker has lived for a while: who is killed again and again by somebody
else shall not condemn what he has in hand. Tables worker_run, message_attempt.
"""

import hashlib
import time
from collections import deque
from collections.abc import Sequence
from typing import Final, NamedTuple

from core.kit.clock import utc_now
from core.kit.db import Database
from core.kit.log import get_logger
from core.kit.sql import named
from ingest.mqtt.consumer import Delivery

SQL = named("mqtt/watch")
_log = get_logger(__name__)

GROUP: Final = 50
"""Suspects tried together the first time."""
MOST_DEATHS: Final = 4
QUIET_S: Final = 5.0
"""How long the worker lives before it tries what one more death condemns."""
MOST_SUSPECTS: Final = 100_000
_SOON: Final = "set local synchronous_commit to off"
"""The note must outlive this process, not the database."""


class Sorted(NamedTuple):
    """What a batch holds beside suspects: messages to take at once, and those to set aside unread."""

    fresh: list[Delivery]
    poison: list[Delivery]


class Watch:
    """Knows at how many deaths of the worker each message was in hand, and keeps the suspects until they are tried."""

    def __init__(self, database: Database, *, worker: int, quiet_s: float = QUIET_S) -> None:
        """Keep the database and the number of the worker; `start` reads what is known."""
        self._last_trials_at = time.monotonic() + quiet_s
        self._database = database
        self._worker = worker
        self._deaths: dict[bytes, int] = {}
        self._suspects: tuple[deque[Delivery], ...] = tuple(deque() for _ in range(1, MOST_DEATHS))

    def start(self) -> None:
        """Note that the worker runs; where it died the last time, remember what it had in hand."""
        at = utc_now()
        with self._database.transaction() as tx:
            noted = tx.run(SQL["note_death"], worker=self._worker, at=at)
            tx.run(SQL["start"], worker=self._worker, at=at)
            rows = tx.rows(SQL["list_suspects"], most=MOST_SUSPECTS)
        self._deaths = {bytes(row["payload_sha256"]): row["attempt_n"] for row in rows}
        if noted:
            _log.warning("The worker died the last time.", worker=self._worker, in_hand=noted)

    def stop(self) -> None:
        """Note that the worker stopped in good order."""
        with self._database.transaction() as tx:
            tx.run(SQL["stop"], worker=self._worker, at=utc_now())

    def sort(self, batch: Sequence[Delivery]) -> Sorted:
        """Return what to take at once and what to set aside; keep the suspects back."""
        if not self._deaths:
            return Sorted(list(batch), [])
        fresh: list[Delivery] = []
        poison: list[Delivery] = []
        places = [fresh, *self._suspects, poison]
        for delivery in batch:
            places[min(self._deaths.get(_print(delivery), 0), MOST_DEATHS)].append(delivery)
        return Sorted(fresh, poison)

    @property
    def has_suspects(self) -> bool:
        """Tell whether there are suspects to try now."""
        return any(self._due())

    def next_suspects(self) -> list[Delivery]:
        """Return the suspects to try next, those of the fewest deaths first; those of more than one come alone."""
        for deaths, waiting in enumerate(self._due(), start=1):
            if waiting:
                return [waiting.popleft() for _ in range(min(len(waiting), GROUP if deaths == 1 else 1))]
        return []

    def _due(self) -> Sequence[deque[Delivery]]:
        """Return the suspects that may be tried at this moment, by their deaths."""
        return self._suspects if time.monotonic() >= self._last_trials_at else self._suspects[:-1]

    def hold(self, part: Sequence[Delivery]) -> None:
        """Note what is tried next."""
        with self._database.transaction() as tx:
            tx.run(_SOON)
            tx.run(SQL["hold"], worker=self._worker, prints=[_print(delivery).hex() for delivery in part])

    def clear(self, part: Sequence[Delivery]) -> None:
        """Forget what was held against messages that went well, or that were set aside."""
        prints = [digest for digest in map(_print, part) if digest in self._deaths] if self._deaths else []
        if not prints:
            return
        with self._database.transaction() as tx:
            tx.run(SQL["clear"], prints=prints)
        for digest in prints:
            self._deaths.pop(digest, None)


def _print(delivery: Delivery) -> bytes:
    topic = delivery.arrival.topic.encode("utf-8", "surrogateescape")
    return hashlib.sha256(topic + b"\0" + delivery.arrival.payload).digest()
