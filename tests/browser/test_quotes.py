"""The register of quotes in Chromium: who was told what, that the same comes out again, and what paid it."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from playwright.sync_api import Page

from core.customers.rules.rights import Rights
from core.kit.clock import city_date, city_day, utc_now
from core.kit.db import Database, Tx
from core.orders import dues
from core.orders.dues import Question
from core.stays.rules.plates import Plate
from ingest.pipeline import Pipeline
from tests.browser.desk import Desk
from tests.browser.screen import until
from tests.core.billing.pricing_room import publish_year
from tests.core.billing.tariffs import band, free, garage, tariff, units
from tests.core.billing.test_prices import a_version, assign
from tests.core.upkeep.street import a_site
from tests.ingest import town
from tests.ingest.town import LOT, Town

ROW = ".ag-center-cols-container .ag-row"
LORRY = "江C77001"
NOON: Final = city_day(city_date(utc_now()) - timedelta(days=1))[0] + timedelta(hours=12)
"""Of yesterday."""
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
    with database.transaction() as tx:
        change_at(tx, NOON)
    lorry = [("in", -300), ("out", -280), ("in", -60), ("out", 90)]
    pipeline.take([say.lane(way, NOON + timedelta(minutes=minute), LORRY, "yellow") for way, minute in lorry])
    return database


def change_at(tx: Tx, at: datetime) -> None:
    """Let lorries be priced in the lot by a tariff that ends at an instant, and by a dearer one behind it; free once a day."""
    a_site(tx)  # with the organisation that tariffs belong to
    publish_year(tx, at.year)
    half_an_hour = {"vehicles": ["large"], "on_change": "split_at_change"}
    frees = [free(30, "deduct", frequency="once_a_day")]
    old = a_version(tx, garage(free=frees) | half_an_hour, name="Garage")
    new = a_version(tx, tariff(band("all", units((None, 60, 900))), free=frees) | half_an_hour, name="Dearer")
    lot, since = town.site_id(LOT), datetime(at.year - 1, 1, 1, tzinfo=UTC)
    assign(tx, lot, old, since=since, until=at, vehicle_class="large")
    assign(tx, lot, new, since=at, vehicle_class="large")
    tx.run("update tariff_assignment set pool_id = site_id where vehicle_class = 'large'")


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

    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("en", ("Garage v1 → Dearer v1", "· Dearer v1 · all · 2 × 9.00", "20 min of the free time free were used before")),
            ("zh", ("价 v1 → 价 v1", "· 价 v1 · all · 2 × 每 1 小时 9.00", "免费时间 free 此前已用 20 分钟", "分毫不差")),
        ],
    )
    def test_tells_which_version_priced_which_line(self, desk: Desk, language: str, words: tuple[str, ...]) -> None:
        """In an hour before the tariff changed, out an hour and a half behind it; free time was left for ten minutes."""
        desk.page.goto(f"{desk.url}/parking/stays?lang={language}&plate=C77001")
        until(lambda: desk.page.locator(ROW, has_text="C770").count() == 2, 20)

        desk.page.locator(ROW, has_text="23.00").locator(".ag-cell[col-id=plate]").click()

        until(lambda: all(word in desk.page.inner_text(".register__sheet") for word in words), 10)
