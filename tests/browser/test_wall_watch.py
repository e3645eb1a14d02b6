"""The wall looks after itself for months (V-02, V-05), and shows nobody's data (V-06)."""

import json
import re
import subprocess
from pathlib import Path
from typing import Final
from urllib.request import Request, urlopen

from playwright.sync_api import BrowserContext, Response

from core.kit.db import Database
from core.kit.locale import Language, use
from core.ui import words
from tests.browser.conftest import Feed, Web
from tests.browser.screen import Screen, screen_of, until

PLATE: Final = re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·\s]?[A-HJ-NP-Z0-9*]{5,6}")
PHONE: Final = re.compile(r"(?<![\w.])1[3-9]\d{9}(?![\w.])")
ANEW: Final = "() => window.untouched === undefined"
SHIFT_MS: Final = 601_000
FITS: Final = "(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)(document.querySelector('.ticker'))"


class TestClock:
    def test_is_the_only_timer_of_the_page(self, screen: Screen, web: Web) -> None:
        counted = "window.timers = []; const real = window.setInterval;"
        screen.page.add_init_script(f"{counted} window.setInterval = (work, ms) => (window.timers.push(ms), real(work, ms))")
        screen.open(web.url)

        assert screen.page.evaluate("window.timers") == [1_000]


class TestWatch:
    def test_loads_a_page_anew_that_has_grown_too_large_but_not_twice(self, screen: Screen, web: Web) -> None:
        screen.open(web.url)
        grown = "document.body.append(...Array.from({ length: 6001 }, () => document.createElement('i')))"
        screen.page.evaluate(f"window.untouched = true; {grown}")
        screen.page.wait_for_function(ANEW)
        screen.page.wait_for_selector(".wall:not(.wall--loading)")
        screen.page.evaluate(f"window.untouched = true; {grown}; window.boshu.live.reloadFor('nodes')")
        screen.page.wait_for_timeout(500)

        assert screen.page.evaluate("window.sessionStorage.getItem('boshu-reloaded-for')") == "nodes"
        assert screen.page.evaluate("window.untouched") is True

    def test_knows_what_is_wrong(self, screen: Screen, web: Web) -> None:
        screen.open(web.url)
        unpainted = "window.boshu.live.paintedAt = Date.now() - 61000"

        assert screen.page.evaluate("window.boshu.live.fault({ nodes: 6000 })") is None
        assert screen.page.evaluate("window.boshu.live.fault({ nodes: 1e6, heap: 1 })") == "heap"
        assert screen.page.evaluate("window.boshu.live.fault({ nodes: 10 })") == "nodes"
        assert screen.page.evaluate(f"({unpainted}, window.boshu.live.fault({{ nodes: 1e6 }}))") == "paint"

    def test_loads_anew_when_the_graphics_are_lost(self, screen: Screen, web: Web) -> None:
        screen.open(web.url)
        lost = "document.body.appendChild(document.createElement('canvas')).dispatchEvent(new Event('webglcontextlost'))"
        screen.page.evaluate(f"window.untouched = true; {lost}")

        screen.page.wait_for_function(ANEW)

    def test_loads_anew_at_a_time_of_day_only_where_it_is_asked_to(self, screen: Screen, web: Web) -> None:
        screen.open(web.url)
        screen.page.evaluate("window.untouched = true; window.boshu.live.startedAt = 0")
        screen.page.evaluate("window.boshu.live.reloadDaily('04:30:00', '')")
        screen.page.wait_for_timeout(500)
        assert screen.page.evaluate("window.untouched") is True
        screen.page.evaluate("window.boshu.live.reloadDaily('04:30:00', '04:30')")

        screen.page.wait_for_function(ANEW)

    def test_loads_anew_not_before_the_server_answers(self, screen: Screen, web: Web) -> None:
        screen.open(web.url)
        screen.page.evaluate("window.untouched = true")
        web.stop()
        screen.page.evaluate("window.boshu.live.reload()")
        screen.page.wait_for_timeout(1_000)
        kept = screen.page.evaluate("window.untouched")
        web.start()

        assert kept is True
        screen.page.wait_for_function(ANEW)

    def test_shifts_the_picture_by_two_pixels_in_ten_minutes(self, own_context: BrowserContext, web: Web) -> None:
        screen = screen_of(own_context, web.url)
        screen.page.clock.install()
        screen.page.goto(web.url)
        screen.page.clock.run_for(3_000)
        screen.page.wait_for_selector(".wall:not(.wall--loading)")
        before = screen.boxes()["res"]
        screen.page.clock.run_for(SHIFT_MS)
        moved = [now - then for now, then in zip(screen.boxes()["res"], before, strict=True)]

        assert moved == [2, 0, 0, 0]

    def test_says_a_calm_sentence_on_a_screen_that_stands_upright(self, screen: Screen, web: Web) -> None:
        screen.open(f"{web.url}/?lang=en")
        screen.page.set_viewport_size({"width": 1080, "height": 1920})
        screen.page.wait_for_selector(".wall__turned")

        assert "turn this screen" in screen.text(".wall__turned")
        assert not screen.page.is_visible(".wall__stage")


