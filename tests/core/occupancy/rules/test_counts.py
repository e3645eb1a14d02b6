"""Counts judged by their own numbers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.occupancy.rules.counts import Fault, fault_of, free_of

NUMBERS = st.none() | st.integers(-5, 20)


class TestFaultOf:
    @pytest.mark.parametrize(
        ("total", "free", "inside", "fault"),
        [
            (100, 0, 100, None),
            (100, 100, 0, None),
            (None, 7, None, None),
            (None, None, None, None),
            (0, None, None, None),
            (630, -30, 660, Fault.FREE_BELOW_ZERO),
            (100, 108, -8, Fault.INSIDE_BELOW_ZERO),
            (0, 520, None, Fault.FREE_ABOVE_TOTAL),
            (100, 50, 40, Fault.SUM_DIFFERS),
        ],
    )
    def test_tells_what_cannot_be_true(self, total: int | None, free: int | None, inside: int | None, fault: Fault | None) -> None:
        assert fault_of(total=total, free=free, inside=inside) is fault

    @given(total=NUMBERS, free=NUMBERS, inside=NUMBERS)
    def test_lets_nothing_pass_that_is_below_zero_or_above_the_total(
        self, total: int | None, free: int | None, inside: int | None
    ) -> None:
        if fault_of(total=total, free=free, inside=inside) is None and free is not None:
            assert free >= 0
            assert total is None or free <= total


class TestFreeOf:
    def test_is_what_was_told(self) -> None:
        assert free_of(total=100, free=7, inside=90) == 7

    def test_is_what_the_total_leaves_be_it_less_than_none(self) -> None:
        assert free_of(total=630, free=None, inside=660) == -30

    def test_is_unknown_where_one_of_the_two_is(self) -> None:
        assert free_of(total=None, free=None, inside=3) is None
        assert free_of(total=3, free=None, inside=None) is None
