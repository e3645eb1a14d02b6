"""
The hub: one read of the database a second, however many streams.

A thread reads and publishes. A second one watches it: when a read does not come back, the last picture goes out again,
older, so that a screen shows growing ages instead of a calm lie.
"""

import threading
import time
from collections.abc import Iterator
from typing import Any, Final

import orjson

from core.kit.clock import Clock, SystemClock
from core.kit.db import Database
from core.kit.errors import Unavailable
from core.kit.live import frames, topics
from core.kit.live.source import Picture, Source
from core.kit.live.topics import KEPT, Topic
from core.kit.log import get_logger

TICK_S: Final = 1.0
_GRACE: Final = 1.5
"""Ticks without a picture before the last one goes out again, older."""
_ONE_VIEW: Final = "set transaction isolation level repeatable read, read only"
"""All figures of a tick are of one moment of the database, so that parts add up to their sum."""

_log = get_logger(__name__)


class Hub:
    """The picture of the present in one process."""

    def __init__(
        self, database: Database, source: Source, *, version: str = "", clock: Clock | None = None, tick_s: float = TICK_S
    ) -> None:
        """Keep what is needed; nothing is read before `start`. `version` names the build, `tick_s` is in seconds."""
        self._database, self._source, self.version = database, source, version
        self._clock, self._tick_s = clock or SystemClock(), tick_s
        self._lock = threading.Lock()
        self._picture: Picture | None = None
        self.topic = Topic(whole="snapshot", news="delta", write=self._written, kept=KEPT)
        self.headline = Topic(whole="headline", news="headline", write=_headline_written, kept=1)
        self._told: Any = None  # the newest headline
        self._drawn_at: dict[str, float] = {}
        self._read_at: float | None = None
        self._published_at = 0.0
        self._threads: list[threading.Thread] = []
        self._stopped = threading.Event()

    def start(self) -> None:
        """Start reading; do nothing where it runs already. Call it in the process that serves, after any fork."""
        with self._lock:
            if self._threads or self._stopped.is_set():
                return
            self._published_at = time.monotonic()
            works = (self._read_forever, self._watch_forever)
            self._threads = [threading.Thread(target=work, name=f"live-{work.__name__}", daemon=True) for work in works]
            for thread in self._threads:
                thread.start()

    def stop(self) -> None:
        """Stop reading and end every stream."""
        self._stopped.set()
        self.topic.wake_all()
        self.headline.wake_all()
        for thread in self._threads:
            thread.join(timeout=5)

    @property
    def is_alive(self) -> bool:
        """Tell whether both threads run; one that met a bug has ended."""
        return bool(self._threads) and all(thread.is_alive() for thread in self._threads)

    def has_read_within(self, seconds: float) -> bool:
        """Tell whether the database answered lately."""
        return self._read_at is not None and time.monotonic() - self._read_at <= seconds

    @property
    def is_over(self) -> bool:
        """Tell whether streams are to end: the hub was stopped, or died."""
        return self._stopped.is_set() or not self.is_alive

    def whole(self, *, wait_s: float = 0) -> bytes | None:
        """Return the newest picture as JSON; None when there is none after waiting."""
        return self.topic.whole(wait_s=wait_s)

    def stream(self) -> Iterator[bytes]:
        """Yield frames: a whole picture first, then what changes; end when the hub stops or dies."""
        return topics.stream([self.topic], is_over=lambda: self.is_over)

    def _written(self, picture: Picture, seq: int) -> bytes:
        return frames.written(picture, seq=seq, version=self.version)

    def _publish(self, picture: Picture) -> None:
        with self._lock:
            last, self._picture = self._picture, picture
            news = None if last is None else lambda seq: frames.difference(last, picture, seq=seq)
            self.topic.publish(picture, news)
            told = self._source.headline(picture)
            if told != self._told or not self.headline.seq:
                self._told = told
                self.headline.publish(told, None)
            self._published_at = time.monotonic()

    def _read_forever(self) -> None:
        """Read and publish once a tick; a tick that is missed is not made up for."""
        due_at = time.monotonic()
        was_away = False
        while not self._stopped.is_set():
            is_away = not self._read_once()
            if is_away != was_away:
                _log.warning("The database does not answer the live stream." if is_away else "The database answers again.")
            was_away = is_away
            due_at = max(due_at + self._tick_s, time.monotonic())
            self._stopped.wait(max(0, due_at - time.monotonic()))

    def _read_once(self) -> bool:
        """Publish one picture; tell whether the database answered."""
        began = time.monotonic()
        due = [group for group, every_s in self._source.cadence_s.items() if self._is_due(group, every_s, began)]
        try:
            with self._database.transaction() as tx:
                tx.run(_ONE_VIEW)
                picture = self._source.read(tx, at=self._clock.now(), due=due, last=self._picture if self._drawn_at else None)
        except Unavailable:
            self._publish(self._source.age(self._picture, at=self._clock.now()))
            return False
        self._drawn_at |= dict.fromkeys(due, began)
        self._read_at = time.monotonic()
        self._publish(picture)
        return True

    def _is_due(self, group: str, every_s: float, now: float) -> bool:
        """Tell whether a group is to be drawn; half a tick early rather than half a tick late."""
        drawn_at = self._drawn_at.get(group)
        return drawn_at is None or now - drawn_at >= every_s - self._tick_s / 2

    def _watch_forever(self) -> None:
        """Send the last picture again, older, while a read hangs."""
        while not self._stopped.is_set():
            silent_s = time.monotonic() - self._published_at
            if silent_s >= _GRACE * self._tick_s:
                self._publish(self._source.age(self._picture, at=self._clock.now()))
                silent_s = 0
            self._stopped.wait(_GRACE * self._tick_s - silent_s)


def _headline_written(told: Any, seq: int) -> bytes:  # JSON values
    return orjson.dumps({"seq": seq, "headline": told})
