"""Questions: a tariff asks what it needs, and an answer that cannot be read is told at its field."""

from copy import deepcopy

import pytest

from core.billing.language import Tariff, read_value
from core.billing.questions import MOST_DAYS, Answers, Misread, as_wall, beside, instant, of_tariff, read
from core.billing.rules.settlements import Payment
from core.billing.rules.terms import CouponKind
from tests.core.billing.tariffs import at, band, compiled, garage, tariff, units

TIMES = {"entry": "2026-11-20 08:00", "exit": "2026-11-20 10:00"}


def asking(**more: object) -> Tariff:
    """Return a tariff with zones that asks for three things."""
    form = garage() | {"zones": ["inner", "outer"], "attributes": {
        "disabled": {"kind": "flag", "absent": False}, "spaces": {"kind": "count"},
        "fuel": {"kind": "one_of", "values": ["diesel", "petrol"], "absent": "petrol"},
    }}  # fmt: skip
    form["plans"][0]["factors"] = [
        {"name": "off", "when": {"attributes": [{"attribute": "disabled", "is": True}]}, "percent": 0, "applies": "after_caps"},
        {"name": "many", "times": "spaces", "applies": "after_caps"},
        {
            "name": "diesel",
            "when": {"attributes": [{"attribute": "fuel", "is": "diesel"}]},
            "percent": 150,
            "applies": "after_caps",
        },
    ]
    return read_value(deepcopy(form | more))


def answered(told: Tariff, answers: dict[str, str], *, pay_n: int = 0, coupon_n: int = 0, zone: str = "") -> Answers:
    return read(told, {"vehicle": "small", **TIMES, **answers}, zone=zone, pay_n=pay_n, coupon_n=coupon_n)


def faults(told: Tariff, answers: dict[str, str], *, pay_n: int = 0, coupon_n: int = 0) -> dict[str, str]:
    with pytest.raises(Misread) as refused:
        answered(told, answers, pay_n=pay_n, coupon_n=coupon_n)
    return refused.value.faults


class TestOfTariff:
    def test_asks_what_the_tariff_asks(self) -> None:
        found = {each.name: each for each in of_tariff(asking(), has_zone=False)}

        assert list(found) == ["vehicle", "zone", "attr.disabled", "attr.spaces", "attr.fuel"]
        assert [found[name].is_needed for name in ("attr.disabled", "attr.spaces", "attr.fuel")] == [False, True, False]
        assert str(found["attr.fuel"].hint) == "Nobody says: petrol"

    def test_asks_no_zone_where_the_place_tells_it(self) -> None:
        assert "zone" not in {each.name for each in of_tariff(asking(), has_zone=True)}

    def test_asks_a_plain_tariff_for_the_vehicle_alone(self) -> None:
        assert [each.name for each in of_tariff(read_value(garage()), has_zone=False)] == ["vehicle"]

    def test_asks_when_charging_ended_and_when_it_left_before(self) -> None:
        idle = {"grace_min": 15, "charge": units((None, 30, 300))}
        told = read_value(
            tariff(band("all", units((None, 60, 500))), idle=idle) | {"no_return": {"minutes": 60, "then": "no_free_time"}}
        )

        assert [each.name for each in of_tariff(told, has_zone=False)] == ["vehicle", "charging_ended", "left_before"]


class TestBeside:
    def test_has_room_for_payments_and_coupons(self) -> None:
        names = [each.name for each in beside(1, 1, unit="yuan")]

        assert names == ["pay.0.at", "pay.0.fen", "coupon.0.kind", "coupon.0.value", "coupon.0.group"]


class TestRead:
    def test_returns_the_stay_in_the_clocks_of_the_tariff(self) -> None:
        stay = answered(asking(), {"zone": "outer", "attr.spaces": "2", "attr.disabled": "true"}).stay

        assert (stay.entry_ms, stay.exit_ms, stay.zone) == (at("20 08:00:00"), at("20 10:00:00"), "outer")
        assert stay.attrs == {"disabled": True, "spaces": 2}

    def test_takes_no_answer_for_none_given(self) -> None:
        """A tariff says itself what holds where nobody tells; an empty field is not a no."""
        assert "fuel" not in answered(asking(), {"zone": "inner", "attr.spaces": "1", "attr.fuel": ""}).stay.attrs

    def test_reads_payments_and_coupons_in_the_money_of_the_tariff(self) -> None:
        answers = {"pay.0.at": "2026-11-20 09:20", "pay.0.fen": "8.00", "coupon.0.kind": "amount", "coupon.0.value": "5",
                   "coupon.1.kind": "percent", "coupon.1.value": "20", "coupon.1.group": "shop"}  # fmt: skip
        told = answered(read_value(garage()), answers, pay_n=1, coupon_n=2).beside

        assert told.payments == (Payment(at("20 09:20:00"), 800),)  # type: ignore[arg-type]  # whole fen
        assert [(one.kind, one.value, one.group) for one in told.coupons] == [
            (CouponKind.AMOUNT, 500, ""),
            (CouponKind.PERCENT, 20, "shop"),
        ]

    def test_says_at_each_field_what_is_wrong(self) -> None:
        wrong = {"entry": "tomorrow", "exit": "", "zone": "nowhere", "attr.spaces": "many", "attr.fuel": "coal"}

        assert faults(asking(), wrong) == {
            "entry": "Write day and time, such as 2026-11-20 08:00.",
            "exit": "This is needed.",
            "zone": "Choose one of the list.",
            "attr.spaces": "A number is needed.",
            "attr.fuel": "Choose one of the list.",
        }

    def test_refuses_parts_of_a_fen_and_amounts_below_nothing(self) -> None:
        answers = {"pay.0.at": "2026-11-20 09:20", "pay.0.fen": "8.001", "coupon.0.kind": "amount", "coupon.0.value": "-5"}

        assert set(faults(read_value(garage()), answers, pay_n=1, coupon_n=1)) == {"pay.0.fen", "coupon.0.value"}

    def test_has_a_longest_stay(self) -> None:
        assert faults(read_value(garage()), {"exit": "2028-11-20 08:00"}) == {"exit": f"At most {MOST_DAYS} days."}


class TestInstant:
    def test_is_a_wall_time_of_the_zone_unless_it_says_its_own(self) -> None:
        zone = compiled(garage()).days.zone

        assert instant("2026-11-20 08:00:30", zone) == at("20 08:00:30")
        assert instant("2026-11-20T00:00+00:00", zone) == at("20 08:00:00")
        assert instant("8 o'clock", zone) is None


class TestAsWall:
    def test_leaves_what_was_typed_and_reads_an_instant_by_the_clock_of_the_zone(self) -> None:
        zone = compiled(garage()).days.zone

        assert [as_wall(each, zone) for each in ("2026-11-20 08:00", "soon", "2026-11-20T00:30:00+00:00")] == [
            "2026-11-20 08:00",
            "soon",
            "2026-11-20 08:30:00",
        ]
