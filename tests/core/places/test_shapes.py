"""Shapes on the map: what can be a place, where its middle lies, and points along a line."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.places import shapes
from core.places.shapes import BadShape

SQUARE = [[114.0, 30.0], [114.002, 30.0], [114.002, 30.002], [114.0, 30.002], [114.0, 30.0]]
LINE = [(114.0, 30.0), (114.001, 30.0), (114.001, 30.001)]
NEAR = st.tuples(st.floats(113.9, 114.1), st.floats(29.9, 30.1))


class TestChecked:
    def test_keeps_type_and_points_and_nothing_else(self) -> None:
        told = {"type": "LineString", "coordinates": [[114, 30, 12.5], [114.001, 30.00000001, 13]], "bbox": [1], "x": "<script>"}

        assert shapes.checked(told, is_street=True) == {"type": "LineString", "coordinates": [[114.0, 30.0], [114.001, 30.0]]}

    @pytest.mark.parametrize(
        ("told", "is_street"),
        [
            ({"type": "Point", "coordinates": [114, 30]}, True),
            ({"type": "LineString", "coordinates": [[114, 30], [114.1, 30]]}, False),
            ({"type": "LineString", "coordinates": [[114, 30]]}, True),
            ({"type": "LineString", "coordinates": [[114, 30], [114, 30]]}, True),
            ({"type": "LineString", "coordinates": [[114, 30], [115, 31]]}, True),
            ({"type": "LineString", "coordinates": "abc"}, True),
            ({"type": "LineString", "coordinates": [["a", "b"], [1, 2]]}, True),
            ({"type": "LineString"}, True),
            ({"type": "MultiLineString", "coordinates": []}, True),
            ({"type": "MultiLineString", "coordinates": [7]}, True),
            ({"type": "LineString", "coordinates": [[200, 30], [201, 30]]}, True),
            ({"type": "LineString", "coordinates": [[114, 30], [114, float("nan")]]}, True),
            ({"type": "LineString", "coordinates": [[114 + n / 1e5, 30] for n in range(501)]}, True),
            ({"type": "Polygon", "coordinates": [SQUARE[:4]]}, False),
            ({"type": "Polygon", "coordinates": [SQUARE[:2] + SQUARE[:1]]}, False),
            ({"type": "GeometryCollection", "geometries": []}, False),
            ({}, True),
        ],
    )
    def test_refuses_what_is_no_place(self, told: dict[str, Any], is_street: bool) -> None:
        with pytest.raises(BadShape) as refused:
            shapes.checked(told, is_street=is_street)

        assert refused.value.field == "geometry"


class TestCentre:
    def test_of_a_line_lies_half_way_along_its_longest_piece(self) -> None:
        told = {"type": "MultiLineString", "coordinates": [[[114.5, 30.5], [114.50001, 30.5]], [[114, 30], [114.001, 30]]]}

        assert shapes.centre(told) == pytest.approx((114.0005, 30.0))

    def test_of_an_area_is_its_centre_of_gravity(self) -> None:
        assert shapes.centre({"type": "Polygon", "coordinates": [SQUARE]}) == pytest.approx((114.001, 30.001))

    def test_of_an_area_without_width_lies_among_its_corners(self) -> None:
        flat = [[114.0, 30.0], [114.002, 30.0], [114.001, 30.0], [114.0, 30.0]]

        assert shapes.centre({"type": "Polygon", "coordinates": [flat]}) == pytest.approx((114.001, 30.0))

    def test_of_a_point_is_the_point(self) -> None:
        assert shapes.centre({"type": "Point", "coordinates": [114.0, 30.0]}) == (114.0, 30.0)


class TestPointAt:
    def test_follows_the_line_round_its_corner(self) -> None:
        first = shapes.distance_m(LINE[0], LINE[1])

        assert shapes.point_at(LINE, first + 20) == pytest.approx((114.001, 30.0 + 20 / 111_195), abs=2e-7)

    def test_lies_aside_to_the_right_of_the_way(self) -> None:
        lon, lat = shapes.point_at(LINE, 10, aside_m=5)

        assert lat < 30.0
        assert shapes.distance_m((lon, lat), (lon, 30.0)) == pytest.approx(5, abs=0.02)

    @given(line=st.lists(NEAR, min_size=2, max_size=8, unique=True), share=st.floats(0, 1))
    def test_lies_as_far_along_as_was_asked(self, line: list[tuple[float, float]], share: float) -> None:
        """The way to the point, cut there, is as long as asked, to a centimetre and a ten-thousandth."""
        way = shapes.length_m(line) * share
        point = shapes.point_at(line, way)
        walked, least = 0.0, float("inf")
        for a, b in pairwise(line):
            least = min(least, abs(walked + shapes.distance_m(a, point) - way))
            walked += shapes.distance_m(a, b)

        assert least <= 0.02 + way * 2e-3
