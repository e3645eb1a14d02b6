"""
Find the message that kills: after a crash, write down what is tried before it is tried.

As long as nothing crashes this costs nothing. A worker that finds it died the last time goes carefully for a while:
messages never tried go in small batches, messages that were in the hands of a dying worker go one by one, and a
message that was there three times is set aside unread. Tables worker_run, message_attempt.
"""

import hashlib
import time
from collections.abc import Iterable, Sequence
from typing import Final

from core.kit.clock import utc_now
from core.kit.db import Database
from core.kit.log import get_logger
from core.kit.sql import named
from ingest.mqtt.consumer import Delivery

SQL = named("mqtt/watch")
_log = get_logger(__name__)

CAREFUL_MESSAGES: Final = 5_000
CAREFUL_S: Final = 20.0
SMALL: Final = 200
MOST_ATTEMPTS: Final = 3


class Watch:
    """Knows whether the worker must go carefully, and what each message did to it before."""

    def __init__(self, database: Database, *, worker: int) -> None:
        self._database = database
        self._worker = worker
        self._left = 0
        self._until = 0.0

    def start(self) -> None:
        """Note that the worker runs; go carefully if it never said that it stopped."""
        with self._database.transaction() as tx:
            crashed = bool(tx.value(SQL["has_crashed"], worker=self._worker))
            tx.run(SQL["start"], worker=self._worker, at=utc_now())
        if crashed:
            _log.warning("The worker died the last time; it goes carefully for a while.", worker=self._worker)
            self._left, self._until = CAREFUL_MESSAGES, time.monotonic() + CAREFUL_S

    def stop(self) -> None:
        """Note that the worker stopped in good order."""
        with self._database.transaction() as tx:
            tx.run(SQL["stop"], worker=self._worker, at=utc_now())

    @property
    def is_careful(self) -> bool:
        """Tell whether attempts are written down."""
        return self._left > 0 or time.monotonic() < self._until

    def sort(self, deliveries: Sequence[Delivery]) -> tuple[list[list[Delivery]], list[Delivery]]:
        """Write the attempt down; return the batches to try, and the messages to set aside unread."""
        self._left -= len(deliveries)
        prints = [_print(delivery) for delivery in deliveries]
        with self._database.transaction() as tx:
            rows = tx.rows(SQL["note_attempts"], prints=list(dict.fromkeys(prints)), at=utc_now())
        attempts = {bytes(row["payload_sha256"]): row["attempt_n"] for row in rows}
        fresh, suspect, poison = [], [], []
        for delivery, digest in zip(deliveries, prints, strict=True):
            if attempts[digest] > MOST_ATTEMPTS:
                poison.append(delivery)
            elif attempts[digest] > 1:
                suspect.append([delivery])
            else:
                fresh.append(delivery)
        return [*suspect, *([fresh] if fresh else [])], poison

    def clear(self, deliveries: Iterable[Delivery]) -> None:
        """Forget the attempts of messages that went well."""
        with self._database.transaction() as tx:
            tx.run(SQL["clear_attempts"], prints=[_print(delivery) for delivery in deliveries])


def _print(delivery: Delivery) -> bytes:
    topic = delivery.arrival.topic.encode("utf-8", "surrogateescape")
    return hashlib.sha256(topic + b"\0" + delivery.arrival.payload).digest()
