"""Timelines: everything stands where its time is."""

from datetime import UTC, datetime, timedelta
from typing import Any

from core.kit.locale import Language, use
from core.ui.timeline import Dot, Lane, Period, Stretch, timeline

STARTS = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)  # 14:00 in the city
DAY = Period(STARTS, STARTS + timedelta(hours=24))


def drawn(lanes: tuple[Lane, ...] = (), dots: tuple[Dot, ...] = ()) -> Any:  # a component has the attributes of its kind
    """Return a timeline of a day."""
    with use(Language.EN):
        return timeline(DAY, lanes, dots, name="A berth")


def pieces(whole: Any, name: str) -> list[Any]:
    """Return the pieces of a class."""
    return [part for part in whole._traverse() if name in (getattr(part, "className", None) or "").split()]


class TestLane:
    def test_places_stretches_by_their_time(self) -> None:
        stretch = Stretch(STARTS + timedelta(hours=6), STARTS + timedelta(hours=18), "occupied", "a car")
        (run,) = pieces(drawn((Lane("Sensor", (stretch,)),)), "timeline__run--occupied")

        assert run.style == {"left": "25.0%", "width": "50.0%"}
        assert run.title == "a car"

    def test_cuts_what_reaches_beyond_the_period(self) -> None:
        stretch = Stretch(STARTS - timedelta(days=3), STARTS + timedelta(days=9), "open", "")
        (run,) = pieces(drawn((Lane("Order", (stretch,)),)), "timeline__run--open")

        assert run.style == {"left": "0.0%", "width": "100.0%"}

    def test_says_what_is_not_installed(self) -> None:
        whole = drawn((Lane("Video", (), "not installed"),))

        assert pieces(whole, "timeline__none")[0].children == ["not installed"]
        assert pieces(whole, "timeline__runs") == []


class TestDots:
    def test_that_cannot_be_told_apart_become_one_that_tells_of_all(self) -> None:
        at = [STARTS + timedelta(hours=12, minutes=minutes) for minutes in (0, 5, 10)]
        dots = (Dot(at[2], "paid", "paid"), Dot(at[0], "plate", "read"), Dot(at[1], "alarm", "overstay"))
        (dot,) = pieces(drawn(dots=dots), "timeline__dot")

        assert dot.title == "read\noverstay\npaid"
        assert "timeline__dot--alarm" in dot.className
        assert dot.style == {"left": "50.0%"}
        assert pieces(dot, "timeline__many")[0].children == ["3"]


class TestAxis:
    def test_is_in_the_time_of_the_city(self) -> None:
        assert [tick.children[0] for tick in pieces(drawn(), "timeline__tick")] == ["14:00", "20:00", "02:00", "08:00", "14:00"]
