"""Settlements: the golden cases of paying early, coupons, passes and a change of tariff, and what is true of all of them."""

from functools import cache
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.billing.rules.days import MINUTE_MS
from core.billing.rules.plans import Stay
from core.billing.rules.pricing import Note
from core.billing.rules.settlements import Circumstances, Coupon, Covered, Payment, Price, Version, price, settle, version_of_line
from core.billing.rules.terms import CouponKind, OnChange, Unsettled
from core.kit.money import Fen
from tests.core.billing.calendars import Weeks
from tests.core.billing.rules.test_walks import COMES, FORMS, MANY, NUMBERS
from tests.core.billing.tariffs import Form, a_stay, at, band, compiled, free, garage, street, tariff, units

PAID: Final = {"grace_min": 15, "policy": "re_quote_from_entry"}
COUPONS: Final[Form] = {"order": ["minutes", "percent", "amount"], "minutes_from": "tail", "stack": "all", "floor_fen": 0}


@cache
def paid_early(number: int) -> Version:
    """Return one of the tariffs under which no price falls, with a quarter of an hour to drive out after paying."""
    return Version(0, compiled(FORMS[number] | {"after_payment": PAID}))


def settled(form: Form, come: str, leave: str, **beside: Any) -> Price:
    return price([Version(0, compiled(form))], a_stay(come, leave), Weeks(), Circumstances(**beside))


def paid_at(word: str, fen: int) -> Payment:
    return Payment(at(word), Fen(fen))


class TestPayingEarly:
    @pytest.mark.parametrize(("leave", "due"), [("20 11:34", 0), ("20 11:35", 0), ("20 12:05", 300)])
    def test_6_gives_grace_and_then_costs_what_was_not_paid_yet(self, leave: str, due: int) -> None:
        assert settled(garage() | {"after_payment": PAID}, "20 10:00", leave, payments=(paid_at("20 11:20", 800),)).due_fen == due

    @pytest.mark.parametrize(
        ("more", "due"), [({"policy": "new_stay"}, 500), ({"policy": "extend_by_unit", "unit_min": 30, "unit_fen": 200}, 400)]
    )
    def test_6_costs_what_another_policy_says(self, more: Form, due: int) -> None:
        form = garage() | {"after_payment": PAID | more}

        assert settled(form, "20 10:00", "20 12:05", payments=(paid_at("20 11:20", 800),)).due_fen == due

    def test_gives_no_grace_to_who_paid_too_little(self) -> None:
        assert (
            settled(garage() | {"after_payment": PAID}, "20 10:00", "20 11:25", payments=(paid_at("20 11:20", 500),)).due_fen == 300
        )

    def test_is_not_settled_by_a_tariff_that_does_not_say_how(self) -> None:
        with pytest.raises(Unsettled, match="after_payment"):
            settled(garage(), "20 10:00", "20 11:30", payments=(paid_at("20 11:20", 800),))

    @MANY
    @given(number=NUMBERS, come=COMES, early=st.integers(1, 600), longer_ms=st.integers(0, 15 * MINUTE_MS))
    def test_and_leaving_in_grace_costs_what_paying_at_once_did(self, number: int, come: int, early: int, longer_ms: int) -> None:
        pay = come + early * MINUTE_MS
        once = settle([paid_early(number)], Stay(come, pay, "small"), Weeks())
        beside = Circumstances(payments=(Payment(pay, once.net_fen),))

        left = settle([paid_early(number)], Stay(come, pay + longer_ms, "small"), Weeks(), beside)

        assert (left.net_fen, left.due_fen) == (once.net_fen, 0)

    @MANY
    @given(number=NUMBERS, come=COMES, early=st.integers(1, 600), longer_ms=st.integers(15 * MINUTE_MS + 1, 48 * 60 * MINUTE_MS))
    def test_and_staying_longer_costs_what_paying_at_exit_does(self, number: int, come: int, early: int, longer_ms: int) -> None:
        pay = come + early * MINUTE_MS
        first = settle([paid_early(number)], Stay(come, pay, "small"), Weeks())
        stay = Stay(come, pay + longer_ms, "small")

        left = settle([paid_early(number)], stay, Weeks(), Circumstances(payments=(Payment(pay, first.net_fen),)))

        assert left.paid_fen + left.due_fen == settle([paid_early(number)], stay, Weeks()).net_fen


