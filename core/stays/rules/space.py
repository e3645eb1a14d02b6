"""
Fold what sources saw of one on-street space into runs of its state and visits of vehicles.

Priority (R18): sensors and cameras say when; who it is say cameras on a pole before bollards, patrols and collectors.
Rules met here: R3 a gap changes nothing, R4 a report after a boot is no change, R7 the latest credible start and the
earliest credible end are billed, R11 another plate ends the old visit at its last confirmed read, R12 a dip shorter
than the debounce of its source is no departure, R17 silence makes the space unknown and the visit suspect, R18 sources
that name different vehicles open a case and lower the quality, R19 agreeing reads outrank one.
"""

from dataclasses import dataclass
from typing import Final

from core.stays.rules.plates import Plate, is_confusable
from core.stays.rules.sightings import (
    Case,
    CaseKind,
    CloseReason,
    Kind,
    Quality,
    Read,
    Run,
    Sighting,
    Source,
    State,
    Timeline,
    Visit,
)

DEBOUNCE_MS: Final = 20_000
"""A space free for less than this was not left (R12), unless its source knows better."""
_DEBOUNCES_MS: Final = {Source.LOOP: 6_000, Source.LOCK: 6_000, Source.BOLLARD: 10_000}
"""A loop and a lock feel the car itself, a bollard sees it: they hesitate less than a magnetometer."""
SWAP_MS: Final = 120_000
"""Two readers who name different vehicles within this time looked at one and the same: none comes and goes so fast."""
READ_BEFORE_MS: Final = 120_000
"""A plate read this long before the sensor noticed the vehicle belongs to it."""


@dataclass(slots=True)
class SpaceTimeline(Timeline):
    """The tail of one space's history."""

    waiting_read: Sighting | None = None  # a plate read while the sensor said free

    def apply(self, sighting: Sighting) -> None:
        """Fold one sighting; it must not sort before one folded earlier."""
        self._expire_read(sighting.at_ms)
        match sighting.kind:
            case Kind.OCCUPIED:
                self._occupied(sighting)
            case Kind.FREED:
                self._freed(sighting)
            case Kind.PLATE:
                self._plate(sighting)
            case Kind.SILENT:
                self._silent(sighting)
            case _:
                raise AssertionError(f"{sighting.kind!r} is not seen on a space")

    def _occupied(self, sighting: Sighting) -> None:
        visit = self.visit
        if self.state is State.OCCUPIED and visit is not None:
            visit.seen_ms = sighting.at_ms
            self._read(visit, sighting)
        elif visit is not None and sighting.is_repeat:
            self._continue(visit, sighting)
        elif self._is_dip(sighting):
            self._undo_departure(sighting)
        else:
            if visit is not None:  # it left while nobody watched
                visit.end(self.since_ms, sighting.event_id, CloseReason.SENSOR_FREE_CONFIRMED, Quality.B)
            self._arrive(sighting, Quality.B if sighting.is_repeat else Quality.A)

    def _freed(self, sighting: Sighting) -> None:
        visit = self.visit
        if visit is None:
            self._switch(State.FREE, sighting.at_ms)
        elif self.state is State.UNKNOWN:
            left_ms = self.since_ms if sighting.is_repeat else sighting.at_ms
            visit.end(left_ms, sighting.event_id, CloseReason.SENSOR_FREE_CONFIRMED, Quality.B)
            self._switch(State.FREE, sighting.at_ms)
        elif sighting.is_repeat:  # the departure itself was missed: somewhere since the last evidence
            visit.end(visit.seen_ms, sighting.event_id, CloseReason.SENSOR_FREE_CONFIRMED, Quality.B)
            self._switch(State.UNKNOWN, visit.seen_ms)
            self._switch(State.FREE, sighting.at_ms)
        else:
            self._read(visit, sighting)
            self.visits[-1].end(sighting.at_ms, sighting.event_id, CloseReason.OBSERVED_EXIT, Quality.A)
            self._switch(State.FREE, sighting.at_ms)

    def _plate(self, sighting: Sighting) -> None:
        visit = self.visit
        if visit is not None:
            if self.state is State.OCCUPIED:
                visit.seen_ms = sighting.at_ms
            self._read(visit, sighting)
        elif self.state is State.UNKNOWN:  # nobody else watches the space: the collector's word is the evidence
            self._arrive(sighting, Quality.B)
        else:
            self._wait(sighting)

    def _silent(self, sighting: Sighting) -> None:
        if self.state is State.UNKNOWN:
            return
        if self.visit is not None:
            self.visit.is_suspect = True
        self._switch(State.UNKNOWN, sighting.at_ms)

    def _arrive(self, sighting: Sighting, quality: Quality) -> None:
        """Begin a visit; the plate comes with the sighting or was read just before."""
        is_found = self.state is State.UNKNOWN and quality is not Quality.A
        self._switch(State.OCCUPIED, sighting.at_ms)
        visit = self.begun(sighting, quality)
        visit.is_found = is_found
        self.visits.append(visit)
        self._read_waiting(visit, sighting)
        self._read(visit, sighting)

    def _continue(self, visit: Visit, sighting: Sighting) -> None:
        """Go on after a silence: the state told again equals the one known (R4)."""
        visit.is_suspect = False
        visit.seen_ms = sighting.at_ms
        self._switch(State.OCCUPIED, sighting.at_ms)
        self._read(visit, sighting)

    def _is_dip(self, sighting: Sighting) -> bool:
        """Tell whether the space was free too briefly for a departure, and no plate says otherwise."""
        if self.state is not State.FREE or not self.visits:
            return False
        last = self.visits[-1]
        if last.ended_ms != self.since_ms or sighting.at_ms - self.since_ms >= debounce_ms(sighting.source):
            return False
        waiting = self.waiting_read.plate if self.waiting_read is not None else None
        return _may_be_same(last.plate, sighting.plate or waiting)

    def _undo_departure(self, sighting: Sighting) -> None:
        self.runs.pop()
        self.runs[-1].ended_ms = None
        visit = self.visits[-1]
        visit.reopen()
        visit.seen_ms = sighting.at_ms
        self._switch(State.OCCUPIED, sighting.at_ms)  # where silence came before the dip
        self._read_waiting(visit, sighting)
        self._read(visit, sighting)

    def _read(self, visit: Visit, sighting: Sighting) -> None:
        """Count a read for the visit it confirms; another plate is another vehicle (R11), or a better source's word (R18)."""
        if sighting.plate is None:
            return
        known = visit.plate
        if known is None or _is_same(known, sighting.plate):
            _count(visit, sighting)
            return
        if _contradicts(visit, sighting, is_watched=self.state is not State.UNKNOWN):
            self._settle(visit, known, sighting)
            return
        visit.end(visit.plate_seen_ms, sighting.event_id, CloseReason.NEXT_VEHICLE_ON_SPACE, Quality.B)
        successor = self.begun(sighting, Quality.B)
        _count(successor, sighting)
        self.visits.append(successor)

    def _settle(self, visit: Visit, known: Plate, sighting: Sighting) -> None:
        """Believe the better of two sources that name different vehicles for one stay; a person looks at the other's word."""
        visit.contest()
        doubted = sighting.plate
        if sighting.source.rank > visit.named_by.rank:
            doubted = known
            visit.reads.clear()
            _count(visit, sighting)
        self.cases.append(Case(CaseKind.SENSOR_ORDER_MISMATCH, sighting.event_id, sighting.at_ms, doubted, visit.stay_id))

    def _expire_read(self, at_ms: int) -> None:
        """Report a plate read on a space that stayed free: sensor and collector disagree (R18)."""
        waiting = self.waiting_read
        if waiting is not None and at_ms - waiting.at_ms > READ_BEFORE_MS:
            self._report(waiting)
            self.waiting_read = None

    def _wait(self, sighting: Sighting) -> None:
        """Keep a plate read on a free space for the arrival it announces; another one before it was wrong."""
        waiting, self.waiting_read = self.waiting_read, sighting
        if waiting is not None and not _may_be_same(waiting.plate, sighting.plate):
            self._report(waiting)

    def _read_waiting(self, visit: Visit, sighting: Sighting) -> None:
        """Count the plate read just before for the vehicle that came, unless the sighting itself says who came."""
        waiting, self.waiting_read = self.waiting_read, None
        if waiting is None:
            return
        if _may_be_same(waiting.plate, sighting.plate):
            self._read(visit, waiting)
        else:
            self._report(waiting)

    def _report(self, waiting: Sighting) -> None:
        self.cases.append(Case(CaseKind.SENSOR_ORDER_MISMATCH, waiting.event_id, waiting.at_ms, waiting.plate))

    def _switch(self, state: State, at_ms: int) -> None:
        """End the running run and begin another; a run of no length leaves no trace."""
        run = self.runs[-1]
        if run.state is state:
            return
        at_ms = max(at_ms, run.started_ms)
        if run.started_ms == at_ms and len(self.runs) > 1:
            self.runs.pop()
            if self.runs[-1].state is state:
                self.runs[-1].ended_ms = None
                return
        elif run.started_ms == at_ms:
            run.state = state
            return
        else:
            run.ended_ms = at_ms
        self.runs.append(Run(state, at_ms))


