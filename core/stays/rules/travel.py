"""Tell whether one vehicle can have been read at two places, from the way between them and the time it had (R20)."""

from math import asin, cos, radians, sin, sqrt
from typing import Final, NamedTuple

EARTH_M: Final = 6_371_009
LEAST_M: Final = 2_000
"""Sites lie apart from middle to middle: nearer ones may touch each other."""
REACH_M: Final = 1_000
"""So much of the way may lie within the two sites and the errors of the map."""
FASTEST_KMH: Final = 150


class Place(NamedTuple):
    """A point, degrees of WGS-84."""

    lon: float
    lat: float


class Journey(NamedTuple):
    """A way between two reads, metres, and how fast it was made at least, km/h."""

    distance_m: int
    speed_kmh: int

    @property
    def is_impossible(self) -> bool:
        """Tell whether one vehicle cannot have made it."""
        return self.distance_m >= LEAST_M and self.speed_kmh > FASTEST_KMH


def journey(one: Place, other: Place, *, apart_ms: int) -> Journey:
    """Return the way between two places as the crow flies; a second is the least that is believed of a clock."""
    distance_m = _distance_m(one, other)
    hours = max(apart_ms, 1_000) / 3_600_000
    return Journey(round(distance_m), round(max(distance_m - REACH_M, 0) / 1_000 / hours))


def _distance_m(one: Place, other: Place) -> float:
    lat, other_lat = radians(one.lat), radians(other.lat)
    half = sin((other_lat - lat) / 2) ** 2 + cos(lat) * cos(other_lat) * sin(radians(other.lon - one.lon) / 2) ** 2
    return 2 * EARTH_M * asin(sqrt(min(half, 1.0)))
