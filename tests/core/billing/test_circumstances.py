"""Circumstances: every step from the lines to what is due is said, and so is what bore on the lines."""

from typing import Any, Final

import pytest

from core.billing.circumstances import notes, sums
from core.billing.rules.plans import Stay
from core.billing.rules.settlements import Circumstances, Coupon, Covered, Payment, Price, Version, settle
from core.billing.rules.terms import CouponKind
from core.billing.rules.visits import after_visits
from core.kit.money import Fen
from tests.core.billing.calendars import Weeks
from tests.core.billing.tariffs import a_stay, at, compiled, free, garage

COUPONS: Final = {"order": ["minutes", "percent", "amount"], "minutes_from": "tail", "stack": "all", "floor_fen": 0}
STAY: Final = a_stay("20 08:00:00", "20 10:00:00")


def settled(form: dict[str, Any], beside: Circumstances) -> Price:
    return settle([Version(0, compiled(form))], STAY, Weeks(), beside)


def steps(form: dict[str, Any], beside: Circumstances) -> list[tuple[str, str, str, str]]:
    """Return the sums of two hours in the garage, which costs eight yuan."""
    made = compiled(form)
    found = sums(settled(form, beside), beside, made.terms, currency="CNY", zone=made.days.zone)
    return [(one.name, one.how, one.money, one.rule) for one in found]


def said(form: dict[str, Any], beside: Circumstances, *, stay: Stay = STAY, has_earlier: bool = False) -> list[str]:
    terms = compiled(form).terms
    return list(notes(settled(form, beside), stay, beside, terms, currency="CNY", has_earlier=has_earlier))


class TestSums:
    def test_are_the_lines_together_where_nothing_else_counts(self) -> None:
        assert steps(garage(), Circumstances()) == [("Together", "", "8.00", "")]

    def test_take_off_each_coupon_in_the_order_of_the_tariff_and_then_each_payment(self) -> None:
        form = garage() | {"coupons": COUPONS, "after_payment": {"grace_min": 15, "policy": "re_quote_from_entry"}}
        beside = Circumstances(
            coupons=(Coupon("1", CouponKind.AMOUNT, 100, "shop"), Coupon("2", CouponKind.PERCENT, 50)),
            payments=(Payment(at("20 09:20:00"), Fen(200)),),
        )

        assert steps(form, beside) == [
            ("Together", "", "8.00", ""),
            ("Coupon 2", "50 % off", "−4.00", "coupons"),
            ("Coupon 1", "1.00 off · group shop", "−1.00", "coupons"),
            ("After discount", "", "3.00", ""),
            ("Paid", "2026-11-20 09:20:00", "−2.00", "after_payment"),
            ("Still due", "", "1.00", ""),
        ]

    def test_say_what_of_a_coupon_is_lost_and_which_does_not_count(self) -> None:
        form = garage() | {"coupons": COUPONS | {"stack": "one"}}
        beside = Circumstances(coupons=(Coupon("1", CouponKind.MINUTES, 30), Coupon("2", CouponKind.AMOUNT, 1_000)))

        assert [each[:3] for each in steps(form, beside)[1:3]] == [
            ("Coupon 2", "10.00 off · 2.00 of it not used", "−8.00"),
            ("Coupon 1", "30 min off, from the end · does not count beside the others", "0.00"),
        ]


class TestNotes:
    HALF: Final = Circumstances(covered=(Covered(at("20 09:00:00"), at("20 12:00:00")),))

    @pytest.mark.parametrize(
        ("passes", "sentence"),
        [
            ({"edge": "whole_stay_covered", "free_time": "holds"}, "a pass covers a part of the stay, and so all of it"),
            ({"edge": "whole_stay_charged", "free_time": "holds"}, "a pass covers a part of the stay alone, and so nothing of it"),
            ({"edge": "uncovered_minutes_only", "free_time": "does_not_hold"}, "there is no free time beside a pass"),
        ],
    )
    def test_say_what_a_pass_does_to_a_stay_it_covers_in_part(self, passes: dict[str, str], sentence: str) -> None:
        assert said(garage() | {"passes": passes}, self.HALF) == [sentence]

    @pytest.mark.parametrize(
        ("span", "sentence"),
        [
            (("20 07:00:00", "20 10:00:00"), "passes cover the whole stay"),
            (("20 10:00:00", "20 12:00:00"), "no pass covers a minute of the stay"),
        ],
    )
    def test_say_whether_a_pass_covers_all_or_nothing(self, span: tuple[str, str], sentence: str) -> None:
        form = garage() | {"passes": {"edge": "uncovered_minutes_only", "free_time": "holds"}}

        assert said(form, Circumstances(covered=(Covered(*map(at, span)),))) == [sentence]

    @pytest.mark.parametrize(
        ("nested", "sentences"),
        [
            ("exclusive", ["the inner lot charges the stay, this one does not"]),
            ("additive", ["time in an inner lot costs here as well"]),
            ("outer_paused", []),
        ],
    )
    def test_say_what_time_in_an_inner_lot_costs_here(self, nested: str, sentences: list[str]) -> None:
        inner = Circumstances(inner=(Covered(at("20 08:30:00"), at("20 09:00:00")),))

        assert said(garage() | {"nested": nested}, inner) == sentences

    def test_say_what_earlier_visits_used_or_that_they_used_nothing(self) -> None:
        form = garage(free=[free(30, frequency="once_a_day")])
        used = after_visits(compiled(form), [a_stay("20 06:00:00", "20 06:20:00")], STAY, Weeks())

        assert said(form, Circumstances(), stay=used, has_earlier=True) == ["20 min of the free time free were used before"]
        assert said(form, Circumstances(), has_earlier=True) == ["earlier visits left the free time of this day as it was"]

    def test_say_that_coupons_stop_at_the_least_that_is_paid(self) -> None:
        form = garage() | {"coupons": COUPONS | {"floor_fen": 100}}

        assert said(form, Circumstances(coupons=(Coupon("1", CouponKind.PERCENT, 100),))) == ["coupons leave at least 1.00"]
