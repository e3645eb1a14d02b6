"""
What happens when: arrivals, reads, payments and departures of the visits, and the heartbeats of the devices, in order.

A cue sorts by its instant, then by rank: departures come before arrivals, heartbeats after everything that happened.
Instants are milliseconds since 1970; visits move on whole seconds, heartbeats beside them.
"""

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from itertools import count
from typing import Final, NamedTuple

from core.places.sites import SiteMode
from ingest.simulator import payers
from ingest.simulator.days import Calendar, Visit
from ingest.simulator.payers import Paid
from ingest.simulator.places import Device, Site
from ingest.simulator.plates import plate_of

_LOOK_BACK: Final = 3
"""Days before the first one whose late payers may still come."""
REPORT_WITHIN_S: Final = 8
"""After a start the devices report within so many seconds, not all at once."""
LOCKS_AFTER_S: Final = 960
"""A lock rises behind a vehicle that stays longer than the free minutes."""
BOOKED_S: Final = 600
"""A booked space is locked for so long before its vehicle comes."""
_BOOKED: Final = 6
"""One visit in so many to a space with a lock was booked."""


class Rank(IntEnum):
    """What a cue is; the number orders cues of the same instant."""

    LEAVES = 0
    COMES = 1
    IS_READ = 2
    PAYS = 3
    IS_BOOKED = 4
    IS_LOCKED = 5
    REPORTS = 8
    BEATS = 9


class Cue(NamedTuple):
    """One thing that happens. The number makes every cue different from every other."""

    at_ms: int
    rank: Rank
    number: int
    visit: Visit | None = None
    paid: Paid | None = None
    device: Device | None = None


class Run(NamedTuple):
    """A stretch in which the simulator was running: seconds since 1970, both ends included."""

    started_s: int
    last_s: int


