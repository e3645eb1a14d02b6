"""City days and hours hold where clocks change, at midnight and on 29 February."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit import clock
from core.settings import settings

HOUR = timedelta(hours=1)


@pytest.fixture
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("BOSHU_CITY_ZONE", request.param)
    settings.cache_clear()
    yield request.param
    settings.cache_clear()


class TestCityDay:
    def test_begins_at_sixteen_hours_utc_in_china(self) -> None:
        start, end = clock.city_day(date(2028, 2, 29))

        assert (start, end) == (datetime(2028, 2, 28, 16, tzinfo=UTC), datetime(2028, 2, 29, 16, tzinfo=UTC))

    @pytest.mark.parametrize(
        ("zone", "on", "hours"),
        [
            ("Europe/Berlin", date(2026, 3, 29), 23),
            ("Europe/Berlin", date(2026, 10, 25), 25),
            ("America/Santiago", date(2025, 9, 7), 23),  # midnight itself is skipped
            ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ],
        indirect=["zone"],
    )
    def test_is_shorter_or_longer_where_clocks_change(self, zone: str, on: date, hours: float) -> None:
        start, end = clock.city_day(on)

        assert end - start == timedelta(hours=hours)
        assert clock.city_date(start) == on
        assert clock.city_date(start - timedelta(microseconds=1)) == on - timedelta(days=1)
        assert clock.city_date(end) == on + timedelta(days=1)

    @given(st.dates(date(1990, 1, 1), date(2060, 1, 1)))
    def test_ends_where_the_next_begins(self, on: date) -> None:
        assert clock.city_day(on)[1] == clock.city_day(on + timedelta(days=1))[0]


class TestCityHour:
    @pytest.mark.parametrize("zone", ["Asia/Kolkata"], indirect=True)
    def test_follows_the_city_where_it_is_off_by_half_an_hour(self, zone: str) -> None:
        assert clock.city_hour(datetime(2026, 1, 1, 10, 10, tzinfo=UTC)) == datetime(2026, 1, 1, 9, 30, tzinfo=UTC)

    @pytest.mark.parametrize("zone", ["Europe/Berlin"], indirect=True)
    def test_tells_the_two_hours_of_autumn_apart(self, zone: str) -> None:
        first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))

        assert clock.city_hour(second) - clock.city_hour(first) == HOUR

    @pytest.mark.parametrize("zone", ["Australia/Lord_Howe", "Europe/Berlin", "Asia/Kathmandu"], indirect=True)
    def test_begins_at_or_before_the_instant_and_stays(self, zone: str) -> None:
        at = datetime(2026, 1, 1, tzinfo=UTC)
        while at < datetime(2027, 1, 1, tzinfo=UTC):
            start = clock.city_hour(at)

            assert start <= at < start + timedelta(minutes=90)
            assert clock.city_hour(start) == start

            at += timedelta(minutes=97)


class TestOffset:
    @pytest.mark.parametrize(("zone", "minutes"), [("Asia/Shanghai", 480), ("Asia/Kathmandu", 345), ("UTC", 0)], indirect=["zone"])
    def test_is_that_of_the_city(self, zone: str, minutes: int) -> None:
        assert clock.offset_min() == minutes


class TestFixedClock:
    def test_moves_only_when_told(self) -> None:
        at = datetime(2026, 1, 1, tzinfo=UTC)
        now = clock.FixedClock(at)

        assert now.now() == at
        assert now.advance(HOUR) == now.now() == at + HOUR


class TestSystemClock:
    def test_is_aware_and_in_utc(self) -> None:
        assert clock.SystemClock().now().tzinfo is UTC
