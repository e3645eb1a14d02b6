"""The pages of devices over the demo city: every list answers filter and sort, a row opens, nothing is cut, nobody complains."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page

from core.kit.db import Database
from tests.browser.conftest import Feed, Web
from tests.browser.desk import Desk, desk_of
from tests.browser.screen import until

GRID = {"part": "grid", "register": "devices/detectors"}
PAGES = ("detectors", "cameras", "screens", "sections", "quality")
OPENED = {"detectors": "Reports", "cameras": "Last reads", "sections": "Berths", "quality": "Day by day"}
NAMED = ".ag-row[row-index='0'] .ag-cell[col-id='site'], .ag-row[row-index='0'] .ag-cell[col-id='code']"


@pytest.fixture(scope="module", autouse=True)
def city_at_work(demo_city: Database, feed: Feed, web: Web) -> None:
    """Let the city's devices speak."""


@pytest.fixture
def desk(context: BrowserContext, web: Web) -> Iterator[Desk]:
    """Return a desk that has not opened anything yet; whatever it opens, the browser must not complain."""
    desk = desk_of(context, web.url)
    yield desk
    assert desk.screen.complained == []
    assert desk.screen.foreign == []


def open_list(desk: Desk, path: str) -> Page:
    """Open a page and wait for its first rows."""
    desk.page.goto(f"{desk.url}/devices/{path}")
    desk.page.wait_for_selector(".ag-row .table__value", timeout=20_000)
    desk.page.wait_for_function("document.fonts.ready.then(() => document.fonts.status === 'loaded')")
    return desk.page


def column(page: Page, field: str) -> list[str]:
    """Return what a column shows, from above to below."""
    shown: list[str] = page.eval_on_selector_all(
        f".ag-row .ag-cell[col-id='{field}']",
        "(cells) => cells.map((cell) => [cell.getBoundingClientRect().y, cell.innerText])"
        ".sort((a, b) => a[0] - b[0]).map(([, text]) => text)",
    )
    return shown


def chip(page: Page, state: str) -> int:
    """Return the number on a chip."""
    return int(page.locator(f".dash-options-list-option:has(input[value='{state}']) .chips__n").inner_text().replace(",", ""))


class TestEveryList:
    @pytest.mark.parametrize(("path", "language"), [*((path, "en") for path in PAGES), ("detectors", "zh"), ("quality", "zh")])
    def test_is_whole_with_a_row_open(self, desk: Desk, path: str, language: str) -> None:
        page = open_list(desk, f"{path}?lang={language}")
        if path in OPENED:
            page.locator(NAMED).first.click()
            page.wait_for_selector(".drawer__head", timeout=20_000)

        assert [said for said in desk.complaints() if "ag-aria" not in said] == []
        if path in OPENED and language == "en":
            assert OPENED[path] in page.inner_text(".drawer")


class TestDetectors:
    def test_filters_by_state_and_counts_the_same(self, desk: Desk, demo_city: Database) -> None:
        page = open_list(desk, "detectors?lang=en")
        with demo_city.transaction() as tx:
            faulty = tx.value(
                "select count(*) from device where state = 'faulty' and kind in ('geomagnetic', 'space_lock', 'loop', 'gateway')"
            )
        until(lambda: chip(page, "faulty") == faulty, 10)
        page.locator(".dash-options-list-option:has(input[value='faulty'])").click()
        until(lambda: set(column(page, "state")) == {"Faulty"}, 10)

        assert page.inner_text(".register__found") == f"{faulty} found"

    def test_sorts_on_the_server(self, desk: Desk) -> None:
        page = open_list(desk, "detectors?lang=en&q.kind=geomagnetic")
        page.locator(".ag-header-cell[col-id='battery_mv']").click()
        until(lambda: page.locator(".ag-header-cell[col-id='battery_mv'][aria-sort='ascending']").count() == 1, 10)
        page.wait_for_timeout(1_000)

        shown = [float(text.split()[0]) for text in column(page, "battery_mv") if text != "—"]
        assert len(shown) > 10
        assert shown == sorted(shown)

    def test_finds_by_a_piece_of_the_code(self, desk: Desk) -> None:
        page = open_list(desk, "detectors?lang=en")
        page.fill("[data-paint='filter'][data-field='code'] input", "m0001")
        page.keyboard.press("Enter")
        until(lambda: set(column(page, "code")) == {"M0001"}, 10)

    def test_lets_ages_run_on(self, desk: Desk) -> None:
        page = open_list(desk, "detectors?lang=en&q.kind=gateway")
        page.wait_for_function("document.querySelector('[data-since]').textContent.endsWith('ago')")
        before = page.inner_text(".ag-row[row-index='0'] [data-since]")

        until(lambda: page.inner_text(".ag-row[row-index='0'] [data-since]") != before, 10)

    def test_reads_on_below_the_first_block(self, desk: Desk) -> None:
        page = open_list(desk, "detectors?lang=en")
        page.evaluate(f"dash_ag_grid.getApi({GRID}).ensureIndexVisible(350)")
        page.wait_for_selector(".ag-row[row-index='350'] .table__value", timeout=10_000)

    def test_is_usable_by_keyboard(self, desk: Desk) -> None:
        page = open_list(desk, "detectors?lang=en")
        page.locator(NAMED).first.click()
        page.keyboard.press("Escape")
        page.wait_for_selector(".register__drawer", state="hidden")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_selector(".drawer__head", timeout=20_000)


class TestQuality:
    def test_tells_of_today_and_of_a_week_and_of_today_again(self, desk: Desk) -> None:
        page = open_list(desk, "quality?lang=en")
        period = page.locator(".choose", has_text="Period")
        assert "Today" in period.inner_text()
        for word, asked in (("7 days", {"q.span": "week"}), ("Today", {})):
            period.locator("button").first.click()
            page.get_by_role("option", name=word).click()
            until(lambda: {name: value for name, value in desk.query().items() if name == "q.span"} == asked, 10)  # noqa: B023

            assert word in period.inner_text()


class TestNothingThere:
    def test_says_so(self, desk: Desk) -> None:
        desk.page.goto(f"{desk.url}/devices/detectors?lang=en&q.code=nothing")
        until(lambda: desk.page.inner_text(".register__found") == "0 found", 20)

        assert desk.page.locator(".table__value").count() == 0
