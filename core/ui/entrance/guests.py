"""
Guests: who looks at a stream that never ends by itself, and what he alone is told there.

They are shown out within seconds of the end of their session or screen; where they see something else than their stream shows,
it ends and begins anew. Tables user_session, wall_screen, screen_call.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Final
from uuid import UUID

import orjson

from core.access import screens, sessions
from core.access.actors import Actor, ActorKind
from core.access.scopes import Scope
from core.access.screens import Told
from core.access.sights import Sight, Sites
from core.kit.clock import Clock
from core.kit.db import Database
from core.kit.errors import Unavailable

_GONE_S: Final = 60.0
"""Whose stream asked nothing for so long has left."""


@dataclass(frozen=True, slots=True)
class Guest:
    """One who looks at a stream, for as long as it lasts."""

    guests: "Guests"
    who: Actor
    seen: dict[Sight, Sites | None] = field(default_factory=dict)
    """What his stream shows."""
    heard: set[UUID] = field(default_factory=set)
    """The calls his stream told."""

    def __call__(self) -> bool:
        """Tell whether he is still let in, and sees what his stream shows."""
        return self.guests.is_let_in(self.who) and self.guests.sees(self.who, self.seen)

    def told(self) -> bytes:
        """
        Return what he alone is told; only screens are called to do something.

        Each stream tells a call once. It may break with it unread: the next stream tells it again, until the screen says that
        it heard it.
        """
        news = [call for call in self.guests.calls_of(self.who.id) if call.id not in self.heard]
        self.heard.update(call.id for call in news)
        told = (orjson.dumps({"id": call.id, "call": call.call, "text": call.text}) for call in news)
        return b"".join(b"event: call\ndata: %b\n\n" % each for each in told)


@dataclass(slots=True)
class Guests:
    """Who looks at a stream that never ends by itself. One question every few seconds shows out all that are no longer let in."""

    database: Database
    clock: Clock
    every_s: float = 3.0
    _known: dict[tuple[ActorKind, UUID], float] = field(default_factory=dict)
    _over: frozenset[tuple[ActorKind, UUID]] = frozenset()
    _scopes: dict[UUID, Scope] = field(default_factory=dict)
    _sights: dict[Sight, float] = field(default_factory=dict)
    _sites: dict[Sight, Sites | None] = field(default_factory=dict)
    _calls: dict[UUID, list[Told]] = field(default_factory=dict)
    _asked_at: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def is_let_in(self, who: Actor) -> bool:
        """Tell whether somebody is still let in, as of a few seconds ago; while the database is away nobody is shown out."""
        guest = (who.kind, who.session_id or who.id)
        now = time.monotonic()
        self._known[guest] = now
        if now - self._asked_at > self.every_s and self._lock.acquire(blocking=False):
            try:
                self._asked_at = now
                self._ask(now)
            except Unavailable:
                pass
            finally:
                self._lock.release()
        return guest not in self._over

    def sees(self, who: Actor, seen: Mapping[Sight, Sites | None]) -> bool:
        """
        Tell whether what somebody looks at has the sites it had, as of a few seconds ago.

        A district got another site, a scene another district, a screen another scope: the stream ends, and begins anew with
        the right ones. Scopes of people need no look: their sessions end when they change.
        """
        now = time.monotonic()
        self._sights.update(dict.fromkeys(seen, now))
        is_same = who.kind is not ActorKind.SCREEN or self._scopes.get(who.id, who.scope) == who.scope
        return is_same and all(self._sites.get(sight, sites) == sites for sight, sites in seen.items())

    def calls_of(self, screen_id: UUID) -> list[Told]:
        """Return what a screen did not hear yet, as of a few seconds ago."""
        return self._calls.get(screen_id, [])

    def _ask(self, now: float) -> None:
        present = [guest for guest, at in list(self._known.items()) if now - at < _GONE_S]
        users = [number for kind, number in present if kind is ActorKind.USER]
        walls = [number for kind, number in present if kind is ActorKind.SCREEN]
        with self.database.transaction() as tx:
            over = {(ActorKind.USER, each) for each in sessions.list_over(tx, session_ids=users, at=self.clock.now())}
            self._scopes = screens.list_let_in(tx, screen_ids=walls)
            over |= {(ActorKind.SCREEN, each) for each in walls if each not in self._scopes}
            self._sites = {sight: sight.sites(tx) for sight, at in list(self._sights.items()) if now - at < _GONE_S}
            calls = screens.list_calls(tx, screen_ids=walls, at=self.clock.now()) if walls else []
        self._calls = {wall: [call for call in calls if call.screen_id == wall] for wall in walls}
        self._over = frozenset(over)
        for guest in set(self._known) - set(present):
            self._known.pop(guest, None)
        for sight in set(self._sights) - set(self._sites):
            self._sights.pop(sight, None)
