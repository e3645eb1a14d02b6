"""One live picture for the city, one for every other set of sites that somebody looks at, none that nobody looks at."""

import threading
from collections.abc import Iterator
from itertools import islice

import pytest

from core.kit.db import Database
from core.kit.errors import Unavailable
from core.kit.ids import uuid7
from core.kit.live.feed import Feed
from core.kit.live.hub import Hub
from core.kit.live.lives import Live, Lives, Maps, Sites
from tests.core.kit.live.counting import Counting
from tests.core.kit.live.test_feed import Numbers

SOME, OTHERS, MORE = (uuid7(),), (uuid7(), uuid7()), (uuid7(),)


class Made:
    """Makes live pictures, and remembers which, and which were given back."""

    def __init__(self, database: Database) -> None:
        """Keep the database they read."""
        self.database = database
        self.begun: list[Sites] = []
        self.closed: list[Sites] = []

    def of(self, sites: Sites) -> Live:
        """Make one."""
        self.begun.append(sites)
        nothing = Maps(lambda: None, lambda _at: b"", lambda: None, lambda _at: b"", lambda _from, _to: b"")
        hub, feed = Hub(self.database, Counting(), tick_s=0.05), Feed(self.database, Numbers())
        return Live(hub, feed, nothing, close=lambda: self.closed.append(sites))


@pytest.fixture
def made(database: Database) -> Made:
    """Return a maker that made nothing yet."""
    return Made(database)


@pytest.fixture
def lives(made: Made) -> Iterator[Lives]:
    """Return lives that end at once what nobody looks at, and of which there are two at most."""
    lives = Lives(made.of(()), narrowed=made.of, most=2, idle_s=0.0)
    yield lives
    lives.stop()


class TestOf:
    def test_is_the_citys_for_who_sees_everything(self, lives: Lives, made: Made) -> None:
        assert lives.of(None) is lives.city
        assert lives.city.hub.whole(wait_s=3) is not None
        assert made.begun == [()]

    def test_is_one_for_all_who_see_the_same_sites(self, lives: Lives, made: Made) -> None:
        assert lives.of(SOME) is lives.of(SOME)
        assert made.begun == [(), SOME]

    def test_ends_what_nobody_looks_at(self, lives: Lives, made: Made) -> None:
        lives.of(SOME)
        lives.of(OTHERS)

        assert made.closed == [SOME]

    def test_keeps_what_a_stream_shows(self, lives: Lives, made: Made) -> None:
        shown = lives.of(SOME)
        stream = shown.hub.stream()
        list(islice(stream, 2))

        lives.of(OTHERS)

        assert made.closed == []
        stream.close()  # type: ignore[attr-defined]  # a generator

    def test_refuses_too_many_at_once(self, lives: Lives) -> None:
        streams = []
        for sites in (SOME, OTHERS):
            streams.append(lives.of(sites).hub.stream())
            list(islice(streams[-1], 2))

        with pytest.raises(Unavailable):
            lives.of(MORE)

    def test_makes_one_though_many_ask_at_once(self, lives: Lives, made: Made) -> None:
        askers = [threading.Thread(target=lives.of, args=(SOME,)) for _ in range(8)]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()

        assert made.begun == [(), SOME]
