"""Database and broker stop and start while the wall hangs there: it says so, keeps its figures dated, and comes back (O-06)."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import BrowserContext

from core.kit.db import Database
from core.kit.ids import uuid7
from tests.browser.conftest import Web, free_port
from tests.browser.screen import Screen, screen_of, until
from tests.fixtures.visitors import Visitor, sign_in
from tests.ingest.mqtt.rush import Publisher
from tests.ingest.mqtt.stage import FULL, Stage, staged

LATE_WITHIN_S: Final = 26
"""What was heard 20 seconds ago is late; a tick of the server, one of the page, and the last word of a sensor."""
LIVE_WITHIN_S: Final = 15
MESSAGES_A_S: Final = 20
TIMES: Final = (1, pytest.param(20, marks=FULL))
UNDATED: Final = """
    [...document.querySelectorAll("[data-tile][data-look]")]
        .filter((node) => node.dataset.state !== "loading" && !node.title).map((node) => node.dataset.tile)
"""
LIVE: Final = """
    [...document.querySelectorAll("[data-panel][data-look]")].filter((node) => node.dataset.state === "live").length
"""


@pytest.fixture(scope="module")
def stage(run_folder: Path) -> Iterator[Stage]:
    """Return servers of our own, a worker, and a town whose devices speak without end."""
    with staged(run_folder / f"outage-{uuid7().hex}") as stage:
        stage.start_worker()
        yield stage


@pytest.fixture(scope="module")
def rush(stage: Stage) -> Iterator[Publisher]:
    """Let the devices of the town speak."""
    publisher = stage.publisher(1, rate=MESSAGES_A_S)
    yield publisher
    publisher.stop(patience_s=30)


@pytest.fixture(scope="module")
def database(stage: Stage) -> Database:
    """Return the database of the stage."""
    return stage.database


@pytest.fixture(scope="module")
def visitor(database: Database) -> Visitor:
    """Return somebody of the command center who signed in."""
    return sign_in(database)


@pytest.fixture(scope="module")
def web(stage: Stage) -> Iterator[Web]:
    """Return the web process over the town."""
    web = Web(stage.urls.app, free_port())
    web.start()
    yield web
    web.stop()


@pytest.fixture
def wall(context: BrowserContext, web: Web, rush: Publisher) -> Screen:
    """Return a wall that shows live figures of the town, and that nobody touches from now on."""
    assert rush is not None
    screen = screen_of(context, web.url)
    screen.page.goto(f"{web.url}/?lang=en")
    screen.page.wait_for_selector(".wall:not(.wall--loading)", timeout=30_000)
    until(lambda: is_live(screen), 60)
    screen.page.evaluate("window.untouched = true")
    return screen


def is_live(screen: Screen) -> bool:
    """Tell whether the berths and the money of the town are live."""
    return screen.state("res") == "live" and screen.state("pay") == "live"


def took_s(screen: Screen, condition: str, limit_s: float) -> float:
    """Return how long it took until the berths were in a state."""
    began = time.monotonic()
    until(lambda: screen.state("res") == condition, limit_s)
    return time.monotonic() - began


def assert_head_says_so(screen: Screen) -> None:
    """The head names a source and its age, on the colour of what is late."""
    assert screen.page.locator(".fresh--late, .fresh--stale").count() == 1
    assert any(word in screen.fresh() for word in ("ago", "since")), screen.fresh()


class TestDatabaseGoes:
    @pytest.mark.parametrize("times", TIMES)
    def test_every_tile_says_so_and_comes_back(self, wall: Screen, stage: Stage, times: int) -> None:
        said, back = [], []
        for _ in range(times):
            assert stage.server.stop("immediate")
            said.append(took_s(wall, "late", LATE_WITHIN_S))
            until(lambda: wall.page.evaluate(LIVE) == 0, 3)
            assert wall.page.evaluate(UNDATED) == []
            assert_head_says_so(wall)

            assert stage.server.revive()
            began = time.monotonic()
            until(lambda: is_live(wall), LIVE_WITHIN_S)
            back.append(time.monotonic() - began)

        print(f"database: said after {max(said):.1f} s at most, live {max(back):.1f} s after it was back at most")
        assert wall.page.evaluate("window.untouched") is True


class TestBrokerGoes:
    @pytest.mark.parametrize("times", TIMES)
    def test_berths_say_so_and_come_back(self, wall: Screen, stage: Stage, times: int) -> None:
        said, back = [], []
        for _ in range(times):
            assert stage.broker.stop()
            said.append(took_s(wall, "late", LATE_WITHIN_S))
            assert wall.page.evaluate(UNDATED) == []
            assert_head_says_so(wall)

            assert stage.broker.revive()
            began = time.monotonic()
            until(lambda: is_live(wall), LIVE_WITHIN_S)
            back.append(time.monotonic() - began)

        print(f"broker: said after {max(said):.1f} s at most, live {max(back):.1f} s after it was back at most")
        assert wall.page.evaluate("window.untouched") is True
