"""
Lay out the demo city: sites from the map, spaces along the streets, lanes, and the devices that watch them.

Pure: the same seed and number of berths give the same layout. Coordinates are WGS-84 degrees, distances metres.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, radians
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import orjson

from core.devices.devices import DeviceKind, DeviceState, TargetKind
from core.kit.ids import derived_id
from core.places.lanes import LaneDirection
from core.places.sites import SiteKind, SiteMode

MAP_NAME: Final = "jiangzhou"
MAP: Final = Path(__file__).resolve().parents[2] / "assets" / "map" / MAP_NAME
DRAWN_BERTHS: Final = 2_400
"""Berths the map is drawn for; other numbers are shared out in the same proportion."""

MOST_SPACES_A_POLE: Final = 8
FAULTY_SHARE: Final = 0.008
"""Sensors that are broken and known to be: their berths stay unknown."""
BEAT_S: Final = 60
"""Heartbeat of everything with mains or a large battery, seconds."""
_BEATS_S: Final = {
    DeviceKind.GEOMAGNETIC: 900,
    DeviceKind.LOOP: 900,
    DeviceKind.SPACE_LOCK: 300,
    DeviceKind.BOLLARD: 300,
}
SENSORS: Final = frozenset({DeviceKind.GEOMAGNETIC, DeviceKind.LOOP, DeviceKind.SPACE_LOCK})
"""What feels a vehicle and knows no plates."""
CAMERAS: Final = frozenset({DeviceKind.POLE_CAMERA, DeviceKind.BOLLARD})
"""What sees a vehicle and its plate."""
_SENSOR_OF: Final = {
    SiteMode.MAGNETOMETER: ("M", DeviceKind.GEOMAGNETIC),
    SiteMode.PATROL: ("M", DeviceKind.GEOMAGNETIC),
    SiteMode.LOOP: ("L", DeviceKind.LOOP),
    SiteMode.SPACE_LOCK: ("K", DeviceKind.SPACE_LOCK),
}
_MANNED: Final = frozenset({SiteMode.MAGNETOMETER, SiteMode.LOOP, SiteMode.SPACE_LOCK, SiteMode.VIDEO})
"""Where collectors walk; elsewhere drivers pay from their phones."""
METRES_A_DEGREE: Final = 111_195.0
KERB_M: Final = 4.0


@dataclass(frozen=True, slots=True)
class Space:
    """One berth; `is_dark` where its sensor is broken."""

    space_id: UUID
    code: str
    lon: float
    lat: float
    is_dark: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane of a lot."""

    lane_id: UUID
    code: str
    direction: LaneDirection


@dataclass(frozen=True, slots=True)
class Watch:
    """What one channel of a device watches."""

    channel: str
    target_kind: TargetKind
    target_id: UUID


@dataclass(frozen=True, slots=True)
class Device:
    """One device as it is addressed on the wire."""

    device_id: UUID
    site: str
    gateway: str
    code: str
    kind: DeviceKind
    beat_s: int
    state: DeviceState
    watches: tuple[Watch, ...]

    @property
    def topic(self) -> str:
        """Return the topic of its messages, without the kind."""
        return f"boshu/v1/{self.site}/{self.gateway}/{self.code}"

    @property
    def speaks(self) -> bool:
        """Tell whether it works."""
        return self.state is DeviceState.LIVE


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """One segment or lot. `demand` names its class in `demand`; a lot holds `capacity` vehicles, a segment its spaces."""

    index: int
    site_id: UUID
    code: str
    kind: SiteKind
    mode: SiteMode
    district: str
    road: str | None
    name: str
    name_en: str
    demand: str
    geometry: dict[str, Any]  # GeoJSON as the map file has it
    centre: tuple[float, float]
    capacity: int
    spaces: tuple[Space, ...]
    lanes: tuple[Lane, ...]
    devices: tuple[Device, ...]

    @property
    def zone_id(self) -> UUID:
        """Return the id of its only zone."""
        return derived_id("zone", self.site_id, "1")


