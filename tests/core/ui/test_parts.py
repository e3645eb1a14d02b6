"""Parts of a live page."""

from dash import html
from dash.development.base_component import Component

from core.kit.locale import use
from core.ui import parts


class TestBox:
    def test_tells_the_script_by_data_attributes(self) -> None:
        made = parts.box("wall", "inside", tag=html.Main, live_page="wall").to_plotly_json()

        assert made["type"] == "Main"
        assert made["props"] == {"children": ["inside"], "className": "wall", "data-live-page": "wall"}


class TestPanel:
    def test_carries_tile_title_definition_and_flag(self) -> None:
        with use("en"):
            made = parts.panel("res", "berths", "Berths", "live", "content")
        parts_of = [part for part in (made, *made._traverse()) if isinstance(part, Component)]
        told = {name: value for part in parts_of for name, value in vars(part).items() if name.startswith("data-")}

        assert told == {
            "data-panel": "res",
            "data-tile": "berths",
            "data-look": "panel",
            "data-meaning": "berths",
            "data-note": "live",
            "data-back": "live",
            "data-flag": "gap",
        }


class TestLive:
    def test_shows_a_dash_until_the_first_value(self) -> None:
        assert parts.live("fen", "yuan").to_plotly_json()["props"]["children"] == ["—"]
