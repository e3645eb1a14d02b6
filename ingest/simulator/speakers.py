"""Speakers: one happening of one visit, put into the messages of the devices that saw it."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from core.devices.devices import DeviceKind
from core.places.lanes import LaneDirection
from core.places.sites import SiteMode
from ingest.simulator.days import Visit
from ingest.simulator.drawings import Shot
from ingest.simulator.payers import Paid
from ingest.simulator.places import CAMERAS, SENSORS, Device, Site
from ingest.simulator.plates import Plate
from ingest.simulator.truth import Key


class City(Protocol):
    """What a speaker asks of the city it speaks in."""

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
        """Send a message of a device."""

    def watcher(self, site: Site, visit: Visit) -> Device:
        """Return the device that watches a spot on the street."""

    def free(self, site: Site) -> int:
        """Return how many more vehicles a lot can take now."""

    def prev_s(self, site: Site, visit: Visit, at_ms: int) -> int | None:
        """Return for how long the spot was as it was before."""

    def follows(self, key: Key) -> bool:
        """Tell whether a vehicle goes through behind another one, without an opening of its own."""

    def photograph(self, device: Device, shot: Shot, name: str) -> str:
        """Return the hash of a picture of a device; one that is not drawn has a name."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Puts one cue of one visit into messages."""

    city: City
    site: Site
    visit: Visit
    at_ms: int
    due_ms: int
    is_backlog: bool

    @property
    def key(self) -> Key:
        """Return which stay it speaks of."""
        return key_of(self.visit)

    def crosses(self, direction: LaneDirection, plate: Plate) -> None:
        """Tell of a passage a lane camera saw, and of the barrier that opened for it."""
        lanes = [lane.code for lane in self.site.lanes if lane.direction is direction]
        lane = lanes[(self.visit.spot if direction is LaneDirection.IN else self.visit.vehicle) % len(lanes)]
        camera = self._device(DeviceKind.LANE_CAMERA, f"C-{lane}")
        detail: dict[str, Any] = {
            "lane": lane, "direction": direction, "plate": plate.text, "colour": plate.colour, "min_char_conf": 0.98,
            "votes": 3, "frame_sha256": self._frame(camera, lane, f"{direction}"),
        }  # fmt: skip
        if not self.is_backlog:
            detail |= {"declared_total": self.site.capacity, "declared_free": self.city.free(self.site)}
        self._say(camera, "passage", detail)
        if not self.is_backlog and not self.city.follows(self.key):
            self._opens(lane)

    def changes(self, plate: Plate, *, is_occupied: bool) -> None:
        """Tell of a change a sensor or a pole saw."""
        space = self.site.spaces[self.visit.spot]
        device = self.city.watcher(self.site, self.visit)
        if device.kind in SENSORS:
            prev_s = self.city.prev_s(self.site, self.visit, self.at_ms)
            detail: dict[str, Any] = {"occupied": is_occupied, "repeat": False, **condition(device)}
            if device.kind is DeviceKind.SPACE_LOCK:
                detail["locked"] = False  # it went down for the vehicle
            self._say(device, "state", detail if prev_s is None else {**detail, "prev_s": prev_s})
        else:
            detail = {"space": space.code, "occupied": is_occupied, "repeat": False, "plate": plate.text}
            detail |= {"colour": plate.colour, "min_char_conf": 0.97, "votes": 3}
            frame = self._frame(device, space.code, f"{is_occupied}", is_there=is_occupied)
            self._say(device, "space", {**detail, "frame_sha256": frame})

    def holds(self, *, is_occupied: bool, booking: str | None) -> None:
        """Tell that the lock of the space stands raised, for a booking or behind the vehicle."""
        device = self.city.watcher(self.site, self.visit)
        self._say(
            device, "state", {"occupied": is_occupied, "repeat": True, "locked": True, "booking": booking, **condition(device)}
        )

    def reads(self, plate: Plate) -> None:
        """Tell of a plate that a collector or a patrol vehicle read."""
        space = self.site.spaces[self.visit.spot]
        if self.site.mode is SiteMode.PATROL:
            car = self._device(DeviceKind.PATROL_CAR, "PV1")
            pictures = {f"{side}_sha256": self._frame(car, space.code, side) for side in ("tail", "view", "head")}
            detail = {"space": space.code, "plate": plate.text, "colour": plate.colour, "min_char_conf": 0.93, **pictures}
            self._say(car, "sweep", detail)
            return
        pda = self._device(DeviceKind.PDA, "H1")
        frame = self._frame(pda, space.code, "read")
        self._say(pda, "plate", {"space": space.code, "plate": plate.text, "colour": plate.colour, "frame_sha256": frame})

    def pays(self, plate: Plate, paid: Paid, known_s: int | None) -> None:
        """Tell of money taken: by the collector, by phone, at the kiosk, or at the barrier on the way out."""
        detail: dict[str, Any] = {
            "plate": plate.text, "colour": plate.colour, "fen": paid.fen, "channel": paid.channel,
            "trade_no": paid.trade_no,
        }  # fmt: skip
        if known_s is not None:
            detail["entered_ms"] = known_s * 1_000
        at_ms = paid.at_s * 1_000
        due_ms = max(self.due_ms, at_ms)
        if self.site.spaces:
            device = next(device for device in self.site.devices if device.kind in {DeviceKind.PDA, DeviceKind.KIOSK})
        elif paid.at_s < self.visit.out_s:
            device = self._device(DeviceKind.KIOSK, "K1")
        else:
            lanes = [lane.code for lane in self.site.lanes if lane.direction is LaneDirection.OUT]
            lane = lanes[self.visit.vehicle % len(lanes)]
            device = self._device(DeviceKind.GATE, f"B-{lane}")
        self.city.say(device, "payment", at_ms, detail, due_ms=due_ms, key=self.key)

    def _opens(self, lane: str) -> None:
        device = self._device(DeviceKind.GATE, f"B-{lane}")
        opened = {"lane": lane, "action": "opened", "manual": False}
        self.city.say(device, "barrier", self.at_ms, opened, due_ms=self.due_ms)

    def _say(self, device: Device, kind: str, detail: dict[str, Any]) -> None:
        self.city.say(device, kind, self.at_ms, detail, due_ms=self.due_ms, key=self.key)

    def _device(self, kind: DeviceKind, code: str) -> Device:
        return next(device for device in self.site.devices if device.kind is kind and device.code == code)

    def _frame(self, device: Device, place: str, what: str, *, is_there: bool = True) -> str:
        shot = Shot(f"{self.site.code} {place}", self.at_ms, self.visit.vehicle if is_there else None)
        return self.city.photograph(device, shot, f"{self.site.code}/{self.key}/{what}")


