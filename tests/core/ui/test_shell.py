"""The desk's frame: what it leads to, and what it says of itself."""

import json
from collections.abc import Iterator
from typing import Any

import dash
import pytest
from flask import Flask, g

from core.access.actors import Actor
from core.access.permissions import Permission
from core.kit.ids import uuid7
from core.kit.locale import Language, use
from core.ui import shell
from core.ui.ids import Ids
from core.ui.parts import box
from core.ui.shell import Area, Key, Tab

IDS = Ids("callbacks.devices.detectors")


NEEDED = {
    "/": Permission.WALL_VIEW,
    "/dispatch": Permission.DISPATCH_VIEW,
    "/devices/detectors": Permission.DEVICES_VIEW,
    "/devices/cameras": Permission.DEVICES_VIEW,
}


@pytest.fixture
def registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let some pages be registered, and somebody ask who may see all of them."""
    monkeypatch.setattr(dash, "page_registry", {path: {"path": path, "needs": need} for path, need in NEEDED.items()})
    with Flask("desk").test_request_context():
        g.actor = Actor(uuid7(), frozenset(Permission), name="Wei")
        yield


def classes(drawn: Any, name: str) -> list[Any]:  # a component has the attributes of its kind
    """Return every component of a class, in order."""
    parts = [part for part in drawn._traverse() if name in (getattr(part, "className", None) or "").split()]
    return [drawn, *parts] if name in drawn.className.split() else parts


@pytest.mark.usefixtures("registered")
class TestPage:
    def test_leads_to_the_areas_that_have_a_page_and_to_no_other(self) -> None:
        links = classes(shell.page(IDS, area="devices", title="x", children=[]), "desk__area")

        assert [link.href for link in links] == ["/", "/dispatch", "/devices/detectors"]
        assert [getattr(link, "aria-current", None) for link in links] == [None, None, "page"]

    def test_leads_nobody_to_what_he_may_not_see(self) -> None:
        g.actor = Actor(uuid7(), frozenset({Permission.DISPATCH_VIEW}), name="Wei")

        links = classes(shell.page(IDS, area="dispatch", title="x", children=[]), "desk__area")

        assert [link.href for link in links] == ["/dispatch"]

    def test_speaks_the_language_of_the_reader_and_offers_the_other(self) -> None:
        with use(Language.ZH_CN):
            drawn: Any = shell.page(IDS, area="dispatch", title="x", children=[])

        assert drawn.lang == "zh-CN"
        assert [link.children[0] for link in classes(drawn, "desk__area")] == ["指挥大屏", "调度地图", "设备运维"]
        assert classes(drawn, "button--ghost")[0].children == ["English"]

    def test_tells_its_script_what_it_needs(self) -> None:
        drawn = shell.page(
            IDS, area=Area.DISPATCH, title="x", children=[], topics=("wall", "berths"), extra_words={"berth": "泊位"}
        )
        words = json.loads(getattr(drawn, "data-words"))

        assert getattr(drawn, "data-topics") == "wall,berths"
        assert getattr(drawn, "data-desk") == "dispatch"
        assert words["berth"] == "泊位"
        assert set(words["sources"]) >= {"magnet", "payment"}

    def test_has_tabs_a_drawer_and_keys_when_given(self) -> None:
        drawn = shell.page(
            IDS,
            area="devices",
            title="x",
            children=box("inside"),
            drawer=box("aside"),
            tabs=(Tab("/devices/detectors", "Detectors", is_current=True), Tab("/devices/cameras", "Cameras")),
            keys=(Key(("J", "K"), "Next"),),
        )

        assert [tab.href for tab in classes(drawn, "tabs__tab")] == ["/devices/detectors", "/devices/cameras"]
        assert len(classes(drawn, "desk__body--drawer")) == len(classes(drawn, "aside")) == 1
        assert [key.children for key in classes(drawn, "help__row")[0].children[0].children] == ["J", "K"]

    def test_knows_no_area_but_its_own(self) -> None:
        with pytest.raises(ValueError, match="kitchen"):
            shell.page(IDS, area="kitchen", title="x", children=[])
