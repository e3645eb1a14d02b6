"""The desk's frame: what stands in it, and what it says of itself."""

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
from core.ui.shell import Area, Key

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
    labels = {"/devices/detectors": "Detectors", "/devices/cameras": "Cameras"}
    pages = {
        path: {"path": path, "needs": need, "label": labels.get(path), "group": "monitoring" if path in labels else None}
        for path, need in NEEDED.items()
    }
    monkeypatch.setattr(dash, "page_registry", pages)
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

        assert [link.href for link in links] == ["/", "/dispatch", "/devices/cameras"]
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

    def test_has_a_drawer_and_keys_when_given(self) -> None:
        drawn = shell.page(
            IDS,
            area="devices",
            title="x",
            children=box("inside"),
            drawer=box("aside"),
            keys=(Key(("J", "K"), "Next"),),
        )

        assert len(classes(drawn, "desk__body--drawer")) == len(classes(drawn, "aside")) == 1
        assert [key.children for key in classes(drawn, "help__row")[0].children[0].children] == ["J", "K"]

    def test_shows_the_pages_of_its_area_at_the_side_and_what_led_here(self) -> None:
        with use(Language.EN):
            drawn = shell.page(IDS, area="devices", path="/devices/cameras", title="x", children=[])

        assert [title.children for title in classes(drawn, "side__title")] == [["Monitoring"]]
        pages = {link.href: getattr(link, "aria-current", None) for link in classes(drawn, "side__page")}
        assert pages == {"/devices/cameras": "page", "/devices/detectors": None}
        assert [step.children for step in classes(drawn, "trail__step")] == [["Devices"], ["Monitoring"], ["Cameras"]]

    def test_has_no_side_where_there_is_nothing_to_choose(self) -> None:
        assert classes(shell.page(IDS, area="dispatch", path="/dispatch", title="x", children=[]), "side") == []

    def test_asks_for_no_stream_that_its_reader_may_not_hear(self) -> None:
        g.actor = Actor(uuid7(), frozenset({Permission.SETTINGS_MANAGE}), name="Wei")
        drawn: Any = shell.page(IDS, area="system", title="x", children=[])

        assert getattr(drawn, "data-topics") == ""
        assert classes(drawn, "desk__age") == []

    def test_leads_keyboards_past_the_head(self) -> None:
        drawn = shell.page(IDS, area="dispatch", title="x", children=[])

        assert classes(drawn, "skip")[0].href == f"#{classes(drawn, 'desk__main')[0].id}"

    def test_offers_no_search_to_whom_nothing_can_be_found(self) -> None:
        g.actor = Actor(uuid7(), frozenset({Permission.RIGHTS_GRANT}), name="Wei")

        assert classes(shell.page(IDS, area="system", title="x", children=[]), "search") == []

    def test_knows_no_area_but_its_own(self) -> None:
        with pytest.raises(ValueError, match="kitchen"):
            shell.page(IDS, area="kitchen", title="x", children=[])
