"""Whether one vehicle can have been at two places (R20): distances as the crow flies, speeds that no vehicle makes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.stays.rules.travel import LEAST_M, Place, journey

HERE = Place(115.0, 30.0)
PLACES = st.builds(Place, st.floats(114, 116), st.floats(29, 31))
TIMES_MS = st.integers(0, 7_200_000)


def north(km: float) -> Place:
    """Return the place so many kilometres to the north; a degree is 111.195 km long."""
    return Place(HERE.lon, HERE.lat + km / 111.195)


class TestJourney:
    @pytest.mark.parametrize(("km", "minutes", "is_impossible"), [
        (10, 3, True),  # 9 km of it outside of the two sites: 180 km/h
        (10, 4, False),  # 135 km/h
        (1.9, 0.1, False),  # they may touch each other
        (60, 60, False),
        (0, 0, False),
    ])  # fmt: skip
    def test_r20_believes_no_vehicle_that_is_faster_than_vehicles_are(self, km: float, minutes: float, is_impossible: bool) -> None:
        assert journey(HERE, north(km), apart_ms=round(minutes * 60_000)).is_impossible is is_impossible

    def test_measures_the_way(self) -> None:
        assert abs(journey(HERE, north(10), apart_ms=60_000).distance_m - 10_000) <= 1
        assert abs(journey(HERE, Place(116.0, 30.0), apart_ms=60_000).distance_m - 96_297) <= 5

    @given(PLACES, PLACES, TIMES_MS)
    def test_is_the_same_both_ways(self, one: Place, other: Place, apart_ms: int) -> None:
        assert journey(one, other, apart_ms=apart_ms) == journey(other, one, apart_ms=apart_ms)

    @given(PLACES, PLACES, TIMES_MS, st.integers(0, 3_600_000))
    def test_is_never_less_believable_with_more_time(self, one: Place, other: Place, apart_ms: int, more_ms: int) -> None:
        hurried, unhurried = (journey(one, other, apart_ms=ms) for ms in (apart_ms, apart_ms + more_ms))

        assert unhurried.speed_kmh <= hurried.speed_kmh
        assert hurried.is_impossible or not unhurried.is_impossible
        assert hurried.distance_m >= LEAST_M or not hurried.is_impossible
