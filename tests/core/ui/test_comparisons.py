"""Comparisons: sums that are known only where all parts are, differences with a sign, and shares of stays."""

import pytest

from core.ui.comparisons import Compared, added, change, places, shares, signed, whole
from tests.core.ui.drawn import texts


class TestAdded:
    def test_adds_sums_and_stays(self) -> None:
        told = added([Compared(100, 150, 1, 2, 0), Compared(50, 20, 0, 0, 3)])

        assert told == Compared(150, 170, 1, 2, 3)
        assert (told.difference_fen, told.stay_n) == (20, 6)

    def test_does_not_know_what_a_part_does_not_know(self) -> None:
        assert added([Compared(100, 150, 1, 0, 0), Compared(None, None, 0, 0, 0)]).after_fen is None
        assert added([]).before_fen is None


class TestChange:
    @pytest.mark.parametrize(
        ("before", "after", "said"),
        [(10_000, 12_550, "+25.50 · +25.5%"), (10_000, 9_000, "−10.00 · −10.0%"), (0, 500, "+5.00"), (None, None, "—")],
    )
    def test_has_a_sign_and_a_share(self, before: int | None, after: int | None, said: str) -> None:
        assert change(Compared(before, after, 0, 0, 0)) == said

    def test_is_nothing_where_nothing_changes(self) -> None:
        assert signed(0) == "0.00"


class TestWhole:
    def test_tells_what_is_not_known_by_a_dash(self) -> None:
        assert texts(whole(Compared(None, None, 1, 0, 0))).count("—") == 3


class TestShares:
    def test_tells_how_many_and_which_share(self) -> None:
        told = texts(shares(Compared(0, 0, 1, 2, 1)))

        assert [text for text in told if "%" in text] == ["1 · 25.0%", "2 · 50.0%", "1 · 25.0%"]
        assert texts(shares(Compared(0, 0, 0, 0, 0))).count("—") == 3


class TestPlaces:
    def test_tells_each_place(self) -> None:
        assert texts(places([("GL-01", Compared(100, 250, 1, 0, 0))]))[-4:] == ["GL-01", "1.00", "2.50", "+1.50"]
