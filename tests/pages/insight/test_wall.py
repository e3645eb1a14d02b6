"""The skeleton of the wall."""

import json
from collections.abc import Iterator

import pytest
from dash import Dash, dcc, page_registry
from dash.development.base_component import Component

from core.insight.kpis import KPIS
from core.insight.wall import PARTS

Told = dict[str, str]


@pytest.fixture(scope="module")
def skeleton() -> Component:
    """Return the layout, made outside of any request; a page registers itself with an application."""
    Dash("test", use_pages=True, pages_folder="")
    from pages.insight import wall  # pages can be imported only after their application exists

    assert page_registry["pages.insight.wall"]["path"] == "/"
    return wall.layout(lang="en")


def told(skeleton: Component) -> Iterator[Told]:
    """Yield what every element tells the script."""
    for part in (skeleton, *skeleton._traverse()):
        if isinstance(part, Component):
            yield {name: value for name, value in vars(part).items() if name.startswith("data-")}


class TestLayout:
    def test_shows_every_tile_of_the_picture_and_no_other(self, skeleton: Component) -> None:
        tiles = {each["data-tile"] for each in told(skeleton) if "data-tile" in each}

        assert tiles == set(PARTS)

    def test_opens_a_definition_for_every_figure(self, skeleton: Component) -> None:
        """A tile has one; a rate has one of its own."""
        defined = {each["data-meaning"] for each in told(skeleton) if "data-meaning" in each}
        rates = {each["data-rate"] for each in told(skeleton) if "data-rate" in each}

        assert defined == rates | {each["data-tile"] for each in told(skeleton) if "data-tile" in each}
        assert rates <= set(KPIS)

    def test_holds_no_figure_and_no_clock_of_its_own(self, skeleton: Component) -> None:
        values = [part.children for part in skeleton._traverse() if isinstance(part, Component) and hasattr(part, "data-live")]

        assert values == [["—"]] * len(values)
        assert [part for part in skeleton._traverse() if isinstance(part, dcc.Interval | dcc.Store)] == []

    def test_brings_its_words(self, skeleton: Component) -> None:
        assert json.loads(vars(skeleton)["data-words"])["loading"] == "Loading"