def report_s(started_s: int, device: Device) -> int:
    """Return when a device reports after a start."""
    return started_s + 1 + zlib.crc32(device.topic.encode()) % REPORT_WITHIN_S


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the operator can have seen of each visit: the runs so far, the present one last, and who watches each spot."""

    runs: tuple[Run, ...]
    watchers: dict[tuple[int, int], Device]

    def known_s(self, visit: Visit) -> int | None:
        """
        Return since when a visit is known; None where nobody saw it.

        Before the first run it is history, which knows everything. Lanes tell afterwards what they saw in between.
        """
        device = self.watchers.get((visit.site, visit.spot))
        if device is None or visit.out_s <= self.runs[0].started_s:
            return visit.in_s
        for run in self.runs:
            reported_s = report_s(run.started_s, device)
            if visit.in_s <= reported_s:
                if visit.out_s > reported_s and reported_s <= run.last_s:
                    return reported_s
                if visit.out_s <= run.last_s:
                    return None
            elif visit.in_s <= run.last_s:
                return visit.in_s
        return None

    def was_read(self, visit: Visit) -> bool:
        """Tell whether a collector read the plate in an earlier run, or in the days before the first one."""
        if visit.read_s is None:
            return False
        earlier = self.runs[:-1]
        return visit.out_s <= self.runs[0].started_s or any(run.started_s < visit.read_s <= run.last_s for run in earlier)


@dataclass(frozen=True, slots=True)
class Script:
    """The cues of one run of a city, or of some of its sites, from a second on."""

    days: Calendar
    sites: Sequence[Site]
    knowledge: Knowledge

    @property
    def started_s(self) -> int:
        """Return when the run begins."""
        return self.knowledge.runs[-1].started_s

    def around(self) -> Iterator[tuple[Site, Visit]]:
        """Yield the visits that began before the run, in the days whose late payers may still come."""
        today = self.days.day_at(self.started_s)
        for back in range(_LOOK_BACK, -1, -1):
            for site in self.sites:
                for visit in self.days.visits(site, today - timedelta(days=back)):
                    if visit.in_s <= self.started_s:
                        yield site, visit

    def happenings(self) -> Iterator[Cue]:
        """Yield everything that happens to vehicles, without end."""
        numbers = count()
        day = self.days.day_at(self.started_s)
        begun: Iterable[tuple[Site, Visit]] = [
            *self.around(),
            *((site, visit) for site, visit in self._of(day) if visit.in_s > self.started_s),
        ]
        waiting: list[Cue] = []
        while True:
            waiting += [cue for site, visit in begun for cue in self._cues(site, visit, numbers)]
            waiting.sort()
            day += timedelta(days=1)
            until_ms = self.days.starts_s(day) * 1_000
            kept = []
            for cue in waiting:
                if cue.at_ms < until_ms:
                    yield cue
                else:
                    kept.append(cue)
            waiting, begun = kept, self._of(day)

    def _of(self, day: date) -> Iterator[tuple[Site, Visit]]:
        return ((site, visit) for site in self.sites for visit in self.days.visits(site, day))

    def backlog(self) -> list[Cue]:
        """
        Return what the lots' own controllers kept since the last run, in order.

        At the first start that is how those came who are inside; their lanes were counting before.
        """
        last_s = self.knowledge.runs[-2].last_s if len(self.knowledge.runs) > 1 else None
        found = [
            cue
            for number, (site, visit) in enumerate(self.around())
            if not site.spaces and (last_s is not None or visit.out_s > self.started_s)
            for cue in self._all_cues(site, visit, visit.in_s, count(number << 8))
            if (last_s or 0) < cue.at_ms // 1_000 <= self.started_s
        ]
        return sorted(found, key=lambda cue: cue[:3])

    def _cues(self, site: Site, visit: Visit, numbers: Iterator[int]) -> Iterator[Cue]:
        """Yield the cues of one visit that fall into the run."""
        if max(visit.out_s, visit.intent.pays_s or 0) <= self.started_s:
            return
        known_s = self.knowledge.known_s(visit)
        if known_s is not None:
            after_ms = self.started_s * 1_000
            yield from (cue for cue in self._all_cues(site, visit, known_s, numbers) if cue.at_ms > after_ms)

    def _all_cues(self, site: Site, visit: Visit, known_s: int, numbers: Iterator[int]) -> Iterator[Cue]:
        """Yield all cues of one visit; nobody asks for money before the plate is read."""
        yield Cue(visit.in_s * 1_000, Rank.COMES, next(numbers), visit)
        yield Cue(visit.out_s * 1_000, Rank.LEAVES, next(numbers), visit)
        if site.mode is SiteMode.SPACE_LOCK:
            yield from self._lock_cues(visit, numbers)
        read_s = self._read_s(site, visit, known_s)
        if read_s is None:
            return
        if site.mode.reads_apart and read_s < visit.out_s:
            yield Cue(read_s * 1_000, Rank.IS_READ, next(numbers), visit)
        intent = visit.intent
        if intent.prepaid_s is not None and intent.prepaid_s <= read_s:
            intent = intent._replace(prepaid_s=None)
        colour = plate_of(self.days.city.seed, visit.vehicle).colour
        for paid in payers.payments(
            site, visit.spot, colour, intent, in_s=visit.in_s, out_s=visit.out_s, known_s=known_s, zone=self.days.zone
        ):
            yield Cue(paid.at_s * 1_000, Rank.PAYS, next(numbers), visit, paid)

    def _lock_cues(self, visit: Visit, numbers: Iterator[int]) -> Iterator[Cue]:
        """Yield when the lock of a space rises: for a booking before a vehicle comes, behind it when it stays for long."""
        if zlib.crc32(f"{visit.site}/{visit.spot}/{visit.in_s}".encode()) % _BOOKED == 0:
            yield Cue((visit.in_s - BOOKED_S) * 1_000, Rank.IS_BOOKED, next(numbers), visit)
        if visit.in_s + LOCKS_AFTER_S < visit.out_s:
            yield Cue((visit.in_s + LOCKS_AFTER_S) * 1_000, Rank.IS_LOCKED, next(numbers), visit)

    def _read_s(self, site: Site, visit: Visit, known_s: int) -> int | None:
        """
        Return when the plate is read, None for never.

        Cameras read at once. Who stood there when the run began is read on a first round, unless he leaves before it.
        """
        if visit.read_s is None:
            return None
        if not site.mode.reads_apart:
            return known_s
        soonest_s = max(known_s, self.started_s + REPORT_WITHIN_S + 1)
        if visit.out_s <= self.started_s or visit.read_s >= soonest_s:
            return visit.read_s
        round_s = soonest_s + 1 + zlib.crc32(f"{visit.site}/{visit.spot}".encode()) % 240
        if round_s < visit.out_s:
            return round_s
        return visit.out_s if self.knowledge.was_read(visit) else None

    def reports(self) -> Iterator[Cue]:
        """Yield the reports of all devices after the start, in order."""
        cues = [
            Cue(report_s(self.started_s, device) * 1_000, Rank.REPORTS, number, device=device)
            for number, device in enumerate(self._devices())
        ]
        yield from sorted(cues, key=lambda cue: cue[:3])

    def beats(self) -> Iterator[Iterator[Cue]]:
        """Yield one endless stream of heartbeats for each kind of device, so that each kind is heard all the time."""
        numbered = list(enumerate(self._devices()))
        for kind in sorted({device.kind for _number, device in numbered}):
            mine = [(number, device) for number, device in numbered if device.kind is kind]
            yield self._beat(mine, mine[0][1].beat_s * 1_000)

    def _beat(self, numbered: Sequence[tuple[int, Device]], beat_ms: int) -> Iterator[Cue]:
        """Yield the heartbeats of devices of one kind, spread evenly over their period; none before the reports."""
        from_ms = (self.started_s + REPORT_WITHIN_S + 2) * 1_000
        size = len(numbered)
        for turn in count(from_ms // beat_ms):
            for place, (number, device) in enumerate(numbered):
                at_ms = turn * beat_ms + place * beat_ms // size // 1_000 * 1_000 + 500
                if at_ms >= from_ms:
                    yield Cue(at_ms, Rank.BEATS, number, device=device)

    def _devices(self) -> Iterator[Device]:
        """Yield the devices that speak; the broken ones are silent."""
        return (device for site in self.sites for device in site.devices if device.speaks)
