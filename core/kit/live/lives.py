"""
Lives: one live picture for whoever sees the whole city, and one for every other set of sites that somebody looks at.

A picture is read and written once, however many streams show it. A narrowed one begins when it is first asked for, and
ends when nobody has looked for a while.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from core.kit.errors import Unavailable
from core.kit.live.feed import Feed
from core.kit.live.hub import Hub
from core.kit.locale import _

MOST: Final = 16
"""Narrowed pictures in one process; each reads once a second."""
IDLE_S: Final = 60.0
READ_WITHIN_S: Final = 5.0
"""Age up to which the newest picture counts as read."""

Sites = tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Maps:
    """Where the answers come from. `now` and `states` take no connection; None: nothing has been read yet."""

    now: Callable[[], bytes | None]
    past: Callable[[datetime], bytes]
    states: Callable[[], bytes | None]
    past_states: Callable[[datetime], bytes]
    replay: Callable[[datetime, datetime], bytes]


@dataclass(frozen=True, slots=True)
class Live:
    """What is live of some sites: the wall, the news, and what the map asks for; `close` gives its connections back."""

    hub: Hub
    feed: Feed
    maps: Maps
    close: Callable[[], None] = field(default=lambda: None)

    @property
    def is_heard(self) -> bool:
        """Tell whether a stream shows it."""
        return any(topic.is_heard for topic in (self.hub.topic, self.hub.headline, *self.feed.topics.values()))

    def is_read(self) -> bool:
        """Tell whether the picture is alive, and young."""
        return self.hub.is_alive and self.hub.has_read_within(READ_WITHIN_S)

    def start(self) -> None:
        """Let it read, in the process that serves."""
        self.hub.start()
        self.feed.start()

    def stop(self) -> None:
        """End it, and every stream that shows it."""
        self.hub.stop()
        self.feed.stop()
        self.close()


class Lives:
    """The live pictures of one process."""

    def __init__(self, city: Live, *, narrowed: Callable[[Sites], Live], most: int = MOST, idle_s: float = IDLE_S) -> None:
        """Keep the city's; `narrowed` makes that of some sites, of which there are at most `most`."""
        self.city = city
        self._narrowed, self._most, self._idle_s = narrowed, most, idle_s
        self._lock = threading.Lock()
        self._by_sites: dict[Sites, Live] = {}
        self._asked_at: dict[Sites, float] = {}

    def of(self, sites: Sites | None) -> Live:
        """
        Return the live picture of some sites, of the whole city for None, started.

        Raises:
            Unavailable: too many different sets of sites are looked at.
        """
        if sites is None:
            self.city.start()
            return self.city
        with self._lock:
            self._end_idle(but=sites)
            if sites not in self._by_sites:
                if len(self._by_sites) >= self._most:
                    raise Unavailable(_("Too many different parts of the city are looked at."))
                self._by_sites[sites] = self._narrowed(sites)
            self._asked_at[sites] = time.monotonic()
            live = self._by_sites[sites]
            live.start()
        return live

    def stop(self) -> None:
        """End all of them."""
        with self._lock:
            for live in (self.city, *self._by_sites.values()):
                live.stop()
            self._by_sites.clear()

    def _end_idle(self, *, but: Sites) -> None:
        """End what nobody has looked at for a while."""
        for sites, live in list(self._by_sites.items()):
            if live.is_heard:
                self._asked_at[sites] = time.monotonic()
            elif sites != but and time.monotonic() - self._asked_at[sites] > self._idle_s:
                del self._by_sites[sites], self._asked_at[sites]
                live.stop()
