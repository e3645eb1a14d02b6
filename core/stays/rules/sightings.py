"""The values every timeline is folded from and into. Instants are whole milliseconds since 1970, UTC."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from core.kit.ids import derived_id
from core.stays.rules.plates import Plate


class Kind(IntEnum):
    """
    What was seen.

    The number breaks ties within one millisecond: departures come before arrivals, plates after both, then silence,
    because a device is silent from its last word on, and last what a passage turned out to be.
    """

    FREED = 0
    OUT = 1
    OCCUPIED = 2
    IN = 3
    PLATE = 4
    SILENT = 5
    TAILGATED = 6


class Source(StrEnum):
    """Who saw something of a space."""

    MAGNET = "magnet"
    LOOP = "loop"
    LOCK = "lock"
    HANDHELD = "handheld"
    PATROL = "patrol"
    BOLLARD = "bollard"
    VIDEO = "video"

    @property
    def rank(self) -> int:
        """Return how far it is believed when two sources name different vehicles (R18); sensors name nobody."""
        return _RANKS.get(self, 0)

    @property
    def watches(self) -> bool:
        """Tell whether it has its eyes on the space all the time, so that no vehicle changes behind its back."""
        return self in {Source.BOLLARD, Source.VIDEO}


_RANKS: Final = {Source.HANDHELD: 1, Source.PATROL: 2, Source.BOLLARD: 3, Source.VIDEO: 4}


class Sighting(NamedTuple):
    """One thing a source saw of one timeline. Sorting sightings sorts them by time, kind and event."""

    at_ms: int
    kind: Kind
    event_id: UUID
    is_repeat: bool = False  # a state told again (heartbeat, report after boot), not a change
    is_late: bool = False
    plate: Plate | None = None
    votes: int = 1
    lane_id: UUID | None = None
    source: Source = Source.MAGNET


class Read(NamedTuple):
    """What was read of a plate, how often, when last, and the best source that read it."""

    plate: Plate
    votes: int
    last_ms: int
    source: Source


class State(StrEnum):
    """What is known of a space; unknown is a value (C.0.8)."""

    FREE = "free"
    OCCUPIED = "occupied"
    UNKNOWN = "unknown"


class Quality(StrEnum):
    """A: both ends observed. B: one end inferred. C: both inferred; never billed by itself."""

    A = "A"
    B = "B"
    C = "C"


class CloseReason(StrEnum):
    """Why a stay ended; the last three are said by others than sources."""

    OBSERVED_EXIT = "observed_exit"
    SENSOR_FREE_CONFIRMED = "sensor_free_confirmed"
    NEXT_VEHICLE_ON_SPACE = "next_vehicle_on_space"
    NEXT_ENTRY = "next_entry"
    MISSING_ENTRY = "missing_entry"
    SWEEP = "sweep"
    STAFF_CLOSE = "staff_close"
    IMPORTED = "imported"


class CaseKind(StrEnum):
    """What a person should look at."""

    MISSING_IN = "missing_in"
    MISSING_OUT = "missing_out"
    SENSOR_ORDER_MISMATCH = "sensor_order_mismatch"
    LATE_EVENT = "late_event"
    TAILGATING = "tailgating"
    SHOWN_AGAIN = "shown_again"


class Case(NamedTuple):
    """One finding of a fold: an automatic repair never passes in silence."""

    kind: CaseKind
    event_id: UUID
    at_ms: int
    plate: Plate | None = None
    stay_id: UUID | None = None


@dataclass(slots=True)
class Run:
    """A stretch of one state; open while ended_ms is None."""

    state: State
    started_ms: int
    ended_ms: int | None = None


@dataclass(slots=True)
class Visit:
    """
    One vehicle's stay as the sightings tell it. Folded in place (thousands a second), hence not frozen.

    seen_ms: the last evidence that it stood there. reads: what was read of its plate. is_contested: sources named
    different vehicles.
    timely: what the stay would have been without late messages, where that differs: (start, end) of each.
    """

    stay_id: UUID
    started_ms: int
    in_event_id: UUID
    seen_ms: int
    quality_in: Quality
    ended_ms: int | None = None
    out_event_id: UUID | None = None
    quality: Quality = Quality.A
    reason: CloseReason | None = None
    is_suspect: bool = False
    is_found: bool = False  # found standing there when the space became known: when it came, nobody saw
    reads: list[Read] = field(default_factory=list)
    out_lane_id: UUID | None = None
    timely: tuple[tuple[int, int], ...] = ()
    is_contested: bool = False

    @property
    def plate(self) -> Plate | None:
        """Return the plate most reads agree on (R19); of equals the better source's (R18), then the one read first."""
        return max(self.reads, key=lambda read: (read.votes, read.source.rank)).plate if self.reads else None

    @property
    def named_by(self) -> Source:
        """Return the best source that named the vehicle."""
        return max((read.source for read in self.reads), key=lambda source: source.rank, default=Source.MAGNET)

    @property
    def plate_seen_ms(self) -> int:
        """Return when the plate was last confirmed; the start where it never was."""
        return max((read.last_ms for read in self.reads), default=self.started_ms)

    def end(self, at_ms: int, event_id: UUID, reason: CloseReason, quality: Quality) -> None:
        """Close the visit; doubt about the end or the vehicle lowers its quality, doubt about both ends makes it C."""
        self.ended_ms = max(at_ms, self.started_ms)
        self.out_event_id = event_id
        self.reason = reason
        self.is_suspect = False
        both_inferred = self.quality_in is not Quality.A and quality is not Quality.A
        self.quality = Quality.C if both_inferred or quality is Quality.C else max(self.quality_in, quality, self._floor)

    def contest(self) -> None:
        """Note that sources named different vehicles: a person should look, and the quality is no longer the best."""
        self.is_contested = True
        self.quality = max(self.quality, self._floor)

    @property
    def _floor(self) -> Quality:
        return Quality.B if self.is_contested else Quality.A

    def reopen(self) -> None:
        """Undo the end: the vehicle had not left."""
        self.ended_ms = self.out_event_id = self.reason = self.out_lane_id = None
        self.quality = max(self.quality_in, self._floor)


@dataclass(slots=True)
class Timeline:
    """
    The tail of one timeline: enough to fold the next sighting in order.

    It belongs to a space, or to a vehicle at a gated site, where occupied means: inside. There is always a running run.
    """

    site_id: UUID
    subject_id: UUID
    runs: list[Run]
    visits: list[Visit]
    cases: list[Case] = field(default_factory=list, kw_only=True)

    @property
    def state(self) -> State:
        """Return the state of the running run."""
        return self.runs[-1].state

    @property
    def since_ms(self) -> int:
        """Return when the running state began."""
        return self.runs[-1].started_ms

    @property
    def visit(self) -> Visit | None:
        """Return the open visit."""
        return self.visits[-1] if self.visits and self.visits[-1].ended_ms is None else None

    def apply(self, sighting: Sighting) -> None:
        """Fold one sighting; it must not sort before one folded earlier."""
        raise NotImplementedError

    def begun(self, sighting: Sighting, quality: Quality) -> Visit:
        """Return a visit that begins with a sighting; its id follows from what began it."""
        return Visit(
            stay_id=derived_id("stay", self.site_id, self.subject_id, sighting.event_id),
            started_ms=sighting.at_ms,
            in_event_id=sighting.event_id,
            seen_ms=sighting.at_ms,
            quality_in=quality,
            quality=quality,
        )
