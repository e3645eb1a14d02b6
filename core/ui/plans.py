"""Plans: where berths lie along the line of a street, drawn to scale without a map."""

from collections.abc import Sequence
from itertools import pairwise
from math import atan2, cos, degrees, hypot, radians
from typing import Any, Final

from dash import html
from dash.development.base_component import Component

from core.kit.locale import _
from core.ui.parts import box

Point = tuple[float, float]
"""Longitude and latitude in degrees; on the paper pixels from the left and from above."""

WIDE_PX: Final = 424
HIGH_PX: Final = 320
_EDGE_PX: Final = 18


def plan(lines: Sequence[Sequence[Point]], berths: Sequence[tuple[str, Point | None]]) -> Component:
    """Return a drawing of lines and berths with their codes; one sentence where no line is known."""
    points = [point for line in lines for point in line] + [point for _code, point in berths if point]
    if not points:
        return box("plan__none", _("Nothing is drawn on the map: the berths have no place."))
    paper = _Paper(points)
    ways = [_way(paper.at(a), paper.at(b)) for line in lines for a, b in pairwise(line)]
    spots = [_spot(code, paper.at(point)) for code, point in berths if point]
    size = {"width": f"{WIDE_PX}px", "height": f"{paper.high_px}px"}
    return box("plan__sheet", box("plan", *ways, *spots, extra={"style": size, "role": "img", "aria-label": _("Where they lie")}))


class _Paper:
    """A scale by which points fit onto the paper."""

    def __init__(self, points: Sequence[Point]) -> None:
        self._shrink = cos(radians(points[0][1]))
        xs, ys = [lon * self._shrink for lon, _lat in points], [lat for _lon, lat in points]
        self._left, self._top = min(xs), max(ys)
        wide, high = max(xs) - self._left, self._top - min(ys)
        room = (WIDE_PX - 2 * _EDGE_PX, HIGH_PX - 2 * _EDGE_PX)
        self._scale = min(room[0] / max(wide, 1e-9), room[1] / max(high, 1e-9))
        self.high_px = round(high * self._scale) + 2 * _EDGE_PX

    def at(self, point: Point) -> Point:
        """Return where a point lies on the paper."""
        lon, lat = point
        return (lon * self._shrink - self._left) * self._scale + _EDGE_PX, (self._top - lat) * self._scale + _EDGE_PX


def _way(a: Point, b: Point) -> Component:
    long_px = hypot(b[0] - a[0], b[1] - a[1])
    turn = degrees(atan2(b[1] - a[1], b[0] - a[0]))
    return html.I(className="plan__way", style=_placed(a) | {"width": f"{long_px:.1f}px", "transform": f"rotate({turn:.2f}deg)"})


def _spot(code: str, at: Point) -> Component:
    return html.B(className="plan__berth", style=_placed(at), title=code)


def _placed(at: Point) -> dict[str, Any]:
    return {"left": f"{at[0]:.1f}px", "top": f"{at[1]:.1f}px"}
