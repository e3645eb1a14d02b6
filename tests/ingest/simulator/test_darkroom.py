"""The darkroom: a few pictures of many, each kept behind its message."""

import contextlib
import threading
import time
from datetime import timedelta

import pytest
from obstore.store import MemoryStore

from core.kit.clock import utc_now
from core.kit.db import Database
from core.kit.ids import derived_id
from core.kit.moments import ms_of
from core.stays import pictures
from ingest.pipeline import Pipeline
from ingest.simulator import darkroom as rooms
from ingest.simulator import places
from ingest.simulator.darkroom import EVERY_MS, MOST_WAITING, Darkroom, bringing, keep
from ingest.simulator.drawings import Shot
from ingest.simulator.places import CAMERAS, Device
from tests.ingest import town

SHOT = Shot("S-012 0112", 1_795_588_200_000, 7)


def a_camera() -> Device:
    """Return a camera of the drawn city."""
    return next(device for site in places.layout(1, 600).sites for device in site.devices if device.kind in CAMERAS)


def shown(database: Database, frame: bytes, store: MemoryStore) -> bytes:
    """Wait for a picture and return it."""
    site, until = town.site_id(town.VIDEO), time.monotonic() + 10
    while time.monotonic() < until:
        with database.transaction() as tx, contextlib.suppress(pictures.NoSuchPicture):
            return pictures.fetch(tx, site_id=site, frame_sha256=frame, sites=[site], out_of=store)
        threading.Event().wait(0.05)
    raise AssertionError("no picture came")


class TestTake:
    def test_draws_one_picture_in_so_long(self) -> None:
        room, camera = Darkroom(), a_camera()
        shots = [Shot("here", SHOT.at_ms + step * EVERY_MS // 4, 7) for step in range(9)]

        frames = [room.take(camera, shot) for shot in shots]

        assert [frame is not None for frame in frames] == [step % 4 == 0 for step in range(9)]
        assert [frame for frame in frames if frame] == [room.prints.get_nowait().frame for _number in range(3)]

    def test_draws_nothing_while_nobody_fetches(self) -> None:
        room, camera = Darkroom(every_ms=0), a_camera()

        frames = [room.take(camera, SHOT) for _number in range(MOST_WAITING + 1)]

        assert (frames[MOST_WAITING - 1] is None, frames[MOST_WAITING]) == (False, None)


class TestBringing:
    @pytest.fixture
    def camera(self, own_database: Database) -> Device:
        """Return the pole of a town."""
        town.build(own_database)
        at = derived_id("device", town.site_id(town.VIDEO), "pole")
        drawn = a_camera()
        return Device(at, town.VIDEO, "g1", "pole", drawn.kind, 60, drawn.state, ())

    def test_waits_for_the_message(self, own_database: Database, camera: Device, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(rooms, "PAUSE_S", 0.05)
        room, store, at = Darkroom(), MemoryStore(), utc_now() - timedelta(seconds=1)
        with own_database.transaction() as tx:
            tx.run("select make_partitions(%(on)s)", on=at.date())
        frame = room.take(camera, Shot("here", ms_of(at), 7))
        assert frame is not None
        assert not keep(room.prints.queue[0], own_database, store)

        said = town.Town().pole(1, at, occupied=True, plate="苏A12345", colour="blue", frame_sha256=frame)
        Pipeline(own_database).take([said])
        with bringing(room, own_database, store):
            raw = shown(own_database, bytes.fromhex(frame), store)

        assert raw.startswith(b"\xff\xd8\xff")
