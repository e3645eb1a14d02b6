"""The wall on a screen: drawn as agreed, in both languages, with the figures the server tells."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession

from core.access import scenes
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.scenes import Draft, Kind
from core.kit.clock import city_zone, utc_now
from core.kit.db import Database
from core.kit.ids import uuid7
from tests.browser.conftest import Feed, Web
from tests.browser.screen import FONTS, Screen, screen_of, until
from tests.core.access.people import a_user

UNKNOWN = "—"
RAISE = """
    insert into alarm (alarm_id, rule, priority, site_id, subject_id, raised_at, detail)
    select %(id)s, %(rule)s, %(priority)s, site_id, site_id, %(at)s, jsonb_build_object('n', %(n)s::integer)
    from site where code = %(site)s
"""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm of a site, raised 134 seconds ago."""

    rule: str
    site: str
    priority: int = 1
    n: int = 1


@contextmanager
def standing(database: Database, *alarms: Alarm) -> Iterator[None]:
    """Let alarms stand for the length of the block."""
    ids = [uuid7() for _ in alarms]
    at = utc_now() - timedelta(seconds=134)
    with database.transaction() as tx:
        for alarm_id, alarm in zip(ids, alarms, strict=True):
            tx.run(RAISE, id=alarm_id, rule=alarm.rule, site=alarm.site, priority=alarm.priority, n=alarm.n, at=at)
    try:
        yield
    finally:
        with database.transaction() as tx:
            tx.run("update alarm set cleared_at = now() where alarm_id = any(%(ids)s)", ids=ids)


@pytest.fixture(scope="module", autouse=True)
def city_at_work(demo_past: Database, feed: Feed, web: Web) -> None:
    """Let the city have a past, and live."""


def yesterday() -> str:
    """Return the moment a day ago, as the address wants it."""
    return (utc_now() - timedelta(days=1)).astimezone(city_zone()).isoformat(timespec="minutes")


def addresses() -> list[str]:
    """Return every look of the wall that this city can show."""
    return [f"/?lang={language}{look}" for language in ("zh", "en") for look in ("", "&at=yesterday", "&night=on")]


class TestDrawing:
    @pytest.mark.parametrize("address", addresses())
    def test_stands_on_every_screen_where_the_drawing_has_it(self, screen: Screen, web: Web, address: str) -> None:
        screen.open(web.url + address.replace("yesterday", yesterday()))

        screen.shows_as_drawn()
        assert screen.complained == []
        assert screen.foreign == []

    def test_draws_hanzi_and_digits_with_the_fonts_it_brought(self, screen: Screen, web: Web) -> None:
        screen.open(f"{web.url}/?lang=zh")

        drawn = screen.fonts(".head__title, .panel__title, .figure__name, .rank__name, .map__name, .figure__value, .foot")

        assert {brought for _font, brought in drawn} == {True}
        assert {next((name for name in FONTS if font.startswith(name)), font) for font, _brought in drawn} == set(FONTS)

    def test_draws_every_segment_and_lot_where_something_is_known(self, screen: Screen, web: Web) -> None:
        screen.open(web.url)

        assert screen.page.locator(".segment").count() == 40
        assert screen.page.locator(".lot").count() == 12
        until(lambda: screen.page.locator(".segment--na").count() == 0, 30)

    def test_scales_as_one_and_keeps_its_shape(self, chromium: Browser, web: Web) -> None:
        context = chromium.new_context(viewport={"width": 1600, "height": 1200})
        web.let_in(context)
        narrow = screen_of(context, web.url)
        narrow.open(web.url)
        left, top, width, height = narrow.boxes()["head"]
        context.close()

        assert (left, width, height) == pytest.approx((32 / 1.2, 1856 / 1.2, 88 / 1.2), abs=1)
        assert top == pytest.approx((1200 - 900) / 2, abs=1)


class TestScenes:
    @pytest.mark.parametrize(("language", "size"), [("zh", (1920, 1080)), ("en", (1920, 1080)), ("en", (5760, 1080))])
    def test_cut_no_text(self, screen: Screen, web: Web, demo_city: Database, language: str, size: tuple[int, int]) -> None:
        with demo_city.transaction() as tx:
            keeper = Actor(a_user(tx, at=utc_now(), password=None), frozenset({Permission.SCREENS_MANAGE}))
            drafts = [Draft(name=f"{kind} {language} {size[0]}", kind=kind) for kind in Kind]
            made = {draft.kind: scenes.register(tx, draft, by=keeper, at=utc_now()) for draft in drafts}
        screen.open(f"{web.url}/?lang={language}&scene={made[Kind.OVERVIEW]}")
        screen.resize(*size)

        for kind, scene_id in made.items():
            screen.page.evaluate(f"window.boshu.turnTo('{scene_id}')")
            screen.page.wait_for_selector(f".wall--of-{kind}")

            assert screen.lasting_complaints() == [], kind
        assert screen.complained == []