class Posts:
    """Which device watches which spot of the street, and the reverse."""

    def __init__(self, sites: Sequence[Site]) -> None:
        self.watchers: dict[tuple[int, int], Device] = {}
        self.spots: dict[str, tuple[tuple[int, int], ...]] = {}
        for site in sites:
            number = {space.space_id: spot for spot, space in enumerate(site.spaces)}
            for device in site.devices:
                if device.kind in SENSORS | CAMERAS:
                    spots = tuple((site.index, number[watch.target_id]) for watch in device.watches)
                    self.spots[device.topic] = spots
                    self.watchers |= dict.fromkeys(spots, device)


def key_of(visit: Visit) -> Key:
    """Return under which key the truth keeps a visit."""
    return visit.site, visit.spot, visit.in_s


def condition(device: Device) -> dict[str, int]:
    """Return battery and radio of a sensor: always its own, within what is usual."""
    number = zlib.crc32(device.topic.encode())
    return {"battery_mv": 3_600 - number % 280, "rssi_dbm": -62 - number % 43, "temp_c": 9 + number % 5}


def guard(device: Device, at_ms: int) -> str:
    """Return who sits at a gate: one by day, another one by night."""
    return f"{device.site}-{'day' if 0 <= at_ms // 3_600_000 % 24 < 12 else 'night'}"
