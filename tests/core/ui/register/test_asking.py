"""Questions: an address or a page's state becomes conditions, and what is no filter asks nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.kit.listing import Condition, Is, Order
from core.ui.register import Choice, Reader, asking
from core.ui.tables import BadRequest
from tests.core.ui.register.shelf import books

BOOKS = books()


class TestOfAddress:
    def test_reads_filters_and_nothing_else(self) -> None:
        query = {"q.title": ["Ulysses", "Emma"], "q.price_fen": "10..", "q.secret": "x", "lang": "en", "q.state": "lent"}

        assert asking.of_address(BOOKS, query) == {"title": ["Ulysses", "Emma"], "price_fen": ["10", ""], "state": ["lent"]}

    def test_takes_the_question_of_a_view(self) -> None:
        assert asking.of_address(BOOKS, {"view": "dear"}) == {"price_fen": ["10", ""]}
        assert asking.first_order(BOOKS, {"view": "dear"}) == Order("price_fen", is_falling=True)
        assert asking.first_order(BOOKS, {}) == Order("title")

    @pytest.mark.parametrize("state", [None, 7, [], {"q": 7}, {"q": {"title": {"a": 1}}}, {"q": {"title": [None]}}], ids=str)
    def test_survives_what_a_browser_may_send(self, state: Any) -> None:
        assert asking.of_page(BOOKS, state) in ({}, {"title": ["{'a': 1}"]})


class TestConditions:
    @pytest.mark.parametrize(
        ("question", "conditions"),
        [
            ({"title": ["Emma"]}, [Condition("title", Is.EQUAL, "Emma")]),
            ({"title": ["Emma", "Kim"]}, [Condition("title", Is.IN, ["Emma", "Kim"])]),
            ({"borrower": ["Li"]}, [Condition("borrower", Is.CONTAINS, "Li")]),
            ({"price_fen": ["1.50", ""]}, [Condition("price_fen", Is.AT_LEAST, 150)]),
            ({"printed_on": ["", "2026-01-31"]}, [Condition("printed_on", Is.AT_MOST, date(2026, 1, 31))]),
            (
                {"bought_at": ["2026-01-01", "2026-01-31"]},
                [
                    Condition("bought_at", Is.AT_LEAST, datetime(2025, 12, 31, 16, tzinfo=UTC)),
                    Condition("bought_at", Is.BELOW, datetime(2026, 1, 31, 16, tzinfo=UTC)),
                ],
            ),
            ({"state": ["lent"]}, [Condition("state", Is.EQUAL, "lent")]),
        ],
        ids=str,
    )
    def test_say_what_is_asked(self, question: dict[str, list[str]], conditions: list[Condition]) -> None:
        assert list(asking.conditions(BOOKS, question)) == conditions

    @pytest.mark.parametrize("value", ["ten", "1e99", "nan", "--"])
    def test_refuse_what_is_no_amount(self, value: str) -> None:
        with pytest.raises(BadRequest):
            asking.conditions(BOOKS, {"price_fen": [value, ""]})

    @pytest.mark.parametrize("value", ["tomorrow", "0001-01-01", "2026-02-30"])
    def test_refuse_what_is_no_day(self, value: str) -> None:
        with pytest.raises(BadRequest):
            asking.conditions(BOOKS, {"bought_at": [value, ""]})


class TestGivenForRow:
    def test_finds_a_row_however_narrow_the_list_begins(self, reader: Reader) -> None:
        period = Choice("period", "Period", {"week": "7 days", "all": "Ever"}, is_given=True, default="week", widest="all")
        register = replace(BOOKS, filters=(period,))

        assert asking.given(register, reader, {})["period"] == "week"
        assert asking.given_for_row(register, reader)["period"] == "all"