class TestFigures:
    def test_are_those_the_server_tells(self, screen: Screen, web: Web) -> None:
        screen.open(web.url)
        picture, shown = same_picture(screen)
        tiles = picture["tiles"]

        assert shown["tiles"]["received_today"]["fen"] == f"{round_half_up(tiles['received_today']['fen'], 100):,}"
        assert shown["tiles"]["received_today"]["change_pct"] == changed(tiles["received_today"]["change_pct"], "%")
        assert shown["tiles"]["stays_today"]["n"] == f"{tiles['stays_today']['n']:,}"
        assert shown["tiles"]["utilisation_today"]["pct"] == per_cent(tiles["utilisation_today"]["pct"])
        assert shown["tiles"]["utilisation_today"]["change_points"] == changed(tiles["utilisation_today"]["change_points"], "")
        assert shown["rates"] == rates_of(tiles)
        assert shown["alarms"] == [str(picture["alarms"][f"p{rank}"]) for rank in (1, 2, 3)]

    def test_of_berths_add_up_to_the_whole(self, screen: Screen, web: Web) -> None:
        screen.open(web.url)
        picture, shown = same_picture(screen)
        berths, told = picture["tiles"]["berths"], shown["tiles"]["berths"]
        states = ("occupied", "free", "reserved", "fault", "silent")

        assert {key: told[key] for key in ("total", "segments", "occupied", "free", "lots_free")} == {
            key: f"{berths[key]:,}" for key in ("total", "segments", "occupied", "free", "lots_free")
        }
        assert told["occupancy_pct"] == per_cent(berths["occupancy_pct"])
        assert sum(int(told[state].replace(",", "")) for state in states) == berths["total"]

    def test_of_charts_are_those_the_server_tells(self, screen: Screen, web: Web) -> None:
        screen.open(web.url)
        picture, shown = same_picture(screen)
        tiles = picture["tiles"]
        mix = sorted((row["fen"] for row in tiles["payment_mix"]["rows"] if row["fen"]), reverse=True)

        assert shown["ranking"] == [f"{round_half_up(row['fen'], 100):,}" for row in tiles["ranking"]["rows"][:5]]
        assert shown["mix"] == [per_cent(100 * fen / sum(mix)) for fen in mix]
        assert shown["lengths"] == [whole_per_cent(band["pct"]) for band in tiles["durations_today"]["bands"]]
        assert shown["collectors"] == [f"{round_half_up(row['fen'], 100):,}" for row in tiles["collectors"]["rows"][:3]]
        assert shown["curve"] == per_cent(tiles["occupancy_curve"]["now_pct"])
        assert shown["segments"] == {code: step(pct) for code, pct, _free in (*tiles["map"]["segments"], *tiles["map"]["lots"])}

    def test_of_the_month_are_those_the_server_tells(self, screen: Screen, web: Web) -> None:
        screen.open(web.url)
        picture, shown = same_picture(screen)
        month = picture["tiles"]["month_money"]

        assert shown["tiles"]["month_money"] == {
            f"{kind}_fen": whole_yuan(month[f"{kind}_fen"]) for kind in ("receivable", "received", "arrears", "recovered")
        }

    def test_of_a_past_moment_stand_still(self, screen: Screen, web: Web) -> None:
        at = yesterday()
        screen.open(f"{web.url}/?at={at}")
        first = screen.shown()
        screen.page.wait_for_timeout(2_500)

        assert screen.shown() == first
        assert at[:16].replace("T", " ") in screen.text(".head__past")
        assert not screen.page.is_visible(".fresh")
        assert first["tiles"]["received_today"]["fen"] != UNKNOWN

    def test_says_why_a_moment_cannot_be_shown(self, screen: Screen, web: Web) -> None:
        screen.page.goto(f"{web.url}/?at=some-day&lang=en")
        screen.page.wait_for_selector(".banner--warn:not([hidden])")

        assert "2026-11-20T14:32:00+08:00" in screen.text(".banner--warn")


