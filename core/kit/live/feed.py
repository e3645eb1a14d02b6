"""
The feed: what the database tells by itself, within a tenth of a second, to however many streams.

One thread listens (LISTEN) on its connection and says once a second that it is there, so that a connection which fell
silent is noticed. Another looks once a second, on a connection of its own, for what nobody tells: what is told never waits
until that has been read. The whole is read at first, when a look asks for it, and seldom otherwise.
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
    """Keeps a picture up to date from what the database tells. Only `look` is called beside the others, by one thread."""

    @property
    def channels(self) -> Sequence[str]:
        """Return the channels to listen on."""

    @property
    def topics(self) -> Mapping[str, tuple[str, str]]:
        """Return by topic the names of its two events: the whole, and the news."""

    def read(self, tx: Tx, *, at: datetime) -> list[News]:
        """Read everything; return what is new."""

    def look(self, tx: Tx, *, at: datetime) -> Any | None:
        """Look for what nobody tells and change nothing; None where everything is to be read anew."""

    def settle(self, found: Any) -> list[News] | None:
        """Take what a look found; what was heard since it began is newer. None where everything is to be read anew."""

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
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._threads: tuple[threading.Thread, ...] = ()
        self._stopped, self._listens = threading.Event(), threading.Event()
        self._listened_n = 0  # how often listening began: what is known holds as long as it goes on
        self._read: tuple[int, float] = (0, 0.0)  # the time of listening in which everything was read, and when
        self._published_at = 0.0

    def start(self) -> None:
        """Start listening; do nothing where it runs already. Call it in the process that serves, after any fork."""
        with self._lock:
            if not self._threads and not self._stopped.is_set():
                self._threads = tuple(
                    threading.Thread(target=work, name=name, daemon=True)
                    for name, work in (("live-feed", self._listen_forever), ("live-look", self._look_forever))
                )
                for thread in self._threads:
                    thread.start()

    def stop(self) -> None:
        """Stop listening and end every stream."""
        self._stopped.set()
        self._listens.set()
        for topic in self.topics.values():
            topic.wake_all()
        for thread in self._threads:
            thread.join(timeout=5)

    @property
    def is_over(self) -> bool:
        """Tell whether streams are to end: the feed was stopped, or died of a bug."""
        return self._stopped.is_set() or not self._threads or not all(thread.is_alive() for thread in self._threads)

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
                self._listens.clear()
                if not was_away:
                    _log.warning("The database tells no news.")
                was_away = True
                with self._writing:
                    self._publish(self._source.away())
                self._stopped.wait(_AGAIN_S)

    def _listen(self, tx: Tx) -> None:
        for channel in self._source.channels:
            tx.raw.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
        self._listened_n += 1
        self._listens.set()
        asked_at = 0.0
        while not self._stopped.is_set():
            if time.monotonic() - asked_at >= LOOK_S:
                tx.value("select 1")
                asked_at = time.monotonic()
            self._hear(tx, until=asked_at + LOOK_S)
        tx.raw.execute("unlisten *")  # whoever gets the connection next would gather notes he never reads
        self._notes(tx, 0.0)

    def _look_forever(self) -> None:
        """Look once a second as long as somebody listens, who also tells when the database is away."""
        while not self._stopped.is_set():
            try:
                with self._database.autocommit() as tx:
                    while not self._stopped.is_set():
                        if self._listens.wait(LOOK_S):
                            self._look(tx)
                            self._stopped.wait(LOOK_S)
            except Unavailable:
                self._stopped.wait(_AGAIN_S)

    def _look(self, tx: Tx) -> None:
        """Publish what nobody told; read everything where that is due, or nothing known holds any more."""
        listened_n, now = self._listened_n, time.monotonic()
        is_known = self._read[0] == listened_n and now - self._read[1] < self._whole_s
        with tx.raw.transaction():
            tx.run(_ONE_VIEW)
            found = self._source.look(tx, at=self._clock.now()) if is_known else None
        with self._writing:
            news = None if found is None else self._source.settle(found)
            if news is None:
                news = self._whole(tx)
                self._read = listened_n, now
            self._publish(news)

    def _whole(self, tx: Tx) -> list[News]:
        with tx.raw.transaction():
            tx.run(_ONE_VIEW)
            return self._source.read(tx, at=self._clock.now())

    def _hear(self, tx: Tx, *, until: float) -> None:
        """Wait for notes; what comes within the pace of the last news goes out with the first."""
        notes = self._notes(tx, max(0.0, until - time.monotonic()), stop_after=1)
        if notes:
            self._stopped.wait(self._published_at + PACE_S - time.monotonic())
            notes += self._notes(tx, 0.0)
            with self._writing:
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
