"""Signing in by keyboard alone, in both languages and both themes; and what happens when the session is over."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from core.access import screens, sessions, starting
from core.access.roles import RoleCode
from core.access.sessions import Ended
from core.access.starting import Account
from core.kit.clock import utc_now
from core.kit.db import Database
from tests.browser.conftest import Web, free_port
from tests.fixtures.visitors import sign_in

PASSWORD = "blue kettle rides north"
CUT = """() => [...document.querySelectorAll('.entrance *')]
  .filter((node) => node.clientWidth && node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== 'inline')
  .map((node) => node.textContent.trim().slice(0, 40))"""


@pytest.fixture(scope="module")
def web(database: Database) -> Iterator[Web]:
    """Return the web process over a database without a city."""
    web = Web(database.url, free_port())
    web.start()
    yield web
    web.stop()


@pytest.fixture(params=["zh-CN", "en-GB"])
def stranger(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Return the page of somebody who has not signed in."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, locale=request.param)
    yield context.new_page()
    context.close()


def type_in(page: Page, *texts: str) -> None:
    """Fill in the fields from the one that has the focus on, and send the form."""
    for number, text in enumerate(texts):
        if number:
            page.keyboard.press("Tab")
        page.keyboard.type(text)
    page.keyboard.press("Enter")


class TestSignIn:
    def test_goes_by_keyboard_from_a_one_time_code_to_the_page_asked_for(
        self, stranger: Page, web: Web, database: Database
    ) -> None:
        login = f"duty{utc_now().timestamp():.0f}"
        (given,) = starting.begin_demo(database, [Account(login, "Wei", RoleCode.DISPATCHER)], at=utc_now())
        said: list[str] = []
        stranger.on("console", lambda message: said.append(message.text) if message.type == "error" else None)

        stranger.goto(f"{web.url}/devices/detectors")
        assert stranger.evaluate(CUT) == []
        type_in(stranger, login, given.code)
        stranger.wait_for_url(re.compile("/sign-in/password"))
        assert stranger.evaluate(CUT) == []
        type_in(stranger, PASSWORD, PASSWORD)

        stranger.wait_for_url("**/devices/detectors")
        stranger.wait_for_selector(".desk__me")
        assert said == []
        stranger.goto(f"{web.url}/account")
        assert stranger.evaluate(CUT) == []
        assert stranger.locator("tbody tr").count() == 1

    def test_keeps_language_and_theme(self, stranger: Page, web: Web) -> None:
        stranger.goto(f"{web.url}/sign-in?next=/dispatch")
        before = stranger.inner_text("h1")
        stranger.click("[data-does=theme]")
        stranger.click("[data-tongue]")

        assert stranger.inner_text("h1") != before
        assert stranger.get_attribute("html", "data-theme") == "light"
        assert "next=%2Fdispatch" in stranger.url
        stranger.goto(f"{web.url}/sign-in")
        assert stranger.inner_text("h1") != before


class TestSession:
    def test_that_is_over_leads_back_to_the_entrance_once_and_on(self, chromium: Browser, web: Web, database: Database) -> None:
        visitor = sign_in(database)
        context = chromium.new_context()
        context.add_cookies(visitor.playwright_cookies)  # type: ignore[arg-type]  # a TypedDict with these keys
        page = context.new_page()
        page.goto(f"{web.url}/devices/detectors")
        page.wait_for_selector(".desk__me")

        with database.transaction() as tx:
            sessions.end_all(tx, user_id=visitor.user_id, why=Ended.REVOKED, at=utc_now())
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if request.is_navigation_request() else None)
        page.evaluate("for (let i = 0; i < 3; i += 1) void window.fetch(`/session?${i}`)")

        page.wait_for_url(re.compile("/sign-in[?]over=1&next=%2Fdevices%2Fdetectors"))
        assert page.is_visible(".entrance__problem")
        assert len(asked) == 1, "many answers say so, one departure is enough"
        context.close()


class TestScreen:
    def test_opens_by_its_link_and_ends_within_ten_seconds(self, chromium: Browser, web: Web, database: Database) -> None:
        path = starting.wall_link(database, name="hall", at=utc_now())
        context = chromium.new_context(viewport={"width": 1920, "height": 1080})
        page = context.new_page()
        page.goto(f"{web.url}{path}")
        page.wait_for_selector(".wall:not(.wall--loading)", timeout=20_000)
        with database.transaction() as tx:
            screen_id = screens.find_id(tx, name="hall")
            assert screen_id is not None
            assert screens.revoke(tx, screen_id=screen_id, at=utc_now())

        page.wait_for_url(re.compile("/sign-in"), timeout=10_000)
        context.close()
