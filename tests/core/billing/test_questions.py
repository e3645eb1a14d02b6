"""Questions: a tariff asks what it needs, and an answer that cannot be read is told at its field."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta

import pytest

from core.billing.language import Tariff, read_value
from core.billing.questions import (
    MOST_BESIDE,
    MOST_DAYS,
    Answers,
    Asked,
    Counts,
    Misread,
    Several,
    as_wall,
    beside,
    instant,
    of_tariff,
    read,
    several_of,
    silent_of,
)
from core.billing.rules.settlements import Covered, Payment
from core.billing.rules.terms import CouponKind
from tests.core.billing.tariffs import a_stay, at, band, compiled, free, garage, tariff, units

AT = datetime(2026, 11, 20, 1, tzinfo=UTC)
TERMS = {
    "after_payment": {"grace_min": 15, "policy": "re_quote_from_entry"},
    "passes": {"edge": "uncovered_minutes_only", "free_time": "holds"},
    "nested": "additive",
    "coupons": {"order": ["minutes", "percent", "amount"], "minutes_from": "tail", "stack": "all", "floor_fen": 0},
}
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


def answered(told: Tariff, answers: dict[str, str], *, zone: str = "", counts: Counts | None = None) -> Answers:
    return read(told, {"vehicle": "small", **TIMES, **answers}, zone=zone, counts=counts or {})


def faults(told: Tariff, answers: dict[str, str], counts: Counts | None = None) -> dict[str, str]:
    with pytest.raises(Misread) as refused:
        answered(told, answers, counts=counts)
    return refused.value.faults


def times(name: str, *spans: tuple[str, str]) -> dict[str, str]:
    """Answer with times of this morning."""
    return {
        f"{name}.{n}.{edge}": f"2026-11-20 {word}"
        for n, span in enumerate(spans)
        for edge, word in zip(("from", "to"), span, strict=True)
    }


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


class TestSeveralOf:
    def test_is_what_the_tariff_lets_count(self) -> None:
        plain = read_value(garage())
        full = read_value(garage(free=[free(30, frequency="once_a_day")]) | TERMS)

        assert (several_of(plain), silent_of(plain)) == ((), ("passes", "nested", "coupons", "after_payment"))
        assert (several_of(full), silent_of(full)) == (tuple(Several), ())


class TestAsked:
    def test_has_room_for_a_few_of_each_only(self) -> None:
        counts = Asked.of(
            {"pays": 99, "coupons": "many", "passes": -1, "values": {"earlier": "2", "inner_lots": "x"}}, at=AT
        ).counts

        assert counts == {
            Several.PASS: 0, Several.INNER: 0, Several.VISIT: 2, Several.COUPON: 0, Several.PAYMENT: MOST_BESIDE,
        }  # fmt: skip

    def test_begins_with_a_stay_of_this_morning(self) -> None:
        answers = Asked.of({}, at=AT + timedelta(hours=3)).answers

        assert (answers["by"], answers["entry"], answers["exit"]) == ("tariff", "2026-11-20 09:00", "2026-11-20 11:00")

    def test_takes_an_instant_of_an_address_as_the_city_shows_it(self) -> None:
        answers = Asked.of({"values": {"entry": "2026-11-20T00:30:00+00:00", "exit": "2026-11-20 09:00"}}, at=AT).answers

        assert (answers["entry"], answers["exit"]) == ("2026-11-20 08:30:00", "2026-11-20 09:00")


class TestBeside:
    def test_asks_for_so_many_of_each(self) -> None:
        names = [each.name for each in beside(dict.fromkeys(Several, 1), unit="yuan")]

        assert names == [
            "pass.0.from", "pass.0.to", "inner.0.from", "inner.0.to", "visit.0.from", "visit.0.to", "coupon.0.kind",
            "coupon.0.value", "coupon.0.group", "pay.0.at", "pay.0.fen",
        ]  # fmt: skip


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
        told = answered(read_value(garage()), answers, counts={Several.PAYMENT: 1, Several.COUPON: 2}).beside

        assert told.payments == (Payment(at("20 09:20:00"), 800),)  # type: ignore[arg-type]  # whole fen
        assert [(one.kind, one.value, one.group) for one in told.coupons] == [
            (CouponKind.AMOUNT, 500, ""),
            (CouponKind.PERCENT, 20, "shop"),
        ]

    def test_reads_passes_inner_lots_and_earlier_visits_in_their_order(self) -> None:
        typed = (
            times("pass", ("09:30", "11:00"), ("07:00", "08:30"))
            | times("inner", ("08:40", "09:00"))
            | times("visit", ("06:00", "06:25"))
        )
        told = answered(read_value(garage()), typed, counts={Several.PASS: 2, Several.INNER: 1, Several.VISIT: 1})

        assert told.beside.covered == (
            Covered(at("20 07:00:00"), at("20 08:30:00")),
            Covered(at("20 09:30:00"), at("20 11:00:00")),
        )
        assert told.beside.inner == (Covered(at("20 08:40:00"), at("20 09:00:00")),)
        assert told.earlier == (a_stay("20 06:00:00", "20 06:25:00"),)

    @pytest.mark.parametrize(
        ("typed", "counts", "field", "said"),
        [
            (times("pass", ("09:00", "08:00")), {Several.PASS: 1}, "pass.0.to", "It must end after it begins."),
            (times("pass", ("08:00", "09:00"), ("08:30", "10:00")), {Several.PASS: 2}, "pass.1.from", "It overlaps another one."),
            (times("inner", ("07:00", "09:00")), {Several.INNER: 1}, "inner.0.to", "It must lie within the stay."),
            (times("visit", ("07:00", "09:00")), {Several.VISIT: 1}, "visit.0.to", "It must end before this stay begins."),
            ({"visit.0.from": "2026-11-20 06:00"}, {Several.VISIT: 1}, "visit.0.to", "This is needed."),
        ],
    )
    def test_refuses_times_that_cannot_be(self, typed: dict[str, str], counts: Counts, field: str, said: str) -> None:
        assert faults(read_value(garage()), typed, counts) == {field: said}

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

        assert set(faults(read_value(garage()), answers, {Several.PAYMENT: 1, Several.COUPON: 1})) == {
            "pay.0.fen",
            "coupon.0.value",
        }

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
