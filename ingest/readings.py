"""
Readings: what an arrival says, who says it, of what, and when it happened.

From bytes through the registry to the canonical event (events.md D.2). Nothing is written here.
"""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from core.devices.registry import KnownDevice, KnownSite, Registry
from core.devices.rules.clocks import TimeQuality
from core.kit.ids import derived_id
from core.kit.moments import ms_of
from core.stays.rules.plates import NO_PLATE, Plate
from core.stays.rules.sightings import Kind, Source
from core.stays.storing import vehicle_of
from ingest.arrivals import Arrival
from ingest.messages.commands import Ack
from ingest.messages.envelope import Envelope
from ingest.messages.gate import Barrier, Direction, Passage, Scan
from ingest.messages.guidance import Screen
from ingest.messages.handheld import Payment
from ingest.messages.handheld import Plate as PlateRead
from ingest.messages.magnetometer import State
from ingest.messages.patrol import Sweep
from ingest.messages.silence import Silent, Tailgated
from ingest.messages.video import Snapshot, Space
from ingest.messages.wire import OUR_OWN, Address, Reason, Unreadable, read_payload, read_topic

LATE_MS: Final = 900_000
"""A message received this long after what it tells is late: it may lower a price, never raise one (R8)."""
LEAST_CONFIDENCE: Final = 0.5
"""A single read whose weakest character is less sure than this names nobody (R19)."""

_SENSORS: Final = frozenset({"geomagnetic", "loop", "space_lock"})
_CAMERAS: Final = frozenset({"pole_camera", "bollard"})
_SPOKEN_BY: Final = {
    "state": _SENSORS,
    "space": _CAMERAS,
    "plate": {"pda"},
    "sweep": {"patrol_car"},
    "snapshot": {*_CAMERAS, "patrol_car"},
    "passage": {"lane_camera"},
    "barrier": {"gate"},
    "scan": {"gate"},
    "tailgated": {"lane_camera"},
    "payment": {"pda", "gate", "kiosk"},
    "ack": {"space_lock", "guidance_screen"},
    "shown": {"guidance_screen"},
}
_PULSE_OF: Final = {
    "geomagnetic": "magnet",
    "loop": "magnet",
    "space_lock": "magnet",
    "pole_camera": "video",
    "bollard": "video",
    "lane_camera": "gate",
    "gate": "gate",
    "pda": "handheld",
    "patrol_car": "handheld",
    "kiosk": "payment",
}
_GATEWAY_PULSE: Final = {
    "magnetometer": "magnet", "patrol": "magnet", "loop": "magnet", "space_lock": "magnet", "video": "video", "gate": "gate",
}  # fmt: skip
_SEEN_BY: Final = {
    "geomagnetic": Source.MAGNET,
    "loop": Source.LOOP,
    "space_lock": Source.LOCK,
    "pole_camera": Source.VIDEO,
    "bollard": Source.BOLLARD,
    "pda": Source.HANDHELD,
    "patrol_car": Source.PATROL,
}


@dataclass(slots=True)
class Reading:
    """One arrival on its way: filled in stages by `understand`, `identify` and `date`."""

    arrival: Arrival
    address: Address
    message: Envelope
    site: KnownSite
    device: KnownDevice | None
    event_id: UUID
    received_ms: int
    at_ms: int
    quality: TimeQuality = TimeQuality.TRUSTED
    is_late: bool = False
    is_duplicate: bool = False
    event_kind: str = "heartbeat"
    sighting_kind: Kind | None = None
    subject_id: UUID | None = None
    subject_kind: str = "space"
    lane_id: UUID | None = None
    plate: Plate | None = None
    is_doubtful: bool = False  # the plate was read too weakly to name anybody
    source: Source = Source.MAGNET  # who saw it
    sources: tuple[str, ...] = field(default=())  # whose pulse it is

    @property
    def is_quarantined(self) -> bool:
        """Tell whether nobody knows the device, or what it watched: kept, without any effect (R25)."""
        return self.device is None

    @property
    def is_repeat(self) -> bool:
        """Tell whether a state was told again rather than changed."""
        return bool(self.message.__dict__.get("repeat"))

    @property
    def votes(self) -> int:
        """Return how many independent reads agree on the plate."""
        return int(self.message.__dict__.get("votes", 1))