class TestTicker:
    def test_shows_no_half_an_event_while_it_turns(self, screen: Screen, web: Web, feed: Feed) -> None:
        screen.open(f"{web.url}/?lang=en")
        screen.page.wait_for_selector(".ticker__item", state="attached", timeout=30_000)
        screen.page.evaluate("""() => {
          const ticker = document.querySelector('.ticker');
          ticker.style.maxWidth = '200px';
          ticker.animate([{ transform: 'translateY(8px)' }, {}], { duration: 600_000 });
        }""")

        until(lambda: bool(screen.page.evaluate(FITS)), 5)


class TestPrivacy:
    def test_shows_and_sends_no_plate_phone_or_name(self, screen: Screen, web: Web, feed: Feed, demo_city: Database) -> None:
        bodies: list[str] = []

        def keep(response: Response) -> None:
            if (
                response.ok
                and response.request.resource_type in {"document", "fetch", "xhr"}
                and "text/event-stream" not in (response.headers.get("content-type", ""))
            ):
                bodies.append(response.text())

        screen.page.on("response", keep)
        screen.open(f"{web.url}/?lang=zh")
        until(lambda: screen.shown()["tiles"]["berths"]["occupied"] != "—", 30)
        screen.page.set_viewport_size({"width": 5760, "height": 1080})  # more panels, more words
        screen.page.wait_for_timeout(2_000)
        bodies += [screen.page.content(), streamed(web)]
        bodies += [told(web, path) for path in ("/live/wall.json", "/live/places.json", "/live/kpis.json?lang=zh")]
        with demo_city.transaction() as tx:
            people = [row["name"] for row in tx.rows("select name from employee")]
        with use(Language.ZH_CN):
            spoken = json.dumps(words.wall(), ensure_ascii=False)
        names = [name for name in people if name not in spoken]  # 周一 is a name, and Monday

        assert len(names) > 1
        assert [found for body in bodies for found in PLATE.findall(body)] == []
        assert [found for body in bodies for found in PHONE.findall(body)] == []
        assert [name for name in names if any(name in body for body in bodies)] == []


class TestKiosk:
    def test_waits_for_the_server_and_opens_the_wall_full_screen(self, web: Web, tmp_path: Path) -> None:
        """The program it starts is a stand-in that tells how it was called: there is no desktop here."""
        stand_in = tmp_path / "chromium"
        stand_in.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
        stand_in.chmod(0o755)
        script = Path(__file__).resolve().parents[2] / "assets/kiosk/boshu-kiosk"
        given = {"PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": str(tmp_path), "BOSHU_WALL_URL": f"{web.url}/?lang=zh"}
        called = subprocess.run([script], env=given, capture_output=True, text=True, timeout=30, check=True).stdout.split("\n")

        assert {"--kiosk", "--disable-background-timer-throttling", "--autoplay-policy=no-user-gesture-required"} <= set(called)
        assert called[-2] == f"{web.url}/?lang=zh"


def told(web: Web, path: str) -> str:
    """Return what the server answers."""
    with urlopen(Request(f"{web.url}{path}", headers=web.signed_in.headers), timeout=10) as answer:
        text: str = answer.read().decode()
        return text


def streamed(web: Web) -> str:
    """Return the first words of the stream: a whole picture, and what changed in some seconds."""
    with urlopen(Request(f"{web.url}/live/wall", headers=web.signed_in.headers), timeout=10) as stream:
        lines = [next(stream).decode() for _ in range(16)]
    return "".join(lines)
