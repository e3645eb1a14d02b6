"""Price verification in Chromium: what is typed is priced by the engine and saved as a case; the editor loses nothing silently."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from playwright.sync_api import Page

from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.roles import RoleCode
from core.access.scopes import EVERYTHING
from core.billing import calendar, published, tariffs
from core.billing.language import compile_tariff, read_value, read_yaml, write_yaml
from core.billing.rules.plans import Stay
from core.billing.rules.pricing import charge
from core.kit.db import Database
from core.kit.ids import derived_id
from tests.browser.desk import Desk
from tests.browser.screen import until
from tests.browser.test_every_page import AXE
from tests.core.billing.calendars import Weeks
from tests.core.billing.tariffs import at, garage
from tests.core.upkeep.street import a_site
from tests.fixtures.visitors import sign_in

BEIJING = (Path(__file__).parents[1] / "samples" / "tariffs" / "cn-beijing-onstreet.yaml").read_text(encoding="utf-8")
AT = datetime(2026, 11, 20, 1, tzinfo=UTC)
GARAGE = garage() | {
    "code": "garage",
    "after_payment": {"grace_min": 15, "policy": "re_quote_from_entry"},
    "passes": {"edge": "uncovered_minutes_only", "free_time": "holds"},
}
HOURS = {"entry": "2026-11-20 08:00", "exit": "2026-11-20 10:00"}
FINDINGS = """async (theme) => {
  document.documentElement.dataset.theme = theme;
  const { violations } = await window.axe.run(document.querySelector('.desk__main'), { resultTypes: ['violations'] });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => [id, html.slice(0, 160)]));
}"""
PREFIX = "#billing-verification-"


@pytest.fixture(scope="module")
def draft(database: Database) -> UUID:
    """Return the draft of Beijing's tariff, in a town whose days are published."""
    with database.transaction() as tx:
        a_site(tx)
        calendar.open_for(tx, jurisdiction="cn", name="中国", name_en="China")
        calendar.publish(tx, published.list_year(2026), jurisdiction="cn", source="notice", by=None, at=AT)
    writer = sign_in(database, RoleCode.FINANCE)
    with database.transaction() as tx:
        by = Actor(writer.user_id, frozenset(Permission), scope=EVERYTHING)
        told = tariffs.Draft(organisation_id=derived_id("organisation", "upkeep"), rules_text=BEIJING)
        return tariffs.write(tx, told, by=by, at=AT)


@pytest.fixture(scope="module")
def garage_draft(database: Database, draft: UUID) -> UUID:  # Beijing's brings the town
    """Return the draft of a garage that lets all count that can stand beside a stay."""
    writer = sign_in(database, RoleCode.FINANCE)
    with database.transaction() as tx:
        by = Actor(writer.user_id, frozenset(Permission), scope=EVERYTHING)
        told = tariffs.Draft(organisation_id=derived_id("organisation", "upkeep"), rules_text=write_yaml(read_value(GARAGE)))
        return tariffs.write(tx, told, by=by, at=AT)


@pytest.fixture(scope="module")
def demo_city(database: Database, garage_draft: UUID) -> Database:  # the drafts stand before the web process starts
    """Return the database of the town."""
    return database


def open_page(desk: Desk, **query: object) -> Page:
    """Open the page with answers in its address, and wait until the stay has its price."""
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    desk.page.goto(f"{desk.url}/billing/verification?{asked}")
    desk.page.wait_for_selector("[data-part=price]", timeout=20_000)
    return desk.page


def price(page: Page) -> str:
    """Return the amount that stands large."""
    return page.inner_text("[data-part=price]")


