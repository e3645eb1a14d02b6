"""
Albums: pictures of the last stays before the demo city came to life, so that its newest stays can be looked at.

Their frames are announced as by the cameras that watched, once for a city. Tables evidence, picture.
"""

import hashlib
import os
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from heapq import nlargest
from itertools import islice
from typing import Final, NamedTuple

from obstore.store import ObjectStore

from core.devices.devices import DeviceKind
from core.kit.clock import utc_now
from core.kit.db import Database
from core.kit.ids import derived_id
from core.kit.moments import ms_of
from core.kit.sql import named
from core.places.lanes import LaneDirection
from core.stays import pictures
from core.stays.past import PastStay
from core.upkeep import job_runs
from ingest.simulator import history
from ingest.simulator.drawings import Shot, draw
from ingest.simulator.history import Past
from ingest.simulator.places import CAMERAS, Device, Site
from ingest.simulator.speakers import Posts

SQL = named("simulator/albums")

JOB: Final = "demo_pictures"
MOST: Final = 200
"""Stays that have pictures, two each."""
MOST_OF_SITE: Final = 5
_AT_ONCE: Final = 20


class Seen(NamedTuple):
    """One picture of one stay: which camera took it, when and of what place."""

    stay: PastStay
    camera: Device
    at: datetime
    place: str

    @property
    def raw(self) -> bytes:
        """Draw it."""
        vehicle = zlib.crc32(f"{self.stay.plate}".encode())
        return draw(Shot(self.place, ms_of(self.at), vehicle))


def fill(database: Database, past: Past, *, into: ObjectStore | None = None) -> None:
    """Keep the pictures of a city's last stays, unless they were kept before."""
    with database.transaction() as tx:
        job_runs.reap(tx, job=JOB, limit=timedelta(0), at=utc_now())
        claim = job_runs.claim(tx, job=JOB, slot=past.until, runner=f"{os.getpid()}", at=utc_now())
    if claim is None:
        return
    store = pictures.own_store() if into is None else into
    wanted = iter(seen(past))
    count = 0
    while some := list(islice(wanted, _AT_ONCE)):
        count += len(some)
        _keep(database, some, store, at=past.until)
    with database.transaction() as tx:
        job_runs.finish(tx, claim=claim, state=job_runs.RunState.DONE, detail=f"{count} pictures", at=utc_now())


def seen(past: Past) -> Iterator[Seen]:
    """Yield the pictures of the last stays that cameras watched: one of the arrival, one of the departure."""
    last = past.calendar.day_at(past.until_s)
    found: list[tuple[datetime, str, int, Seen]] = []
    for site in past.city.sites:
        stays = [stay for day in (last - timedelta(days=1), last) for stay in past.stays(site, day) if stay.quality == "A"]
        for number, stay in enumerate(nlargest(MOST_OF_SITE, stays, key=lambda one: one.ended_at)):
            found += [(stay.ended_at, site.code, number, one) for one in _seen(site, stay)]
    yield from (one for *_order, one in nlargest(MOST * 2, found, key=lambda row: row[:3]))


def _seen(site: Site, stay: PastStay) -> Iterator[Seen]:
    ways = ((LaneDirection.IN, stay.started_at), (LaneDirection.OUT, stay.ended_at))
    if site.lanes:
        for way, at in ways:
            lane = next(lane.code for lane in site.lanes if lane.direction is way)
            camera = next(one for one in site.devices if one.kind is DeviceKind.LANE_CAMERA and one.code == f"C-{lane}")
            yield Seen(stay, camera, at, f"{site.code} {lane}")
        return
    spot = next(spot for spot, space in enumerate(site.spaces) if space.space_id == stay.subject_id)
    camera = Posts((site,)).watchers[site.index, spot]
    if camera.kind in CAMERAS:
        yield from (Seen(stay, camera, at, f"{site.code} {site.spaces[spot].code}") for _way, at in ways)


def _keep(database: Database, some: Sequence[Seen], into: ObjectStore, *, at: datetime) -> None:
    """Announce pictures and keep them."""
    with database.transaction() as tx:
        for one in some:
            raw = one.raw
            event_id = derived_id("album", one.stay.stay_id, one.at.isoformat())
            tx.run(
                SQL["announce"], site_id=one.stay.site_id, at=one.at, event_id=event_id, subject_id=one.stay.subject_id,
                device_id=one.camera.device_id, frame_sha256=hashlib.sha256(raw).digest(),
            )  # fmt: skip
            pictures.keep(tx, raw, site_id=one.stay.site_id, devices=[one.camera.device_id], into=into, at=at)


load = partial(history.load, first=fill)
"""Load a city's past, its pictures first."""
