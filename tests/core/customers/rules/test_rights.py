"""Rights: who parks for nothing, where and when."""

import re
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.customers.rules.rights import Entry, Rights, Span, Special, Why, compiled

HERE, THERE = UUID(int=1), UUID(int=2)
CLASS, ENTRY = UUID(int=11), UUID(int=12)
SCHOOL = Special(CLASS, compiled(r"江[A-Z]\d{4}学"), frozenset({"yellow"}), Span(1_000, 2_000))
ALLOWED = Entry(ENTRY, "江A12345", None, Span(1_000, 2_000, frozenset({HERE})))


def right(plate: str, colour: str = "blue", *, site_id: UUID = HERE, at_ms: int = 1_500) -> Why:
    """Return why a plate parks for nothing, if it does."""
    found = Rights(entries=[ALLOWED], specials=[SCHOOL]).at(plate, colour, site_id=site_id, at_ms=at_ms)
    assert found.is_free == (found.why is not Why.NOTHING)
    return found.why


class TestRights:
    def test_leave_everybody_to_pay_whom_nothing_names(self) -> None:
        assert right("江A54321") is Why.NOTHING

    def test_free_a_plate_on_the_allow_list_where_it_holds(self) -> None:
        assert right("江A12345") is Why.ALLOWED
        assert right("江A12345", site_id=THERE) is Why.NOTHING

    @given(at_ms=st.integers(0, 3_000))
    def test_hold_from_the_first_instant_to_before_the_last(self, at_ms: int) -> None:
        expected = Why.ALLOWED if 1_000 <= at_ms < 2_000 else Why.NOTHING

        assert right("江A12345", at_ms=at_ms) is expected

    def test_free_a_class_by_pattern_and_colour(self) -> None:
        assert right("江B0001学", "yellow") is Why.SPECIAL
        assert right("江B0001学", "blue") is Why.NOTHING
        assert right("江B0001学", "yellow", at_ms=2_000) is Why.NOTHING

    def test_match_the_whole_plate_only(self) -> None:
        assert right("江B0001学1", "yellow") is Why.NOTHING

    def test_free_a_white_plate_by_its_colour(self) -> None:
        assert right("江A1234警", "white") is Why.COLOUR

    def test_give_the_same_answer_when_asked_again(self) -> None:
        rights = Rights(specials=[SCHOOL])

        assert {rights.at("江B0001学", "yellow", site_id=HERE, at_ms=1_500).source_id for _time in range(3)} == {CLASS}


class TestCompiled:
    @pytest.mark.parametrize("pattern", [r"江[A-Z]\d{4}学", "使.*", r"WJ\d{2}.\d{4}", r"(使|领).+", r"粤Z.{4}[港澳]"])
    def test_take_patterns_of_plates(self, pattern: str) -> None:
        assert isinstance(compiled(pattern), re.Pattern)

    @pytest.mark.parametrize("pattern", ["", ".*", "(a+)+b", "(a*)*", "(?=a)a", r"(a)\1", "[", "a" * 200, "(x|y){1,9}{1,9}"])
    def test_refuse_what_could_take_for_ever_or_takes_everything(self, pattern: str) -> None:
        with pytest.raises(ValueError, match=r"."):
            compiled(pattern)
