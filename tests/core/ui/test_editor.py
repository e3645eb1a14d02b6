"""The frame of the editor: what its script needs is there, once, and is called what the script calls it."""

import re
from pathlib import Path

import pytest
from dash import html

from core.kit.locale import Language, use
from core.ui import editor
from core.ui.ids import Ids

SCRIPTS = Path(__file__).parents[3] / "assets/js/editor"


def source() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted(SCRIPTS.glob("*.js")))


class TestFrame:
    def test_has_every_place_that_the_script_paints(self) -> None:
        frame = editor.frame(Ids("callbacks.billing.editor"), html.Div(), absent=html.Div(), tariff="")
        places = [getattr(part, "data-paint", None) for part in frame._traverse()]
        wanted = set(re.findall(r'place\("(\w+)"\)', source()))

        assert wanted <= set(places)
        assert all(places.count(name) == 1 for name in wanted)

    def test_wires_the_stores_by_which_the_script_asks(self) -> None:
        frame = editor.frame(Ids("callbacks.billing.editor"), absent=html.Div(), tariff="7")

        assert getattr(frame, "data-save") == "billing-editor-save"
        assert getattr(frame, "data-tariff") == "7"


class TestWords:
    def test_are_those_that_the_script_says(self) -> None:
        said = set(re.findall(r"\bwords\.(\w+)\b", source())) | set(re.findall(r'bench\.fill\("(\w+)"', source()))

        assert said - {"short", "units", "editor", "name"} <= set(editor.words())

    @pytest.mark.parametrize("language", list(Language))
    def test_are_no_two_of_one_meaning(self, language: Language) -> None:
        with use(language):
            words = editor.words()

        assert all(words.values())
