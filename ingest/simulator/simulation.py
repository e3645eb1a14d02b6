"""
The demo city in motion: what happens, put into the words of devices.

`Simulation(seed, start).events(until)` yields messages in the order they are sent; the same arguments yield the same
bytes. The truth grows along. Nothing here looks at a clock, a broker or a database.
"""

import hashlib
import heapq
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson

from core.devices.devices import DeviceKind
from core.kit.clock import city_zone
from core.kit.moments import moment, ms_of
from core.places.lanes import LaneDirection
from core.places.sites import SiteMode
from ingest.simulator import places
from ingest.simulator.cues import LOCKS_AFTER_S, Cue, Knowledge, Rank, Run, Script, report_s
from ingest.simulator.darkroom import Darkroom
from ingest.simulator.days import Calendar, Visit
from ingest.simulator.drawings import Shot
from ingest.simulator.mess import Mess, Trouble
from ingest.simulator.obedience import Obedience
from ingest.simulator.payers import Paid
from ingest.simulator.places import CAMERAS, DRAWN_BERTHS, SENSORS, Device, Site
from ingest.simulator.plates import Plate, plate_of
from ingest.simulator.prices import owed
from ingest.simulator.speakers import Posts, Speaker, condition, guard, key_of
from ingest.simulator.truth import Key, TrueStay, Truth

SNAPSHOT_MIN: Final = 30
"""Every pole photographs one of its spaces in so many minutes."""


class Event(NamedTuple):
    """One message on its way: when it is due, where it goes, its bytes."""

    due_at: datetime
    topic: str
    payload: bytes


@dataclass(slots=True)
class _Voice:
    """Where a device stands in its own sequence."""

    boot: int
    seq: int = 0


