"""Points move between WGS-84 and GCJ-02 and come back."""

from math import cos, hypot, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit.geo import gcj_to_wgs, inside_china, wgs_to_gcj

LONGITUDES, LATITUDES = st.floats(75.0, 135.0), st.floats(18.0, 53.0)


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    return hypot((one[0] - other[0]) * 111_320 * cos(radians(one[1])), (one[1] - other[1]) * 110_540)


class TestWgsToGcj:
    @pytest.mark.parametrize(
        ("wgs", "gcj"),
        [
            ((116.404, 39.915), (116.410244, 39.916404)),  # Source: the example of coordtransform
        ],
    )
    def test_agrees_with_the_published_figures(self, wgs: tuple[float, float], gcj: tuple[float, float]) -> None:
        assert metres(wgs_to_gcj(*wgs), gcj) < 1.0

    @given(LONGITUDES, LATITUDES)
    def test_moves_less_than_a_kilometre(self, lon: float, lat: float) -> None:
        assert metres(wgs_to_gcj(lon, lat), (lon, lat)) < 1_000

    @pytest.mark.parametrize("point", [(0.0, 51.5), (-74.0, 40.7), (151.2, -33.9)])
    def test_leaves_the_rest_of_the_world_alone(self, point: tuple[float, float]) -> None:
        assert not inside_china(*point)
        assert wgs_to_gcj(*point) == gcj_to_wgs(*point) == point


class TestGcjToWgs:
    @given(LONGITUDES, LATITUDES)
    def test_finds_back_within_a_millimetre(self, lon: float, lat: float) -> None:
        assert metres(gcj_to_wgs(*wgs_to_gcj(lon, lat)), (lon, lat)) < 0.001
