"""What stands where nothing can be shown."""

from typing import Any

import pytest

from core.kit.locale import Language, use
from core.ui.states import Blank, blank, waiting


class TestBlank:
    @pytest.mark.parametrize("language", list(Language))
    def test_says_why_in_words_and_by_a_sign_of_its_own(self, language: Language) -> None:
        with use(language):
            drawn: list[Any] = [blank(why) for why in Blank]

        assert len({str(piece.children[1].children) for piece in drawn}) == len(Blank)
        assert len({getattr(piece.children[0].children[0], "data-glyph") for piece in drawn}) == len(Blank)

    def test_alarms_only_when_something_failed(self) -> None:
        drawn: dict[Blank, Any] = {why: blank(why) for why in Blank}

        assert {why: piece.role for why, piece in drawn.items()} == {**dict.fromkeys(Blank, "status"), Blank.FAILED: "alert"}

    def test_tells_what_to_do(self) -> None:
        drawn = blank(Blank.EMPTY, title="No alarm is open", note="The queue fills by itself.")

        assert [piece.children for piece in drawn.children[1:]] == [["No alarm is open"], ["The queue fills by itself."]]


class TestWaiting:
    def test_holds_the_place_of_what_comes(self) -> None:
        assert len(waiting(rows=3).children) == 3