class Simulation:
    """One run of the city, from a start on."""

    def __init__(
        self,
        seed: int,
        start: datetime,
        *,
        berths: int = DRAWN_BERTHS,
        mess: Mess | None = None,
        sites: Set[str] | None = None,
        heartbeats: bool = True,
        earlier: Sequence[Run] = (),
        truth: Truth | None = None,
        darkroom: Darkroom | None = None,
    ) -> None:
        """
        Set the city up as it stands at `start` (whole seconds count).

        `sites` limits the run to some codes, `heartbeats=False` to what happens to vehicles. `earlier` are the runs that
        the operator has already seen; lots then send what happened in between. A `darkroom` draws some of the pictures.
        """
        city = places.layout(seed, berths)
        started_s = ms_of(start) // 1_000
        self._zone = city_zone()
        self._seed = seed
        self._sites = {site.index: site for site in city.sites if sites is None or site.code in sites}
        self._posts = Posts(tuple(self._sites.values()))
        runs = (*earlier, Run(started_s, 1 << 60))
        knowledge = Knowledge(runs, self._posts.watchers)
        self._script = Script(Calendar(city, self._zone), tuple(self._sites.values()), knowledge)
        self._trouble = Trouble(mess or Mess.none(), f"{seed}/{started_s}")
        self._truth = truth or Truth()
        self._darkroom = darkroom
        self._voices: dict[str, _Voice] = {}
        self._changed_s: dict[tuple[int, int], int] = {}
        self._standing: dict[tuple[int, int], Visit] = {}
        self._inside = dict.fromkeys(self._sites, 0)
        self._told: dict[Key, Plate] = {}  # plates as they were misread
        self._obedience = Obedience(tuple(self._sites.values()), self, self._trouble)
        self._held: list[tuple[int, int, str, bytes]] = []
        self._spoken = 0
        self._beats = heartbeats
        self._cues: Iterator[Cue] | None = None
        self._next: Cue | None = None

    def events(self, until: datetime) -> Iterator[Event]:
        """Yield the messages due before an instant; a later call goes on where this one ended."""
        until_ms = ms_of(until)
        if self._cues is None:
            self._cues = self._begun()
        while True:
            if self._next is None:
                self._next = next(self._cues)
            yield from self._released(min(self._next.at_ms, until_ms))
            if self._next.at_ms >= until_ms:
                return
            cue, self._next = self._next, None
            self._act(cue, cue.at_ms)

    def obey(self, topic: str, payload: bytes, at: datetime) -> list[Event]:
        """Let a device do what a command says, as far as it can and may; return what it answers by then."""
        self._obedience.obey(topic, payload, ms_of(at))
        return list(self._released(ms_of(at) + 1))

    def is_occupied(self, spot: tuple[int, int], at_ms: int) -> bool:
        """
        Tell whether a vehicle stands on a spot, given as (site, spot).

        The message that is waited for has its cue behind it already: a change after the instant has yet to come.
        """
        is_to_come = self._changed_s.get(spot, 0) * 1_000 > at_ms
        return (spot in self._standing) != is_to_come

    def truth(self) -> list[TrueStay]:
        """Return the stays as they truly were up to the last `until`, by arrival."""
        return self._truth.stays

    def _begun(self) -> Iterator[Cue]:
        """Note how the city stands, and return what is going to happen."""
        self._look_around()
        self._send_backlog()
        streams = [self._script.happenings(), self._script.reports()]
        if self._beats:
            streams += self._script.beats()
        return iter(heapq.merge(*streams))

    def _released(self, before_ms: int) -> Iterator[Event]:
        """Yield the messages held back until their time."""
        while self._held and self._held[0][0] < before_ms:
            due_ms, _number, topic, payload = heapq.heappop(self._held)
            yield Event(moment(due_ms), topic, payload)

    def _look_around(self) -> None:
        """Note who stands where at the start."""
        for site, visit in self._script.around():
            if visit.in_s <= self._script.started_s < visit.out_s:
                self._standing[site.index, visit.spot] = visit
                self._inside[site.index] += 1
                if site.mode is SiteMode.SPACE_LOCK and visit.in_s + LOCKS_AFTER_S <= self._script.started_s:
                    self._obedience.hold(site.index, visit.spot, None)
                known_s = self._script.knowledge.known_s(visit)
                if known_s is not None:
                    self._begin(site, visit, known_s)

    def _send_backlog(self) -> None:
        """Let the lots send what they kept."""
        for cue in self._script.backlog():
            assert cue.visit is not None
            site = self._sites[cue.visit.site]
            self._act(cue, report_s(self._script.started_s, site.devices[0]) * 1_000, is_backlog=True)

    def _act(self, cue: Cue, due_ms: int, *, is_backlog: bool = False) -> None:
        if cue.device is not None:
            self._beat(cue.device, due_ms, is_report=cue.rank is Rank.REPORTS)
            return
        assert cue.visit is not None
        site = self._sites[cue.visit.site]
        speaker = Speaker(self, site, cue.visit, cue.at_ms, due_ms, is_backlog)
        match cue.rank:
            case Rank.COMES:
                self._comes(speaker)
            case Rank.LEAVES:
                self._leaves(speaker)
            case Rank.IS_READ:
                self._is_read(speaker)
            case Rank.IS_BOOKED | Rank.IS_LOCKED:
                self._is_held(speaker, is_booked=cue.rank is Rank.IS_BOOKED)
            case _:
                assert cue.paid is not None
                self._pays(speaker, cue.paid)

    def _comes(self, speaker: Speaker) -> None:
        site, visit = speaker.site, speaker.visit
        known_s = self._script.knowledge.known_s(visit)
        stay = self._begin(site, visit, visit.in_s if known_s is None else known_s)
        if not speaker.is_backlog:
            self._standing[site.index, visit.spot] = visit
            self._inside[site.index] += 1
        if site.mode is SiteMode.GATE:
            stay.is_read = True
            speaker.crosses(LaneDirection.IN, self._read(speaker.key, stay))
        elif self._is_reported(speaker):
            speaker.changes(self._read(speaker.key, stay), is_occupied=True)
        self._obedience.release(site.index, visit.spot)
        self._changed_s[site.index, visit.spot] = visit.in_s

    def _leaves(self, speaker: Speaker) -> None:
        site, visit = speaker.site, speaker.visit
        if not speaker.is_backlog:
            self._standing.pop((site.index, visit.spot), None)
            self._inside[site.index] -= 1
        stay = self._truth.find(speaker.key)
        if stay is None:  # known from before a lot's backlog began
            stay = self._begin(site, visit, visit.in_s)
        if self._trouble.is_unseen(site.mode is SiteMode.GATE):
            stay.touched.append("missed_exit")
        elif site.mode is SiteMode.GATE:
            speaker.crosses(LaneDirection.OUT, self._read(speaker.key, stay))
        elif self._is_reported(speaker):
            speaker.changes(self._read(speaker.key, stay), is_occupied=False)
        self._obedience.release(site.index, visit.spot)
        self._changed_s[site.index, visit.spot] = visit.out_s
        paid_s = next((paid.at_s for paid in stay.payments if paid.at_s < visit.out_s), None)
        gross_fen = owed(site, stay.colour, stay.known_s, visit.out_s, self._zone, paid_s=paid_s)
        self._truth.leave(speaker.key, visit.out_s, gross_fen)

    def _is_read(self, speaker: Speaker) -> None:
        stay = self._truth.find(speaker.key)
        assert stay is not None
        stay.is_read = True
        speaker.reads(self._read(speaker.key, stay))

    def _is_held(self, speaker: Speaker, *, is_booked: bool) -> None:
        """Raise the lock of a space: for a booking only while nobody stands there, else behind the one who does."""
        visit = speaker.visit
        standing = self._standing.get((visit.site, visit.spot))
        if standing is not (None if is_booked else visit) or not self._is_reported(speaker):
            return
        booking = f"R{visit.in_s % 10**6:06}-{visit.spot:03}" if is_booked else None
        self._obedience.hold(visit.site, visit.spot, booking)
        speaker.holds(is_occupied=not is_booked, booking=booking)

    def _pays(self, speaker: Speaker, paid: Paid) -> None:
        known_s = self._script.knowledge.known_s(speaker.visit)
        plate = self._told.get(speaker.key) or plate_of(self._seed, speaker.visit.vehicle)
        times = [paid]
        if self._trouble.pays_twice():
            times.append(paid._replace(at_s=paid.at_s + 20, trade_no=f"{paid.trade_no}D"))
            self._touch(speaker.key, "double_payment")
        for one in times:
            self._truth.pay(speaker.key, one)
            speaker.pays(plate, one, known_s)

    def _is_reported(self, speaker: Speaker) -> bool:
        """Tell whether the spot's device was up; before its first report it has nothing to say of changes."""
        device = self.watcher(speaker.site, speaker.visit)
        return speaker.at_ms > report_s(self._script.started_s, device) * 1_000

    def _begin(self, site: Site, visit: Visit, known_s: int) -> TrueStay:
        plate = plate_of(self._seed, visit.vehicle)
        space = site.spaces[visit.spot].code if site.spaces else None
        is_read = not site.mode.reads_apart or self._script.knowledge.was_read(visit)
        stay = TrueStay(site.code, space, plate.text, plate.colour, visit.in_s, known_s, is_read=is_read)
        return self._truth.begin(key_of(visit), stay)

    def _read(self, key: Key, stay: TrueStay) -> Plate:
        """Return the plate as it is read now."""
        plate = Plate(stay.plate, stay.colour)
        told = self._trouble.read(plate)
        if told != plate:
            stay.touched.append("misread")
            self._told[key] = told
        return told

    def _beat(self, device: Device, at_ms: int, *, is_report: bool) -> None:
        if not is_report and self._trouble.reboots(device):
            voice = self._voice(device)
            voice.boot, voice.seq = voice.boot + 1, 0
            is_report = True
        if self._trouble.opens_by_hand(device):
            self.say(device, "barrier", at_ms, {
                "lane": device.watches[0].channel, "action": "opened", "manual": True, "operator": guard(device, at_ms),
            })  # fmt: skip
        spots = self._posts.spots.get(device.topic, ())
        if device.kind in SENSORS:
            visit = self._standing.get(spots[0])
            key = key_of(visit) if visit is not None and is_report else None
            self.say(device, "state", at_ms, self.state(device, spots[0], at_ms), key=key)
        elif device.kind in CAMERAS and is_report:
            for site, spot in spots:
                self._show(device, at_ms, self._sites[site], spot)
        elif device.kind is DeviceKind.POLE_CAMERA and at_ms // 60_000 % SNAPSHOT_MIN == 0:
            site, spot = spots[at_ms // 60_000 // SNAPSHOT_MIN % len(spots)]
            self._photograph(device, at_ms, self._sites[site], spot)
        elif device.kind is DeviceKind.GUIDANCE_SCREEN:
            self.say(device, "shown", at_ms, {"rows": self._obedience.numbers(device)})
        else:
            self.say(device, "alive", at_ms, {})

    def state(self, device: Device, spot: tuple[int, int], at_ms: int) -> dict[str, Any]:
        """Return what a sensor says of its spot when nothing changes."""
        detail: dict[str, Any] = {"occupied": self.is_occupied(spot, at_ms), "repeat": True, **condition(device)}
        return detail | self._obedience.lock(*spot) if device.kind is DeviceKind.SPACE_LOCK else detail

    def _photograph(self, device: Device, at_ms: int, site: Site, spot: int) -> None:
        """Let a pole send a timed picture of a space: who stands there, in the eyes of whoever looks at it."""
        visit, code = self._standing.get((site.index, spot)), site.spaces[spot].code
        shot = Shot(f"{site.code} {code}", at_ms, None if visit is None else visit.vehicle)
        frame = self.photograph(device, shot, f"{device.topic}/{spot}/{at_ms}")
        self.say(device, "snapshot", at_ms, {"space": code, "frame_sha256": frame, "occupied": visit is not None})

    def photograph(self, device: Device, shot: Shot, name: str) -> str:
        """Return the hash of a picture: of the drawn one, where the darkroom draws it, else of a name of its own."""
        drawn = None if self._darkroom is None else self._darkroom.take(device, shot)
        return drawn or hashlib.sha256(name.encode()).hexdigest()

    def _show(self, device: Device, at_ms: int, site: Site, spot: int) -> None:
        """Let a pole tell what stands on a space."""
        visit = self._standing.get((site.index, spot))
        detail: dict[str, Any] = {"space": site.spaces[spot].code, "occupied": visit is not None, "repeat": True}
        if visit is not None:
            plate = plate_of(self._seed, visit.vehicle)
            detail |= {"plate": plate.text, "colour": plate.colour, "min_char_conf": 0.97, "votes": 3}
        self.say(device, "space", at_ms, detail, key=None if visit is None else key_of(visit))

    def say(
        self,
        device: Device,
        kind: str,
        at_ms: int,
        detail: dict[str, Any],  # the message's own keys, as the wire format has them
        *,
        due_ms: int | None = None,
        key: Key | None = None,
    ) -> None:
        """Send a message of a device, unless the mess has it otherwise; `key` names the stay it belongs to."""
        due_ms = at_ms if due_ms is None else due_ms
        voice = self._voice(device)
        fate = self._trouble.fate(device, due_ms)
        skew_ms = self._trouble.skew_ms(device)
        if key is not None and (fate.word or skew_ms):
            self._touch(key, fate.word or "skewed")
        body: dict[str, Any] = {"seq": voice.seq, "boot": voice.boot, "at_ms": at_ms + skew_ms}
        voice.seq += 1
        if not fate.sent_ms:
            return
        body["sent_ms"] = fate.sent_ms[0] + skew_ms
        if fate.sent_ms[0] > at_ms:
            body["backfill"] = True
        payload = orjson.dumps(body | detail)
        for sent_ms in fate.sent_ms:
            self._spoken += 1
            heapq.heappush(self._held, (sent_ms, self._spoken, f"{device.topic}/{kind}", payload))

    def _touch(self, key: Key, word: str) -> None:
        stay = self._truth.find(key)
        if stay is not None:
            stay.touched.append(word)

    def _voice(self, device: Device) -> _Voice:
        voice = self._voices.get(device.topic)
        if voice is None:
            voice = self._voices[device.topic] = _Voice(self._script.started_s)
        return voice

    def watcher(self, site: Site, visit: Visit) -> Device:
        """Return the device that watches a spot on the street."""
        return self._posts.watchers[site.index, visit.spot]

    def follows(self, key: Key) -> bool:
        """Tell whether a vehicle goes through behind another one, without an opening of its own."""
        if not self._trouble.follows():
            return False
        self._touch(key, "followed")
        return True

    def free(self, site: Site) -> int:
        """Return how many more vehicles a lot can take now."""
        return site.capacity - self._inside[site.index]

    def prev_s(self, site: Site, visit: Visit, at_ms: int) -> int | None:
        """Return for how long the spot was as it was before, None where nobody knows."""
        changed_s = self._changed_s.get((site.index, visit.spot))
        return None if changed_s is None else max(0, at_ms // 1_000 - changed_s)
