"""Places managed in Chromium: a section drawn on the map, berths tried and laid out along it, a lane's code bound and read."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core.access.roles import RoleCode
from core.kit.db import Database
from tests.browser.conftest import Web, let_in
from tests.browser.screen import until
from tests.fixtures.visitors import sign_in

CORNERS = "115.0370, 28.9810\n115.0390, 28.9810"
"""195 m to the east."""
ONCE = "dialog[open][data-paint=once]"
"""What is shown once of what was done."""
LAID = "select array_agg(space.code order by space.code) from space inner join site using (site_id) where site.code = 'NEW-01'"


@pytest.fixture(scope="module")
def desk(chromium: Browser, demo_city: Database, web: Web) -> Iterator[Page]:
    """Return the browser of somebody who manages places and reads English."""
    context = chromium.new_context(viewport={"width": 1600, "height": 1000}, locale="en-GB")
    let_in(context, sign_in(demo_city, RoleCode.MANAGER))
    page = context.new_page()
    complained: list[str] = []
    page.on("console", lambda said: complained.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complained.append(str(error)))
    yield page
    context.close()
    assert complained == []


def open_list(desk: Page, web: Web, path: str) -> None:
    """Open a list and wait until it is there."""
    desk.goto(f"{web.url}/parking/{path}?lang=en")
    expect(desk.locator(".register__found b")).to_be_visible(timeout=20_000)


def dialog(desk: Page, button: str) -> Locator:
    """Press a button at the head of the list; return the form it opens."""
    desk.locator(f"[data-does='{button}']").first.click()
    form = desk.locator("dialog[open]:not([data-paint=once])")
    expect(form.locator("input, select, textarea").first).to_be_visible(timeout=10_000)
    return form


def fill(form: Locator, **fields: str) -> None:
    """Type into fields by their labels, `_` for a blank."""
    for name, value in fields.items():
        field = form.get_by_label(re.compile(rf"^{name.replace('_', ' ')}")).first
        if field.evaluate("(node) => node.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)


def value(database: Database, statement: str) -> object:
    """Return what stands in the database."""
    with database.transaction() as tx:
        return tx.value(statement)


class TestSites:
    def test_are_drawn_on_the_map(self, desk: Page, web: Web, demo_city: Database) -> None:
        version = value(demo_city, "select version from registry_version")
        open_list(desk, web, "sites")
        form = dialog(desk, "new")
        fill(form, Code="NEW-01", Kind="Section", Name="新路段", Name_in_English="New section", Monitored_by="Magnetometers")
        fill(form, Organisation=form.get_by_label(re.compile("^Organisation")).locator("option").last.inner_text())
        fill(form, District=form.get_by_label(re.compile("^District")).locator("option").last.inner_text())
        fill(form, Road="Renmin Rd", Opened="2026-01-01")

        form.locator(".drawing__text summary").click()
        form.locator(".drawing__typed").fill(CORNERS)
        form.locator(".drawing__typed").blur()
        expect(form.locator(".drawing__told")).to_have_text("2 corners · 195 m")
        ground = form.locator(".drawing__map")
        ground.scroll_into_view_if_needed()
        ground.click(position={"x": 200, "y": 120})
        expect(form.locator(".drawing__told")).to_contain_text("3 corners")
        form.get_by_text("Take back").click()
        expect(form.locator(".drawing__told")).to_have_text("2 corners · 195 m")
        form.locator("[data-does=save]").click()

        until(lambda: value(demo_city, "select count(*) from site where code = 'NEW-01'") == 1, 10)
        drawn = value(demo_city, "select geometry -> 'coordinates' from site where code = 'NEW-01'")
        assert drawn == [[115.037, 28.981], [115.039, 28.981]]
        assert value(demo_city, "select version from registry_version") != version


class TestBerths:
    def test_are_tried_and_then_laid_out_along_a_street(self, desk: Page, web: Web, demo_city: Database) -> None:
        open_list(desk, web, "zones")
        form = dialog(desk, "new")
        fill(form, Site="NEW-01 · New section", Kind="Section", Name="一", Name_in_English="One")
        form.locator("[data-does=save]").click()
        until(lambda: value(demo_city, "select count(*) from zone where name_en = 'One'") == 1, 10)

        open_list(desk, web, "berths")
        form = dialog(desk, "action:lay")
        fill(
            form,
            Zone="NEW-01 · One",
            Before_the_number="N",
            Last_number="12",
            Length_of_a_berth="10",
            In_service_since="2026-01-01",
        )
        form.locator(".button--first").click()
        expect(desk.locator(".plan__berth")).to_have_count(12, timeout=10_000)
        assert value(demo_city, LAID) is None
        desk.locator(ONCE).get_by_role("button").last.click()
        form.get_by_label("Only show where they would lie").uncheck()
        form.locator(".button--first").click()
        until(lambda: value(demo_city, LAID) == [f"N{number:03}" for number in range(1, 13)], 10)


class TestLaneCodes:
    def test_are_bound_to_a_lane_and_tell_it(self, desk: Page, web: Web, demo_city: Database) -> None:
        open_list(desk, web, "codes")
        form = dialog(desk, "new")
        lane = form.locator("datalist option").first.get_attribute("value") or ""
        fill(form, Lane=lane, Code="Q-77")
        form.locator("[data-does=save]").click()
        until(lambda: value(demo_city, "select count(*) from lane_code where token = 'Q-77'") == 1, 10)

        form = dialog(desk, "action:identify")
        fill(form, Scan_or_type_a_code="Q-77")
        form.locator(".button--first").click()

        told = desk.locator(ONCE)
        expect(told).to_contain_text(lane.split(" · ")[1], timeout=10_000)
        expect(told).to_contain_text("Q-77")
