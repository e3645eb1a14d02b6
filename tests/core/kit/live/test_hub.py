"""The hub: one read a tick, no hole in the numbers, no queue that grows, and no calm while the database is away."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import orjson
import pytest
import sqlalchemy

from core.kit.db import Database
from core.kit.embedded_pg import EmbeddedPg
from core.kit.live import topics
from core.kit.live.hub import Hub
from core.kit.live.topics import KEPT
from tests.core.kit.live.away import closed
from tests.core.kit.live.counting import Counting

TICK_S = 0.1
A_WHILE_S = 20.0


@contextmanager
def running(database: Database, source: Counting, tick_s: float = TICK_S) -> Iterator[Hub]:
    """Run a hub for the length of the block."""
    hub = Hub(database, source, version="b1", tick_s=tick_s)
    hub.start()
    yield hub
    hub.stop()


def until(condition: Callable[[], bool]) -> None:
    """Wait for something that must come."""
    ends_at = time.monotonic() + A_WHILE_S
    gate = threading.Event()
    while not condition():
        assert time.monotonic() < ends_at, "it never came"
        gate.wait(0.01)


def events(frames: Iterator[bytes]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Read events from a stream as a browser does."""
    text = ""
    for frame in frames:
        text += frame.decode()
        *whole, text = text.split("\n\n")
        for event in whole:
            fields = dict(line.split(": ", 1) for line in event.splitlines())
            if "data" in fields:
                body = orjson.loads(fields["data"])
                assert fields["id"] == str(body["seq"])
                yield fields["event"], body


def numbers(frames: Iterator[bytes], count: int) -> list[tuple[str, int]]:
    """Take so many events; return their kinds and numbers."""
    read = events(frames)
    return [(kind, body["seq"]) for kind, body in (next(read) for _ in range(count))]


class TestStream:
    def test_begins_with_a_whole_picture_and_goes_on_without_a_hole(self, database: Database) -> None:
        with running(database, Counting()) as hub:
            read = numbers(hub.stream(), 12)

        assert [kind for kind, _seq in read] == ["snapshot"] + ["delta"] * 11
        first = read[0][1]
        assert [seq for _kind, seq in read] == list(range(first, first + 12))

    def test_carries_the_build_and_only_what_changed(self, database: Database) -> None:
        with running(database, Counting(fast=0, slow=3_600)) as hub:
            stream = events(hub.stream())
            _kind, whole = next(stream)
            _kind, delta = next(stream)

        assert whole["version"] == "b1"
        assert set(whole["tiles"]) == {"fast", "slow"}
        assert set(delta) == {"seq", "at", "tiles"}
        assert set(delta["tiles"]) == {"fast"}

    def test_gives_a_slow_reader_a_fresh_picture_instead_of_a_queue(self, database: Database) -> None:
        with running(database, Counting(), tick_s=0.02) as hub:
            stream = hub.stream()
            first = numbers(stream, 1)[0][1]
            until(lambda: orjson.loads(hub.whole() or b"{}")["seq"] > first + 2 * KEPT)

            read = numbers(stream, 3)

        assert [kind for kind, _seq in read] == ["snapshot", "delta", "delta"]
        assert read[1][1] == read[0][1] + 1

    def test_tells_the_headline_only_when_it_is_another(self, database: Database) -> None:
        with running(database, Counting(), tick_s=0.02) as hub:
            read = events(topics.stream([hub.headline], is_over=lambda: hub.is_over))
            told = [next(read) for _ in range(3)]

        assert {kind for kind, _body in told} == {"headline"}
        first = told[0][1]["headline"]
        assert [body["headline"] for _kind, body in told] == [first, first + 1, first + 2]

    def test_ends_when_the_hub_stops(self, database: Database) -> None:
        with running(database, Counting()) as hub, ThreadPoolExecutor() as pool:
            ends = [pool.submit(lambda: sum(1 for _frame in hub.stream())) for _ in range(3)]
            until(lambda: hub.whole() is not None)
            hub.stop()

            assert all(end.result(timeout=5) > 0 for end in ends)


class TestReading:
    def test_asks_the_database_once_a_tick_for_two_hundred_streams(self, database: Database) -> None:
        connections = 0

        def count(*_of_the_cursor: object) -> None:
            nonlocal connections
            connections += 1

        source = Counting()
        sqlalchemy.event.listen(database.engine, "checkout", count)
        with running(database, source) as hub, ThreadPoolExecutor(max_workers=200) as pool:
            read = list(pool.map(lambda _n: numbers(hub.stream(), 10), range(200)))
            ticks = orjson.loads(hub.whole() or b"{}")["seq"]
        sqlalchemy.event.remove(database.engine, "checkout", count)

        assert all(seqs == list(range(seqs[0], seqs[0] + 10)) for seqs in ([seq for _kind, seq in one] for one in read))
        assert source.reads <= ticks + 1
        assert connections <= ticks + 1

    def test_draws_each_group_at_its_own_pace(self, database: Database) -> None:
        source = Counting(fast=0.1, slow=1.0, once=3_600)
        with running(database, source) as hub:
            numbers(hub.stream(), 25)

        assert source.drawn["fast"] >= 20
        assert 2 <= source.drawn["slow"] <= 4
        assert source.drawn["once"] == 1

    def test_starts_once_however_often_it_is_asked(self, database: Database) -> None:
        with running(database, Counting()) as hub:
            before = threading.active_count()
            for _ in range(5):
                hub.start()

            assert threading.active_count() == before


class TestDatabaseAway:
    def test_keeps_the_last_picture_and_lets_it_age(self, server: EmbeddedPg, own_database: Database) -> None:
        source = Counting()
        with running(own_database, source) as hub:
            stream = events(hub.stream())
            next(stream)
            with closed(server, own_database):
                until(lambda: source.ages >= 3)
                aged = [body for _kind, body in (next(stream) for _ in range(40)) if body.get("age_s")]
            until(lambda: orjson.loads(hub.whole() or b"{}")["age_s"] == 0)

        assert [body["age_s"] for body in aged] == list(range(1, len(aged) + 1))
        assert len(aged) >= 3

    def test_shows_a_picture_even_before_the_first_answer(self) -> None:
        nowhere = Database("postgresql://nobody:x@127.0.0.1:1/nothing")
        with running(nowhere, Counting()) as hub:
            kind, picture = next(events(hub.stream()))

        assert (kind, picture["tiles"]) == ("snapshot", {})
        assert not hub.has_read_within(60)

    def test_does_not_stand_still_while_a_read_hangs(self, database: Database) -> None:
        source = Counting()
        with running(database, source) as hub:
            stream = events(hub.stream())
            next(stream)
            source.hang.set()

            until(lambda: source.ages >= 3)
            seen = [body["seq"] for _kind, body in (next(stream) for _ in range(6))]
            source.hang.clear()
            source.go_on.set()

        assert seen == list(range(seen[0], seen[0] + 6))


class TestRestart:
    def test_a_new_hub_begins_with_a_whole_picture_again(self, database: Database) -> None:
        with running(database, Counting()) as hub:
            numbers(hub.stream(), 3)
        with running(database, Counting()) as hub:
            assert numbers(hub.stream(), 1)[0][0] == "snapshot"


class TestBug:
    @pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
    def test_ends_the_streams_and_is_not_hidden(self, database: Database) -> None:
        source = Counting()
        with running(database, source) as hub:
            stream = hub.stream()
            numbers(stream, 1)
            source._cadence_s = {"fast": 0.0, "broken": 0.0}

            assert sum(1 for _frame in stream) < 100
            assert not hub.is_alive
