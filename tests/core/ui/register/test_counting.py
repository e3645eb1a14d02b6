"""Counting: what a page remembers of what it read, and what of it is believed."""

from typing import Any

import orjson
import pytest

from core.kit.listing import Anchor, Asked, Measure, Order
from core.ui.register import counting

MANY = Measure(1_000, is_exact=True)
FULL = [f"row {n}" for n in range(100)]


def read(first: int, before: object, *, of: str = "q", keys: list[str] = FULL, measure: Measure | None = None) -> Any:
    """Return what the page sends back after a block, as JSON carries it."""
    return orjson.loads(orjson.dumps(counting.kept(Asked(first, 100), of, keys, before, measure)))


class TestWords:
    def test_tell_a_number_from_what_is_near_and_from_the_least(self) -> None:
        assert counting.words(Measure(12_345, is_exact=True)) == "12,345"
        assert counting.words(Measure(10_008_257, is_exact=False, is_about=True)) == "about 10,000,000"
        assert counting.words(Measure(10_000, is_exact=False)) == "more than 10,000"

    def test_are_short_on_a_tab(self) -> None:
        assert counting.short(Measure(12_345, is_exact=True)) == "12,345"
        assert counting.short(Measure(185_488, is_exact=False, is_about=True)) == "≈185,000"
        assert counting.short(Measure(10_000, is_exact=False)) == "10,000+"


class TestAnchor:
    def test_is_the_last_row_before_a_block(self) -> None:
        after_two = read(100, read(0, None, measure=MANY), keys=[f"second {n}" for n in range(100)])

        assert counting.anchor(Asked(200, 100), "q", after_two) == Anchor(200, "second 99")
        assert counting.anchor(Asked(150, 100), "q", after_two) == Anchor(100, "row 99")
        assert counting.anchor(Asked(0, 100), "q", after_two) is None
        assert (after_two["n"], after_two["exact"]) == (1_000, True)

    def test_is_none_under_another_question(self) -> None:
        before = read(0, None, measure=MANY)

        assert counting.anchor(Asked(100, 100), "another", before) is None
        assert read(0, before, of="another", measure=MANY)["ends"] == [[100, "row 99"]]

    def test_is_none_after_the_last_row(self) -> None:
        assert read(0, None, keys=FULL[:30], measure=MANY)["ends"] == []

    def test_is_never_far_however_many_blocks_were_read(self) -> None:
        before: Any = None
        for first in range(0, 100_000, 100):
            before = read(first, before, measure=MANY)

        assert len(before["ends"]) <= 64
        assert counting.anchor(Asked(100_000, 100), "q", before) == Anchor(100_000, "row 99")
        nearest = [counting.anchor(Asked(first, 100), "q", before) for first in range(10_000, 100_000, 10_000)]
        assert None not in nearest

    @pytest.mark.parametrize("ends", [7, [7], [[1]], [["1", "a"]], [[1, 2]], [[1, "\0"]], None], ids=str)
    def test_survives_what_a_browser_may_send(self, ends: object) -> None:
        assert counting.anchor(Asked(100, 100), "q", {"of": "q", "ends": ends}) is None


class TestFingerprint:
    def test_knows_the_question_and_the_order_whatever_the_block(self) -> None:
        asked = Asked(0, 100, (Order("name"),))

        assert counting.fingerprint(asked, {"a": ["1"]}) == counting.fingerprint(Asked(300, 100, (Order("name"),)), {"a": ["1"]})
        assert counting.fingerprint(asked, {"a": ["1"]}) != counting.fingerprint(asked, {"a": ["2"]})
        assert counting.fingerprint(asked, {}) != counting.fingerprint(Asked(0, 100, (Order("name", is_falling=True),)), {})
