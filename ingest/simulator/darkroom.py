"""
The darkroom: draws what cameras of the demo city see, a few pictures of many, and brings them in behind their messages.

Most frames of the city are announced by a hash alone, as of a camera whose line carries no pictures. Of the others the
hash is that of a drawn picture, which is kept once its message has arrived.
"""

import hashlib
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from obstore.store import ObjectStore

from core.kit.clock import utc_now
from core.kit.db import Database
from core.kit.errors import Unavailable
from core.kit.ids import derived_id
from core.stays import pictures
from ingest.simulator.drawings import Shot, draw
from ingest.simulator.places import Device

EVERY_MS: Final = 10_000
"""One picture in so long: some 100 MB a day."""
MOST_WAITING: Final = 100
TRIES: Final = 4
PAUSE_S: Final = 5.0
"""How long after its message a picture comes, and how long until it is tried again."""


@dataclass(frozen=True, slots=True)
class Print:
    """A picture that a device announced."""

    site_id: UUID
    device_id: UUID
    raw: bytes = field(repr=False)

    @property
    def frame(self) -> str:
        """Return its hash, in hex."""
        return hashlib.sha256(self.raw).hexdigest()


class Darkroom:
    """Draws at most one picture in `every_ms` of the city's time; what nobody fetches in time is lost."""

    def __init__(self, *, every_ms: int = EVERY_MS) -> None:
        """Begin with no picture."""
        self.prints: queue.Queue[Print] = queue.Queue(MOST_WAITING)
        self._every_ms = every_ms
        self._next_ms = 0

    def take(self, device: Device, shot: Shot) -> str | None:
        """Return the hash of a picture that will be brought in; None where none is drawn."""
        if shot.at_ms < self._next_ms or self.prints.full():
            return None
        self._next_ms = shot.at_ms + self._every_ms
        drawn = Print(derived_id("site", device.site), device.device_id, draw(shot))
        self.prints.put_nowait(drawn)
        return drawn.frame


@contextmanager
def bringing(darkroom: Darkroom, database: Database, into: ObjectStore) -> Iterator[None]:
    """Bring pictures in for the length of the block, in a thread of its own."""
    stop = threading.Event()
    thread = threading.Thread(target=_bring, args=(darkroom, database, into, stop), name="darkroom", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PAUSE_S)


def _bring(darkroom: Darkroom, database: Database, into: ObjectStore, stop: threading.Event) -> None:
    while not stop.wait(PAUSE_S):
        for _number in range(darkroom.prints.qsize()):
            _bring_one(darkroom.prints.get_nowait(), database, into, stop)


def _bring_one(one: Print, database: Database, into: ObjectStore, stop: threading.Event) -> None:
    """Keep one picture as soon as its message is there; one whose message was lost is lost, too."""
    for _attempt in range(TRIES):
        if keep(one, database, into) or stop.wait(PAUSE_S):
            return


def keep(one: Print, database: Database, into: ObjectStore) -> bool:
    """Keep a picture; tell whether its message had arrived, which is False also while the database is away."""
    try:
        with database.transaction() as tx:
            pictures.keep(tx, one.raw, site_id=one.site_id, devices=[one.device_id], into=into, at=utc_now())
    except (pictures.NotAnnounced, Unavailable):
        return False
    return True
