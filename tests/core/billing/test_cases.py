"""Cases: the published tariffs of thirty-five places, written in the rule language, give the results that are known."""

import os
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
import yaml

from core.billing.cases import Case, CaseFile, Confidence, Weekdays, price_case, read_cases, stay_of, verify
from core.billing.language import NotATariff, Tariff, compile_tariff, read_value, read_yaml, write_value, write_yaml
from core.billing.rules.pricing import Note, charge
from core.billing.rules.terms import Unsettled
from tests.core.billing.tariffs import compiled, free, garage, units

WRITTEN: Final = Path(__file__).parents[2] / "samples" / "tariffs"
IDS: Final = sorted(path.stem for path in WRITTEN.glob("*.yaml"))
SURE_N: Final = 499

READINGS: Final[dict[str, dict[int, tuple[str, object]]]] = {
    "cn-beijing-onstreet-11": {0: ("settings.units_at_band_edge", "cut"), 250: ("settings.units_at_band_edge", "finish")},
    "cn-beijing-onstreet-17": {2600: ("settings.tiers_again", "each_visit"), 3100: ("settings.tiers_again", "never")},
    "cn-shenzhen-onstreet-2013-12": {
        2000: ("plans.0.free.0.counts_for_tiers", True),
        1500: ("plans.0.free.0.counts_for_tiers", False),
    },
    "cn-wuhan-onstreet-12": {1800: ("settings.tiers_again", "each_day"), 1900: ("settings.tiers_again", "never")},
    "cn-chongqing-airport-19": {
        1300: ("plans.1.bands.0.charge.beyond.price_fen", 250),
        1800: ("plans.1.bands.0.charge.beyond.price_fen", 500),
    },
    "cn-guiyang-hospital-08": {
        200: ("plans.0.bands.1.charge.kind", "cheapest"),
        400: (
            "plans.0.bands.1.charge",
            {"kind": "entry", "price_fen": {"by_vehicle": {"small": 400, "medium": 600, "xlarge": 1000}}},
        ),
    },
    "gb-westminster-fzone-10": {1960: ("plans.0.max_stay.then", "stop")},
    "nz-tauranga-buildings-13": {700: ("attributes.early_bird.absent", True), 1300: ("attributes.early_bird.absent", False)},
    "sg-orchard-malls-08": {380: ("settings.leaving_on_edge", "closed"), 325: ("settings.leaving_on_edge", "half_open")},
    "sg-orchard-malls-09": {4260: ("settings.leaving_on_edge", "closed"), 3935: ("settings.leaving_on_edge", "half_open")},
    "sg-orchard-malls-13": {2702: ("settings.leaving_on_edge", "closed"), 2266: ("settings.leaving_on_edge", "half_open")},
}
"""What decides each case that can be read in several ways: the result of each reading, and the place that says it."""

BACKWARDS: Final = (
    "timezone: Asia/Shanghai\ncases: [{case_id: one, entry: '2025-03-05T10:00:00', exit: '2025-03-05T11:00:00', vehicle: small, "
    "passes: [{from: '2025-03-05T11:00:00', to: '2025-03-05T10:00:00'}]}]"
)


def given(name: str) -> str:
    """Return a published tariff with its cases, which lies beside the real data sets."""
    path = Path(os.environ.get("BOSHU_SAMPLES", "")).parent / "tariffs" / f"{name}.yaml"
    if not os.environ.get("BOSHU_SAMPLES") or not path.is_file():
        pytest.skip("the published tariffs are not on this machine (beside BOSHU_SAMPLES)")
    return path.read_text(encoding="utf-8")


@cache
def cases(name: str) -> CaseFile:
    return read_cases(given(name))


@cache
def written(name: str) -> Tariff:
    return read_yaml((WRITTEN / f"{name}.yaml").read_text(encoding="utf-8"))


def reread(name: str, path: str, value: object) -> Tariff:
    """Return a tariff that reads one place differently."""
    form: Any = deepcopy(write_value(written(name)))
    *way, last = path.split(".")
    place = form
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    place[last] = value
    return read_value(form)


def readings() -> Iterator[tuple[str, str, int, str, object]]:
    for case_id, results in READINGS.items():
        for fen, (path, value) in results.items():
            yield case_id.rpartition("-")[0], case_id, fen, path, value


