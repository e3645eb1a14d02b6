"""Periods are half-open and their parts add up."""

import itertools
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit.periods import Period, hours_of

AT = datetime(2026, 2, 28, 22, 30, tzinfo=UTC)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis adds the zone
PERIODS = st.tuples(INSTANTS, st.timedeltas(timedelta(), timedelta(days=3))).map(lambda pair: Period(pair[0], pair[0] + pair[1]))


class TestPeriod:
    def test_has_its_start_and_not_its_end(self) -> None:
        period = Period(AT, AT + timedelta(hours=1))

        assert period.has(AT)
        assert not period.has(period.ends_at)

    def test_refuses_to_end_before_it_starts_or_to_have_no_zone(self) -> None:
        with pytest.raises(ValueError, match="before"):
            Period(AT, AT - timedelta(seconds=1))
        with pytest.raises(ValueError, match="zone"):
            Period(AT.replace(tzinfo=None), AT)

    @given(PERIODS, st.lists(INSTANTS, max_size=5))
    def test_adds_up_wherever_it_is_cut(self, period: Period, cuts: list[datetime]) -> None:
        inside = sorted(at for at in cuts if period.has(at))
        ends = [period.starts_at, *inside, period.ends_at]

        assert sum(Period(a, b).seconds for a, b in itertools.pairwise(ends)) == period.seconds

    @given(PERIODS, PERIODS)
    def test_overlaps_both_ways_alike(self, one: Period, other: Period) -> None:
        shared = one.overlap(other)

        assert shared == other.overlap(one)
        assert shared is None or (one.has(shared.starts_at) and other.has(shared.starts_at))

    def test_does_not_overlap_what_it_only_touches(self) -> None:
        noon = AT + timedelta(hours=1)

        assert Period(AT, noon).overlap(Period(noon, noon + timedelta(hours=1))) is None


class TestHoursOf:
    def test_cuts_at_the_utc_hours_across_midnight_and_month(self) -> None:
        hours = list(hours_of(AT, AT + timedelta(hours=2)))

        assert hours == [
            (datetime(2026, 2, 28, 22, tzinfo=UTC), 1_800),
            (datetime(2026, 2, 28, 23, tzinfo=UTC), 3_600),
            (datetime(2026, 3, 1, tzinfo=UTC), 1_800),
        ]

    def test_reads_other_zones_as_the_same_instants(self) -> None:
        local = AT.astimezone(timezone(timedelta(hours=5, minutes=30)))

        assert list(hours_of(local, local + timedelta(hours=2))) == list(hours_of(AT, AT + timedelta(hours=2)))

    @given(PERIODS)
    def test_adds_up_to_the_period(self, period: Period) -> None:
        hours = list(hours_of(period.starts_at, period.ends_at))

        assert sum(seconds for _hour, seconds in hours) == period.seconds
        assert all(0 <= seconds <= 3_600 and hour.minute == hour.second == hour.microsecond == 0 for hour, seconds in hours)
