"""Rows of berths: numbers, codes and where each lies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.places import rows, shapes
from core.places.rows import BadRow, Row

EAST = [(114.0, 30.0), (114.01, 30.0)]
"""963 m."""


class TestLay:
    def test_numbers_berths_in_order_with_prefix_and_digits(self) -> None:
        laid = rows.lay(Row("B-", 2, 8, step=2, digits=2), [EAST])

        assert [one.code for one in laid] == ["B-02", "B-04", "B-06", "B-08"]

    def test_lays_them_one_behind_the_other(self) -> None:
        laid = rows.lay(Row("", 1, 3, start_m=10, spacing_m=6, aside_m=2), [EAST])

        points = [one.point for one in laid]
        assert None not in points
        assert shapes.distance_m(EAST[0], points[0]) == pytest.approx(10.2, abs=0.05)  # type: ignore[arg-type]  # said above
        assert shapes.distance_m(points[0], points[2]) == pytest.approx(12, abs=0.05)  # type: ignore[arg-type]  # said above

    def test_goes_on_along_the_next_line_of_the_street(self) -> None:
        north = [(114.01, 30.0), (114.01, 30.01)]
        laid = rows.lay(Row("", 1, 2, start_m=900, spacing_m=100), [EAST, north])

        assert laid[1].point is not None
        assert laid[1].point[0] == pytest.approx(114.01)
        assert laid[1].point[1] > 30.0

    def test_knows_no_place_without_a_line(self) -> None:
        assert [one.point for one in rows.lay(Row("", 1, 3), [])] == [None, None, None]

    def test_refuses_a_row_longer_than_the_street_and_says_how_many_fit(self) -> None:
        with pytest.raises(BadRow, match="at most 160 fit") as refused:
            rows.lay(Row("", 1, 161), [EAST])

        assert refused.value.field == "spacing_m"
        assert len(rows.lay(Row("", 1, 160), [EAST])) == 160

    def test_refuses_none_and_too_many(self) -> None:
        with pytest.raises(BadRow, match="before the first"):
            rows.lay(Row("", 5, 4), [])
        with pytest.raises(BadRow, match="2,000"):
            rows.lay(Row("", 1, 2_001), [])

    @given(first=st.integers(0, 500), n=st.integers(1, 60), step=st.integers(1, 10), digits=st.integers(1, 5))
    def test_gives_every_berth_a_code_of_its_own(self, first: int, n: int, step: int, digits: int) -> None:
        laid = rows.lay(Row("B", first, first + step * (n - 1), step=step, digits=digits), [])

        assert len({one.code for one in laid}) == len(laid) == n