class TestCoupons:
    @pytest.mark.parametrize(("order", "net"), [(["amount", "percent"], 1200), (["percent", "amount"], 1100)])
    def test_7_count_in_the_order_of_the_tariff(self, order: list[str], net: int) -> None:
        form = tariff(band("all", {"kind": "entry", "price_fen": 2000})) | {"coupons": COUPONS | {"order": ["minutes", *order]}}
        coupons = (Coupon("five", CouponKind.AMOUNT, 500), Coupon("fifth", CouponKind.PERCENT, 20))

        assert settled(form, "20 10:00", "20 11:00", coupons=coupons).net_fen == net

    @pytest.mark.parametrize(("end", "net"), [("tail", 800), ("head", 600)])
    def test_8_take_their_minutes_from_one_end(self, end: str, net: int) -> None:
        form = garage() | {"coupons": COUPONS | {"minutes_from": end}}

        assert settled(form, "20 10:00", "20 13:00", coupons=(Coupon("hour", CouponKind.MINUTES, 60),)).net_fen == net

    def test_12_stop_at_the_floor_and_keep_what_is_not_used(self) -> None:
        priced = settled(street() | {"coupons": COUPONS}, "20 08:00", "20 08:30", coupons=(Coupon("ten", CouponKind.AMOUNT, 1000),))

        assert (priced.gross_fen, priced.net_fen, priced.discounts[0].unused) == (300, 0, 700)

    @pytest.mark.parametrize(("stack", "net"), [("all", 100), ("one_a_group", 300), ("one", 500)])
    def test_stack_as_the_tariff_says(self, stack: str, net: int) -> None:
        coupons = (
            Coupon("a", CouponKind.AMOUNT, 200, "shop"),
            Coupon("b", CouponKind.AMOUNT, 300, "shop"),
            Coupon("c", CouponKind.AMOUNT, 200, "club"),
        )
        form = garage() | {"coupons": COUPONS | {"stack": stack}}

        assert settled(form, "20 10:00", "20 12:00", coupons=coupons).net_fen == net

    def test_are_not_taken_by_a_tariff_that_does_not_say_how(self) -> None:
        with pytest.raises(Unsettled, match="coupons"):
            settled(garage(), "20 10:00", "20 11:30", coupons=(Coupon("a", CouponKind.AMOUNT, 1),))


class TestPasses:
    @pytest.mark.parametrize(
        ("edge", "fen"), [("uncovered_minutes_only", 800), ("whole_stay_charged", 2000), ("whole_stay_covered", 0)]
    )
    def test_9_cover_what_the_tariff_says(self, edge: str, fen: int) -> None:
        form = garage() | {"passes": {"edge": edge, "free_time": "holds"}}

        assert settled(form, "20 20:00", "21 02:00", covered=(Covered(0, at("21 00:00")),)).gross_fen == fen

    @pytest.mark.parametrize(("free_time", "fen"), [("holds", 0), ("does_not_hold", 500)])
    def test_9_leave_free_time_for_the_rest_or_not(self, free_time: str, fen: int) -> None:
        form = garage() | {"passes": {"edge": "uncovered_minutes_only", "free_time": free_time}}

        assert settled(form, "20 20:00", "21 00:20", covered=(Covered(0, at("21 00:00")),)).gross_fen == fen

    @pytest.mark.parametrize("edge", ["uncovered_minutes_only", "whole_stay_charged", "whole_stay_covered"])
    def test_cover_a_whole_stay_together(self, edge: str) -> None:
        form = garage() | {"passes": {"edge": edge, "free_time": "holds"}}
        covered = (Covered(0, at("20 11:00")), Covered(at("20 11:00"), at("21 00:00")))

        assert settled(form, "20 10:00", "20 13:00", covered=covered).gross_fen == 0

    @pytest.mark.parametrize(("nested", "fen"), [("additive", 1100), ("outer_paused", 800), ("exclusive", 0)])
    def test_of_an_inner_lot_pause_the_outer_one_or_not(self, nested: str, fen: int) -> None:
        inner = (Covered(at("20 11:00"), at("20 12:00")),)

        assert settled(garage() | {"nested": nested}, "20 10:00", "20 13:00", inner=inner).gross_fen == fen