class TestAlarms:
    @pytest.mark.parametrize(
        ("language", "sentence"),
        [("zh", "滨江大道东段 网关离线 · 48 个设备失联"), ("en", "Binjiang Ave E gateway offline · 48 devices")],
    )
    def test_of_first_rank_hang_as_banner_and_mark(
        self, screen: Screen, web: Web, demo_city: Database, language: str, sentence: str
    ) -> None:
        screen.open(f"{web.url}/?lang={language}")
        with standing(demo_city, Alarm("gateway_silent", "DH-12", n=48), Alarm("overstay", "GL-05", priority=2)):
            screen.page.wait_for_selector(".banner--alarm:not([hidden])")
            screen.page.wait_for_selector(".mark--1 .mark__sign")
            screen.page.wait_for_selector(".mark--2 .mark__sign")
            seen = screen.text(".banner--alarm .banner__title"), screen.text(".banner__age")
            screen.shows_as_drawn()

        assert seen[0] == sentence
        assert seen[1].startswith("02:")
        screen.page.wait_for_selector(".banner--alarm", state="hidden")
        screen.page.wait_for_selector(".mark--1", state="detached")

    def test_of_first_rank_take_turns(self, screen: Screen, web: Web, demo_city: Database) -> None:
        screen.open(f"{web.url}/?lang=en&sound=off")
        with standing(demo_city, Alarm("gateway_silent", "DH-12"), Alarm("gateway_silent", "GL-05")):
            until(lambda: "1/2" in screen.text(".banner__note"), 15)
            first = screen.text(".banner--alarm .banner__title")
            until(lambda: "2/2" in screen.text(".banner__note"), 15)

            assert screen.text(".banner--alarm .banner__title") != first

    def test_show_that_the_browser_refuses_sound_until_somebody_allows_it(
        self, screen: Screen, web: Web, demo_city: Database
    ) -> None:
        chrome = screen.page.context.new_cdp_session(screen.page)  # playwright's own looks count as gestures
        with standing(demo_city, Alarm("gateway_silent", "DH-12")):
            screen.page.goto(f"{web.url}/?lang=en")
            until(lambda: is_true(chrome, "document.querySelector('.head__mute')?.hidden === false"), 20)
            assert is_true(chrome, "window.boshu.rungAt === undefined")
            assert screen.complained == []
            screen.page.click(".head__mute")
            screen.page.wait_for_selector(".head__mute", state="hidden")

            assert screen.page.evaluate("Date.now() - window.boshu.rungAt") < 5_000

    @pytest.mark.parametrize("address", ["sound=off", "quiet=00:00-23:59"])
    def test_are_silent_where_nobody_wants_sound(self, screen: Screen, web: Web, demo_city: Database, address: str) -> None:
        screen.open(f"{web.url}/?lang=en&{address}")
        screen.page.mouse.click(960, 600)  # sound would be allowed now
        with standing(demo_city, Alarm("gateway_silent", "DH-12")):
            screen.page.wait_for_selector(".banner--alarm:not([hidden])")
            screen.page.wait_for_timeout(1_500)

            assert screen.page.evaluate("window.boshu.rungAt") is None
            assert not screen.page.is_visible(".head__mute")


class TestReader:
    def test_gets_the_language_of_the_browser(self, chromium: Browser, web: Web) -> None:
        for locale, title in (("zh-CN", "指挥中心"), ("en-GB", "Command")):
            context: BrowserContext = chromium.new_context(locale=locale, viewport={"width": 1920, "height": 1080})
            web.let_in(context)
            screen = screen_of(context, web.url)
            screen.open(web.url)
            assert title in screen.text(".head__title")
            context.close()

    def test_switches_and_is_remembered(self, screen: Screen, web: Web) -> None:
        screen.open(web.url)
        screen.page.click(".head__tongue")
        screen.page.wait_for_selector(".wall[lang=en]")
        screen.open(web.url)

        assert screen.page.get_attribute(".wall", "lang") == "en"
        assert screen.page.evaluate("document.documentElement.lang") == "en"

    def test_reads_a_definition_by_keyboard_alone(self, screen: Screen, web: Web) -> None:
        screen.open(f"{web.url}/?lang=en")
        screen.page.focus(".figure .info")
        screen.page.keyboard.press("Enter")
        screen.page.wait_for_selector(".meaning")
        said = screen.text(".meaning")

        assert all(word in said for word in ("Formula", "Clock", "Unit", "Sources", "Version", "Sum of all payments"))
        assert screen.complaints() == []

        screen.page.keyboard.press("Escape")

        assert screen.page.locator(".meaning").count() == 0
        assert screen.page.evaluate("document.activeElement.dataset.meaning") == "received_today"

    def test_who_wants_no_motion_gets_none(self, screen: Screen, web: Web) -> None:
        screen.page.emulate_media(reduced_motion="reduce")
        screen.open(web.url)
        screen.page.wait_for_timeout(1_500)

        assert screen.page.evaluate("document.getAnimations().length") == 0


