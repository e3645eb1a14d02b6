"""Strips: the day of a tariff is told whole, kind by kind, and a hole in it is named."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from core.billing.language import Tariff, compile_tariff, read_value, read_yaml
from core.billing.rules.days import DAY_MIN
from core.billing.rules.plans import MissingAttribute, NoPlan
from core.billing.rules.pricing import charge
from core.billing.strips import Letters, Look, Strip, Subject, bands_of_day, coverage, strips_of
from tests.core.billing.calendars import Weeks
from tests.core.billing.tariffs import a_stay, at, band, garage, street, tariff, units

SAMPLES = sorted((Path(__file__).parents[2] / "samples" / "tariffs").glob("*.yaml"))


def sample(name: str) -> Tariff:
    return read_yaml(next(path for path in SAMPLES if path.stem == name).read_text(encoding="utf-8"))


def strips(told: Tariff, subject: Subject | None = None) -> list[Strip]:
    return strips_of(told, compile_tariff(told), subject or Subject.of(told))


class TestStripsOf:
    @pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
    def test_cover_the_day_of_every_published_tariff(self, path: Path) -> None:
        for strip in strips(read_yaml(path.read_text(encoding="utf-8"))):
            edges = [(one.from_min, one.to_min) for one in strip.bands]

            assert (edges[0][0], edges[-1][1]) == (0, DAY_MIN)
            assert all(one[1] == other[0] for one, other in pairwise(edges))
            assert Look.GAP not in {one.look for one in strip.bands}
            assert all(one.prices for one in strip.bands)

    def test_are_one_where_every_day_is_the_same(self) -> None:
        (every,) = strips(sample("cn-beijing-onstreet"))

        assert (every.title, every.plan) == ("Every day", "street")
        assert [(one.from_min // 60, one.to_min // 60, one.letter, one.name) for one in every.bands] == [
            (0, 7, "A", "night"), (7, 19, "B", "day"), (19, 24, "A", "night"),
        ]  # fmt: skip

    def test_are_several_where_kinds_of_days_differ(self) -> None:
        assert [strip.title for strip in strips(sample("cn-shenzhen-onstreet-2013"))] == ["Working day", "Weekend / Holiday"]

    def test_are_several_where_the_arrival_chooses_the_plan(self) -> None:
        titles = [strip.title for strip in strips(sample("gb-stoke-johnstreet"))]

        assert titles[:2] == ["Mon–Sat · arriving 00:00–07:30", "Mon–Sat · arriving 07:30–09:30"]

    def test_name_what_a_draft_leaves_open_and_what_it_says_twice(self) -> None:
        """A draft with faults is no tariff yet; its picture shows where they are."""
        told = read_value(street())
        day, night = told.plans[0].bands
        short = day.model_copy(update={"windows": (day.windows[0].model_copy(update={"end": "18:00"}),)})
        long = day.model_copy(update={"windows": (day.windows[0].model_copy(update={"end": "20:00"}),)})
        looks = []
        for changed in (short, long):
            plan = told.plans[0].model_copy(update={"bands": (changed, night)})
            (strip,) = strips(told.model_copy(update={"plans": (plan,)}))
            looks.append([(one.from_min // 60, one.to_min // 60) for one in strip.bands if one.look in {Look.GAP, Look.TWICE}])

        assert looks == [[(18, 19)], [(19, 20)]]

    def test_refuses_a_class_without_a_plan(self) -> None:
        with pytest.raises(NoPlan):
            strips(read_value(garage()), Subject("tram"))

    def test_refuses_to_guess_what_the_tariff_asks(self) -> None:
        told = read_value(
            tariff(band("all", units((None, 60, 500))), factors=[{"name": "twice", "times": "spaces", "applies": "after_caps"}])
            | {"attributes": {"spaces": {"kind": "count"}}}
        )

        with pytest.raises(MissingAttribute):
            strips(told, Subject("small"))
        assert Subject.of(told).attrs == {"spaces": 1}


class TestCoverage:
    @pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
    def test_is_whole_in_every_published_tariff(self, path: Path) -> None:
        told = read_yaml(path.read_text(encoding="utf-8"))
        found = coverage(told, compile_tariff(told))

        assert (len(found.classes), len(found.rows)) == (len(told.vehicles), len(told.day_types))
        assert {hole for _kind, holes in found.rows for hole in holes} == {""}

    def test_names_the_hole_of_a_draft(self) -> None:
        told = read_value(street())
        day, night = told.plans[0].bands
        late = day.model_copy(update={"windows": (day.windows[0].model_copy(update={"start": "08:30"}),)})
        holed = told.model_copy(update={"plans": (told.plans[0].model_copy(update={"bands": (late, night)}),)})

        assert coverage(holed, compile_tariff(holed)).rows[0] == ("Working day", ("07:00–08:30",))


class TestBandsOfDay:
    def test_follow_the_calendar_of_the_very_day(self) -> None:
        told = sample("cn-shenzhen-onstreet-2013")
        made, letters = compile_tariff(told), Letters()
        subject = Subject.of(told)
        stay = subject.stay(at("20 08:00:00"), at("21 12:00:00"))

        friday, saturday = (bands_of_day(told, made, Weeks(), stay, date(2026, 11, day), letters)[1] for day in (20, 21))

        assert (friday.name, saturday.name) == ("workday", "nonworkday")
        assert (friday.letter, saturday.letter) == ("B", "C")

    def test_are_the_bands_whose_lines_the_engine_writes(self) -> None:
        told = read_value(street(free=[]))
        made, stay = compile_tariff(told), a_stay("20 18:00:00", "20 21:00:00")
        bands = bands_of_day(told, made, Weeks(), stay, date(2026, 11, 20), Letters())

        for line in charge(made, stay, Weeks()).lines:
            minute = made.days.minute_of(line.from_ms, date(2026, 11, 20).toordinal())
            assert next(one.name for one in bands if one.from_min <= minute < one.to_min) == line.band


class TestLetters:
    def test_stay_with_a_band_and_go_on_as_numbers(self) -> None:
        letters = Letters()

        assert [letters.of(rule) for rule in ("a", "b", "a")] == ["A", "B", "A"]
        assert [letters.of(str(number)) for number in range(30)][-1] == "32"
