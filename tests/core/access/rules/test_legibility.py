"""A text is read from as far as its characters are seen under 16 minutes of arc."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access.rules import legibility
from core.access.rules.legibility import CHARACTER_PX, REACH, Text

SIZES = st.integers(20, 3_000)


class TestNeededPx:
    @pytest.mark.parametrize(
        ("picture_cm", "row"),
        [(68.5, (22, 37, 59, 73)), (122, (12, 21, 33, 41)), (205, (7, 12, 20, 25)), (270, (6, 9, 15, 19))],
    )
    def test_is_what_the_tables_of_large_displays_say(self, picture_cm: float, row: tuple[int, ...]) -> None:
        seats_cm = (300, 500, 800, 1_000)

        assert tuple(round(legibility.needed_px(picture_cm=picture_cm, seat_cm=seat_cm)) for seat_cm in seats_cm) == row


class TestFarthestCm:
    @given(picture_cm=SIZES)
    def test_is_where_a_text_is_just_read(self, picture_cm: int) -> None:
        for text in Text:
            seat_cm = legibility.farthest_cm(text, picture_cm=picture_cm)

            assert legibility.needed_px(picture_cm=picture_cm, seat_cm=seat_cm) == pytest.approx(CHARACTER_PX[text])

    def test_is_farther_for_what_is_larger(self) -> None:
        assert REACH[Text.ALL] < REACH[Text.FIGURES] < REACH[Text.HEADLINES]
