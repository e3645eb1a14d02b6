"""Previews: what is drawn of a tariff is what the engine charges, to the millisecond."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from time import process_time

import pytest

from core.billing.language import Tariff, compile_tariff, read_value, read_yaml, sketches
from core.billing.previews import MOST_POINTS, Curve, curve, entries, preview, samples
from core.billing.rules.days import DAY_MS, MINUTE_MS
from core.billing.rules.plans import Stay
from core.billing.rules.pricing import charge
from core.billing.rules.settlements import NOTHING, Circumstances, Coupon, Covered, Payment, Version, settle
from core.billing.rules.terms import CouponKind
from core.billing.strips import Subject
from core.kit.money import Fen
from tests.core.billing.calendars import Weeks
from tests.core.billing.tariffs import a_stay, at, band, garage, street, tariff, units

SAMPLES = sorted((Path(__file__).parents[2] / "samples" / "tariffs").glob("*.yaml"))
ON = date(2026, 11, 20)
CALENDAR = Weeks(named={date(2026, 12, 25): "holiday"})
MOST_MS = 50
"""Longest work for the pictures of a tariff, so that they follow who types; of the processor: machines have other work too."""


def read(path: Path) -> Tariff:
    return read_yaml(path.read_text(encoding="utf-8"))


def drawn(told: Tariff, entry: str = "20 08:00:00") -> Curve:
    return curve_of(told, Subject.of(told).stay(at(entry), at(entry) + DAY_MS))


def curve_of(told: Tariff, stay: Stay, beside: Circumstances = NOTHING) -> Curve:
    return curve(told.currency, [Version(0, compile_tariff(told))], CALENDAR, stay, beside)


def price_at(curve_: Curve, after_ms: int) -> int | None:
    return [point.fen for point in curve_.points if point.after_ms <= after_ms][-1]


class TestCurve:
    def test_steps_where_the_price_does(self) -> None:
        found = drawn(read_value(garage()))
        steps = [(point.after_ms, point.fen) for point in found.points[:4]]

        assert steps == [(0, 0), (30 * MINUTE_MS + 1, 500), (60 * MINUTE_MS + 1, 800), (120 * MINUTE_MS + 1, 1_100)]
        assert found.is_exact
        assert found.points[1].price == "5.00"

    @pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
    def test_is_what_the_engine_charges_at_any_length(self, path: Path) -> None:
        told = read(path)
        made, subject, entry_ms = compile_tariff(told), Subject.of(told), at("20 08:00:00", told.time_zone)
        found = curve_of(told, subject.stay(entry_ms, entry_ms + DAY_MS))
        lengths = [point.after_ms for point in found.points]

        assert lengths == sorted(set(lengths))
        if found.is_exact:
            lengths += [length - 1 for length in lengths if length] + list(range(0, DAY_MS + 1, 17 * MINUTE_MS + 3))
        for length in lengths:
            stay = subject.stay(entry_ms, entry_ms + length)
            assert price_at(found, length) == charge(made, stay, CALENDAR).gross_fen

    def test_slopes_where_every_moment_costs(self) -> None:
        found = drawn(read_value(tariff(band("all", units((None, 60, 6_000), rounding="exact")))))

        assert not found.is_exact
        assert len(found.points) == MOST_POINTS + 1
        assert found.points[-1].fen == 24 * 6_000

    def test_has_no_price_where_nobody_may_park_and_says_so(self) -> None:
        day, night = (
            band("day", units((None, 60, 500)), ("07:00", "19:00")),
            band("night", {"kind": "not_allowed"}, ("19:00", "07:00")),
        )
        found = drawn(read_value(tariff(day, night)), "20 17:00:00")

        assert price_at(found, 120 * MINUTE_MS) == 1_000
        assert price_at(found, 120 * MINUTE_MS + 1) is None
        assert found.why == "Nobody may park in the band night."

    def test_says_in_words_on_which_day_a_draft_leaves_a_gap(self) -> None:
        form = tariff(band("day", units((None, 60, 500)), ("07:00", "19:00")), band("night", {"kind": "free"}, ("20:00", "07:00")))
        seen = sketches.look(form)

        assert seen.tariff is not None
        assert drawn(seen.tariff).why == (
            "No single band of the tariff holds at each minute of Fridays that are working days, such as Nov 20, 2026."
        )

    def test_marks_round_amounts_up_to_the_most(self) -> None:
        found = drawn(read_value(garage()))

        assert [word for _fen, word in found.amounts] == ["0.00", "20.00", "40.00", "60.00", "80.00"]
        assert [word for _at, word in found.lengths] == ["0", "4 h", "8 h", "12 h", "16 h", "20 h", "24 h"]


class TestCurveOfWhatIsDue:
    """The garage again, eight yuan for two hours, with payments, a pass and a coupon."""

    FORM = garage() | {
        "after_payment": {"grace_min": 15, "policy": "re_quote_from_entry"},
        "passes": {"edge": "uncovered_minutes_only", "free_time": "holds"},
        "coupons": {"order": ["minutes", "percent", "amount"], "minutes_from": "tail", "stack": "all", "floor_fen": 0},
    }

    def test_falls_when_something_is_paid_and_rises_behind_the_grace(self) -> None:
        paid = Circumstances(payments=(Payment(at("20 09:30:00"), Fen(800)),))
        found = curve_of(read_value(self.FORM), a_stay("20 08:00:00", "20 10:30:00"), paid)
        steps = [(point.after_ms, point.fen, point.paid_fen) for point in found.points[2:6]]

        assert steps == [
            (60 * MINUTE_MS + 1, 800, 0),
            (90 * MINUTE_MS, 0, 800),
            (120 * MINUTE_MS + 1, 300, 800),
            (180 * MINUTE_MS + 1, 600, 800),
        ]
        assert found.payments == ((90 * MINUTE_MS, "paid 8.00"),)
        assert found.points[4].paid == "8.00"

    @pytest.mark.parametrize(
        "beside",
        [
            Circumstances(payments=(Payment(at("20 09:10:00"), Fen(800)), Payment(at("20 11:40:00"), Fen(600)))),
            Circumstances(coupons=(Coupon("1", CouponKind.MINUTES, 45), Coupon("2", CouponKind.PERCENT, 30))),
            Circumstances(covered=(Covered(at("20 09:20:00"), at("20 12:05:00")),)),
            Circumstances(
                covered=(Covered(at("20 09:20:00"), at("20 12:05:00")),), payments=(Payment(at("20 09:00:00"), Fen(500)),)
            ),
        ],
        ids=["payments", "coupons", "a pass", "a pass and a payment"],
    )
    @pytest.mark.parametrize(
        "policy", [{"policy": "re_quote_from_entry"}, {"policy": "extend_by_unit", "unit_min": 20, "unit_fen": 150}]
    )
    def test_is_what_the_engine_settles_at_any_length(self, policy: dict[str, object], beside: Circumstances) -> None:
        told = read_value(self.FORM | {"after_payment": {"grace_min": 15, **policy}})
        stay, made = a_stay("20 08:00:00", "21 08:00:00"), [Version(0, compile_tariff(told))]
        found = curve_of(told, stay, beside)

        for length in range(0, DAY_MS + 1, 7 * MINUTE_MS + 3):
            at_ms = stay.entry_ms + length
            paid = tuple(one for one in beside.payments if one.at_ms <= at_ms)
            price = settle(made, replace(stay, exit_ms=at_ms), CALENDAR, replace(beside, payments=paid))
            assert price_at(found, length) == price.due_fen

    def test_counts_what_was_paid_after_leaving_from_then_on(self) -> None:
        late = Circumstances(payments=(Payment(at("20 18:00:00"), Fen(800)),))
        found = curve_of(read_value(self.FORM), a_stay("20 08:00:00", "20 10:00:00"), late)

        assert price_at(found, 120 * MINUTE_MS) == 0
        assert found.payments == ((120 * MINUTE_MS, "paid 8.00"),)


class TestSamples:
    def test_price_usual_stays_on_each_kind_of_day(self) -> None:
        told = read_value(street())
        made = compile_tariff(told)
        arrivals = entries(told, made, CALENDAR, ON)
        found = samples(told, made, CALENDAR, arrivals, Subject.of(told))
        rows = dict(found.rows)

        assert found.heads == ("Working day 11-20 09:00", "Weekend 11-21 09:00", "Holiday 12-25 09:00")
        assert [cell.price for cell in rows["15 min"]] == ["0.00"] * 3
        assert rows["2 h"][0].fen == 4 * 150 + 4 * 225
        assert rows["Overnight 20:00–08:00"][0].fen == 6 * 100 + 4 * 150

    def test_leave_a_dash_and_say_why(self) -> None:
        told = read_value(garage())
        made = compile_tariff(told)
        known = Weeks(known=frozenset({2026}))
        found = samples(told, made, known, entries(told, made, known, date(2026, 12, 31))[:1], Subject.of(told))
        three_days = dict(found.rows)["3 d"][0]

        assert (three_days.fen, three_days.price) == (None, "—")
        assert three_days.why == "The calendar does not know 2027-01-01; enter the year before anything is priced."


class TestPreview:
    def test_of_beijing_comes_while_somebody_types(self) -> None:
        told = read(next(path for path in SAMPLES if path.stem == "cn-beijing-onstreet"))
        made = compile_tariff(told)
        spent = []
        for _turn in range(5):
            began = process_time()
            preview(told, made, CALENDAR, Subject.of(told), ON)
            spent.append(process_time() - began)

        assert min(spent) * 1_000 <= MOST_MS

    def test_shows_the_days_where_no_calendar_is_in_use(self) -> None:
        told = read_value(garage())
        found = preview(told, compile_tariff(told), None, Subject.of(told), ON)

        assert [strip.title for strip in found.strips] == ["Every day"]
        assert (found.curve, found.samples, found.why) == (None, None, "No calendar is in use.")

    def test_says_what_stands_in_the_way(self) -> None:
        told = read_value(garage())

        assert preview(told, compile_tariff(told), CALENDAR, Subject("tram"), ON).why == "No plan of the tariff is for tram."
        unknown = preview(told, compile_tariff(told), Weeks(known=frozenset()), Subject.of(told), ON)
        assert unknown.why == "The calendar knows none of the coming days in the words of this tariff."
