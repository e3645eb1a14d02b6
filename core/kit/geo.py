"""
Move points between WGS-84, in which they are stored, and GCJ-02, in which some Chinese base maps are drawn.

Degrees everywhere, longitude first. Inside China the two differ by 20 to 700 m. The formula is the published
approximation every open map library uses; its inverse has no closed form and is found by iteration.
"""

from math import cos, pi, radians, sin, sqrt

_AXIS_M = 6_378_245.0
"""Semi-major axis of the Krasovsky 1940 ellipsoid, metres."""
_ECCENTRICITY2 = 0.00669342162296594323
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
_ROUNDS = 4
"""Two rounds leave 4 cm, three leave 0.3 mm, four less than a micrometre."""


def inside_china(lon: float, lat: float) -> bool:
    """Tell whether the shift applies: the customary box around China, wider than its borders."""
    return _WEST <= lon <= _EAST and _SOUTH <= lat <= _NORTH


def wgs_to_gcj(lon: float, lat: float) -> tuple[float, float]:
    """Return the GCJ-02 point of a WGS-84 point; outside China the point itself."""
    if not inside_china(lon, lat):
        return lon, lat
    east, north = _shift(lon, lat)
    return lon + east, lat + north


def gcj_to_wgs(lon: float, lat: float) -> tuple[float, float]:
    """Return the WGS-84 point of a GCJ-02 point, within a millimetre; outside China the point itself."""
    if not inside_china(lon, lat):
        return lon, lat
    x, y = lon, lat
    for _round in range(_ROUNDS):
        east, north = _shift(x, y)
        x, y = lon - east, lat - north
    return x, y


def _shift(lon: float, lat: float) -> tuple[float, float]:
    """Return the shift of a point in degrees east and north."""
    x, y = lon - 105.0, lat - 35.0
    ripple = (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + ripple
    north_m += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north_m += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + ripple
    east_m += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east_m += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    magic = 1 - _ECCENTRICITY2 * sin(radians(lat)) ** 2
    east = east_m * 180 / (_AXIS_M / sqrt(magic) * cos(radians(lat)) * pi)
    north = north_m * 180 / (_AXIS_M * (1 - _ECCENTRICITY2) / (magic * sqrt(magic)) * pi)
    return east, north
