"""
Shapes: what of a place is drawn on the map, as GeoJSON in WGS-84, longitude first.

A street is one line or several; a lot is a point or an area. Lengths are in metres on the sphere, good to a thousandth over
the few kilometres of a street.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import cos, hypot, radians
from typing import Any, Final

from core.kit.errors import Refused
from core.kit.locale import _

Point = tuple[float, float]
"""Longitude and latitude in degrees."""
Geometry = dict[str, Any]
"""GeoJSON; its form differs by type, hence untyped."""

MOST_POINTS: Final = 500
LONGEST_M: Final = 50_000
_DEGREE_M: Final = 6_371_008.8 * radians(1)
_OF_STREETS: Final = frozenset({"LineString", "MultiLineString"})
_OF_LOTS: Final = frozenset({"Point", "Polygon", "MultiPolygon"})
_DEPTHS: Final = {"Point": 0, "LineString": 1, "MultiLineString": 2, "Polygon": 2, "MultiPolygon": 3}
"""How deep points lie in the coordinates of a type."""
_LEAST: Final = {"LineString": 2, "MultiLineString": 2, "Polygon": 4, "MultiPolygon": 4}
"""Points of a line, and of a ring, which ends where it begins."""


class BadShape(Refused):
    """What was drawn is no place that can exist."""


def checked(given: Mapping[str, Any], *, is_street: bool) -> Geometry:
    """
    Return a geometry with nothing in it but type and points.

    Raises:
        BadShape: of another type than its site has, unfinished, outside the world, or too long.
    """
    kind = given.get("type")
    if kind not in (_OF_STREETS if is_street else _OF_LOTS):
        said = _("A street is drawn as a line.") if is_street else _("A lot is drawn as a point or as an area.")
        raise BadShape(said, field="geometry")
    lines, n = [], 0
    for line in _paths(given.get("coordinates"), _DEPTHS[kind]):
        points = [_point(one) for one in line]
        lines.append(points)
        n += len(points)
        if len(points) < _LEAST.get(kind, 1) or (kind in {"Polygon", "MultiPolygon"} and points[0] != points[-1]):
            raise _unfinished()
    if not lines or n > MOST_POINTS:
        raise _unfinished() if not lines else BadShape(_("The drawing has too many points."), field="geometry")
    if is_street and not 1 <= sum(length_m(line) for line in lines) <= LONGEST_M:
        raise BadShape(_("A street is between 1 m and 50 km long."), field="geometry")
    return {"type": kind, "coordinates": _plain(given["coordinates"], _DEPTHS[kind])}


def lines_of(geometry: Mapping[str, Any]) -> list[list[Point]]:
    """Return the lines, or the rings, or the point of a geometry that was checked."""
    return [[(one[0], one[1]) for one in path] for path in _paths(geometry["coordinates"], _DEPTHS[geometry["type"]])]


def centre(geometry: Mapping[str, Any]) -> Point:
    """Return where the label stands: half-way along the longest line, in the middle of a ring's area, at the point."""
    longest = max(lines_of(geometry), key=length_m)
    if len(longest) == 1:
        return longest[0]
    if geometry["type"] in _OF_STREETS:
        return point_at(longest, length_m(longest) / 2)
    return _middle(longest)


def length_m(line: Sequence[Point]) -> float:
    """Return the length of a line in metres."""
    return sum(distance_m(a, b) for a, b in pairwise(line))


def distance_m(a: Point, b: Point) -> float:
    """Return how far two points lie apart, in metres."""
    return hypot(*_metres(a, b))


def point_at(line: Sequence[Point], way_m: float, *, aside_m: float = 0) -> Point:
    """
    Return the point so many metres along a line, and so many to the right of its direction (negative: to the left).

    Beyond its ends the first and last piece go on.
    """
    pieces = [(a, b, distance_m(a, b)) for a, b in pairwise(line)]
    pieces = [piece for piece in pieces if piece[2] > 0]
    for number, (a, b, long_m) in enumerate(pieces, start=1):
        if way_m <= long_m or number == len(pieces):
            east, north = (part / long_m for part in _metres(a, b))
            return _moved(a, east * way_m + north * aside_m, north * way_m - east * aside_m)
        way_m -= long_m
    return line[0]


def _metres(a: Point, b: Point) -> tuple[float, float]:
    """Return how far east and north of one point another lies."""
    return (b[0] - a[0]) * _DEGREE_M * cos(radians((a[1] + b[1]) / 2)), (b[1] - a[1]) * _DEGREE_M


def _moved(point: Point, east_m: float, north_m: float) -> Point:
    lon, lat = point
    return round(lon + east_m / (_DEGREE_M * cos(radians(lat))), 7), round(lat + north_m / _DEGREE_M, 7)


def _middle(ring: Sequence[Point]) -> Point:
    """Return the centre of gravity of a ring's area; of one without an area the mean of its corners."""
    lon0, lat0 = ring[0]
    crossed = [((a[0] - lon0) * (b[1] - lat0) - (b[0] - lon0) * (a[1] - lat0), a, b) for a, b in pairwise(ring)]
    twice = sum(part for part, _a, _b in crossed)
    if abs(twice) < 1e-15:
        corners = ring[:-1]
        return round(sum(lon for lon, _lat in corners) / len(corners), 7), round(
            sum(lat for _lon, lat in corners) / len(corners), 7
        )
    lon = sum(part * (a[0] + b[0] - 2 * lon0) for part, a, b in crossed) / (3 * twice)
    lat = sum(part * (a[1] + b[1] - 2 * lat0) for part, a, b in crossed) / (3 * twice)
    return round(lon0 + lon, 7), round(lat0 + lat, 7)


def _paths(coordinates: Any, depth: int) -> Iterable[Sequence[Any]]:  # as deep as the type of the geometry has it
    """Yield the rows of points of a geometry whose points lie so deep."""
    if depth == 0:
        yield [coordinates]
    elif not isinstance(coordinates, list | tuple):
        raise _unfinished()
    elif depth == 1:
        yield coordinates
    else:
        for part in coordinates:
            yield from _paths(part, depth - 1)


def _point(given: object) -> Point:
    match given:
        case [float() | int() as lon, float() | int() as lat, *_height] if -180 <= lon <= 180 and -85 <= lat <= 85:
            return float(lon), float(lat)
    raise BadShape(_("A point of the drawing lies outside of the world."), field="geometry")


def _plain(coordinates: Any, depth: int) -> Any:  # as above
    if depth == 0:
        lon, lat = _point(coordinates)
        return [round(lon, 7), round(lat, 7)]
    return [_plain(part, depth - 1) for part in coordinates]


def _unfinished() -> BadShape:
    return BadShape(_("The drawing is not finished."), field="geometry")
