"""Previews of prices: everything stands where its time and its amount are, and is read without colour."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from core.kit.locale import Language, use
from core.ui import previews


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English."""
    with use(Language.EN):
        yield


@dataclass(frozen=True)
class Band:
    from_min: int
    to_min: int
    name: str
    letter: str
    look: str = "charged"
    prices: tuple[str, ...] = ("5.00 per 1 h",)


@dataclass(frozen=True)
class Strip:
    title: str
    plan: str
    bands: tuple[Band, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Point:
    after_ms: int
    fen: int | None
    price: str
    paid_fen: int = 0
    paid: str = ""


@dataclass(frozen=True)
class Curve:
    points: tuple[Point, ...]
    until_ms: int = 3_600_000
    lengths: tuple[tuple[int, str], ...] = ((0, "0"), (3_600_000, "1 h"))
    amounts: tuple[tuple[int, str], ...] = ((0, "0.00"), (1_000, "10.00"))
    payments: tuple[tuple[int, str], ...] = ()
    is_exact: bool = True
    why: str = ""


@dataclass(frozen=True)
class Cell:
    price: str
    why: str = ""


@dataclass(frozen=True)
class Samples:
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


DAY = (Band(0, 420, "night", "A"), Band(420, 1140, "day", "B"), Band(1140, 1440, "night", "A"))


def pieces(whole: Any, name: str) -> list[Any]:  # a component has the attributes of its kind
    """Return the pieces of a class."""
    return [part for part in whole._traverse() if name in (getattr(part, "className", None) or "").split()]


def words(whole: Any) -> str:  # as above
    """Return all that is read of a component."""
    inside = getattr(whole, "children", whole)
    if isinstance(inside, list | tuple):
        return " ".join(filter(None, map(words, inside)))
    return "" if inside is None else inside if isinstance(inside, str) else words(inside)


class TestDays:
    def test_places_bands_by_their_time(self) -> None:
        parts = pieces(previews.days([Strip("Every day", "street", DAY)]), "bands__part")

        assert [part.style for part in parts][1] == {"left": "29.1667%", "width": "50.0000%"}
        assert parts[1].title == "07:00–19:00 · day\n5.00 per 1 h"

    def test_names_each_band_once_below(self) -> None:
        named = pieces(previews.days([Strip("Every day", "street", DAY)]), "bands__one")

        assert [words(one) for one in named] == ["A night 5.00 per 1 h", "B day 5.00 per 1 h"]

    def test_is_read_without_being_seen(self) -> None:
        (track,) = pieces(previews.days([Strip("Every day", "street", DAY[:2])]), "bands__track")

        assert track.to_plotly_json()["props"]["aria-label"] == (
            "Every day: 00:00–07:00 night 5.00 per 1 h; 07:00–19:00 day 5.00 per 1 h"
        )

    def test_marks_what_has_no_rule_by_a_word(self) -> None:
        whole = previews.days([Strip("Weekend", "street", (*DAY[:2], Band(1140, 1440, "", "", "gap", ())))])

        assert pieces(whole, "bands__ground--gap") != []
        assert "No rule" in words(whole)

    def test_names_the_plan_where_there_are_several(self) -> None:
        one, other = Strip("Every day", "street", DAY), Strip("Every day", "short", DAY, ("free up to 15 min",))

        assert pieces(previews.days([one]), "bands__of") == []
        assert [words(each) for each in pieces(previews.days([one, other]), "bands__of")] == ["street", "short"]
        assert "free up to 15 min" in words(previews.days([one, other]))


class TestStripOf:
    def test_lays_a_stay_over_the_bands(self) -> None:
        (stay,) = pieces(previews.strip_of("11-20", DAY, stay=(480, 600), told="08:00–10:00"), "bands__stay")

        assert (stay.style, stay.title) == ({"left": "33.3333%", "width": "8.3333%"}, "08:00–10:00")


class TestSteps:
    CURVE = Curve((Point(0, 0, "0.00"), Point(900_001, 500, "5.00"), Point(1_800_000, None, "—")))

    def test_are_as_long_and_as_high_as_the_price(self) -> None:
        whole = previews.steps(self.CURVE, name="Price")
        free, paid = pieces(whole, "steps__step")

        assert free.style == {"left": "0.0000%", "width": "calc(25.0000% + 0.5px)", "height": "0.0000%"}
        assert paid.style["height"] == "50.0000%"
        assert paid.title == "0:15–0:30: 5.00"

    def test_leave_a_hatched_place_where_there_is_no_price(self) -> None:
        (none,) = pieces(previews.steps(self.CURVE, name="Price"), "steps__none")

        assert none.style == {"left": "50.0000%", "width": "calc(50.0000% + 0.5px)"}

    def test_mark_the_length_of_one_stay_as_far_as_it_is_drawn(self) -> None:
        (here,) = pieces(previews.steps(self.CURVE, name="Price", here_ms=900_000), "steps__here")

        assert here.style == {"left": "25.0000%"}
        assert pieces(previews.steps(self.CURVE, name="Price", here_ms=9_000_000), "steps__here") == []

    def test_come_as_a_list_too(self) -> None:
        (table,) = pieces(previews.steps(self.CURVE, name="Price"), "steps__table")

        assert words(table) == "Longer than Costs 0:00 0.00 0:15 5.00 0:30 —"

    def test_put_what_was_paid_above_what_is_due_and_mark_when(self) -> None:
        points = Point(0, 0, "0.00"), Point(900_001, 500, "5.00"), Point(1_800_000, 100, "1.00", 400, "4.00")
        whole = previews.steps(Curve(points, payments=((1_800_000, "paid 4.00"),)), name="Price")

        (paid,) = pieces(whole, "steps__paid")
        assert (paid.style["bottom"], paid.style["height"]) == ("10.0000%", "40.0000%")
        assert paid.title == "0:30–1:00: 1.00 · paid 4.00"
        assert [mark.style for mark in pieces(whole, "steps__payment")] == [{"left": "50.0000%"}]
        assert words(pieces(whole, "steps__table")[0]) == "Longer than Paid Due 0:00 0.00 0:15 5.00 0:30 4.00 1.00"


class TestTable:
    def test_has_a_dash_and_says_why_once(self) -> None:
        why = "The calendar does not know 2027-01-01."
        whole = previews.table(
            Samples(("Working day",), (("1 h", (Cell("5.00"),)), ("3 d", (Cell("—", why),)), ("9 d", (Cell("—", why),))))
        )

        assert words(pieces(whole, "samples__why")[0]) == why
        assert words(whole).count("—") == 2


class TestCovered:
    def test_names_the_hole_by_a_word(self) -> None:
        whole = previews.covered(["Small", "Large"], [("Working day", ["", "07:00–08:30"])])

        assert words(whole) == "Kind of day Small Large Working day ✓ 24 h no rule: 07:00–08:30"
        assert len(pieces(whole, "covered__hole")) == 1