class TestPage:
    def test_shares_one_stream_among_all_tabs(self, chromium: Browser, context: BrowserContext, web: Web) -> None:
        screens = [screen_of(context, web.url) for _ in range(3)]
        for one in screens:
            one.open(web.url)

        of_pages = "performance.getEntriesByType('resource').filter((entry) => entry.name.includes('/live/stream')).length"
        assert [one.page.evaluate(of_pages) for one in screens] == [0, 0, 0]
        assert [one.page.get_attribute(".wall", "data-seq") is not None for one in screens] == [True, True, True]
        assert workers(chromium) == ["/assets/js/live-worker.js"]

    @pytest.mark.parametrize("missing", ["SharedWorker", "EventSource"])
    def test_lives_without(self, own_context: BrowserContext, web: Web, missing: str) -> None:
        """Without a shared worker the page holds the stream itself; without event streams it fetches whole pictures."""
        gone = {"SharedWorker": ["SharedWorker"], "EventSource": ["SharedWorker", "EventSource"]}[missing]
        own_context.add_init_script(";".join(f"delete window.{name}" for name in gone))
        screen = screen_of(own_context, web.url)
        screen.open(web.url)
        before = screen.shown()["seq"]

        until(lambda: screen.shown()["seq"] > before + 2, 15)
        assert "fresh--live" in (screen.page.get_attribute(".fresh", "class") or "")
        assert screen.complained == []

    def test_grows_no_nodes_while_it_lives(self, screen: Screen, web: Web) -> None:
        screen.open(web.url)
        screen.page.wait_for_timeout(8_000)  # ticker and curve were drawn once
        count = "document.querySelectorAll('*').length"
        before = screen.page.evaluate(count)
        screen.page.wait_for_timeout(10_000)

        assert abs(screen.page.evaluate(count) - before) <= 0.02 * before

    def test_trims_what_dash_would_keep_for_ever(self, screen: Screen, web: Web) -> None:
        screen.open(web.url)
        screen.page.evaluate("window.boshu.live.trim()")

        assert screen.page.evaluate("window.dash_stores.map((store) => store.getState().history.past.length)") == [0]


def is_true(chrome: CDPSession, expression: str) -> bool:
    """Tell whether something is true on a page that nobody has touched."""
    return bool(chrome.send("Runtime.evaluate", {"expression": expression})["result"].get("value"))


def same_picture(screen: Screen) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the server tells and what the page shows, of one picture."""
    for _ in range(60):
        before = screen.shown()
        picture = screen.page.evaluate("fetch('/live/wall.json').then((answer) => answer.json())")
        if before["seq"] == picture["seq"]:
            return picture, before
    raise AssertionError("page and server never showed the same picture")


def workers(chromium: Browser) -> list[str]:
    """Return the paths of the browser's shared workers."""
    targets = chromium.new_browser_cdp_session().send("Target.getTargets")["targetInfos"]
    return [urlsplit(target["url"]).path for target in targets if target["type"] == "shared_worker"]


def round_half_up(amount: int, by: int) -> int:
    """Divide, half and more up."""
    return (amount + by // 2) // by


def per_cent(pct: float | None) -> str:
    """Write a share as the wall does."""
    return UNKNOWN if pct is None else f"{pct:.1f}%"


def whole_per_cent(pct: float | None) -> str:
    """Write the share of a bar."""
    return UNKNOWN if pct is None else f"{int(pct + 0.5)}%"


def whole_yuan(fen: int | None) -> str:
    """Write a sum of the month, below ten million yuan."""
    return UNKNOWN if fen is None else f"{round_half_up(fen, 100):,}"


def rates_of(tiles: dict[str, Any]) -> dict[str, str]:
    """Write the rates as the strip does: the sensors' own tile is the newest word on them."""
    told = {row["kpi"]: row["pct"] for row in tiles["rates"]["rows"]} | {"sensors_online": tiles["sensors_online"]["pct"]}
    return {kpi: per_cent(pct) for kpi, pct in told.items()}


def changed(value: float | None, unit: str) -> str:
    """Write a change as the wall does."""
    if value is None:
        return UNKNOWN
    shown = round(value, 1)
    return f"{'▲' if shown > 0 else '▼' if shown < 0 else '±'} {abs(shown):.1f}{unit}"


def step(pct: float | None) -> str:
    """Return the class of a load: 1 below 50, 2 below 70, 3 below 85, 4 below 95, 5 from 95 up."""
    return "na" if pct is None else str(1 + sum(pct >= edge for edge in (50, 70, 85, 95)))
