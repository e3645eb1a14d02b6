"""What a tariff would have earned, in Chromium: asked for at the desk, seen on its way and done, read before it is approved."""

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Page

from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.roles import RoleCode
from core.access.scopes import EVERYTHING
from core.billing import effects, trials
from core.billing.effects import Effect
from core.billing.rules.tallies import Tally
from core.kit import partitions
from core.kit.clock import utc_now
from core.kit.db import Database
from tests.browser.desk import Desk
from tests.core.billing.pricing_room import checked
from tests.core.billing.street_month import Month, a_month, park
from tests.fixtures.visitors import sign_in

MINUTES = (30, 60, 61, 90, 240)


@pytest.fixture(scope="module")
def month(database: Database) -> Month:
    """Return a street with stays of the last month, and a dearer version that waits for approval."""
    writer = sign_in(database, RoleCode.FINANCE)
    with database.transaction() as tx:
        month = a_month(tx)
        first = effects.list_months(utc_now())[0]
        tx.run(partitions.MAKE, month=first)
        park(tx, month, MINUTES, first=trials.month_of(first)[0] + timedelta(days=1))
        checked(tx, Actor(writer.user_id, frozenset(Permission), scope=EVERYTHING), fen=600)
    return month


@pytest.fixture(scope="module")
def demo_city(database: Database, month: Month) -> Database:  # the street stands before the web process starts
    """Return the database of the street."""
    return database


def open_list_row(desk: Desk, path: str, text: str) -> Page:
    """Open the row of a list that says something."""
    page = desk.page
    page.goto(f"{desk.url}{path}")
    page.locator(".ag-center-cols-container .ag-row", has_text=text).first.click(timeout=20_000)
    page.wait_for_selector(".register__told")
    return page


def open_row(desk: Desk, path: str, text: str) -> Page:
    """Open the row of a list that says something, and wait for what may be done to it."""
    page = open_list_row(desk, path, text)
    page.wait_for_selector(".register__acts")
    return page


def take(database: Database) -> Effect:
    """Take what was asked for, as the process does, and say that it is half done."""
    with database.transaction() as tx:
        effect = effects.claim(tx, at=utc_now())
        assert effect is not None
        effects.beat(tx, effect, stay_n=2, stay_total=len(MINUTES), at=utc_now())
    return effect


def price(database: Database, effect: Effect, site_id: UUID) -> None:
    """Price it to its end."""
    with database.transaction() as tx:
        trial, _sites = effects.open_trial(tx, effect)
        tally, stays = Tally(), trials.list_stays(tx, trial, site_id, after=None)
        trials.try_stays(trial, site_id, stays, tally)
        effects.keep_site(tx, effect, site_id, tally)
        effects.finish(tx, effect, trial, stay_n=len(stays), at=utc_now())


class TestEffect:
    def test_is_asked_for_seen_on_its_way_and_read_before_approval(self, desk: Desk, database: Database, month: Month) -> None:
        page = open_row(desk, "/billing/tariffs?lang=en&q=", "Checked")
        assert "Nobody has tried it yet." in page.inner_text(".register__told")
        page.click("[data-does='action:approve_untried']")
        page.wait_for_selector(".sheet[open] :text('what it will earn is not known')")
        page.keyboard.press("Escape")

        page.click("[data-does='action:try']")
        page.wait_for_selector(".sheet[open]")
        page.click(".sheet[open] .button--first")
        page.wait_for_selector(".sheet[open]", state="detached")
        effect = take(database)

        page = open_row(desk, "/billing/effects", "Being priced")
        page.wait_for_selector(f".register__told :text('2 / {len(MINUTES)}')")
        price(database, effect, month.site_id)
        page = open_list_row(desk, "/billing/effects", "Done")
        page.wait_for_selector(".register__told :text('sample v1')")
        assert page.locator(".register__told a[href^='/billing/verification?']").count() == len(MINUTES)
        assert desk.complaints() == []

        page = open_row(desk, "/billing/tariffs?lang=en", "Checked")
        told = page.inner_text(".register__told")
        hours = sum(-(-minutes // 60) for minutes in MINUTES)
        assert f"{hours * 5}.00" in told
        assert f"{hours * 6}.00" in told
        assert f"+{hours}.00 · +20.0%" in told
        page.click("[data-does='action:approve']")
        page.wait_for_selector(f".sheet[open] :text('revenue {hours * 5}.00 → {hours * 6}.00 yuan')")
        page.keyboard.press("Escape")
