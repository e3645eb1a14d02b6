"""
The feed: what the database tells by itself, within a tenth of a second, to however many streams.

A thread listens (LISTEN) on one connection. Once a second it looks, on it, too, for what nobody tells, so that a connection
which fell silent is noticed; the whole it reads at first, when a look asks for it, and seldom otherwise.
While the database does not answer, the news go on with the old instant: a screen shows growing ages.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple, Protocol

import orjson
from psycopg import sql

from core.kit.clock import Clock, SystemClock
from core.kit.db import Database, Tx
from core.kit.errors import Unavailable
from core.kit.live.topics import Topic
from core.kit.log import get_logger

PACE_S: Final = 0.05
"""Shortest time between two news of one kind: what is told within it goes out together."""
LOOK_S: Final = 1.0
WHOLE_S: Final = 600.0
KEPT: Final = 100
"""Frames a slow stream may be behind: five seconds at full pace."""

_AGAIN_S: Final = 1.0
_ONE_VIEW: Final = "set transaction isolation level repeatable read, read only"

_log = get_logger(__name__)


class Note(NamedTuple):
    """What the database told on a channel."""

    channel: str
    text: str


@dataclass(frozen=True, slots=True)
class News:
    """News for a topic: all that is known now, and what of it is new (None: all). Both become JSON with a number."""

    topic: str
    now: Any  # JSON, or what `Told.write` makes JSON of
    change: dict[str, Any] | None


class Told(Protocol):
    """Keeps a picture up to date from what the database tells."""

    @property
    def channels(self) -> Sequence[str]:
        """Return the channels to listen on."""

    @property
    def topics(self) -> Mapping[str, tuple[str, str]]:
        """Return by topic the names of its two events: the whole, and the news."""

    def read(self, tx: Tx, *, at: datetime) -> list[News]:
        """Read everything; return what is new."""

    def look(self, tx: Tx, *, at: datetime) -> list[News] | None:
        """Look for what nobody tells; None where everything is to be read anew."""

    def hear(self, notes: Sequence[Note], *, at: datetime) -> list[News]:
        """Take what was told, in its order."""

    def away(self) -> list[News]:
        """Return news that say only how old everything is: the database does not answer."""

    def write(self, topic: str, now: Any, seq: int) -> bytes:
        """Return the whole of a topic as JSON."""


class Feed:
    """The topics of one source in one process."""

    def __init__(self, database: Database, source: Told, *, clock: Clock | None = None, whole_s: float = WHOLE_S) -> None:
        """Keep what is needed; nothing is read before `start`. `whole_s`: seconds between two readings of everything."""
        self._database, self._source, self._clock, self._whole_s = database, source, clock or SystemClock(), whole_s
        self.topics = {
            name: Topic(whole=whole, news=news, write=partial(source.write, name), kept=KEPT)
            for name, (whole, news) in source.topics.items()
        }
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopped = threading.Event()
        self._published_at = 0.0

    def start(self) -> None:
        """Start listening; do nothing where it runs already. Call it in the process that serves, after any fork."""
        with self._lock:
            if self._thread is None and not self._stopped.is_set():
                self._thread = threading.Thread(target=self._listen_forever, name="live-feed", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Stop listening and end every stream."""
        self._stopped.set()
        for topic in self.topics.values():
            topic.wake_all()
        if self._thread is not None:
            self._thread.join(timeout=5)

    @property
    def is_over(self) -> bool:
        """Tell whether streams are to end: the feed was stopped, or died of a bug."""
        return self._stopped.is_set() or self._thread is None or not self._thread.is_alive()

    def _listen_forever(self) -> None:
        """Listen; begin anew, with everything, when the database has been away."""
        was_away = False
        while not self._stopped.is_set():
            try:
                with self._database.autocommit() as tx:
                    if was_away:
                        _log.info("The database tells news again.")
                    was_away = False
                    self._listen(tx)
            except Unavailable:
                if not was_away:
                    _log.warning("The database tells no news.")
                was_away = True
                self._publish(self._source.away())
                self._stopped.wait(_AGAIN_S)

    def _listen(self, tx: Tx) -> None:
        for channel in self._source.channels:
            tx.raw.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
        read_at = looked_at = 0.0
        while not self._stopped.is_set():
            now = time.monotonic()
            if now - read_at >= self._whole_s:
                self._read(tx)
                read_at = looked_at = now
            elif now - looked_at >= LOOK_S:
                read_at = read_at if self._look(tx) else 0.0
                looked_at = now
            self._hear(tx, until=looked_at + LOOK_S)

    def _read(self, tx: Tx) -> None:
        with tx.raw.transaction():
            tx.run(_ONE_VIEW)
            news = self._source.read(tx, at=self._clock.now())
        self._publish(news)

    def _look(self, tx: Tx) -> bool:
        """Publish what nobody told; tell whether what is known still holds."""
        with tx.raw.transaction():
            tx.run(_ONE_VIEW)
            news = self._source.look(tx, at=self._clock.now())
        self._publish(news or [])
        return news is not None

    def _hear(self, tx: Tx, *, until: float) -> None:
        """Wait for notes; what comes within the pace of the last news goes out with the first."""
        notes = self._notes(tx, max(0.0, until - time.monotonic()), stop_after=1)
        if notes:
            self._stopped.wait(self._published_at + PACE_S - time.monotonic())
            notes += self._notes(tx, 0.0)
            self._publish(self._source.hear(notes, at=self._clock.now()))

    def _notes(self, tx: Tx, timeout: float, *, stop_after: int | None = None) -> list[Note]:
        return [Note(note.channel, note.payload) for note in tx.raw.notifies(timeout=timeout, stop_after=stop_after)]

    def _publish(self, news: Sequence[News]) -> None:
        for one in news:
            self.topics[one.topic].publish(one.now, None if one.change is None else _Writer(one.change))
        if news:
            self._published_at = time.monotonic()


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes a change with its number."""

    change: dict[str, Any]

    def __call__(self, seq: int) -> bytes:
        return orjson.dumps({"seq": seq, **self.change})
