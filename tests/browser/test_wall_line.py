"""The line to the server is slow or cut while the wall hangs there (V-03, V-04)."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest
from playwright.sync_api import BrowserContext, Request

from tests.browser.conftest import Feed, Web
from tests.browser.screen import Screen, screen_of, until
from tests.ingest.mqtt.proxy import FINE, Fault, Proxy, proxied

BACK_WITHIN_S: Final = 30
SLOW: Final = Fault(delay_s=4)
"""There and back: the server answers after eight seconds."""
CUT: Final = Fault(is_black_hole=True)
FASTER: Final = """
    for (const name of ["setTimeout", "setInterval"]) {
        const own = window[name];
        window[name] = (act, ms, ...rest) => own(act, (ms || 0) / TIMES, ...rest);
    }
    const [real, born] = [Date.now, Date.now()];
    Date.now = () => born + (real() - born) * TIMES;
"""
"""Lets the page's time pass so many times as fast: its timers, limits and ages keep their proportions."""
SELDOM_S: Final = 10
"""A page that asks less often than this, in its own time, proves nothing."""
HEAP_MB: Final = 10


@pytest.fixture
def line(web: Web) -> Iterator[Proxy]:
    """Return a line to the web that can be made bad."""
    with proxied(web.port) as line:
        yield line


@dataclass(slots=True)
class Flights:
    """Requests for pictures that are under way, and the most there ever were at once."""

    now: int = 0
    most: int = 0
    all: int = 0

    def watch(self, screen: Screen) -> None:
        """Count from now on."""

        def left(request: Request) -> None:
            if "/live/" in request.url:
                self.now, self.all = self.now + 1, self.all + 1
                self.most = max(self.most, self.now)

        def landed(request: Request) -> None:
            self.now -= "/live/" in request.url

        screen.page.on("request", left)
        screen.page.on("requestfinished", landed)
        screen.page.on("requestfailed", landed)


class TestSlowLine:
    @pytest.mark.parametrize(("for_s", "times"), [(15, 1), pytest.param(3_600, 10, marks=pytest.mark.prove)])
    def test_never_has_two_requests_under_way(
        self, own_context: BrowserContext, feed: Feed, line: Proxy, for_s: int, times: int
    ) -> None:
        """
        The page fetches whole pictures, which without a guard would pile up behind a slow server.

        The hour passes ten times as fast for page and line alike: as many requests, each as slow beside the page's patience.
        """
        own_context.add_init_script(FASTER.replace("TIMES", str(times)))
        own_context.add_init_script("delete window.SharedWorker; delete window.EventSource")
        home = f"http://127.0.0.1:{line.port}"
        screen = screen_of(own_context, home)
        screen.open(f"{home}/?lang=en")
        flights = Flights()
        flights.watch(screen)
        line.fault = Fault(delay_s=SLOW.delay_s / times)
        before = heap_mb(screen)
        ends = time.monotonic() + for_s / times
        while time.monotonic() < ends:
            screen.page.wait_for_timeout(1_000)

        grown_mb = heap_mb(screen) - before
        print(f"{flights.all} requests, {flights.most} at once, heap {before:.1f} MB {grown_mb:+.1f} MB")
        assert flights.all >= max(1, for_s // SELDOM_S - 1)
        assert flights.most == 1
        assert grown_mb < HEAP_MB

        line.fault = FINE
        until(lambda: "wall--lost" not in look(screen), BACK_WITHIN_S)


class TestCutLine:
    @pytest.mark.parametrize("times", [2, pytest.param(20, marks=pytest.mark.prove)])
    def test_is_live_again_within_half_a_minute(self, context: BrowserContext, feed: Feed, line: Proxy, times: int) -> None:
        home = f"http://127.0.0.1:{line.port}"
        screen = screen_of(context, home)
        screen.open(f"{home}/?lang=en")
        screen.page.evaluate("window.untouched = true")
        for _ in range(times):
            line.fault = CUT
            line.tear()
            until(lambda: "wall--lost" in look(screen), 12)
            line.fault = FINE
            until(lambda: "wall--lost" not in look(screen), BACK_WITHIN_S)

        assert screen.page.evaluate("window.untouched") is True
        assert screen.foreign == []


def look(screen: Screen) -> str:
    """Return the classes of the wall."""
    return screen.page.get_attribute(".wall", "class") or ""


def heap_mb(screen: Screen) -> float:
    """Return what the page's script holds after a collection, in megabytes."""
    chrome = screen.page.context.new_cdp_session(screen.page)
    chrome.send("HeapProfiler.collectGarbage")
    used: float = chrome.send("Runtime.getHeapUsage")["usedSize"]
    chrome.detach()
    return used / 1_048_576
