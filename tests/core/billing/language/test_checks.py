"""Checks: what a tariff leaves open or says twice is refused, at its place, with what to do."""

import pytest

from core.billing.language import NotATariff, read_value
from core.billing.language.readings import QUESTIONS
from tests.core.billing.tariffs import Form, band, free, garage, street, tariff, units


def faults(form: Form) -> dict[str, str]:
    try:
        read_value(form)
    except NotATariff as error:
        return dict(error.faults)
    return {}


def without(form: Form, *names: str) -> Form:
    for name in names:
        del form["settings"][name]
    return form


class TestSettings:
    @pytest.mark.parametrize("name", ["units_at_band_edge", "units_at_midnight", "tiers_again", "tier_clock", "leaving_on_edge"])
    def test_are_asked_for_where_they_decide(self, name: str) -> None:
        assert faults(without(street(), name)) == {f"plans.0.settings.{name}": str(QUESTIONS[name])}

    def test_are_not_asked_for_where_they_decide_nothing(self) -> None:
        form = tariff(band("all", units((None, 60, 100))))
        form["settings"] = {"units_at_midnight": "cut"}

        assert faults(form) == {}

    def test_of_days_are_asked_for_where_bands_follow_the_day(self) -> None:
        work, rest = band("work", units((None, 60, 200)), ("20:00", "08:00")), band("rest", units((None, 60, 100)))
        work["windows"][0]["days"] = {"types": ["workday"]}
        rest["windows"] = [
            {"from": "08:00", "to": "20:00"},
            {"from": "20:00", "to": "08:00", "days": {"types": ["weekend", "holiday"]}},
        ]

        assert set(faults(without(tariff(work, rest), "day_type_by", "overnight"))) == {
            "plans.0.settings.day_type_by",
            "plans.0.settings.overnight",
        }

    @pytest.mark.parametrize("change", [{"rounding": "exact"}, {}])
    def test_of_money_are_asked_for_where_fen_are_parted(self, change: Form) -> None:
        factors = [] if change else [{"name": "half", "percent": 50, "applies": "after_caps"}]
        form = tariff(band("all", units((None, 60, 101)) | change), factors=factors)

        assert set(faults(without(form, "money"))) == {"plans.0.settings.money"}


class TestCoverage:
    def test_names_a_gap(self) -> None:
        form = tariff(band("day", units((None, 60, 100)), ("07:00", "19:00")), band("night", {"kind": "free"}, ("20:00", "07:00")))

        assert faults(form) == {
            "plans.0.bands": "Every day 19:00–20:00 has no band; say what it costs, that it is free, or that nobody may park."
        }

    def test_names_an_overlap(self) -> None:
        form = tariff(band("day", units((None, 60, 100)), ("07:00", "20:00")), band("night", {"kind": "free"}, ("19:00", "07:00")))

        assert faults(form) == {"plans.0.bands": "Every day 19:00–20:00 has two bands, day + night; every minute has exactly one."}

    def test_names_a_type_of_day_that_was_forgotten(self) -> None:
        form = tariff(band("all", units((None, 60, 100))))
        form["plans"][0]["bands"][0]["windows"][0]["days"] = {"types": ["workday", "weekend"]}

        assert "Holiday 00:00–24:00" in faults(form)["plans.0.bands"]

    def test_names_a_season_that_was_forgotten(self) -> None:
        form = tariff(band("all", units((None, 60, 100))))
        form["plans"][0]["bands"][0]["windows"][0]["days"] = {"season": {"first": "05-01", "last": "09-30"}}

        assert "01-01 00:00–24:00" in faults(form)["plans.0.bands"]

    def test_looks_at_the_evening_where_it_decides_the_morning(self) -> None:
        night = band("night", units((None, 60, 100)), ("20:00", "08:00"))
        night["windows"][0]["days"] = {"types": ["workday"]}
        rest = band("rest", {"kind": "free"}, ("08:00", "20:00"))
        rest["windows"].append({"from": "20:00", "to": "24:00", "days": {"types": ["weekend", "holiday"]}})
        rest["windows"].append({"from": "00:00", "to": "08:00", "days": {"types": ["weekend", "holiday"]}})
        form = tariff(night, rest)

        assert faults(form) == {}
        assert "plans.0.bands" in faults(tariff(night, rest, settings={"overnight": "evening_day"}))

    def test_asks_for_a_plan_for_every_class(self) -> None:
        form = garage(when={"vehicles": ["small"]}) | {"vehicles": ["small", "large"]}

        assert faults(form) == {"plans": "No plan is for every stay of large; add one without further conditions."}


