"""The register of quotes in Chromium: who was told what, that the same comes out again, and what paid it."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page

from core.customers.rules.rights import Rights
from core.kit.clock import utc_now
from core.kit.db import Database
from core.orders import dues
from core.orders.dues import Question
from core.stays.rules.plates import Plate
from ingest.pipeline import Pipeline
from tests.browser.desk import Desk
from tests.browser.screen import until
from tests.ingest import town
from tests.ingest.town import LOT, Town

ROW = ".ag-center-cols-container .ag-row"
CARS = ("江A12345", "江B98760", "江A55501")


@pytest.fixture(scope="module")
def demo_city(database: Database) -> Database:
    """Return a town in whose lot three cars asked what they owe: one paid it, one paid too little, one only asked."""
    now = utc_now()
    town.build(database, opened_at=datetime(now.year - 1, 1, 1, tzinfo=UTC))
    pipeline, say = Pipeline(database), Town()
    pipeline.take([say.lane("in", now - timedelta(minutes=80 + 60 * n), plate) for n, plate in enumerate(CARS)][::-1])
    for number, (plate, at, paid_part) in enumerate(zip(CARS, (now, now, now - timedelta(minutes=50)), (1, 2, 0), strict=True)):
        with database.transaction() as tx:
            question = Question(town.site_id(LOT), Plate(plate, "blue"))
            quote = dues.quote(tx, question, rights=Rights(), valid_for=timedelta(minutes=2), at=at)
        if paid_part:
            fen = quote.reckoned.due_fen // paid_part
            pipeline.take([say.pay(LOT, at, plate, fen, f"T-00{number}", quote_id=str(quote.quote_id))])
    return database


def open_list(desk: Desk, language: str) -> Page:
    """Open the list and wait for its rows."""
    desk.page.goto(f"{desk.url}/billing/quotes?lang={language}")
    desk.page.wait_for_selector(f"{ROW} .table__value", timeout=20_000)
    until(lambda: desk.page.locator(ROW).count() == len(CARS), 10)
    return desk.page


def open_sheet(page: Page, number: int) -> str:
    """Open the drawer of a row; return what it says."""
    page.locator(ROW).nth(number).locator(".ag-cell[col-id=quote_no]").click()
    until(lambda: plate_of(page, number) in page.inner_text(".register__sheet"), 10)
    return page.inner_text(".register__sheet")


def plate_of(page: Page, number: int) -> str:
    """Return the plate in a row, as the reader may see it."""
    return page.locator(ROW).nth(number).locator(".ag-cell[col-id=plate]").inner_text().strip()


class TestList:
    def test_tells_what_became_of_each_quote(self, desk: Desk) -> None:
        page = open_list(desk, "en")

        told = page.inner_text(".ag-center-cols-container")

        assert [told.count(word) for word in ("Paid", "Valid", "Expired")] == [1, 1, 1]

    def test_shows_the_lines_and_reckons_them_anew(self, desk: Desk) -> None:
        page = open_list(desk, "zh")

        sheets = []
        for number in range(len(CARS)):
            sheets.append(open_sheet(page, number))
            page.keyboard.press("Escape")

        assert all("分毫不差" in sheet for sheet in sheets)


class TestStay:
    def test_tells_which_quote_a_payment_paid(self, desk: Desk) -> None:
        desk.page.goto(f"{desk.url}/parking/stays?lang=en&plate=A12345")
        desk.page.wait_for_selector(f"{ROW} .table__value", timeout=20_000)

        desk.page.locator(ROW).first.locator(".ag-cell[col-id=plate]").click()

        until(lambda: "quote 01" in desk.page.inner_text(".register__sheet"), 10)
