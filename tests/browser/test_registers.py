"""A register in Chromium, by keyboard: a road is added, corrected, changed against somebody faster, closed."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, Route

from core.access.roles import RoleCode
from core.kit.db import Database
from tests.browser.conftest import Web, let_in
from tests.browser.desk import Desk, desk_of
from tests.browser.screen import until
from tests.fixtures.visitors import sign_in

CALLBACKS = re.compile("_dash-update-component")
ROW = ".ag-center-cols-container .ag-row .table__value"


@pytest.fixture
def page(context: BrowserContext, demo_city: Database, web: Web) -> Iterator[Page]:
    """Return the roads before a manager of operations; the browser must not complain."""
    context.clear_cookies()
    let_in(context, sign_in(demo_city, RoleCode.MANAGER))
    desk = desk_of(context, web.url)
    open_list(desk)
    yield desk.page
    assert desk.screen.complained == []
    assert desk.screen.foreign == []
    assert desk.complaints() == []


def open_list(desk: Desk, query: str = "") -> None:
    """Open the roads in English and wait for rows."""
    desk.page.goto(f"{desk.url}/parking/roads?lang=en{query}")
    desk.page.wait_for_selector(ROW, timeout=20_000)
    until(lambda: "/" in desk.page.inner_text("[data-paint=columns]"), 10)


def told(page: Page) -> str:
    """Return what the drawer says."""
    return page.inner_text(".register__sheet")


def found(page: Page) -> int:
    """Return how many rows were found."""
    return int(page.inner_text(".register__n").replace(",", ""))


class TestRoads:
    def test_are_managed_by_keyboard(self, page: Page, demo_city: Database) -> None:
        page.keyboard.press("n")
        page.wait_for_selector(".sheet[open] .field__input")
        page.keyboard.type("no code")
        page.keyboard.press("Enter")
        page.wait_for_selector(".field--wrong")

        assert page.locator(".field--wrong").count() == 4  # code, district, name, name in English
        assert (
            page.evaluate("document.activeElement.getAttribute('aria-describedby')") == "register-hint-code register-problem-code"
        )

        page.keyboard.press("Control+a")
        page.keyboard.type("KEY-1")
        page.keyboard.press("Tab")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.type("键盘路")
        page.keyboard.press("Tab")
        page.keyboard.type("Keyboard Rd")
        page.keyboard.press("Enter")
        page.wait_for_selector(".register__told")

        assert "Keyboard Rd" in told(page)
        assert "row=" in page.url

        page.keyboard.press("e")
        page.wait_for_selector(".sheet[open] .field__input")
        with demo_city.transaction() as tx:
            tx.run("update road set note = 'faster', version = version + 1 where code = 'KEY-1'")
        page.locator(".sheet[open] textarea").fill("slower")
        page.locator(".sheet[open] [data-does=save]").press("Enter")
        page.wait_for_selector(".sheet__both")

        assert "faster" in page.inner_text(".sheet__both")

        page.locator(".sheet[open] [data-does=save]").press("Enter")
        page.wait_for_selector(".sheet[open]", state="detached")
        until(lambda: "slower" in told(page), 10)
        page.locator(".register__acts [data-does='action:close']").press("Enter")
        page.wait_for_selector(".sheet[open] [name=reason]")
        page.keyboard.type("it was built over")
        page.locator(".sheet[open] .button--grave").press("Enter")
        until(lambda: "Closed" in page.inner_text(".register__told .drawer__title"), 10)

        with demo_city.transaction() as tx:
            told_audit = tx.tuples(
                "select action, reason from audit_entry where action like 'places/roads.%%' and outcome = 'done' order by noted_at"
            )
        assert told_audit == [
            ("places/roads.save", ""),
            ("places/roads.save", ""),
            ("places/roads.action:close", "it was built over"),
        ]

    def test_tell_their_question_in_the_address(self, page: Page) -> None:
        everything = found(page)
        page.get_by_label("Berths from").fill("20")
        page.keyboard.press("Enter")
        until(lambda: found(page) < everything, 10)
        some = found(page)

        page.reload()
        page.wait_for_selector(ROW)
        until(lambda: found(page) == some, 10)

        assert "q.berth_n=20.." in page.url
        assert page.get_by_label("Berths from").input_value() == "20"

        page.get_by_role("button", name="Save view").click()
        page.keyboard.type("Large")
        page.keyboard.press("Enter")
        page.wait_for_selector(".register__views [aria-current]:has-text('Large')")
        page.locator(".register__views .tabs__tab").first.click()
        until(lambda: found(page) == everything, 10)
        page.go_back()
        until(lambda: found(page) == some, 10)

    def test_keep_what_was_typed(self, page: Page) -> None:
        page.keyboard.press("n")
        page.wait_for_selector(".sheet[open] .field__input")
        page.keyboard.type("DRAFT")
        page.keyboard.press("Escape")
        page.wait_for_selector(".sheet__problem")  # it asks before it forgets

        page.evaluate("window.onbeforeunload = null")
        page.on("dialog", lambda dialog: dialog.accept())
        page.reload()
        page.wait_for_selector(ROW)
        page.keyboard.press("n")
        page.wait_for_selector(".sheet__kept")

        assert page.locator(".sheet[open] .field__input").first.input_value() == "DRAFT"


def refuse_sheets(route: Route) -> None:
    """Let what draws a drawer fail."""
    if "peek" in (route.request.post_data or "").split('"changedPropIds"')[-1]:
        route.fulfill(status=500)
    else:
        route.continue_()


class TestDrawer:
    def test_says_that_a_row_could_not_be_read_and_tries_again(
        self, context: BrowserContext, demo_city: Database, web: Web
    ) -> None:
        context.clear_cookies()
        let_in(context, sign_in(demo_city, RoleCode.MANAGER))
        desk = desk_of(context, web.url)
        open_list(desk)
        desk.page.route(CALLBACKS, refuse_sheets)
        desk.page.keyboard.press("ArrowDown")
        desk.page.wait_for_selector(".ag-cell:focus")
        desk.page.keyboard.press("Enter")
        desk.page.wait_for_selector(".drawer--failed .blank--failed")
        said = desk.page.inner_text(".register__drawer")
        complaints = desk.complaints()

        desk.page.unroute(CALLBACKS)
        desk.page.click("[data-does=again]")
        desk.page.wait_for_selector(".drawer--told .register__told")

        assert "This could not be read" in said
        assert complaints == desk.complaints() == []
        assert not desk.page.is_visible(".blank--failed")


class TestDays:
    def test_are_typed_or_chosen_by_keyboard_in_the_language_of_the_page(self, page: Page) -> None:
        page.goto(page.url.replace("/parking/roads?lang=en", "/parking/sites?lang=zh"))
        page.wait_for_selector(ROW, timeout=20_000)
        first = page.locator(".days__field input").first
        first.fill("2026年2月30日")
        page.keyboard.press("Enter")

        assert first.get_attribute("aria-invalid") == "true"  # there is no such day, and nothing is asked
        assert "q." not in page.url

        first.fill("20200131")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"q\.opened_on=2020-01-31\.\."))
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.inner_text(".days:popover-open .days__month") == "2020年1月"

        page.keyboard.press("PageDown")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile(r"q\.opened_on=2020-02-29\.\."))
        assert first.input_value() == "2020-02-29"
        assert page.evaluate("document.activeElement.className").endswith("days__open")