def understand(arrival: Arrival, registry: Registry) -> Reading:
    """
    Return what an arrival says and who says it.

    Raises:
        Unreadable: it becomes a dead letter with the reason.
    """
    address = read_topic(arrival.topic)
    site = registry.sites.get(address.site)
    if site is None:
        raise Unreadable(Reason.UNKNOWN_SITE, address.site)
    message = read_payload(address.kind, arrival.payload)
    device = registry.device(address.site, address.gateway, address.device)
    if (address.kind in OUR_OWN) != (arrival.transport == "system"):
        raise Unreadable(Reason.IDENTITY, "only we ourselves say this, and nothing else")
    if device is not None and device.kind not in _SPOKEN_BY.get(address.kind, (device.kind,)):
        raise Unreadable(Reason.IDENTITY, f"a {device.kind} does not send {address.kind}")
    if device is not None and isinstance(message, State) and message.locked is not None and device.kind != "space_lock":
        raise Unreadable(Reason.IDENTITY, f"a {device.kind} has no lock")
    if isinstance(message, Silent):
        event_id = derived_id("event", arrival.topic, f"{message.at_ms}:{message.space or ''}")
    elif isinstance(message, Tailgated):
        event_id = derived_id("event", arrival.topic, f"{message.at_ms}:{message.plate}:{message.colour}")
    else:
        event_id = derived_id("event", arrival.topic, f"{message.boot}:{message.seq}")
    received_ms = ms_of(arrival.received_at)
    return Reading(arrival, address, message, site, device, event_id, received_ms, message.at_ms)


def identify(reading: Reading, registry: Registry) -> None:
    """Say what the event is and whose timeline it belongs to; an event of nothing known is quarantined."""
    device = reading.device
    if device is None or (device.retired_ms is not None and reading.at_ms >= device.retired_ms):
        reading.device = None
        return
    reading.sources = _sources(reading, device)
    reading.source = _SEEN_BY.get(device.kind, Source.MAGNET)
    message = reading.message
    if isinstance(message, State | Space | PlateRead | Silent):
        _at_spaces(reading, device, registry)
    elif isinstance(message, Sweep | Snapshot):
        _pictured(reading, message, device, registry)
    elif isinstance(message, Passage | Scan | Tailgated):
        _at_lane(reading, message, device)
    elif isinstance(message, Payment):
        reading.plate = Plate(message.plate, message.colour.value)
        reading.event_kind, reading.subject_id = "payment", vehicle_of(reading.plate)
    else:
        _beside(reading, device)


def judge_lateness(reading: Reading) -> None:
    """Mark what came long after it happened, or was kept back by the device (R5, R8, R27)."""
    reading.is_late = reading.message.backfill or reading.received_ms - reading.at_ms > LATE_MS


def _at_spaces(reading: Reading, device: KnownDevice, registry: Registry) -> None:
    """Place what is said of a space: by its sensor, its pole, a collector, or our own clock."""
    message = reading.message
    if isinstance(message, State):
        _of_space(reading, device.target("", reading.at_ms), occupied=message.occupied)
    elif isinstance(message, Space):
        _of_space(reading, device.target(message.space, reading.at_ms), occupied=message.occupied)
        _read_by_camera(reading, message)
    elif isinstance(message, PlateRead):
        reading.plate = Plate(message.plate, message.colour.value)
        _at_space(reading, registry.space(reading.site.site_id, message.space), "plate_read", Kind.PLATE)
    elif isinstance(message, Silent):
        _at_space(reading, device.target(message.space or "", reading.at_ms), "comms_lost", Kind.SILENT)


