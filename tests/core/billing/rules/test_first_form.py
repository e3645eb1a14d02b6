"""Prices by the first form: the golden cases of the trade, and what is true of every price."""

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.billing.rules.first_form import Band, FirstForm, Line, Price, price
from core.kit.moments import moment, ms_of
from core.kit.money import Fen

CITY = ZoneInfo("Asia/Shanghai")
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "Asia/Beirut")
STREET = FirstForm(15, 60, Fen(150), Fen(225), 15, time(7), time(19), 120, Fen(100))
GARAGE = FirstForm(60, 60, Fen(500), Fen(300), 30, time(0), time(0), 60, Fen(300))
HOUR_MS = 3_600_000


def stay(rules: FirstForm, come: str, leave: str, *, zone: ZoneInfo = CITY) -> Price:
    """Price a stay between two local times, written `day hour:minute:second` in November 2026."""
    started, ended = (datetime.strptime(f"2026-11-{word}", "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone) for word in (come, leave))
    return price(rules, started_ms=ms_of(started), ended_ms=ms_of(ended), zone=zone)


def units(priced: Price) -> list[tuple[Band, int, int]]:
    return [(line.band, line.unit_n, line.fen) for line in priced.lines]


class TestGoldenCases:
    def test_1_exactly_the_free_minutes_cost_nothing(self) -> None:
        assert stay(STREET, "20 08:00:00", "20 08:15:00") == Price(Fen(0), ())

    def test_2_a_second_more_costs_everything(self) -> None:
        assert stay(STREET, "20 08:00:00", "20 08:15:01").gross_fen == 300

    def test_3_two_hours_by_day(self) -> None:
        assert stay(STREET, "20 08:00:00", "20 10:00:00").gross_fen == 1500

    def test_4_an_evening_is_cut_where_the_night_begins(self) -> None:
        priced = stay(STREET, "20 18:40:00", "20 21:05:00")

        assert priced.gross_fen == 500
        assert units(priced) == [(Band.DAY, 2, 300), (Band.NIGHT, 2, 200)]

    def test_5_a_long_stay_without_a_cap(self) -> None:
        assert stay(GARAGE, "20 10:00:00", "21 09:00:00").gross_fen == 7100

    def test_5_a_long_stay_capped_by_the_day_begins_its_first_hour_once(self) -> None:
        priced = stay(replace(GARAGE, cap_day_fen=Fen(3000)), "20 10:00:00", "21 09:00:00")

        assert units(priced) == [(Band.DAY, 14, 3000), (Band.DAY, 9, 2700)]

    def test_13_a_stay_that_ends_before_it_starts_is_an_error(self) -> None:
        with pytest.raises(ValueError, match="ends before"):
            stay(GARAGE, "20 10:00:00", "20 09:59:59")

    def test_15_two_seconds_on_both_sides_of_the_evening_touch_two_bands(self) -> None:
        priced = stay(replace(STREET, free_min=0), "20 18:59:59", "20 19:00:01")

        assert units(priced) == [(Band.DAY, 1, 150), (Band.NIGHT, 1, 100)]


class TestPrice:
    def test_counts_the_first_units_of_the_stay_and_not_of_every_day(self) -> None:
        priced = stay(STREET, "20 18:00:00", "21 08:00:00")

        assert units(priced) == [(Band.DAY, 4, 600), (Band.NIGHT, 6, 600), (Band.DAY, 4, 900)]

    def test_caps_each_city_day_by_what_starts_on_it(self) -> None:
        rules = replace(STREET, cap_day_fen=Fen(1000))

        assert units(stay(rules, "20 17:00:00", "21 09:00:00")) == [
            (Band.DAY, 8, 1000),
            (Band.NIGHT, 3, 0),
            (Band.NIGHT, 4, 400),
            (Band.DAY, 8, 600),
        ]

    def test_costs_nothing_for_no_time_at_all(self) -> None:
        assert stay(replace(STREET, free_min=0), "20 08:00:00", "20 08:00:00").gross_fen == 0

    @pytest.mark.parametrize(
        ("wrong", "why"),
        [
            ({"unit_min": 0}, "unit"),
            ({"night_unit_min": -1}, "unit"),
            ({"first_min": 50}, "multiple"),
            ({"unit_fen": Fen(-1)}, "negative"),
            ({"free_min": -1}, "negative"),
            ({"cap_day_fen": Fen(-1)}, "negative"),
            ({"day_starts": time(19), "day_ends": time(7)}, "midnight"),
            ({"day_ends": time(0)}, "midnight"),
        ],
    )
    def test_is_refused_by_rules_that_cannot_price(self, wrong: dict[str, object], why: str) -> None:
        with pytest.raises(ValueError, match=why):
            replace(STREET, **wrong)  # type: ignore[arg-type]  # each is wrong in its own way


class TestPriceWhereClocksChange:
    BERLIN = ZoneInfo("Europe/Berlin")
    NIGHT_WATCH = FirstForm(60, 60, Fen(100), Fen(100), 0, time(7), time(19), 60, Fen(1))

    def night(self, evening: date, zone: ZoneInfo) -> int:
        """Return how many hours are charged from seven in the evening to seven in the morning."""
        started = datetime.combine(evening, time(19), tzinfo=zone)
        ended = datetime.combine(evening + timedelta(days=1), time(7), tzinfo=zone)
        (line,) = price(self.NIGHT_WATCH, started_ms=ms_of(started), ended_ms=ms_of(ended), zone=zone).lines
        return line.unit_n

    def test_a_night_that_loses_an_hour_costs_an_hour_less(self) -> None:
        assert self.night(date(2026, 3, 28), self.BERLIN) == 11

    def test_a_night_that_gains_an_hour_costs_an_hour_more(self) -> None:
        assert self.night(date(2026, 10, 24), self.BERLIN) == 13

    def test_a_night_in_the_city_costs_twelve(self) -> None:
        assert self.night(date(2026, 3, 28), CITY) == 12

    def test_a_midnight_that_does_not_exist_still_parts_two_days(self) -> None:
        """In Beirut the clock goes from midnight to one o'clock at once."""
        zone = ZoneInfo("Asia/Beirut")
        rules = replace(GARAGE, cap_day_fen=Fen(500))
        started, ended = datetime(2026, 3, 28, 22, tzinfo=zone), datetime(2026, 3, 29, 3, tzinfo=zone)

        priced = price(rules, started_ms=ms_of(started), ended_ms=ms_of(ended), zone=zone)

        assert units(priced) == [(Band.DAY, 2, 500), (Band.DAY, 2, 500)]


AMOUNTS = st.integers(0, 2_000).map(Fen)
CLOCK = st.times(min_value=time(0), max_value=time(23, 59)).map(lambda at: at.replace(second=0, microsecond=0))
# Around both changes of the clock, the turn of a year and 29 February.
STARTS = st.sampled_from([date(2026, 3, 7), date(2026, 3, 28), date(2026, 10, 24), date(2026, 12, 31), date(2028, 2, 29)]).flatmap(
    lambda on: st.integers(-86_400_000, 3 * 86_400_000).map(lambda ms: ms_of(datetime.combine(on, time(), tzinfo=CITY)) + ms)
)
LENGTHS = st.integers(0, 4 * 86_400_000) | st.integers(0, 40).map(lambda n: n * 15 * 60_000)


@st.composite
def tariffs(draw: st.DrawFn) -> FirstForm:
    """Draw any rules of the first form."""
    unit_min = draw(st.sampled_from([1, 15, 30, 60]))
    day_starts, day_ends = sorted((draw(CLOCK), draw(CLOCK)))
    return FirstForm(
        unit_min,
        unit_min * draw(st.integers(0, 4)),
        draw(AMOUNTS),
        draw(AMOUNTS),
        draw(st.sampled_from([0, 15, 30])),
        day_starts,
        day_ends,
        draw(st.sampled_from([30, 60, 120])),
        draw(AMOUNTS),
        draw(st.none() | AMOUNTS),
    )


def whole(lines: tuple[Line, ...]) -> list[tuple[int, int]]:
    """Return the periods of the lines, those that touch made one."""
    periods: list[tuple[int, int]] = []
    for line in lines:
        if periods and periods[-1][1] == line.from_ms:
            periods[-1] = (periods[-1][0], line.to_ms)
        else:
            periods.append((line.from_ms, line.to_ms))
    return periods


class TestAnyPrice:
    @given(tariffs(), STARTS, LENGTHS, st.sampled_from(ZONES))
    def test_is_the_sum_of_lines_that_cover_the_stay(self, rules: FirstForm, start_ms: int, length_ms: int, name: str) -> None:
        priced = price(rules, started_ms=start_ms, ended_ms=start_ms + length_ms, zone=ZoneInfo(name))

        assert priced.gross_fen == sum(line.fen for line in priced.lines)
        assert all(line.fen >= 0 and line.unit_n > 0 and line.from_ms < line.to_ms for line in priced.lines)
        assert whole(priced.lines) == ([] if length_ms <= rules.free_min * 60_000 else [(start_ms, start_ms + length_ms)])

    @given(tariffs(), STARTS, st.lists(LENGTHS, min_size=2, max_size=5), st.sampled_from(ZONES))
    def test_never_falls_when_the_stay_grows(self, rules: FirstForm, start_ms: int, lengths_ms: list[int], name: str) -> None:
        prices = [
            price(rules, started_ms=start_ms, ended_ms=start_ms + length_ms, zone=ZoneInfo(name)).gross_fen
            for length_ms in sorted(lengths_ms)
        ]

        assert all(shorter <= longer for shorter, longer in pairwise(prices))

    @given(tariffs(), STARTS, LENGTHS, AMOUNTS, st.sampled_from(ZONES))
    def test_is_capped_on_every_city_day(self, rules: FirstForm, start_ms: int, length_ms: int, cap: Fen, name: str) -> None:
        zone = ZoneInfo(name)
        spent: defaultdict[date, int] = defaultdict(int)
        for line in price(replace(rules, cap_day_fen=cap), started_ms=start_ms, ended_ms=start_ms + length_ms, zone=zone).lines:
            spent[moment(line.from_ms).astimezone(zone).date()] += line.fen

        assert all(fen <= cap for fen in spent.values())

    @given(tariffs(), CLOCK, STARTS, LENGTHS, st.sampled_from(ZONES))
    def test_of_one_band_is_the_same_wherever_the_band_begins(
        self, rules: FirstForm, edge: time, start_ms: int, length_ms: int, name: str
    ) -> None:
        one, other = (replace(rules, day_starts=at, day_ends=at) for at in (time(0), edge))
        stay = {"started_ms": start_ms, "ended_ms": start_ms + length_ms}

        assert price(one, **stay, zone=ZoneInfo(name)) == price(other, **stay, zone=ZoneInfo(name))

    @given(tariffs(), st.integers(0, 23), st.integers(0, 23), st.integers(1, 60), st.sampled_from(ZONES))
    def test_of_two_bands_alike_cut_at_whole_units_is_that_of_one(
        self, rules: FirstForm, one: int, other: int, hours: int, name: str
    ) -> None:
        """What is cut at the end of a unit is not rounded twice."""
        day_starts, day_ends = sorted((time(one), time(other)))
        alike = replace(
            rules, unit_min=60, first_min=0, night_unit_min=60, night_unit_fen=rules.unit_fen, day_starts=day_starts,
            day_ends=day_ends, cap_day_fen=None,
        )  # fmt: skip
        zone = ZoneInfo(name)
        start_ms = ms_of(datetime(2026, 11, 20, 6, tzinfo=zone))
        stay = {"started_ms": start_ms, "ended_ms": start_ms + hours * HOUR_MS}

        single = price(replace(alike, day_starts=time(0), day_ends=time(0)), **stay, zone=zone)

        assert price(alike, **stay, zone=zone).gross_fen == single.gross_fen