def debounce_ms(source: Source) -> int:
    """Return how long a space must have been free, in the eyes of a source, for a vehicle to have left."""
    return _DEBOUNCES_MS.get(source, DEBOUNCE_MS)


def _contradicts(visit: Visit, sighting: Sighting, *, is_watched: bool) -> bool:
    """
    Tell whether a read of another plate speaks against the reads before it rather than of the next vehicle (R18).

    It does where a camera watched all the time and saw no change, or two readers came within the time of a swap. Of one
    and the same source another plate is another vehicle.
    """
    known, told = visit.named_by, sighting.source
    if known.rank == told.rank:
        return False
    best = max(known, told, key=lambda source: source.rank)
    if not (best.watches and is_watched):
        return sighting.at_ms - visit.plate_seen_ms <= SWAP_MS
    return best is known or sighting.is_repeat or sighting.kind is not Kind.OCCUPIED


def _is_same(known: Plate, read: Plate) -> bool:
    return known == read or is_confusable(known, read)


def _may_be_same(one: Plate | None, other: Plate | None) -> bool:
    return one is None or other is None or _is_same(one, other)


def _count(visit: Visit, sighting: Sighting) -> None:
    """Add the votes of a read to those of equal reads."""
    plate = sighting.plate
    assert plate is not None
    for place, read in enumerate(visit.reads):
        if read.plate == plate:
            source = max(read.source, sighting.source, key=lambda source: source.rank)
            visit.reads[place] = Read(plate, read.votes + sighting.votes, max(read.last_ms, sighting.at_ms), source)
            return
    visit.reads.append(Read(plate, sighting.votes, sighting.at_ms, sighting.source))
