"""Every page draws, in every language, and its ids exist (STYLE, sections 2 and 9)."""

import importlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import dash
import pytest
from dash import dcc
from dash.development.base_component import Component
from plotly.utils import PlotlyJSONEncoder

from app import create_app
from core.kit.db import Database
from core.kit.locale import Language, use
from core.settings import Settings
from tests.architecture import tree

ID = re.compile(r"[a-z]+(?:-[a-z0-9]+)+")
Page = dict[str, object]  # Dash's own record of a page


@pytest.fixture(scope="module")
def pages(database: Database) -> dict[str, Page]:
    """Give every registered page by its module."""
    create_app(Settings(database_url=database.url))
    return {page["module"]: page for page in dash.page_registry.values()}


def drawn(page: Page) -> Component:
    """Return the layout of a page, made as for a visitor."""
    layout = page["layout"]
    made = layout() if callable(layout) else layout
    assert isinstance(made, Component)
    return made


def parts(component: Component) -> Iterator[Component]:
    """Yield a component and everything in it."""
    yield component
    yield from component._traverse()


def ids(component: Component) -> list[str]:
    """List the ids of a layout; of a pattern, its type."""
    found = [getattr(part, "id", None) for part in parts(component)]
    return [named(found_id) if isinstance(found_id, dict) else found_id for found_id in found if found_id]


def named(pattern: dict[str, str]) -> str:
    """Write the id of a part of a register as those of a page of its own: `places-roads-told-action-close`."""
    return re.sub(r"[/:_]", "-", "-".join(value for _key, value in sorted(pattern.items(), key=lambda pair: pair[0] != "register")))


def wired() -> Iterator[tuple[str, str]]:
    """Yield each callback's name and each id it reads or writes."""
    app = dash.get_app()
    for output, callback in app.callback_map.items():
        for wire in (*callback["inputs"], *callback["state"]):
            yield output, wire["id"]
        for written in output.strip(".").split("..."):
            yield output, written.rpartition(".")[0]


class TestEveryPage:
    def test_is_registered(self, pages: dict[str, Page]) -> None:
        files = {tree.module(path) for path in tree.below("pages") if path.name != "__init__.py"}

        assert files == {module for module in pages if module.startswith("pages.")}

    @pytest.mark.parametrize("language", list(Language))
    def test_draws(self, pages: dict[str, Page], language: Language) -> None:
        with use(language):
            for page in pages.values():
                assert json.dumps(drawn(page), cls=PlotlyJSONEncoder)

    def test_names_its_ids_after_itself_and_once(self, pages: dict[str, Page]) -> None:
        for module, page in pages.items():
            domain, noun = Path(module.replace(".", "/")).parts[-2:]
            found = ids(drawn(page))

            assert len(found) == len(set(found)), module
            assert [one for one in found if not ID.fullmatch(one) or not one.startswith(f"{domain}-{noun}".replace("_", "-"))] == []

    def test_has_every_id_that_its_callbacks_name(self, pages: dict[str, Page]) -> None:
        for module, page in pages.items():
            written = getattr(importlib.import_module(module.replace("pages", "callbacks", 1)), "ids", None)
            named = [getattr(written, name) for name in dir(written) if not name.startswith("_")]

            assert {one for one in named if isinstance(one, str)} - set(ids(drawn(page))) == set(), module

    def test_is_wired_to_what_exists(self, pages: dict[str, Page]) -> None:
        frame = dash.get_app().layout
        known = {one for page in pages.values() for one in ids(drawn(page))} | set(ids(frame() if callable(frame) else frame))
        lost = {(name, one) for name, one in wired() if not one.startswith(("_pages", "{")) and one not in known}

        assert lost == set()

    def test_has_no_clock_of_its_own(self, pages: dict[str, Page]) -> None:
        ticking = [module for module, page in pages.items() if any(isinstance(part, dcc.Interval) for part in parts(drawn(page)))]

        assert ticking == []