class TestParts:
    @pytest.mark.parametrize(
        ("path", "change"),
        [
            ("time_zone", {"time_zone": "Mars/Olympus"}),
            ("time_zone", {"time_zone": "../etc/passwd"}),
            ("vehicles", {"vehicles": ["small", "small"]}),
            ("after_payment", {"after_payment": {"grace_min": 15, "policy": "extend_by_unit"}}),
            (
                "coupons.order",
                {"coupons": {"order": ["amount"] * 3, "minutes_from": "head", "stack": "all", "floor_fen": 0}},
            ),
            ("attributes.fuel.absent", {"attributes": {"fuel": {"kind": "one_of", "values": ["petrol"], "absent": "coal"}}}),
        ],
    )
    def test_of_a_tariff_make_sense(self, path: str, change: Form) -> None:
        assert path in faults(garage() | change)

    @pytest.mark.parametrize(
        ("path", "plan"),
        [
            ("plans.0.caps.0", {"caps": [{"per": "day"}]}),
            ("plans.0.caps.0.hours", {"caps": [{"per": "hours", "limits_fen": [1]}]}),
            ("plans.0.caps.0.per", {"caps": [{"per": "period", "limits_fen": [1]}]}),
            ("plans.0.caps.0.bands", {"caps": [{"per": "day", "limits_fen": [1], "bands": ["none"]}]}),
            ("plans.0.period", {"period": {}}),
            ("plans.0.period.days", {"period": {"hours": 24, "days": {"types": ["workday"]}}}),
            ("plans.0.free.0.each", {"free": [free(15, each="period")]}),
            ("plans.0.settings.units_at_midnight", {"free": [free(15, "deduct", each="day")]}),
            ("plans.0.factors.0", {"factors": [{"name": "x", "applies": "before_caps"}]}),
            ("plans.0.factors.0.times", {"factors": [{"name": "x", "times": "spaces", "applies": "before_caps"}]}),
            ("plans.0.max_stay", {"max_stay": {"minutes": 60, "then": "penalty"}}),
            ("plans.0.when.vehicles", {"when": {"vehicles": ["tank"]}}),
            ("plans.0.when.attributes.0.attribute", {"when": {"attributes": [{"attribute": "rich", "is": True}]}}),
            ("plans.0.bands.0.windows.0.days.types", {"bands": [band("a", units((None, 60, 1))) | {"windows": [
                {"from": "00:00", "to": "24:00", "days": {"types": ["doomsday"]}}]}]}),
            ("plans.0.bands.0.windows.0", {"bands": [band("a", units((None, 60, 1)), ("07:00", "07:00"))]}),
            ("plans.0.bands.0.charge.tiers.0.for_min", {"bands": [band("a", units((60, 60, 1)))]}),
            ("plans.0.bands.0.charge.tiers.0.for_min", {"bands": [band("a", units((50, 60, 1), (None, 60, 1)))]}),
            ("plans.0.bands.0.charge", {"bands": [band("a", {"kind": "steps", "steps": [{"up_to_min": 60, "total_fen": 1}]})]}),
            ("plans.0.bands.0.charge.price_fen", {"bands": [band("a", {"kind": "entry", "price_fen": {"by_zone": {"x": 1}}})]}),
            (
                "plans.0.bands.0.charge.price_fen.by_vehicle",
                {"bands": [band("a", {"kind": "entry", "price_fen": {"by_vehicle": {"large": 1}}})]},
            ),
        ],
    )  # fmt: skip
    def test_of_a_plan_make_sense(self, path: str, plan: Form) -> None:
        assert path in faults(garage(**plan))
