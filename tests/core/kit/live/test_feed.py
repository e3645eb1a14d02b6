"""The feed: told within a tenth of a second, nothing lost for long, and no calm while the database is away."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import orjson

from core.kit.db import Database, Tx
from core.kit.embedded_pg import EmbeddedPg
from core.kit.live import topics
from core.kit.live.feed import PACE_S, Feed, News, Note
from tests.core.kit.live.away import closed

CHANNEL, TOPIC = "test_channel", "numbers"
A_WHILE_S = 15.0


class Numbers:
    """Keeps a list of numbers that are told, and reads how many there are by itself."""

    def __init__(self) -> None:
        """Know nothing."""
        self.told: list[int] = []
        self.reads, self.looks, self.aways = 0, 0, 0
        self.is_stale = False
        self.goes_on = threading.Event()
        self.goes_on.set()

    @property
    def channels(self) -> Sequence[str]:
        """Return one channel."""
        return (CHANNEL,)

    @property
    def topics(self) -> Mapping[str, tuple[str, str]]:
        """Return one topic."""
        return {TOPIC: ("whole", "news")}

    def read(self, tx: Tx, *, at: datetime) -> list[News]:
        """Count the readings."""
        tx.value("select 1")
        self.reads += 1
        self.is_stale = False
        return [News(TOPIC, list(self.told), None)]

    def look(self, tx: Tx, *, at: datetime) -> str | None:
        """Say that nothing is new, or that all is; take as long as is wanted."""
        tx.value("select 1")
        self.looks += 1
        self.goes_on.wait(A_WHILE_S)
        return None if self.is_stale else "nothing"

    def settle(self, found: str) -> list[News] | None:
        """Take nothing."""
        return [News(TOPIC, list(self.told), {"told": []})]

    def hear(self, notes: Sequence[Note], *, at: datetime) -> list[News]:
        """Take numbers."""
        new = [int(note.text) for note in notes]
        self.told += new
        return [News(TOPIC, list(self.told), {"told": new})]

    def away(self) -> list[News]:
        """Count how often the database was away."""
        self.aways += 1
        return [News(TOPIC, list(self.told), {"told": []})]

    def write(self, topic: str, now: Any, seq: int) -> bytes:
        """Return the numbers."""
        return orjson.dumps({"seq": seq, "all": now})


@contextmanager
def feeding(database: Database, source: Numbers) -> Iterator[Feed]:
    """Run a feed for the length of the block, once it listens."""
    feed = Feed(database, source)
    feed.start()
    until(lambda: source.reads > 0)
    yield feed
    feed.stop()


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that must come."""
    ends_at = time.monotonic() + A_WHILE_S
    gate = threading.Event()
    while not condition():
        assert time.monotonic() < ends_at, "it never came"
        gate.wait(0.005)


def tell(database: Database, *numbers: int) -> None:
    """Tell numbers in one transaction."""
    with database.transaction() as tx:
        for number in numbers:
            tx.run("select pg_notify(%(c)s, %(n)s)", c=CHANNEL, n=str(number))


def news(stream: Iterator[bytes]) -> Iterator[dict[str, Any]]:
    """Read the bodies of a stream."""
    for part in stream:
        for event in part.decode().split("\n\n"):
            if "data: " in event:
                yield orjson.loads(event.split("data: ")[1])


class TestHear:
    def test_passes_on_within_a_tenth_of_a_second_of_the_commit(self, database: Database) -> None:
        with feeding(database, source := Numbers()) as feed:
            read = news(topics.stream([feed.topics[TOPIC]], is_over=lambda: feed.is_over))
            next(read)
            took_s = []
            for number in range(1, 30):
                tell(database, number)
                began = time.monotonic()
                while number not in next(read).get("told", ()):
                    pass
                took_s.append(time.monotonic() - began)

        assert source.told == list(range(1, 30))
        assert sorted(took_s)[27] < 0.1

    def test_puts_together_what_comes_within_the_pace(self, database: Database) -> None:
        with feeding(database, source := Numbers()) as feed:
            began, before = time.monotonic(), feed.topics[TOPIC].seq
            for number in range(60):
                tell(database, number)
            until(lambda: len(source.told) == 60)
            told_n = feed.topics[TOPIC].seq - before
            took_s = time.monotonic() - began

        assert source.told == list(range(60))
        assert told_n <= took_s / PACE_S + 3

    def test_waits_for_no_look(self, database: Database) -> None:
        source = Numbers()
        with feeding(database, source) as feed:
            source.goes_on.clear()
            looks = source.looks
            until(lambda: source.looks > looks)
            tell(database, 8)
            until(lambda: source.told == [8])
            is_looking = source.looks == looks + 1
            source.goes_on.set()
            whole = feed.topics[TOPIC].whole()

        assert is_looking
        assert whole is not None

    def test_starts_once_however_often_it_is_asked(self, database: Database) -> None:
        with feeding(database, Numbers()) as feed:
            before = threading.active_count()
            for _ in range(5):
                feed.start()

            assert threading.active_count() == before


class TestLook:
    def test_reads_everything_anew_where_what_is_known_no_longer_holds(self, database: Database) -> None:
        with feeding(database, source := Numbers()):
            source.is_stale = True

            until(lambda: source.reads == 2)


class TestAway:
    def test_goes_on_old_and_begins_anew_with_everything(self, server: EmbeddedPg, own_database: Database) -> None:
        with feeding(own_database, source := Numbers()) as feed:
            reads, seq = source.reads, feed.topics[TOPIC].seq
            with closed(server, own_database):
                until(lambda: source.aways >= 2)
                assert feed.topics[TOPIC].seq > seq
            until(lambda: source.reads > reads)
            tell(own_database, 5)

            until(lambda: source.told == [5])
            assert not feed.is_over


class TestStop:
    def test_ends_the_streams(self, database: Database) -> None:
        with feeding(database, Numbers()) as feed:
            stream = topics.stream([feed.topics[TOPIC]], is_over=lambda: feed.is_over)
            next(stream)
            feed.stop()

            assert sum(1 for _part in stream) <= 1
