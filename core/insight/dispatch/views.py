"""Views: berths at any moment as the routes of the map ask for them."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from flask import Flask

from core.access.permissions import Permission
from core.insight.dispatch import catalogue, replay, states, stream
from core.insight.dispatch.stream import LiveBerths
from core.kit.db import Database, Tx
from core.kit.live import maps, routes
from core.kit.live.feed import Feed
from core.kit.live.lives import Maps

NEEDED: Final[Mapping[str, Permission]] = {
    routes.WALL: Permission.WALL_VIEW,
    routes.HEADLINE: Permission.WALL_VIEW,
    stream.BERTHS: Permission.DISPATCH_VIEW,
    stream.EVENTS: Permission.DISPATCH_VIEW,
}
"""What who asks for a topic of the live stream must be allowed to see."""
_ONE_VIEW: Final = "set transaction isolation level repeatable read, read only"


def register(server: Flask, *, mine: Callable[[], Maps], may: Callable[[str], bool]) -> None:
    """Add the routes of the map to an application; `mine` returns the answers for who asks."""
    maps.register(server, mine=mine, may=lambda: may(stream.BERTHS))


def live_of(database: Database) -> tuple[Feed, Maps]:
    """Return the feed of the map's topics, not started, and the answers to its questions."""
    live = LiveBerths()
    feed = Feed(database, live)
    return feed, answers(database, live=live, feed=feed)


def answers(database: Database, *, live: LiveBerths, feed: Feed) -> Maps:
    """Return the answers: the present from what the feed knows, the past from the database."""

    def reading(read: Callable[[Tx], bytes]) -> bytes:
        with database.transaction() as tx:
            tx.run(_ONE_VIEW)
            return read(tx)

    return Maps(
        now=live.packed,
        past=lambda at: reading(lambda tx: _past(tx, at)),
        states=feed.topics[stream.BERTHS].whole,
        past_states=lambda at: reading(lambda tx: _past_states(tx, at)),
        replay=lambda starts_at, ends_at: reading(lambda tx: replay.packed(tx, starts_at=starts_at, ends_at=ends_at)),
    )


def _past(tx: Tx, at: datetime) -> bytes:
    return catalogue.read(tx).packed(states.read(tx, at=at, live=False), at=at)


def _past_states(tx: Tx, at: datetime) -> bytes:
    return stream.snapshot(catalogue.version(tx), at, states.read(tx, at=at, live=False), seq=0)