@dataclass(frozen=True, slots=True)
class Named:
    """A district or a road: code, names, and the district it lies in."""

    code: str
    name: str
    name_en: str
    district: str


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The whole city; there is one object of each seed and size."""

    seed: int
    city: Named
    districts: tuple[Named, ...]
    roads: tuple[Named, ...]
    sites: tuple[Site, ...]


@lru_cache(maxsize=16)
def layout(seed: int, berths: int = DRAWN_BERTHS) -> Layout:
    """Return the city of a seed with so many berths on its streets."""
    drawn = orjson.loads((MAP / "sites.geojson").read_bytes())
    features = drawn["features"]
    streets = [feature for feature in features if feature["properties"]["kind"] == SiteKind.ON_STREET]
    shares = iter(_shared([feature["properties"]["berths"] for feature in streets], berths))
    last_code: dict[str, int] = {}
    signs = _signs(features)
    sites = []
    for index, feature in enumerate(features):
        if feature["properties"]["kind"] == SiteKind.ON_STREET:
            sites.append(_segment(seed, index, feature, next(shares), last_code, signs))
        else:
            sites.append(_lot(index, feature))
    city = drawn["city"]
    return Layout(
        seed,
        Named(city["code"], city["name"], city["name_en"], ""),
        tuple(Named(area["code"], area["name"], area["name_en"], area["code"]) for area in drawn["districts"]),
        tuple(_roads(features)),
        tuple(sites),
    )


def _shared(drawn: Sequence[int], berths: int) -> list[int]:
    """Share berths out in proportion to the drawn ones; every segment has at least one, and they add up."""
    total, given, sum_drawn = sum(drawn), 0, 0
    shares = []
    for place, share in enumerate(drawn, 1):
        sum_drawn += share
        upto = max(berths * sum_drawn // total, given + 1)
        upto = min(upto, berths - (len(drawn) - place))
        shares.append(upto - given)
        given = upto
    return shares


def _roads(features: Sequence[dict[str, Any]]) -> Iterator[Named]:
    """Yield each road once, in the district where it appears first."""
    seen: set[str] = set()
    for feature in features:
        facts = feature["properties"]
        code = facts.get("road")
        if code is not None and code not in seen:
            seen.add(code)
            yield Named(code, facts["road_name"], facts["road_name_en"], facts["district"])


def _signs(features: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    """Return where screens stand on the street: on the first segment of each district, for itself and the lots of it."""
    signs: dict[str, list[str]] = {}
    first: dict[str, str] = {}
    for facts in (feature["properties"] for feature in features):
        stand = first.setdefault(facts["district"], facts["code"])
        if facts["code"] == stand or facts["kind"] == SiteKind.OFF_STREET:
            signs.setdefault(stand, []).append(facts["code"])
    return signs


def _segment(
    seed: int, index: int, feature: dict[str, Any], berths: int, last_code: dict[str, int], signs: dict[str, list[str]]
) -> Site:
    """Return a segment; its space codes go on where those of the road's last segment ended."""
    facts = feature["properties"]
    code, road, mode = facts["code"], facts["road"], SiteMode(facts["mode"])
    site_id = derived_id("site", code)
    broken = random.Random(f"{seed}/dark/{code}")
    spaces = []
    for number, (lon, lat) in enumerate(_along(feature["geometry"]["coordinates"], berths), last_code.get(road, 0) + 1):
        space_code = f"{number:04d}"
        is_dark = broken.random() < FAULTY_SHARE and mode.reads_apart
        spaces.append(Space(derived_id("space", site_id, space_code), space_code, lon, lat, is_dark))
    last_code[road] = last_code.get(road, 0) + berths
    devices = [*_watchers(code, mode, spaces), *_readers(code, mode, site_id)]
    if code in signs:
        devices.append(_screen(code, "S1", signs[code]))
    longest = max(feature["geometry"]["coordinates"], key=_length_m)
    return Site(
        index, site_id, code, SiteKind.ON_STREET, mode, facts["district"], road, facts["name"], facts["name_en"],
        facts["demand"], feature["geometry"], next(_along([longest], 1, kerb_m=0.0)), berths, tuple(spaces), (),
        tuple(devices),
    )  # fmt: skip


def _lot(index: int, feature: dict[str, Any]) -> Site:
    facts = feature["properties"]
    code = facts["code"]
    site_id = derived_id("site", code)
    names = [(f"IN{n}", LaneDirection.IN) for n in range(1, facts["lanes_in"] + 1)]
    names += [(f"OUT{n}", LaneDirection.OUT) for n in range(1, facts["lanes_out"] + 1)]
    lanes = tuple(Lane(derived_id("lane", site_id, name), name, direction) for name, direction in names)
    devices = [_device(code, "L1", "L1", DeviceKind.GATEWAY, [])]
    for lane in lanes:
        watch = [Watch(lane.code, TargetKind.LANE, lane.lane_id)]
        devices.append(_device(code, "L1", f"C-{lane.code}", DeviceKind.LANE_CAMERA, watch))
        devices.append(_device(code, "L1", f"B-{lane.code}", DeviceKind.GATE, watch))
    devices.append(_device(code, "L1", "K1", DeviceKind.KIOSK, [Watch("", TargetKind.SITE, site_id)]))
    devices.append(_screen(code, "L1", [code]))
    lon, lat = feature["geometry"]["coordinates"]
    return Site(
        index, site_id, code, SiteKind.OFF_STREET, SiteMode.GATE, facts["district"], None, facts["name"], facts["name_en"],
        facts["demand"], feature["geometry"], (lon, lat), facts["capacity"], (), lanes, tuple(devices),
    )  # fmt: skip


