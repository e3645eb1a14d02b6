"""Forms: what was typed becomes a model, or a sentence at the field it belongs to, in the reader's language."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.kit.locale import Language, use
from core.ui.register import Kind, Reader, forming
from tests.core.ui.register.shelf import Draft, Genre, books

FORM = books().form
assert FORM is not None
GOOD = {
    "title": " Kim ",
    "price_fen": "12.50",
    "printed_on": "1901-10-01",
    "bought_at": "2026-01-01T08:00",
    "genre": "atlas",
    "is_old": True,
}


def fill(typed: dict[str, Any]) -> forming.Filled:
    """Fill the form of a new book."""
    assert FORM is not None
    return forming.fill(FORM, typed, held={}, is_new=True)


class TestFill:
    def test_reads_each_kind(self) -> None:
        filled = fill(GOOD)

        assert filled.draft == Draft(
            title="Kim",
            price_fen=1_250,
            printed_on=date(1901, 10, 1),
            bought_at=datetime(2026, 1, 1, 0, 0, tzinfo=UTC),
            genre=Genre.ATLAS,
            is_old=True,
        )

    def test_takes_defaults_where_nothing_was_typed(self) -> None:
        assert fill({"title": "Kim", "price_fen": "", "genre": ""}).draft == Draft(title="Kim", price_fen=None)

    @pytest.mark.parametrize(
        ("field", "typed", "said"),
        [
            ("title", "", "This is needed."),
            ("title", None, "This is needed."),
            ("title", 7, "This is needed."),
            ("title", "x" * 31, "At most 30."),
            ("price_fen", "-1", "At least 0."),
            ("price_fen", "ten", "A number is needed."),
            ("price_fen", "1.005", "Yuan with two places at most."),
            ("price_fen", "Infinity", "A number is needed."),
            ("printed_on", "yesterday", "A date is needed."),
            ("bought_at", "2026-02-30T00:00", "A date is needed."),
            ("genre", "song", "Choose one of the list."),
        ],
    )
    def test_says_at_the_field_what_is_wrong(self, field: str, typed: Any, said: str) -> None:
        assert fill({**GOOD, field: typed}).errors == {field: said}

    def test_says_it_in_the_language_of_the_reader(self) -> None:
        with use(Language.ZH_CN):
            said = fill({**GOOD, "title": ""}).errors["title"]

        assert said not in {"", "This is needed."}

    def test_keeps_what_cannot_be_changed(self) -> None:
        assert FORM is not None
        filled = forming.fill(FORM, {**GOOD, "title": "Stolen"}, held={"title": "Kim"}, is_new=False)

        assert isinstance(filled.draft, Draft)
        assert filled.draft.title == "Kim"


class TestDescribe:
    def test_tells_kinds_limits_and_values(self, reader: Reader) -> None:
        assert FORM is not None
        row = {"title": "Kim", "price_fen": 1_250, "is_old": True, "bought_at": datetime(2026, 1, 1, tzinfo=UTC)}

        told = {one["name"]: one for one in forming.describe(FORM, reader, row)}

        assert [told[name]["kind"] for name in ("title", "price_fen", "printed_on", "bought_at", "genre", "is_old")] == [
            Kind.TEXT, Kind.MONEY, Kind.DATE, Kind.MOMENT, Kind.CHOICE, Kind.SWITCH,
        ]  # fmt: skip
        assert (told["title"]["fixed"], told["title"]["longest"]) == (True, 30)
        assert (told["price_fen"]["value"], told["price_fen"]["required"]) == ("12.50", False)
        assert told["bought_at"]["value"] == "2026-01-01T08:00:00"
        assert told["is_old"]["value"] is True
        assert told["genre"]["options"] == [("novel", "Novel"), ("atlas", "Atlas")]

    def test_needs_a_title_of_a_new_book(self, reader: Reader) -> None:
        assert FORM is not None

        needed = {one["name"] for one in forming.describe(FORM, reader, None) if one["required"]}

        assert needed == {"title"}
