"""City days: their edges, also where clocks change."""

from datetime import UTC, date, datetime
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.billing.rules.days import DAY_MIN, CityDays, Kind, UnknownDay, Weekday, kind_of
from core.kit.moments import moment, ms_of
from tests.core.billing.calendars import Weeks

ZONES: Final = ("Asia/Shanghai", "Europe/Berlin", "America/Los_Angeles", "Australia/Lord_Howe", "America/Havana", "Asia/Beirut")
SPRING: Final = date(2026, 3, 29).toordinal()
AUTUMN: Final = date(2026, 10, 25).toordinal()


def utc(text: str) -> int:
    return ms_of(datetime.fromisoformat(text).replace(tzinfo=UTC))


class TestClockTime:
    def test_falls_on_the_change_where_clocks_leave_it_out(self) -> None:
        berlin = CityDays.of("Europe/Berlin")

        assert {berlin.clock_time(SPRING, minute) for minute in (120, 135, 179, 180)} == {utc("2026-03-29T01:00")}

    def test_falls_on_its_first_coming_where_clocks_show_it_twice(self) -> None:
        berlin = CityDays.of("Europe/Berlin")

        assert berlin.clock_time(AUTUMN, 150) == utc("2026-10-25T00:30")

    def test_of_a_day_without_midnight_falls_on_the_change(self) -> None:
        havana = CityDays.of("America/Havana")
        on = date(2026, 3, 8).toordinal()

        assert havana.midnight(on) == utc("2026-03-08T05:00")

    @given(zone=st.sampled_from(ZONES), on=st.dates(date(2000, 1, 1), date(2036, 1, 1)), minutes=st.lists(st.integers(0, DAY_MIN)))
    def test_keeps_the_order_of_the_clock(self, zone: str, on: date, minutes: list[int]) -> None:
        days = CityDays.of(zone)

        falls = [days.clock_time(on.toordinal(), minute) for minute in sorted(minutes)]

        assert falls == sorted(falls)


class TestOrdinal:
    @given(zone=st.sampled_from(ZONES), at_ms=st.integers(utc("2000-01-01"), utc("2036-01-01")))
    def test_is_the_day_whose_midnights_enclose_the_instant(self, zone: str, at_ms: int) -> None:
        days = CityDays.of(zone)

        found = days.ordinal(at_ms)

        assert days.midnight(found) <= at_ms < days.midnight(found + 1)
        assert date.fromordinal(found) == moment(at_ms).astimezone(days.zone).date()


class TestKind:
    def test_tells_type_weekday_and_season(self) -> None:
        assert kind_of(date(2025, 12, 31).toordinal(), Weeks()) == Kind("workday", Weekday.WED, 1231)

    def test_of_a_day_that_no_calendar_has_is_an_error(self) -> None:
        with pytest.raises(UnknownDay, match="2031-01-01"):
            kind_of(date(2031, 1, 1).toordinal(), Weeks(known=frozenset({2026})))