class TestVerification:
    def test_shows_the_price_of_the_engine_and_saves_it_as_a_case(self, desk: Desk, database: Database, draft: UUID) -> None:
        stay = {"vehicle": "large", "zone": "class2", "entry": "2026-11-20 18:10", "exit": "2026-11-21 08:40"}
        made, read = compile_tariff(read_yaml(BEIJING)), Stay(at("20 18:10:00"), at("21 08:40:00"), "large", "class2")
        due_fen = charge(made, read, Weeks()).gross_fen

        page = open_page(desk, tariff=draft, lang="en", **stay)

        assert price(page) == f"{due_fen // 100}.{due_fen % 100:02}"
        assert page.locator(".bill__lines tbody tr").count() == len(charge(made, read, Weeks()).lines)
        assert page.locator(".bands__stay").count() == 2
        rule = page.locator(".bill__rule").first
        assert (rule.inner_text(), rule.get_attribute("href")) == (
            "Tiers 1",
            f"/billing/editor?tariff={draft}#plans.0.bands.0.charge.tiers.0",
        )

        page.locator(f"{PREFIX}exit").press("Escape")
        page.locator(".verification__tools").click()
        page.keyboard.press("c")
        page.wait_for_selector(".sheet[open]")
        page.keyboard.press("Enter")
        until(lambda: page.locator(".sheet .field--wrong").count() == 2, 10)
        page.keyboard.type("evening into a Saturday")
        page.keyboard.press("Tab")
        page.keyboard.type("notice 12")
        page.keyboard.press("Enter")
        until(lambda: "evening into a Saturday costs" in page.inner_text("#app-notice"), 10)

        with database.transaction() as tx:
            saved = tx.row("select name, stay ->> 'vehicle' as vehicle, expected_fen, reason from tariff_case")
        assert saved == {"name": "evening into a Saturday", "vehicle": "large", "expected_fen": due_fen, "reason": "notice 12"}

    def test_prices_while_somebody_types_and_keeps_it_in_the_address(self, desk: Desk, draft: UUID) -> None:
        page = open_page(desk, tariff=draft, lang="zh", zone="class1", entry="2026-11-20 08:00", exit="2026-11-20 09:00")
        assert price(page) == "10.00"

        page.fill(f"{PREFIX}exit", "2026-11-20 09:15")
        until(lambda: price(page) == "13.75", 10)
        page.select_option(f"{PREFIX}zone", "class3")
        until(lambda: price(page) == "2.75", 10)
        until(lambda: parse_qs(urlsplit(page.url).query).get("zone") == ["class3"], 10)
        page.fill(f"{PREFIX}exit", "2026-11-20 07:00")
        page.wait_for_selector(".blank__title")

        assert page.locator(f"{PREFIX}exit").get_attribute("aria-invalid") == "true"
        assert page.locator(f"{PREFIX}exit").evaluate("(one) => one === document.activeElement")
        assert "无法计价" in page.inner_text(".blank__title")

        page.click("[data-does=length][data-minutes='1440']")
        page.wait_for_selector("[data-part=price]")
        assert page.input_value(f"{PREFIX}exit") == "2026-11-21 08:00"

    def test_can_be_read_by_whoever_hears_it_in_the_dark_and_in_the_light(self, desk: Desk, draft: UUID) -> None:
        page = open_page(desk, tariff=draft, lang="en", entry="2026-11-20 18:10", exit="2026-11-22 08:40")
        page.click(".steps__list summary")
        page.evaluate(AXE.read_text(encoding="utf-8"))

        assert [page.evaluate(FINDINGS, theme) for theme in ("dark", "light")] == [[], []]

    def test_counts_what_stands_beside_a_stay_and_keeps_it_with_a_case(
        self, desk: Desk, database: Database, garage_draft: UUID
    ) -> None:
        """Two hours cost eight yuan; a pass covers the second one, and two yuan were paid."""
        covered = {"passes": 1, "pass.0.from": "2026-11-20 09:00", "pass.0.to": "2026-11-20 12:00"}
        page = open_page(desk, tariff=garage_draft, lang="en", **HOURS, **covered)
        assert (price(page), page.inner_text(".verification__told")) == ("5.00", "1 told")

        page.click("[data-what=pays]")
        page.wait_for_selector(f"{PREFIX}pay-0-at")
        assert page.evaluate("document.activeElement.id") == f"{PREFIX}pay-0-at".removeprefix("#")
        page.fill(f"{PREFIX}pay-0-at", "2026-11-20 08:40")
        page.fill(f"{PREFIX}pay-0-fen", "2")
        until(lambda: price(page) == "3.00", 10)
        assert page.locator(".bill__lines tfoot .bill__figure").all_inner_texts() == ["5.00", "−2.00", "3.00"]
        assert page.locator(".steps__payment").inner_text() == "paid 2.00"
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert [page.evaluate(FINDINGS, theme) for theme in ("light", "dark")] == [[], []]

        page.reload()
        page.wait_for_selector("[data-part=price]")
        assert (price(page), page.input_value(f"{PREFIX}pay-0-fen")) == ("3.00", "2")
        page.click("[data-paint=case]")
        page.fill(f"{PREFIX}case-name", "a pass and two yuan")
        page.fill(f"{PREFIX}case-source", "notice 12")
        page.keyboard.press("Enter")
        until(lambda: "a pass and two yuan costs 3.00" in page.inner_text("#app-notice"), 10)
        with database.transaction() as tx:
            saved = tx.row("select stay -> 'payments' as paid, expected_fen from tariff_case where name = 'a pass and two yuan'")
        assert saved == {"paid": [{"at": "2026-11-20T08:40:00", "minor": 200}], "expected_fen": 300}

    def test_offers_nothing_the_tariff_is_silent_of_and_says_so(self, desk: Desk, draft: UUID) -> None:
        page = desk.page
        coupon = "coupons=1&coupon.0.kind=amount&coupon.0.value=5"
        page.goto(f"{desk.url}/billing/verification?tariff={draft}&lang=en&entry=2026-11-20 08:00&exit=2026-11-20 10:00&{coupon}")

        page.wait_for_selector(".blank__title")
        until(lambda: "The tariff does not say how this counts: Coupons." in page.inner_text(".blank__note"), 10)
        page.click(".verification__set--coupon button")
        page.wait_for_selector("[data-part=price]")

        assert page.locator(".verification__set").count() == 0
        assert page.locator("[data-what]").count() == 0
        assert page.inner_text(".verification__silent").startswith("The tariff does not say how these count: Passes ·")


class TestEditor:
    def test_says_that_a_changed_part_takes_the_comments_of_the_text(self, desk: Desk, draft: UUID) -> None:
        page = desk.page
        page.goto(f"{desk.url}/billing/editor?tariff={draft}&lang=en")
        page.wait_for_selector(".steps", timeout=20_000)

        page.select_option("[data-paint=subject] select >> nth=0", "large")
        until(lambda: page.get_attribute("[data-paint=pictures]", "aria-busy") is None, 10)
        assert page.input_value("textarea").startswith("# Beijing")

        page.fill('[data-path="title.en"] input', "Beijing streets")
        until(lambda: "without its comments" in page.inner_text("#app-notice"), 10)
        until(lambda: page.input_value("textarea").startswith("form: 1"), 10)
        page.click("[data-does=undo]")
        until(lambda: page.input_value("textarea").startswith("# Beijing"), 10)
