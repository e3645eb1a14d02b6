"""Forms: what was typed becomes a model, or a sentence at the field it belongs to, in the reader's language."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from uuid import UUID

import pytest
from pydantic import BaseModel, Field

from core.kit.ids import uuid7
from core.kit.locale import Language, use
from core.ui.register import Field as Part
from core.ui.register import Form, Kind, Reader, forming
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
            ("title", "x" * 31, "At most 30 characters."),
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


class Sent(BaseModel):
    """A letter with pictures."""

    pictures: Annotated[list[UUID], Field(max_length=2)] = []


class Shown(BaseModel):
    """A letter that is nothing without pictures."""

    pictures: Annotated[list[UUID], Field(min_length=1, max_length=2)]


class TestPictures:
    FIELD = Part("pictures", "Pictures", kind=Kind.PICTURES)

    @pytest.mark.parametrize("typed", [None, [], "x", {"key": "x"}, [1, None, {"name": "a.jpg"}]])
    def test_are_none_where_none_came(self, typed: Any) -> None:
        filled = forming.fill(Form(Sent, fields=(self.FIELD,)), {"pictures": typed}, held={}, is_new=True)

        assert filled.draft == Sent()

    def test_are_known_by_their_ids_alone(self) -> None:
        keys = [uuid7(), uuid7()]
        typed = [{"key": str(key), "name": "a.jpg", "bytes": 3} for key in keys]

        filled = forming.fill(Form(Sent, fields=(self.FIELD,)), {"pictures": typed}, held={}, is_new=True)

        assert filled.draft == Sent(pictures=keys)

    @pytest.mark.parametrize(("n", "said"), [(0, "This is needed."), (3, "At most 2.")])
    def test_say_at_the_field_that_they_are_too_few_or_too_many(self, n: int, said: str) -> None:
        typed = [{"key": str(uuid7())} for _one in range(n)]

        with use(Language.EN):
            filled = forming.fill(Form(Shown, fields=(self.FIELD,)), {"pictures": typed}, held={}, is_new=True)

        assert filled.errors == {"pictures": said}

    def test_tell_the_script_how_many_there_may_be(self, reader: Reader) -> None:
        (described,) = forming.describe(Form(Sent, fields=(self.FIELD,)), reader, None)

        assert (described["kind"], described["most"], described["value"], described["required"]) == ("pictures", 2, [], False)
