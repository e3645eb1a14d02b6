"""Money is whole fen; parts add up to the whole."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit.money import Fen, NotWholeFen, from_yuan, portion, share, to_yuan

AMOUNTS = st.integers(-(10**12), 10**12).map(Fen)
WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any)


class TestShare:
    @given(AMOUNTS, WEIGHTS)
    def test_adds_up_to_the_whole(self, total: Fen, weights: list[int]) -> None:
        assert sum(share(total, weights)) == total

    @given(AMOUNTS, WEIGHTS)
    def test_is_within_one_fen_of_the_exact_part(self, total: Fen, weights: list[int]) -> None:
        exact = [Fraction(total * weight, sum(weights)) for weight in weights]

        assert all(abs(part - wanted) < 1 for part, wanted in zip(share(total, weights), exact, strict=True))

    @given(AMOUNTS, WEIGHTS)
    def test_gives_nothing_where_there_is_no_weight(self, total: Fen, weights: list[int]) -> None:
        assert all(part == 0 for part, weight in zip(share(total, weights), weights, strict=True) if weight == 0)

    def test_gives_a_fen_left_over_to_the_largest_remainder_then_to_the_first(self) -> None:
        assert share(Fen(100), [1, 1, 1]) == [34, 33, 33]
        assert share(Fen(-100), [1, 1, 1]) == [-34, -33, -33]
        assert share(Fen(10), [1, 2, 3]) == [2, 3, 5]

    @pytest.mark.parametrize("weights", [[], [0, 0], [3, -1]])
    def test_refuses_weights_that_share_nothing(self, weights: list[int]) -> None:
        with pytest.raises(ValueError, match="weights"):
            share(Fen(1), weights)


class TestPortion:
    @pytest.mark.parametrize(("fen", "ratio", "wanted"), [(5, "0.5", 3), (-5, "0.5", -3), (1_000, "0.035", 35), (3, "0.1", 0)])
    def test_rounds_once_half_away_from_zero(self, fen: int, ratio: str, wanted: int) -> None:
        assert portion(Fen(fen), Decimal(ratio)) == wanted


class TestFromYuan:
    @given(AMOUNTS)
    def test_reads_what_to_yuan_wrote(self, amount: Fen) -> None:
        assert from_yuan(str(to_yuan(amount))) == amount

    @pytest.mark.parametrize("text", ["1.005", "", "abc", "NaN", "Infinity", "1,5"])
    def test_refuses_what_is_not_whole_fen(self, text: str) -> None:
        with pytest.raises(NotWholeFen):
            from_yuan(text)
