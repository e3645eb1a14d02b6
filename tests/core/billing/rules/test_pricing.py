"""Prices: the golden cases of the trade, each with the setting that decides it, and what no tariff may do."""

from datetime import date
from typing import Final

import pytest

from core.billing.language import NotATariff
from core.billing.rules.days import UnknownDay
from core.billing.rules.plans import MissingAttribute, NoPlan, NotAllowed, Stay
from core.billing.rules.pricing import EndsBeforeStart, Note, charge
from tests.core.billing.calendars import Weeks
from tests.core.billing.tariffs import Form, a_stay, at, band, compiled, cost, free, garage, street, tariff, units


class TestGoldenCases:
    def test_1_exactly_the_free_minutes_cost_nothing(self) -> None:
        assert cost(street(), "20 08:00", "20 08:15").gross_fen == 0
        assert cost(street(free=[free(15, bound="exclusive")]), "20 08:00", "20 08:15").gross_fen == 150

    @pytest.mark.parametrize(("kind", "fen"), [("threshold", 300), ("deduct", 150)])
    def test_2_a_second_more(self, kind: str, fen: int) -> None:
        assert cost(street(free=[free(15, kind)]), "20 08:00:00", "20 08:15:01").gross_fen == fen

    def test_3_two_hours_by_day(self) -> None:
        priced = cost(street(), "20 08:00", "20 10:00")

        assert [(line.unit_n, line.unit_fen, line.fen) for line in priced.lines] == [(4, 150, 600), (4, 225, 900)]
        assert priced.gross_fen == 1500

    @pytest.mark.parametrize(("edge", "fen"), [("cut", 500), ("finish", 400)])
    def test_4_an_evening_over_the_edge_of_a_band(self, edge: str, fen: int) -> None:
        assert cost(street(settings={"units_at_band_edge": edge}), "20 18:40", "20 21:05").gross_fen == fen

    @pytest.mark.parametrize(
        ("cap", "again", "fen"),
        [
            (None, "never", 7100),
            ({"per": "hours", "hours": 24}, "never", 3000),
            ({"per": "day"}, "never", 5700),
            ({"per": "day"}, "each_day", 5900),
        ],
    )
    def test_5_a_long_stay_under_each_cap(self, cap: dict[str, object] | None, again: str, fen: int) -> None:
        form = garage(
            caps=[] if cap is None else [cap | {"limits_fen": [3000]}],
            settings={"tiers_again": again, "units_at_midnight": "cut"},
        )

        assert cost(form, "20 10:00", "21 09:00").gross_fen == fen

    def test_13_a_stay_that_ends_before_it_starts_has_no_price(self) -> None:
        with pytest.raises(EndsBeforeStart):
            cost(garage(), "20 10:00:00", "20 09:59:59")

    @pytest.mark.parametrize(("day_type", "fen"), [("weekend", 100), ("workday", 200)])
    def test_14_a_swapped_saturday_costs_what_its_type_costs(self, day_type: str, fen: int) -> None:
        work = band("work", units((None, 60, 200)))
        rest = band("rest", units((None, 60, 100)))
        work["windows"][0]["days"] = {"types": ["workday"]}
        rest["windows"][0]["days"] = {"types": ["weekend", "holiday"]}

        priced = cost(tariff(work, rest), "21 10:00", "21 11:00", calendar=Weeks({date(2026, 11, 21): day_type}))

        assert priced.gross_fen == fen

    def test_15_two_seconds_can_touch_two_bands(self) -> None:
        priced = cost(street(free=[]), "20 18:59:59", "20 19:00:01")

        assert [line.fen for line in priced.lines] == [150, 100]