class TestPublishedTariffs:
    @pytest.mark.parametrize("name", IDS)
    def test_give_every_result_that_is_sure(self, name: str) -> None:
        assert list(map(str, verify(compile_tariff(written(name)), cases(name)).failures)) == []

    def test_are_all_written_and_all_tried(self) -> None:
        verdicts = [verify(compile_tariff(written(name)), cases(name)) for name in IDS]

        assert (len(IDS), sum(verdict.passed_n for verdict in verdicts)) == (35, SURE_N)

    @pytest.mark.parametrize("name", IDS)
    def test_are_the_same_after_being_stored(self, name: str) -> None:
        assert read_value(write_value(written(name))) == read_yaml(write_yaml(written(name))) == written(name)

    @pytest.mark.parametrize(("name", "case_id", "fen", "path", "value"), readings())
    def test_reach_each_reading_by_the_place_that_says_it(
        self, name: str, case_id: str, fen: int, path: str, value: object
    ) -> None:
        file = cases(name)
        case = next(case for case in file.cases if case.case_id == case_id)

        assert price_case(compile_tariff(reread(name, path, value)), case, ZoneInfo(file.timezone)) == fen

    def test_leave_no_ambiguous_case_or_alternative_out(self) -> None:
        for name in IDS:
            minor = yaml.safe_load(given(name))["minor_per_unit"]
            for case in yaml.safe_load(given(name))["cases"]:
                if case["confidence"] == Confidence.AMBIGUOUS:
                    assert set(READINGS[case["case_id"]]) == {round(each * minor) for each in case["alternatives"]}

    def test_tell_of_a_stay_over_the_longest_one(self) -> None:
        file = cases("gb-westminster-fzone")
        case = next(case for case in file.cases if case.case_id == "gb-westminster-fzone-10")

        priced = charge(
            compile_tariff(written("gb-westminster-fzone")),
            stay_of(case, ZoneInfo(file.timezone)),
            Weekdays(case.entry.date(), case.day_type),
        )

        assert priced.notes == (Note.OVERSTAYED,)


class TestVerify:
    def test_tells_each_failure_in_a_line(self) -> None:
        text = (
            "timezone: Asia/Shanghai\ncases:\n"
            "- {case_id: right, entry: '2025-03-05T10:00:00', exit: '2025-03-05T11:00:00', vehicle: small, zone: class1, "
            "day_type: workday, expected_minor: 1000}\n"
            "- {case_id: wrong, entry: '2025-03-05T10:00:00', exit: '2025-03-05T11:00:00', vehicle: small, zone: class1, "
            "day_type: workday, expected_minor: 999}\n"
            "- {case_id: odd, entry: '2025-03-05T10:00:00', exit: '2025-03-05T11:00:00', vehicle: boat, zone: class1, "
            "day_type: workday, expected_minor: 1}\n"
            "- {case_id: open, entry: '2025-03-05T10:00:00', exit: '2025-03-05T11:00:00', vehicle: small, zone: class1, "
            "day_type: workday, expected_minor: null, confidence: ambiguous}\n"
        )

        verdict = verify(compile_tariff(written("cn-beijing-onstreet")), read_cases(text))

        assert str(verdict) == "1 passed, 2 failed, 1 ambiguous"
        assert list(map(str, verdict.failures)) == [
            "wrong: expected 999, got 1000",
            "odd: expected 1, no price: No plan of the tariff is for class1 boat.",
        ]

    @pytest.mark.parametrize("text", ["[]", "timezone: [", "timezone: Asia/Shanghai\ncases: [{case_id: 1}]", BACKWARDS])
    def test_refuses_what_is_no_file_of_cases(self, text: str) -> None:
        with pytest.raises(NotATariff):
            read_cases(text)


class TestPriceCase:
    """Tariff B, a garage, half an hour free and eight yuan for two hours; with all that can stand beside a stay."""

    ZONE = ZoneInfo("Asia/Shanghai")
    STAY: Final = {"case_id": "one", "entry": "2026-11-20T08:00", "exit": "2026-11-20T10:00", "vehicle": "small"}
    FORM: Final = garage(free=[free(30, frequency="once_a_day")]) | {
        "after_payment": {"grace_min": 15, "policy": "re_quote_from_entry"},
        "passes": {"edge": "uncovered_minutes_only", "free_time": "does_not_hold"},
        "nested": "exclusive",
        "coupons": {"order": ["minutes", "percent", "amount"], "minutes_from": "tail", "stack": "one", "floor_fen": 0},
        "no_return": {"minutes": 60, "then": "no_free_time"},
    }

    @pytest.mark.parametrize(
        ("beside", "fen"),
        [
            ({}, 800),
            ({"passes": [{"from": "2026-11-20T09:00", "to": "2026-11-20T12:00"}]}, 500),
            ({"inner_lots": [{"from": "2026-11-20T08:30", "to": "2026-11-20T09:00"}]}, 0),
            ({"coupons": [{"kind": "percent", "value": 50}, {"kind": "amount", "value": 100}]}, 400),
            ({"payments": [{"at": "2026-11-20T08:40", "minor": 500}]}, 300),
            ({"exit": "2026-11-20T08:20"}, 0),
            ({"exit": "2026-11-20T08:20", "left_before": "2026-11-20T07:30"}, 500),
            ({"exit": "2026-11-20T08:20", "earlier": [{"entry": "2026-11-20T06:00", "exit": "2026-11-20T06:25"}]}, 500),
        ],
    )
    def test_is_what_is_due_after_all_that_counts(self, beside: dict[str, object], fen: int) -> None:
        assert price_case(compiled(self.FORM), Case.model_validate(self.STAY | beside), self.ZONE) == fen

    def test_knows_when_charging_ended(self) -> None:
        form = garage(idle={"grace_min": 15, "charge": units((None, 30, 300))})
        case = Case.model_validate(self.STAY | {"charging_ended": "2026-11-20T09:00"})

        assert price_case(compiled(form), case, self.ZONE) == 800 + 2 * 300

    def test_is_none_where_the_tariff_does_not_say(self) -> None:
        case = Case.model_validate(self.STAY | {"coupons": [{"kind": "amount", "value": 100}]})

        with pytest.raises(Unsettled):
            price_case(compiled(garage()), case, self.ZONE)
