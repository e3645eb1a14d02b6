"""Tariffs that are not finished: what is missing is said at its place, and what is written is kept."""

from copy import deepcopy
from pathlib import Path

import pytest

from core.billing.language import NotATariff, read_yaml, sketches
from core.billing.language.sketches import Sketch
from tests.core.billing.tariffs import band, garage, street, units

SAMPLES = sorted((Path(__file__).parents[3] / "samples/tariffs").glob("*.yaml"))


class TestWrite:
    @pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
    def test_says_the_same_tariff_as_its_text(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")

        assert read_yaml(sketches.write(sketches.read(text))) == read_yaml(text)

    def test_keeps_what_is_wrong(self) -> None:
        sketch: Sketch = {"form": 1, "code": "1.5", "vehicles": ["on", "07:00", "true", "0x1"], "plans": [{"name": "一 #"}]}

        assert sketches.read(sketches.write(sketch)) == sketch


class TestRead:
    @pytest.mark.parametrize("text", ["", "[1]", "word", "{", "a: &b 1\nc: *b"])
    def test_refuses_what_is_no_map(self, text: str) -> None:
        with pytest.raises(NotATariff):
            sketches.read(text)


class TestLook:
    def test_finds_a_tariff_where_nothing_is_missing(self) -> None:
        seen = sketches.look(street())

        assert seen.faults == ()
        assert seen.tariff is not None

    def test_says_what_is_missing_at_its_place(self) -> None:
        sketch = street()
        del sketch["seconds"]
        del sketch["plans"][0]["bands"][1]["charge"]["rounding"]
        seen = sketches.look(sketch)

        assert seen.tariff is None
        assert [fault.path for fault in seen.faults] == ["seconds", "plans.0.bands.1.charge.rounding"]

    def test_can_be_drawn_with_a_gap(self) -> None:
        sketch = garage(bands=[band("all", units((None, 60, 300)), ("00:00", "23:00"))])
        seen = sketches.look(sketch)

        assert [fault.path for fault in seen.faults] == ["plans.0.bands"]
        assert seen.tariff is not None

    def test_cannot_be_drawn_with_a_question_open(self) -> None:
        sketch = deepcopy(street())
        del sketch["settings"]["units_at_band_edge"]
        seen = sketches.look(sketch)

        assert seen.tariff is None
        assert [fault.path for fault in seen.faults] == ["plans.0.settings.units_at_band_edge"]

    def test_asks_what_each_plan_leaves_open(self) -> None:
        asked = sketches.look(street() | {"settings": {}}).needed

        assert asked == (("units_at_band_edge", "units_at_midnight", "tiers_again", "tier_clock", "leaving_on_edge"),)

    def test_asks_nothing_of_a_plan_that_has_no_shape_yet(self) -> None:
        assert sketches.look({"plans": [{"name": "street"}, "word"]}).needed == ((), ())

    @pytest.mark.parametrize("sketch", [{}, {"plans": 7}, {"plans": [None]}, {"form": 2, "plans": [{"bands": {}}]}])
    def test_looks_at_anything(self, sketch: Sketch) -> None:
        assert sketches.look(sketch).faults != ()


class TestLines:
    TEXT = "form: 1\nplans:\n  - name: day\n    bands:\n      - {name: a}\n"

    def test_are_those_of_the_deepest_part_there_is(self) -> None:
        found = sketches.lines(self.TEXT, ["code", "plans.0.bands", "plans.0.bands.0.charge.tiers", "plans.3"])

        assert found == {"code": 1, "plans.0.bands": 4, "plans.0.bands.0.charge.tiers": 5, "plans.3": 2}

    def test_are_none_of_what_is_no_text(self) -> None:
        assert sketches.lines("{", ["code"]) == {}
