"""The sensors fall silent and speak again while the wall hangs there: it says so, and nobody must touch it (O-06)."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext

from core.kit.db import Database
from tests.browser.conftest import Feed, Web, served
from tests.browser.screen import Screen, screen_of, until

LATE_S = 20
STALE_S = 30
SLACK_S = 8
"""A tick of the server, one of the page, and the last word of a sensor some seconds after the feed was stopped."""


@pytest.fixture(scope="module")
def web(demo_city: Database) -> Iterator[Web]:
    """Return a web process that hatches figures after half a minute of silence, so that nobody waits for a whole one."""
    yield from served(demo_city, {"BOSHU_STALE_AFTER_S": str(STALE_S)})


@pytest.fixture
def english(context: BrowserContext, web: Web) -> Screen:
    """Return a second screen, in English."""
    return screen_of(context, web.url)


class TestSensorsFallSilent:
    def test_wall_says_so_and_recovers_by_itself(self, screen: Screen, english: Screen, feed: Feed, web: Web) -> None:
        screen.open(f"{web.url}/?lang=zh")
        english.open(f"{web.url}/?lang=en")
        until(lambda: screen.state("res") == "live", 60)
        screen.page.evaluate("window.untouched = true")

        feed.sensors.clear()
        until(lambda: "车检器" in screen.fresh() and screen.state("res") == "late", LATE_S + SLACK_S)
        assert "后" not in screen.fresh()
        assert "Sensors" in english.fresh()

        until(lambda: screen.state("res") == "stale", STALE_S - LATE_S + SLACK_S)
        self.is_marked_in_chinese(screen)
        self.is_marked_in_english(english)
        self.money_is_live(screen)

        feed.sensors.set()
        until(lambda: screen.state("res") == "live" and screen.state("occ") == "live", 30)
        until(lambda: shows_what_the_server_tells(screen), 30)
        assert screen.page.evaluate("window.untouched") is True
        assert not screen.page.is_visible(".banner--warn")

    def is_marked_in_chinese(self, screen: Screen) -> None:
        until(lambda: screen.page.is_visible(".banner--warn"), 3)

        assert "无新数据" in screen.text("[data-panel=res] .panel__flag")
        assert "数据截至" in screen.text("[data-panel=occ] .panel__flag")
        assert "车检器数据自" in screen.text(".banner--warn")
        assert "支付" in screen.text(".banner--warn")
        assert screen.text("[data-rate=sensors_online] .rate__value") == "—"
        assert "截至" in screen.text("[data-tile=utilisation_today] .figure__age")
        assert screen.page.locator(".callout").count() == 0
        assert "map--stale" in (screen.page.get_attribute(".map", "class") or "")
        screen.shows_as_drawn()

    def is_marked_in_english(self, screen: Screen) -> None:
        until(lambda: screen.page.is_visible(".banner--warn"), 3)

        assert "No data" in screen.text("[data-panel=res] .panel__flag")
        assert "Sensors: no data since" in screen.text(".banner--warn")
        screen.shows_as_drawn()

    def money_is_live(self, screen: Screen) -> None:
        assert screen.state("pay") == "live"
        assert screen.state("rank") == "live"
        assert screen.page.get_attribute("[data-tile=received_today]", "data-state") == "live"


def shows_what_the_server_tells(screen: Screen) -> bool:
    """Tell whether the page shows the berths of the newest picture."""
    picture = screen.page.evaluate("fetch('/live/wall.json').then((answer) => answer.json())")
    shown, berths = screen.shown(), picture["tiles"]["berths"]
    names = ("occupied", "free", "reserved", "fault")
    return shown["seq"] == picture["seq"] and all(shown["tiles"]["berths"][name] == f"{berths[name]:,}" for name in names)
