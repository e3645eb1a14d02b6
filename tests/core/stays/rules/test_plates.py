"""Two reads of one plate: which may be the same, which never are (R19, R21)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.stays.rules.plates import Plate, is_confusable

COLOURS = st.sampled_from(["blue", "green", "yellow", "unknown"])
PLATES = st.builds(Plate, st.text("江浙AB8O0Z2", min_size=6, max_size=8), COLOURS)


class TestIsConfusable:
    @pytest.mark.parametrize(
        ("one", "other", "why"),
        [
            ("江A12345", "江A12345", "the same"),
            ("江AO2345", "江A02345", "O and 0"),
            ("江A8B345", "江A88345", "B and 8"),
            ("浙A12345", "江A12345", "the province is hardest to read"),
            ("江AD12345", "江AD1234", "a new-energy plate that lost its last character"),
        ],
    )
    def test_tells_that_a_misreading_may_be_the_plate(self, one: str, other: str, why: str) -> None:
        assert is_confusable(Plate(one, "blue"), Plate(other, "blue")), why

    @pytest.mark.parametrize(
        ("one", "other", "why"),
        [
            ("江A12345", "江A12346", "5 and 6 look different"),
            ("江AO0345", "江A0O345", "two characters"),
            ("江A12345", "江A1234", "a common plate does not lose a character"),
            ("江AD12345", "江AD1235", "lost within"),
        ],
    )
    def test_tells_that_another_plate_is_another(self, one: str, other: str, why: str) -> None:
        assert not is_confusable(Plate(one, "blue"), Plate(other, "blue")), why

    def test_r22_takes_no_token_for_a_misread_one(self) -> None:
        assert not is_confusable(Plate("T0000417", "none"), Plate("T0000417", "unknown"))
        assert not is_confusable(Plate("T000O417", "none"), Plate("T0000417", "none"))

    def test_takes_the_colour_for_part_of_the_plate(self) -> None:
        assert not is_confusable(Plate("江A12345", "blue"), Plate("江A12345", "yellow"))

    def test_takes_an_unknown_colour_for_any(self) -> None:
        assert is_confusable(Plate("江A12345", "unknown"), Plate("江A12345", "yellow"))

    @given(PLATES, PLATES)
    def test_says_the_same_both_ways(self, one: Plate, other: Plate) -> None:
        assert is_confusable(one, other) == is_confusable(other, one)

    @given(PLATES)
    def test_takes_every_plate_for_itself(self, plate: Plate) -> None:
        assert is_confusable(plate, plate)
