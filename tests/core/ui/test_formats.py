"""How screens write money, lengths and instants."""

from datetime import UTC, datetime, timedelta

import pytest

from core.kit.locale import Language, use
from core.ui import formats
from core.ui.parts import UNKNOWN

NOW = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)  # 14:32:08 in the city


class TestMoney:
    @pytest.mark.parametrize(
        ("fen", "written"), [(0, "0.00"), (5, "0.05"), (123_456_78, "123,456.78"), (-250, "−2.50"), (None, UNKNOWN)]
    )
    def test_is_yuan_with_two_places_and_never_a_zero_for_unknown(self, fen: int | None, written: str) -> None:
        assert formats.money(fen) == written


class TestLength:
    @pytest.mark.parametrize(
        ("seconds", "written"),
        [(46, "46 s"), (60, "1 min 0 s"), (87_480, "24 h 18 min"), (172_800, "2 d 0 h"), (None, UNKNOWN), (-3, "0 s")],
    )
    def test_tells_its_two_largest_units(self, seconds: int | None, written: str) -> None:
        with use(Language.EN):
            assert formats.length(seconds) == written

    def test_is_written_as_people_here_write_it(self) -> None:
        with use(Language.ZH_CN):
            assert formats.length(87_480) == "24时18分"


class TestMoment:
    @pytest.mark.parametrize(
        ("back", "written"),
        [
            (timedelta(0), "14:32:08"),
            (timedelta(hours=14, minutes=32, seconds=9), "yesterday 23:59:59"),
            (timedelta(days=2), "11-20 14:32:08"),
            (timedelta(days=400), "2025-10-18 14:32:08"),
        ],
    )
    def test_names_its_day_when_that_is_not_today_in_the_city(self, back: timedelta, written: str) -> None:
        with use(Language.EN):
            assert formats.moment(NOW - back, now=NOW) == written

    def test_is_a_dash_where_nobody_knows_it(self) -> None:
        assert {formats.moment(None, now=NOW), formats.clock(None), formats.ago(None, now=NOW)} == {UNKNOWN}


class TestAgo:
    @pytest.mark.parametrize(
        ("seconds", "written"),
        [(0, "0 s ago"), (59, "59 s ago"), (60, "1 min ago"), (7_199, "1 h ago"), (90_000, "25 h ago"), (172_800, "2 d ago")],
    )
    def test_tells_the_largest_unit(self, seconds: int, written: str) -> None:
        with use(Language.EN):
            assert formats.ago(NOW - timedelta(seconds=seconds), now=NOW) == written


class TestArrears:
    def test_says_none_how_many_or_that_nobody_knows(self) -> None:
        with use(Language.EN):
            assert [formats.arrears(*given) for given in ((0, 0), (3, 8400), (None, None))] == ["none", "3 · 84.00", UNKNOWN]


class TestSize:
    @pytest.mark.parametrize(
        ("n", "written"),
        [(0, "0 KB"), (999_499, "999 KB"), (1_000_000, "1.0 MB"), (47_800_000_000, "47.8 GB"), (None, UNKNOWN)],
    )
    def test_is_written_in_the_unit_that_suits_it(self, n: int | None, written: str) -> None:
        assert formats.size(n) == written