class TestVersions:
    NEW: Final = tariff(band("all", units((60, 60, 600), (None, 60, 400))), free=[free(30)])

    @pytest.mark.parametrize(("policy", "fens"), [("pin_at_entry", [500, 600]), ("split_at_change", [500, 800])])
    def test_11_price_a_stay_as_the_first_one_says(self, policy: str, fens: list[int]) -> None:
        versions = [Version(0, compiled(garage() | {"on_change": policy})), Version(at("21 00:00"), compiled(self.NEW))]

        priced = price(versions, a_stay("20 23:00", "21 01:30"), Weeks())

        assert [line.fen for line in priced.lines] == fens

    def test_tell_at_each_line_which_of_them_it_is_by(self) -> None:
        versions = [Version(0, compiled(garage() | {"on_change": "split_at_change"})), Version(at("21 00:00"), compiled(self.NEW))]

        told = [version_of_line(line) for line in price(versions, a_stay("20 23:00", "21 01:30"), Weeks()).lines]

        assert [(number, line.rule, line.fen) for number, line in told] == [
            (0, "plans.0.bands.0.charge.tiers.0", 500),
            (1, "plans.0.bands.0.charge.tiers.1", 800),
        ]

    def test_price_each_time_by_its_own_where_there_are_three(self) -> None:
        dearest = compiled(tariff(band("all", units((None, 60, 1_000)))))
        versions = [
            Version(0, compiled(garage() | {"on_change": "split_at_change"})),
            Version(at("21 00:00"), compiled(self.NEW)),
            Version(at("21 01:00"), dearest),
        ]

        priced = price(versions, a_stay("20 23:00", "21 02:30"), Weeks())

        assert [(version_of_line(line)[0], line.fen) for line in priced.lines] == [(0, 500), (1, 400), (2, 2_000)]

    def test_have_their_own_days_and_zones(self) -> None:
        by_zone = {"a": 100, "b": 900}
        zoned = tariff(band("all", units((None, 60, 0)))) | {"zones": ["a", "b"]}
        zoned["plans"][0]["bands"][0]["charge"]["tiers"][0]["price_fen"] = {"by_zone": by_zone}
        first = compiled(garage() | {"on_change": "split_at_change"})

        versions = [Version(0, first), Version(at("21 00:00"), compiled(zoned), Weeks(), "b")]

        assert price(versions, a_stay("20 23:00", "21 01:00"), Weeks()).gross_fen == 500 + 900

    def test_follow_what_is_said_beside_a_tariff_that_does_not_say(self) -> None:
        new = Version(at("21 00:00"), compiled(self.NEW))
        stay = a_stay("20 23:00", "21 01:30")

        grosses = [price([Version(0, compiled(garage()), on_change=policy), new], stay, Weeks()).gross_fen for policy in OnChange]

        assert grosses == [1_100, 1_300, 1_100]

    def test_price_a_stay_that_begins_anew_by_what_holds_then(self) -> None:
        """Paid at half past twelve for the time so far; who stays on begins a new stay, after the change."""
        old = garage() | {"on_change": "split_at_change", "after_payment": {"grace_min": 15, "policy": "new_stay"}}
        versions = [Version(0, compiled(old)), Version(at("21 00:00"), compiled(self.NEW))]
        paid = Circumstances(payments=(Payment(at("21 00:30"), Fen(900)),))

        priced = price(versions, a_stay("20 23:00", "21 02:00"), Weeks(), paid)

        assert [(version_of_line(line)[0], line.fen) for line in priced.lines] == [(0, 500), (1, 400), (1, 600), (1, 400)]

    def test_are_compared_where_the_cheaper_one_counts(self) -> None:
        old = compiled(garage() | {"on_change": "cheaper_of_both"})
        cheap = compiled(tariff(band("all", units((None, 60, 100)))))

        assert price([Version(0, old), Version(at("21 00:00"), cheap)], a_stay("20 23:00", "21 01:00"), Weeks()).gross_fen == 200

    def test_are_not_mixed_by_a_tariff_that_does_not_say_how(self) -> None:
        with pytest.raises(Unsettled, match="on_change"):
            price(
                [Version(0, compiled(garage())), Version(at("21 00:00"), compiled(self.NEW))],
                a_stay("20 23:00", "21 01:00"),
                Weeks(),
            )


class TestReturn:
    @pytest.mark.parametrize(("then", "fen"), [("tell", 0), ("no_free_time", 500)])
    def test_too_soon_is_told(self, then: str, fen: int) -> None:
        form = garage() | {"no_return": {"minutes": 60, "then": then}}

        priced = settled(form, "20 10:00", "20 10:20", left_before_ms=at("20 09:30"))

        assert (priced.gross_fen, priced.notes) == (fen, (Note.TOO_SOON,))


class TestNextChange:
    def test_is_the_first_millisecond_at_which_it_costs_more(self) -> None:
        assert settled(garage(), "20 10:00", "20 10:10").changes_at_ms == at("20 10:30") + 1
        assert settled(garage(), "20 10:00", "20 10:40").changes_at_ms == at("20 11:00") + 1

    def test_of_a_paid_stay_is_the_end_of_grace(self) -> None:
        priced = settled(garage() | {"after_payment": PAID}, "20 10:00", "20 11:58", payments=(paid_at("20 11:58", 800),))

        assert priced.changes_at_ms == at("20 12:13") + 1

    def test_of_a_price_that_stays_is_none(self) -> None:
        assert settled(garage(caps=[{"per": "stay", "limits_fen": [500]}]), "20 10:00", "20 12:00").changes_at_ms is None