def _watchers(site: str, mode: SiteMode, spaces: Sequence[Space]) -> Iterator[Device]:
    """Yield what watches the spaces of a segment."""
    if mode.reads_apart:
        yield from _sensors(site, *_SENSOR_OF[mode], spaces)
    elif mode is SiteMode.BOLLARD:
        yield from _bollards(site, spaces)
    else:
        yield from _poles(site, spaces)


def _readers(site: str, mode: SiteMode, site_id: UUID) -> Iterator[Device]:
    """Yield who reads plates and takes money on a segment: collectors, or a patrol vehicle and the drivers' phones."""
    whole = [Watch("", TargetKind.SITE, site_id)]
    if mode in _MANNED:
        yield _device(site, "H1", "H1", DeviceKind.PDA, whole)
        return
    if mode is SiteMode.PATROL:
        yield _device(site, "PV1", "PV1", DeviceKind.PATROL_CAR, whole)
    yield _device(site, "K1", "K1", DeviceKind.KIOSK, whole)


def _screen(site: str, gateway: str, shown: Sequence[str]) -> Device:
    watches = [Watch(code, TargetKind.SITE, derived_id("site", code)) for code in shown]
    return _device(site, gateway, "S1", DeviceKind.GUIDANCE_SCREEN, watches)


def _sensors(site: str, letter: str, kind: DeviceKind, spaces: Sequence[Space]) -> Iterator[Device]:
    """Yield the gateway of a segment and one sensor a space."""
    yield _device(site, "G1", "G1", DeviceKind.GATEWAY, [])
    for space in spaces:
        watch = [Watch("", TargetKind.SPACE, space.space_id)]
        yield _device(site, "G1", f"{letter}{space.code}", kind, watch, is_dark=space.is_dark)


def _bollards(site: str, spaces: Sequence[Space]) -> Iterator[Device]:
    """Yield one bollard a space; it needs no gateway."""
    for space in spaces:
        watch = [Watch(space.code, TargetKind.SPACE, space.space_id)]
        yield _device(site, f"B{space.code}", f"B{space.code}", DeviceKind.BOLLARD, watch)


def _poles(site: str, spaces: Sequence[Space]) -> Iterator[Device]:
    """Yield poles that share the spaces evenly, eight at most each; a pole needs no gateway."""
    poles = -(-len(spaces) // MOST_SPACES_A_POLE)
    for pole in range(poles):
        mine = spaces[len(spaces) * pole // poles : len(spaces) * (pole + 1) // poles]
        watches = [Watch(space.code, TargetKind.SPACE, space.space_id) for space in mine]
        yield _device(site, f"V{pole + 1:02d}", f"V{pole + 1:02d}", DeviceKind.POLE_CAMERA, watches)


def _device(site: str, gateway: str, code: str, kind: DeviceKind, watches: Sequence[Watch], *, is_dark: bool = False) -> Device:
    state = DeviceState.FAULTY if is_dark else DeviceState.LIVE
    device_id = derived_id("device", site, gateway, code)
    return Device(device_id, site, gateway, code, kind, _BEATS_S.get(kind, BEAT_S), state, tuple(watches))


Line = list[list[float]]


def _along(lines: Sequence[Line], count: int, *, kerb_m: float = KERB_M) -> Iterator[tuple[float, float]]:
    """Yield points at equal distances along some lines, on both kerbs in turn."""
    lengths = [_length_m(line) for line in lines]
    step = sum(lengths) / count
    for number in range(count):
        left_m = (number + 0.5) * step
        place = 0
        while place < len(lines) - 1 and left_m > lengths[place]:
            left_m -= lengths[place]
            place += 1
        yield _beside(lines[place], left_m, kerb_m if number % 2 else -kerb_m)


def _length_m(line: Line) -> float:
    return sum(_gap_m(start, end) for start, end in pairwise(line))


def _gap_m(start: Sequence[float], end: Sequence[float]) -> float:
    return hypot(*_metres(start, end))


def _metres(start: Sequence[float], end: Sequence[float]) -> tuple[float, float]:
    """Return metres east and north from one point to another; flat, which a city is."""
    east = (end[0] - start[0]) * METRES_A_DEGREE * cos(radians(start[1]))
    return east, (end[1] - start[1]) * METRES_A_DEGREE


def _beside(line: Line, at_m: float, kerb_m: float) -> tuple[float, float]:
    """Return the point so far along a line and so far to its left, to a tenth of a metre or so."""
    for start, end in pairwise(line):
        gap_m = _gap_m(start, end)
        if at_m <= gap_m or end is line[-1]:
            break
        at_m -= gap_m
    east, north = _metres(start, end)
    lon = start[0] + (end[0] - start[0]) * at_m / gap_m
    lat = start[1] + (end[1] - start[1]) * at_m / gap_m
    lon -= north / gap_m * kerb_m / (METRES_A_DEGREE * cos(radians(lat)))
    lat += east / gap_m * kerb_m / METRES_A_DEGREE
    return round(lon, 6), round(lat, 6)
