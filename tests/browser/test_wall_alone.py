"""The web server goes and comes back while the wall hangs there (V-04)."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core.kit.db import Database
from core.kit.embedded import LOOPBACK
from tests.browser.conftest import Feed, Web, served
from tests.browser.screen import Screen, until

STALE_S = 30
SLACK_S = 10
"""A tick of the server and one of the page, and what the feed was behind."""
BACK_WITHIN_S = 10
RESTARTED_WITHIN_S = 30


@pytest.fixture(scope="module")
def web(demo_city: Database) -> Iterator[Web]:
    """Return a web process that hatches figures after half a minute of silence, so that nobody waits for a whole one."""
    yield from served(demo_city, {"BOSHU_STALE_AFTER_S": str(STALE_S)})


@contextmanager
def refusing(port: int, status: int) -> Iterator[None]:
    """Answer everything at a port with one status, as a proxy in front of a dead server does."""

    class Refuses(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
            """Say nothing."""

    server = ThreadingHTTPServer((LOOPBACK, port), Refuses)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield
    server.shutdown()
    server.server_close()


class TestServerGoes:
    @pytest.mark.parametrize("away_s", [10, pytest.param(300, marks=pytest.mark.prove)])
    def test_wall_stays_counts_grows_stale_and_comes_back(self, screen: Screen, feed: Feed, web: Web, away_s: int) -> None:
        screen.open(f"{web.url}/?lang=zh")
        until(lambda: screen.state("pay") == "live", 60)
        screen.page.evaluate("window.untouched = true")
        build = build_of(screen)

        web.stop()
        until(lambda: "wall--lost" in look(screen), 8)
        assert "与服务器断开 00:0" in screen.fresh()
        first, clock = attempts(screen), screen.text(".head__clock")
        screen.page.wait_for_timeout(away_s * 1_000)

        assert attempts(screen) > first
        assert screen.text(".head__clock") != clock
        assert screen.complaints() == []

        until(lambda: screen.state("pay") == "stale", STALE_S + SLACK_S)
        assert screen.text("[data-rate=sensors_online] .rate__value") == "—"
        assert screen.complaints() == []

        web.start()
        until(lambda: "wall--lost" not in look(screen), BACK_WITHIN_S)
        assert was_left_alone(screen, unless_other_than=build)
        until(lambda: screen.state("pay") == "live", 20)
        until(lambda: screen.text("[data-rate=sensors_online] .rate__value") != "—", 20)

    @pytest.mark.parametrize("times", [3, pytest.param(50, marks=pytest.mark.prove)])
    def test_wall_outlives_many_restarts(self, screen: Screen, feed: Feed, web: Web, times: int) -> None:
        """Live within half a minute each time, never a login or an error page, and what changed meanwhile is right."""
        screen.open(f"{web.url}/?lang=zh")
        for _ in range(times):
            web.stop()
            until(lambda: "wall--lost" in look(screen), 8)
            assert screen.page.url.startswith(web.url)
            web.start()
            until(lambda: "wall--lost" not in look(screen), RESTARTED_WITHIN_S)
            until(lambda: shows_what_the_server_tells(screen), RESTARTED_WITHIN_S)

    @pytest.mark.parametrize("status", [401, 502])
    def test_wall_comes_back_from_a_refusal(self, screen: Screen, feed: Feed, web: Web, status: int) -> None:
        screen.open(f"{web.url}/?lang=zh")
        screen.page.evaluate("window.untouched = true")
        build = build_of(screen)

        web.stop()
        with refusing(web.port, status):
            until(lambda: "wall--lost" in look(screen), 8)
            screen.page.wait_for_timeout(4_000)
        web.start()

        until(lambda: "wall--lost" not in look(screen), BACK_WITHIN_S)
        assert was_left_alone(screen, unless_other_than=build)


def shows_what_the_server_tells(screen: Screen) -> bool:
    """Tell whether the page shows today's stays as the newest picture has them."""
    picture = screen.page.evaluate("fetch('/live/wall.json').then((answer) => answer.json())")
    shown = screen.shown()
    told: int | None = picture["tiles"]["stays_today"]["n"]
    is_same: bool = shown["seq"] == picture["seq"] and shown["tiles"]["stays_today"]["n"] == (
        f"{told:,}" if told is not None else "—"
    )
    return is_same


def build_of(screen: Screen) -> str:
    """Return the build the server runs."""
    build: str = screen.page.evaluate("fetch('/live/wall.json').then((answer) => answer.json()).then((picture) => picture.version)")
    return build


def was_left_alone(screen: Screen, *, unless_other_than: str) -> bool:
    """Tell whether the page was not loaded anew; a server that came back as another build has it loaded anew, once."""
    screen.page.wait_for_selector(".wall:not(.wall--loading)")
    same_build = build_of(screen) == unless_other_than
    return bool(screen.page.evaluate("window.untouched === true")) == same_build


def look(screen: Screen) -> str:
    """Return the classes of the wall."""
    return screen.page.get_attribute(".wall", "class") or ""


def attempts(screen: Screen) -> int:
    """Return how many attempts the head counts."""
    return int(screen.fresh().split("第")[1].split("次")[0])
