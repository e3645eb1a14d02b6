"""Phrases: a tariff says what it costs as people say it."""

from datetime import date
from pathlib import Path

import pytest

from core.billing import phrases
from core.billing.language import compile_tariff, read_yaml
from core.billing.rules.days import WEEKDAYS, Kind, Weekday
from core.billing.rules.plans import Stay
from core.billing.rules.pricing import Compiled, Line
from core.billing.rules.variants import Variant
from core.kit.locale import Language, use
from tests.core.billing.calendars import Weeks
from tests.core.billing.pricing_room import text
from tests.core.billing.tariffs import band, compiled, free, garage, street, tariff, units

SAMPLES = Path(__file__).parents[2] / "samples" / "tariffs"


def variant(made: Compiled, *, vehicle: str = "small", zone: str = "") -> Variant:
    return made.variant(Stay(0, 0, vehicle, zone), Weeks())


class TestAmount:
    def test_has_the_places_of_its_currency(self) -> None:
        assert [phrases.amount(*each) for each in ((123_450, "CNY"), (1_800, "JPY"), (-5, "CNY"))] == ["1,234.50", "1,800", "−0.05"]


class TestLength:
    def test_is_said_in_the_units_it_has(self) -> None:
        minute = 60_000

        said = [phrases.length(ms) for ms in (0, 15 * minute, 75 * minute, 24 * 60 * minute, 3 * 24 * 60 * minute, 61_000)]

        assert said == ["0 s", "15 min", "1 h 15 min", "24 h", "3 d", "1 min 1 s"]


class TestDays:
    def test_says_which_days_in_the_words_of_the_reader(self) -> None:
        said = {}
        for language in Language:
            with use(language):
                said[language] = phrases.days("workday", Weekday.MON), phrases.day(date(2026, 11, 23))

        assert said == {
            Language.EN: ("Mondays that are working days", "Nov 23, 2026"),
            Language.ZH_CN: ("属于工作日的周一", "2026年11月23日"),
        }

    def test_names_no_kind_where_days_have_none(self) -> None:
        assert phrases.days("day", Weekday.SUN) == "Sundays"


class TestKinds:
    EVERY = tuple(Kind(name, weekday, 101) for name in ("workday", "weekend") for weekday in WEEKDAYS)

    def test_names_what_makes_a_difference_alone(self) -> None:
        sundays = [kind for kind in self.EVERY if kind.weekday == "sun"]
        workdays = [kind for kind in self.EVERY if kind.day_type == "workday"]

        assert phrases.kinds(self.EVERY, self.EVERY) == "Every day"
        assert phrases.kinds(workdays, self.EVERY) == "Working day"
        assert phrases.kinds(sundays, self.EVERY) == "Sun"
        assert phrases.kinds([kind for kind in self.EVERY if kind not in sundays], self.EVERY) == "Mon–Sat"

    def test_says_two_things_of_what_is_no_product(self) -> None:
        some = [kind for kind in self.EVERY if kind.day_type == "weekend" or kind.weekday == "mon"]

        assert phrases.kinds(some, self.EVERY) == "Working day · Mon; Weekend"

    def test_names_seasons_from_their_first_day_to_the_next_one(self) -> None:
        every = [Kind("workday", WEEKDAYS[0], on) for on in (101, 501, 1001)]

        assert phrases.kinds([every[1]], every) == "05-01 until 10-01"


class TestPrices:
    def test_tell_tiers_and_what_a_begun_unit_costs(self) -> None:
        day, night = variant(compiled(street())).bands

        assert phrases.prices(day, "CNY") == ("first 1 h: 1.50 per 15 min", "then 2.25 per 15 min", "a begun unit counts")
        assert phrases.prices(night, "CNY") == ("1.00 per 2 h", "a begun unit counts")

    def test_hold_the_factor_of_the_class(self) -> None:
        beijing = compile_tariff(read_yaml((SAMPLES / "cn-beijing-onstreet.yaml").read_text(encoding="utf-8")))
        day = variant(beijing, vehicle="large", zone="class1").bands[0]

        assert phrases.prices(day, "CNY") == ("first 1 h: 5.00 per 15 min", "then 7.50 per 15 min", "only full units count")

    def test_tell_a_table_by_its_totals(self) -> None:
        table = {"kind": "steps", "steps": [{"up_to_min": 60, "total_fen": 140}, {"up_to_min": 120, "total_fen": 280}]}
        only = variant(compiled(tariff(band("all", table | {"beyond_total_fen": 400})))).bands[0]

        assert phrases.prices(only, "CNY") == ("up to 1 h: 1.40", "up to 2 h: 2.80", "longer: 4.00")

    @pytest.mark.parametrize(("kind", "said"), [("free", "Free of charge"), ("not_allowed", "Nobody may park")])
    def test_tell_what_costs_nothing(self, kind: str, said: str) -> None:
        night = variant(
            compiled(
                tariff(band("day", units((None, 60, 500)), ("07:00", "19:00")), band("night", {"kind": kind}, ("19:00", "07:00")))
            )
        ).bands[1]

        assert phrases.prices(night, "CNY") == (said,)


class TestBeside:
    def test_tells_what_limits_the_prices(self) -> None:
        made = compiled(garage(free=[free(30), free(20, "deduct", name="more", of="charged")],
                               caps=[{"per": "hours", "hours": 24, "limits_fen": [3_000, 2_000]}], minimum_fen=100))  # fmt: skip

        assert phrases.beside(variant(made), "CNY") == [
            "free up to 30 min",
            "the first 20 min free, of charged time",
            "at most 30.00, then 20.00 in 24 h",
            "at least 1.00",
        ]

    def test_says_nothing_of_a_plain_tariff(self) -> None:
        assert phrases.beside(variant(compile_tariff(read_yaml(text()))), "CNY") == []


class TestDayType:
    def test_keeps_a_name_nobody_knows(self) -> None:
        assert (phrases.day_type("weekend"), phrases.day_type("market_day")) == ("Weekend", "market_day")


class TestTold:
    @pytest.mark.parametrize(
        ("line", "said"),
        [
            (
                Line(0, 3_600_000, "peak", 4, 900_000, 250, "plans.0.bands.0.charge.tiers.0", 1_000, 1_000),
                "peak · 4 × 2.50 per 15 min",
            ),
            (
                Line(0, 3_600_000, "peak", 4, 900_000, 250, "plans.0.bands.0.charge.tiers.0", 1_000, 800),
                "peak · 4 × 2.50 per 15 min · capped from 10.00",
            ),
            (Line(0, 3_600_000, "night", 2, 0, 0, "", 200, 200), "night · 2 units"),
        ],
        ids=["whatever the band is called", "with a cap", "kept in the form before"],
    )
    def test_says_what_a_line_is_for(self, line: Line, said: str) -> None:
        assert phrases.told(line, "CNY") == said