class TestCharge:
    def test_asks_a_calendar_that_knows_the_day(self) -> None:
        with pytest.raises(UnknownDay, match="2027"):
            cost(street(), "2026-12-31T20:00:00", "2027-01-01T08:00:00", calendar=Weeks(known=frozenset({2026})))

    def test_has_no_price_for_a_class_the_tariff_does_not_name(self) -> None:
        with pytest.raises(NoPlan, match="tank"):
            charge(compiled(garage()), Stay(at("20 10:00"), at("20 11:00"), "tank"), Weeks())

    def test_has_no_price_where_nobody_may_park(self) -> None:
        form = tariff(
            band("day", units((None, 60, 100)), ("07:00", "19:00")), band("closed", {"kind": "not_allowed"}, ("19:00", "07:00"))
        )

        with pytest.raises(NotAllowed, match="closed"):
            cost(form, "20 18:00", "20 19:30")

    @pytest.mark.parametrize("told", [{}, {"spaces": True}, {"spaces": "two"}, {"spaces": -1}])
    def test_asks_for_what_the_tariff_needs_to_know(self, told: dict[str, bool | int | str]) -> None:
        form = garage(factors=[{"name": "spaces", "times": "spaces", "applies": "before_caps"}])
        form["attributes"] = {"spaces": {"kind": "count"}}

        with pytest.raises(MissingAttribute, match="spaces"):
            charge(compiled(form), a_stay("20 10:00", "20 11:00", attrs=told), Weeks())

    def test_writes_what_a_cap_takes_beside_what_it_leaves(self) -> None:
        priced = cost(garage(caps=[{"per": "stay", "limits_fen": [1000]}]), "20 10:00", "20 14:00")

        assert [(line.before_fen, line.fen) for line in priced.lines] == [(500, 500), (900, 500)]

    def test_gives_a_threshold_once_a_day_to_who_had_none(self) -> None:
        form = compiled(garage(free=[free(30, frequency="once_a_day")]))
        first = a_stay("20 10:00", "20 10:25")
        again = Stay(first.entry_ms, first.exit_ms, "small", used_free_ms={"free": 25 * 60_000})

        assert (charge(form, first, Weeks()).gross_fen, charge(form, again, Weeks()).gross_fen) == (0, 500)

    @pytest.mark.parametrize(("then", "fen"), [("stop", 800), ("charge_on", 1400), ("penalty", 2800)])
    def test_follows_the_tariff_behind_the_longest_stay(self, then: str, fen: int) -> None:
        limit = {"minutes": 120, "then": then} | ({"penalty": units((None, 60, 1000))} if then == "penalty" else {})

        priced = cost(garage(max_stay=limit), "20 10:00", "20 14:00")

        assert (priced.gross_fen, priced.notes) == (fen, (Note.OVERSTAYED,))

    def test_charges_a_place_that_a_full_battery_keeps(self) -> None:
        form = compiled(garage(idle={"grace_min": 15, "charge": units((None, 15, 100)), "cap_fen": 500}))
        stay = Stay(at("20 10:00"), at("20 12:00"), "small", charging_ended_ms=at("20 11:00"))

        priced = charge(form, stay, Weeks())

        assert [line.fen for line in priced.lines if line.band == "idle"] == [300]
        assert priced.gross_fen == 1100

    def test_asks_at_least_the_minimum_of_who_pays_at_all(self) -> None:
        form = garage(minimum_fen=700)

        assert [cost(form, "20 10:00", leave).gross_fen for leave in ("20 10:30", "20 11:00", "20 12:00")] == [0, 700, 800]

    def test_cuts_seconds_off_where_the_tariff_does(self) -> None:
        form = garage()
        form["seconds"] = "cut_off"

        assert cost(form, "20 10:00:00", "20 10:30:59").gross_fen == 0


class TestPlanAgain:
    """From six on the next workday, who stays is priced as somebody who comes at six."""

    AGAIN: Final = {"clock": "06:00", "days": {"types": ["workday"]}, "plan_again": True}

    def form(self) -> Form:
        """Return a tariff that is free for who comes from three on, and else has a total of 13 for the day."""
        form = tariff(
            band("all", units((60, 60, 100), (None, 60, 200))), caps=[{"per": "period", "limits_fen": [1_300]}], period=self.AGAIN
        )
        late = {"name": "late", "when": {"entry": {"from": "15:00", "to": "24:00"}}, "period": self.AGAIN}
        form["plans"].insert(0, late | {"bands": [band("free", {"kind": "free"})]})
        return form

    @pytest.mark.parametrize(
        ("come", "leave", "fen"),
        [
            ("18 15:30", "19 06:00", 0),
            ("18 15:30", "19 06:30", 100),
            ("18 15:30", "19 07:30", 300),
            ("18 10:00", "19 06:00", 1_300),
            ("18 10:00", "19 06:30", 1_400),
            ("20 15:30", "23 06:00", 0),  # a Friday, over the weekend
            ("20 15:30", "23 07:00", 100),
            ("18 10:00", "20 10:00", 1_300 + 1_300 + 700),
        ],
    )
    def test_prices_the_rest_as_another_stay(self, come: str, leave: str, fen: int) -> None:
        priced = cost(self.form(), come, leave)

        assert priced.gross_fen == fen
        assert [at(come), *(line.to_ms for line in priced.lines)] == [*(line.from_ms for line in priced.lines), at(leave)]

    def test_is_not_said_beside_the_price_of_a_full_period(self) -> None:
        form = tariff(band("all", units((None, 60, 200))), period={"hours": 24, "full_fen": 900, "plan_again": True})

        with pytest.raises(NotATariff, match="plan_again"):
            compiled(form)