def _beside(reading: Reading, device: KnownDevice) -> None:
    """Say what an event is that tells of no vehicle: a barrier, the answer to a command, the numbers of a screen."""
    message = reading.message
    if isinstance(message, Barrier):
        reading.event_kind = "manual_open" if message.manual else "barrier_opened"
        reading.lane_id = reading.subject_id = device.target(message.lane, reading.at_ms)
    elif isinstance(message, Ack):
        reading.event_kind, reading.subject_id = "command_answer", device.target("", reading.at_ms)
    elif isinstance(message, Screen):
        reading.event_kind = "number_shown"


def _of_space(reading: Reading, space_id: UUID | None, *, occupied: bool) -> None:
    if occupied:
        _at_space(reading, space_id, "space_occupied", Kind.OCCUPIED)
    else:
        _at_space(reading, space_id, "space_freed", Kind.FREED)


def _at_space(reading: Reading, space_id: UUID | None, event_kind: str, kind: Kind) -> None:
    """Place the event on a space; one that was bound to nothing at the time has no effect."""
    if space_id is None:
        reading.device = None
        return
    reading.event_kind, reading.sighting_kind, reading.subject_id = event_kind, kind, space_id


def _pictured(reading: Reading, message: Sweep | Snapshot, device: KnownDevice, registry: Registry) -> None:
    """Place a picture; a patrol names the spaces by their numbers, a camera those it watches. Only a plate is a sighting."""
    if isinstance(message, Sweep):
        _read_by_camera(reading, message)
    if device.kind == "patrol_car":
        space_id = registry.space(reading.site.site_id, message.space)
    else:
        space_id = device.target(message.space, reading.at_ms)
    if reading.plate is not None:
        _at_space(reading, space_id, "plate_read", Kind.PLATE)
    elif space_id is None:
        reading.device = None
    else:
        reading.event_kind, reading.subject_id = "picture", space_id


def _read_by_camera(reading: Reading, message: Space | Sweep) -> None:
    """Take a plate that was read well enough, or twice; a weak one names nobody and is looked at (R19, R30)."""
    if message.plate is None:
        return
    if message.votes < 2 and message.min_char_conf is not None and message.min_char_conf < LEAST_CONFIDENCE:
        reading.is_doubtful = True
    else:
        reading.plate = Plate(message.plate, message.colour.value)


def _at_lane(reading: Reading, message: Passage | Scan | Tailgated, device: KnownDevice) -> None:
    """Place what passed a lane on the timeline of the vehicle; a token without a vehicle on the loop passes nothing."""
    reading.lane_id = device.target(message.lane, reading.at_ms)
    if reading.lane_id is None:
        reading.device = None
        return
    if isinstance(message, Scan) and not message.loop:
        reading.event_kind, reading.subject_id = "scan_refused", reading.lane_id
        return
    reading.plate = Plate(message.token, NO_PLATE) if isinstance(message, Scan) else Plate(message.plate, message.colour.value)
    reading.subject_id, reading.subject_kind = vehicle_of(reading.plate), "vehicle"
    if isinstance(message, Tailgated):
        reading.event_kind, reading.sighting_kind = "tailgated", Kind.TAILGATED
    elif message.direction is Direction.IN:
        reading.event_kind, reading.sighting_kind = "lane_in", Kind.IN
    else:
        reading.event_kind, reading.sighting_kind = "lane_out", Kind.OUT


def _sources(reading: Reading, device: KnownDevice) -> tuple[str, ...]:
    """Name the kinds of sources whose pulse this message is; our own clock is nobody's pulse."""
    if reading.arrival.transport == "system":
        return ()
    if device.kind == "gateway":
        source = _GATEWAY_PULSE.get(reading.site.mode)
        return (source,) if source else ()
    if device.kind == "pda" or isinstance(reading.message, Payment):
        return tuple({_PULSE_OF[device.kind], "payment"})
    return (_PULSE_OF[device.kind],) if device.kind in _PULSE_OF else ()
