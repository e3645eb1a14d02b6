"""A picture is brought by keyboard alone: chosen on a stay, sent, looked at in the drawer, with who brought it and why."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page

from core.access.roles import RoleCode
from core.kit.clock import utc_now
from core.kit.db import Database
from ingest.pipeline import Pipeline
from tests.browser.conftest import Web, free_port, let_in
from tests.browser.desk import desk_of
from tests.browser.screen import until
from tests.browser.test_stays_errand import go_to, named, press
from tests.core.kit.test_pictures import drawn
from tests.fixtures.visitors import Visitor, sign_in
from tests.ingest import town
from tests.ingest.town import Town

ROW = ".ag-center-cols-container .ag-row .table__value"
WIDTHS = "(all) => all.map((one) => one.naturalWidth)"


@pytest.fixture(scope="module")
def street(database: Database) -> Database:
    """Return the town with one vehicle on its street."""
    town.build(database)
    speaker, at = Town(), utc_now() - timedelta(minutes=20)
    Pipeline(database).take(
        [
            speaker.sensor(1, at - timedelta(minutes=5), occupied=False, repeat=True),
            speaker.sensor(1, at, occupied=True),
            speaker.collector(1, at + timedelta(minutes=3), "江A11111"),
        ]
    )
    return database


@pytest.fixture(scope="module")
def web(street: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """Return the web process with a store of its own."""
    web = Web(street.url, free_port(), env={"BOSHU_DATA_DIR": str(tmp_path_factory.mktemp("data"))})
    web.start()
    yield web
    web.stop()


@pytest.fixture(scope="module")
def clerk(street: Database) -> Visitor:
    """Return somebody who amends stays."""
    return sign_in(street, RoleCode.MANAGER)


@pytest.fixture
def page(context: BrowserContext, web: Web, clerk: Visitor) -> Iterator[Page]:
    """Return the list of stays before the clerk; the browser must not complain."""
    context.clear_cookies()
    let_in(context, clerk)
    desk = desk_of(context, web.url)
    desk.page.goto(f"{web.url}/parking/stays?lang=en")
    desk.page.wait_for_selector(ROW, timeout=30_000)
    yield desk.page
    assert desk.complaints() == []
    assert desk.screen.foreign == []
    assert [said for said in desk.screen.complained if "422" not in said] == []  # the browser tells of what was refused


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Return two pictures and a file that only says that it is one."""
    made = {"front.jpg": drawn((64, 48)), "back.png": drawn((48, 64), "PNG"), "page.jpg": b"<html>"}
    for name, raw in made.items():
        (tmp_path / name).write_bytes(raw)
    return [tmp_path / name for name in made]


def said(page: Page) -> list[str]:
    """Return what is said of each chosen picture, without its size and without why."""
    return [text.split(",")[0].split(":")[0] for text in page.locator(".pick__said").all_inner_texts()]


class TestErrand:
    def test_brings_pictures_by_keyboard_alone(self, page: Page, files: list[Path], street: Database, clerk: Visitor) -> None:
        page.on("filechooser", lambda _chooser: None)  # from now on: a browser told at the last moment opens its own
        press(page, "ArrowDown")
        page.wait_for_selector(".ag-cell:focus")
        press(page, "Enter")
        page.wait_for_selector(".register__told")
        go_to(page, named("Add pictures"))
        press(page, "Enter")
        page.wait_for_selector(".sheet[open] .pick__input:focus")

        with page.expect_file_chooser() as chooser:
            press(page, "Enter")
        chooser.value.set_files(files)

        until(lambda: said(page) == ["ready", "ready", "not taken"], 30)
        go_to(page, lambda name: name == "Take away: page.jpg")
        press(page, "Enter")
        assert page.locator(".pick__one").count() == 2
        go_to(page, lambda _name: page.evaluate("document.activeElement.name") == "reason")
        page.keyboard.type("the driver's appeal")
        go_to(page, named("Add pictures"))
        press(page, "Enter")
        page.wait_for_selector(".picture--kept img", timeout=15_000)
        until(lambda: sorted(page.locator(".picture__drawn").evaluate_all(WIDTHS)) == [48, 64], 10)
        until(lambda: "2 pictures were brought. · Visitor · the driver's appeal" in page.inner_text(".register__told"), 10)
        told = page.inner_text(".register__told")
        assert told.count("Visitor") == 3
        go_to(page, lambda _name: page.evaluate("document.activeElement.classList.contains('picture--kept')"))
        press(page, "Enter")
        page.wait_for_selector(".enlarged__drawn")
        press(page, "Escape")
        with street.transaction() as tx:
            brought = tx.tuples("select brought_by, reason from brought_picture")
            audited = tx.tuples("select action from audit_entry where actor_id = %(by)s and outcome = 'done'", by=clerk.user_id)
        assert brought == [(clerk.user_id, "the driver's appeal")] * 2
        assert {"/uploads", "insight/stays.action:pictures"} <= {action for (action,) in audited}
