"""
The errand of a tariff: somebody writes it part by part, tries it, another approves it, it is assigned, and a stay is priced by it.

Nothing is done behind the pages but two things: hours pass, and a camera speaks.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import orjson
import pytest
from playwright.sync_api import Browser, Locator, Page

from core.access.roles import RoleCode
from core.billing.cases import Weekdays
from core.billing.language import compile_tariff, read_yaml
from core.billing.rules.plans import Stay
from core.billing.rules.pricing import charge
from core.kit.clock import city_zone, utc_now
from core.kit.db import Database, Row
from core.kit.moments import ms_of
from ingest.arrivals import Arrival
from ingest.pipeline import Pipeline
from ingest.simulator import city
from tests.browser.conftest import Web, let_in
from tests.browser.desk import COMPLAINTS
from tests.browser.screen import Screen, screen_of, until
from tests.fixtures.visitors import sign_in

SAMPLE: Final = Path(__file__).parents[1] / "samples/tariffs/cn-beijing-onstreet.yaml"
CODE: Final = "cn-beijing-onstreet"
PLATE: Final = "京A20261"
PARKED: Final = timedelta(hours=5)
LANES: Final = """
select s.site_id, s.code as site, d.gateway_code, d.code as device, l.code as lane, l.direction from device as d
join site as s on d.site_id = s.site_id
join device_binding as b on d.device_id = b.device_id
join lane as l on s.site_id = l.site_id and b.target_id = l.lane_id
where d.kind = 'lane_camera' and b.target_kind = 'lane'
order by s.code, l.code
"""
PASSED: Final = """
update tariff_assignment set valid_to = valid_to - %(span)s where site_id = %(site_id)s and valid_to is not null
"""
BEGAN: Final = """
update tariff_assignment set valid_from = valid_from - %(span)s
where tariff_version_id = %(version_id)s and site_id = %(site_id)s
"""


@pytest.fixture(scope="module")
def demo_city(database: Database) -> Database:
    """Return a small city whose calendar knows this year and the next."""
    city.build(database, seed=7, berths=120, at=utc_now(), days=2)
    return database


@dataclass(slots=True)
class Person:
    """Somebody of finance before a page, in English."""

    screen: Screen
    home: str

    @property
    def page(self) -> Page:
        return self.screen.page

    def open(self, address: str, ready: str) -> None:
        """Open a page and wait for what tells that it is there."""
        self.page.goto(f"{self.home}{address}")
        self.page.wait_for_selector(ready, timeout=30_000)


@pytest.fixture
def people(chromium: Browser, web: Web, demo_city: Database) -> Iterator[tuple[Person, Person]]:
    """Return who writes and who approves; neither browser may complain."""
    contexts = [chromium.new_context(viewport={"width": 1920, "height": 1080}, locale="en-GB") for _one in range(2)]
    found = []
    for context in contexts:
        let_in(context, sign_in(demo_city, RoleCode.FINANCE))
        found.append(Person(screen_of(context, web.url), web.url))
    yield found[0], found[1]
    complained = [word for one in found for word in one.screen.complained]
    foreign = [word for one in found for word in one.screen.foreign]
    for context in contexts:
        context.close()
    assert complained == []
    assert foreign == []


@dataclass(slots=True)
class Form:
    """The form of the editor: fields by the paths of the tariff."""

    page: Page

    def field(self, path: str) -> Locator:
        return self.page.locator(f'[data-path="{path}"]')

    def write(self, path: str, *texts: str) -> None:
        """Type into the first input of a field; further texts are further names."""
        for text in texts:
            self.field(path).locator("input").first.fill(text)
            self.field(path).locator("input").first.press("Tab")

    def name(self, path: str, *names: str) -> None:
        """Add names, each ended by Enter."""
        for number, name in enumerate(names, start=1):
            self.field(path).locator(".chips-field__input").fill(name)
            self.field(path).locator(".chips-field__input").press("Enter")
            until(lambda number=number: self.field(path).locator(".chips-field__one").count() == number, 5)  # type: ignore[misc]

    def choose(self, path: str, value: str) -> None:
        """Choose one of what is seen at once."""
        self.field(path).locator(f'input[value="{value}"]').check(force=True)

    def pick(self, path: str, value: str) -> None:
        """Choose from a list."""
        self.field(path).locator("select").first.select_option(value)

    def add(self, path: str, what: str) -> None:
        """Add what a part may have, or one more of a list."""
        self.field(path).locator("button", has_text=f"＋ {what}").last.click()

    def tier(self, path: str, unit: str, price: str | tuple[str, str, str], *, lasts: str = "") -> None:
        """Fill a tier in, with one price or one for each zone."""
        self.write(f"{path}.unit_min", unit)
        if lasts:
            self.add(path, "Lasts for")
            self.write(f"{path}.for_min", lasts)
        if isinstance(price, str):
            self.write(f"{path}.price_fen", price)
            return
        self.pick(f"{path}.price_fen", "by_zone")
        for number, each in enumerate(price, start=1):
            self.write(f"{path}.price_fen.by_zone.class{number}", each)

    def band(self, path: str, name: str, begins: str, ends: str) -> None:
        """Fill a band in that counts full units."""
        self.write(f"{path}.name", name)
        self.write(f"{path}.windows.0.from", begins)
        self.write(f"{path}.windows.0.to", ends)
        self.pick(f"{path}.charge.kind", "units")
        self.choose(f"{path}.charge.rounding", "down")


def write_beijing(form: Form) -> None:
    """Fill the tariff of Beijing's streets in, from nothing."""
    form.write("code", CODE)
    form.write("title.zh", "北京市道路停车收费")
    form.write("title.en", "Beijing, on-street parking")
    form.name("vehicles", "small", "large")
    form.name("day_types", "workday", "weekend", "holiday")
    form.page.locator(".chapter--head .clause__offer", has_text="Classes of zones").click()
    form.name("zones", "class1", "class2", "class3")
    form.choose("seconds", "kept")
    form.write("plans.0.name", "street")
    day, night = "plans.0.bands.0", "plans.0.bands.1"
    form.band(day, "day", "7", "19")
    form.tier(f"{day}.charge.tiers.0", "15", ("2.50", "1.5", "0.50"), lasts="1:00")
    form.add(f"{day}.charge.tiers", "Tier")
    form.tier(f"{day}.charge.tiers.1", "15", ("3.75", "2.25", "0.75"))
    form.add("plans.0.bands", "Band of the day")
    form.band(night, "night", "1900", "07:00")
    form.tier(f"{night}.charge.tiers.0", "2h", "1")
    form.add("plans.0", "Surcharges and discounts")
    form.write("plans.0.factors.0.name", "large")
    form.add("plans.0.factors.0", "Only for")
    form.add("plans.0.factors.0.when", "Classes of vehicles")
    form.choose("plans.0.factors.0.when.vehicles", "large")
    form.add("plans.0.factors.0", "Per cent of the price")
    form.write("plans.0.factors.0.percent", "200")
    form.choose("plans.0.factors.0.applies", "before_caps")


def answer_what_is_open(form: Form) -> None:
    """Answer the questions that the text leaves open, and no other one is asked."""
    answers = {
        "units_at_band_edge": "cut",
        "units_at_midnight": "run_on",
        "tiers_again": "each_visit",
        "tier_clock": "charged_in_band",
        "leaving_on_edge": "half_open",
    }
    form.page.wait_for_selector('[data-path="settings.units_at_band_edge"]')
    asked = form.page.locator(".chapter--readings .field").evaluate_all("(all) => all.map((one) => one.dataset.path)")
    assert set(asked) == {f"settings.{name}" for name in answers}
    for name, value in answers.items():
        form.choose(f"settings.{name}", value)


def text_of(page: Page) -> str:
    """Return the tariff as the text side shows it."""
    page.click("[data-side=text]")
    page.wait_for_selector("[data-side=text][aria-selected=true]")
    text: str = page.input_value(".yaml__text")
    page.click("[data-side=parts]")
    return text


def saved(page: Page) -> str:
    """Save the draft and return its key."""
    page.click("[data-does=save]")
    page.wait_for_url("**tariff=*", timeout=10_000)
    key: str = page.evaluate("new URLSearchParams(location.search).get('tariff')")
    return key


def version_of(demo_city: Database) -> Row | None:
    with demo_city.transaction() as tx:
        return tx.row(
            "select v.tariff_version_id, v.state from tariff_version as v join tariff as t on v.tariff_id = t.tariff_id "
            "where t.code = %(code)s",
            code=CODE,
        )


def does(person: Person, key: str, action: str, *, reason: str = "") -> None:
    """Do something to an edition of a tariff from its drawer in the list, for a reason where one is asked for."""
    button = f'.register__sheet [data-does="action:{action}"]'
    person.open(f"/billing/tariffs?lang=en&row={key}", button)
    person.page.click(button)
    if reason:
        person.page.fill(".sheet[open] [name=reason]", reason)
    person.page.click(".sheet[open] .sheet__foot .button--first")


def keep_case(person: Person, draft: str, name: str, begins: str, ends: str, price: str) -> None:
    """Price a stay by a draft on the page of verification, and keep it with its price."""
    query = f"tariff={draft}&vehicle=small&zone=class1&entry={begins}&exit={ends}"
    person.open(f"/billing/verification?lang=en&{query}", "[data-paint=case]:not([hidden])")
    until(lambda: price in person.page.inner_text("[data-part=price]"), 10)
    person.page.click("[data-paint=case]")
    for part, text in (("name", name), ("source", "the city's notice"), ("who", "")):
        person.page.fill(f"#billing-verification-case-{part}", text)
    person.page.click(".sheet[open] [data-does=save]")
    person.page.wait_for_selector(".sheet[open]", state="detached", timeout=10_000)


def lanes_of(demo_city: Database) -> dict[str, Row]:
    """Return the way in and the way out of one lot."""
    with demo_city.transaction() as tx:
        rows = tx.rows(LANES)
    first = rows[0]["site_id"]
    return {row["direction"]: row for row in rows if row["site_id"] == first}


def assign(person: Person, demo_city: Database, lane: Row, version_id: UUID) -> None:
    """Let a version hold at the site of a lane from the next minutes on, and let hours pass since."""
    person.open("/billing/assignments?lang=en", ".ag-center-cols-container .ag-row .table__value")
    person.page.keyboard.press("n")
    person.page.wait_for_selector(".sheet[open] .field__input")
    begins = utc_now().astimezone(city_zone()) + timedelta(minutes=3)
    typed = {"price_zone": "class1", "starts_at": f"{begins:%Y-%m-%d %H:%M}", "reason": "the city's notice"}
    pick(person.page, "site_id", lane["site"])
    pick(person.page, "tariff_version_id", CODE)
    pick(person.page, "on_change", "the version of the entry holds")
    for name, text in typed.items():
        control(person.page, name).fill(text)
    person.page.click(".sheet[open] [data-does=save]")
    person.page.wait_for_selector(".sheet[open]", state="detached", timeout=15_000)
    with demo_city.transaction() as tx:
        tx.run(PASSED, span=2 * PARKED, site_id=lane["site_id"])
        assert tx.run(BEGAN, span=2 * PARKED, site_id=lane["site_id"], version_id=version_id) == 1


def control(page: Page, name: str) -> Locator:
    return page.locator(f'.sheet[open] [aria-describedby^="register-hint-{name} "]')


def pick(page: Page, name: str, label: str) -> None:
    """Choose what has a label: from a list, or by typing it where there are many."""
    field = control(page, name)
    is_list = field.evaluate("(node) => node.tagName") == "SELECT"
    labels: list[str] = field.evaluate("(node) => [...(node.list || node).options].map((one) => one.textContent || one.value)")
    (found,) = [each for each in labels if label in each]
    if is_list:
        field.select_option(label=found)
    else:
        field.fill(found)


def park(demo_city: Database, lanes: dict[str, Row]) -> int:
    """Let a vehicle come hours ago and leave just now; return what the given tariff asks for that, by the file it came from."""
    left = utc_now().replace(microsecond=0) - timedelta(seconds=10)
    came = left - PARKED
    Pipeline(demo_city).take([passage(lanes["in"], came), passage(lanes["out"], left)])
    tariff = compile_tariff(read_yaml(SAMPLE.read_text(encoding="utf-8")))
    stay = Stay(ms_of(came), ms_of(left), "small", "class1")
    return charge(tariff, stay, Weekdays(came.astimezone(city_zone()).date(), "any")).gross_fen


def passage(lane: Row, at: datetime) -> Arrival:
    """Return what the camera of a lane says of the vehicle."""
    told = {"seq": 900_001, "boot": 9, "at_ms": ms_of(at), "sent_ms": ms_of(at), "lane": lane["lane"]}
    told |= {"direction": lane["direction"], "plate": PLATE, "colour": "blue"}
    topic = f"boshu/v1/{lane['site']}/{lane['gateway_code']}/{lane['device']}/passage"
    return Arrival(topic, orjson.dumps(told), at + timedelta(milliseconds=200))


class TestErrand:
    @pytest.mark.timeout(240)
    def test_from_an_empty_editor_to_the_price_of_a_stay(self, people: tuple[Person, Person], demo_city: Database) -> None:
        writer, approver = people

        # One writes it, part by part.
        writer.open("/billing/editor?lang=en", "[data-editor][data-ready]")
        form = Form(writer.page)
        write_beijing(form)
        answer_what_is_open(form)
        until(lambda: writer.page.inner_text("[data-paint=faults]") == "Complete", 10)
        writer.page.wait_for_selector(".steps")
        assert read_yaml(text_of(writer.page)) == read_yaml(SAMPLE.read_text(encoding="utf-8"))
        assert writer.page.evaluate(COMPLAINTS) == []
        draft = saved(writer.page)

        # He tries it, and keeps two cases.
        year = utc_now().year
        keep_case(writer, draft, "two hours by day", f"{year}-06-01 08:00", f"{year}-06-01 10:00", "25.00")
        keep_case(writer, draft, "over the evening", f"{year}-06-01 18:40", f"{year}-06-01 21:05", "3.50")

        # It is checked, and another approves it.
        does(writer, draft, "check")
        until(lambda: version_of(demo_city) is not None, 15)
        version = version_of(demo_city)
        assert version is not None
        does(approver, str(version["tariff_version_id"]), "approve_untried", reason="nobody parked by it yet")
        until(lambda: (version_of(demo_city) or {}).get("state") == "approved", 15)

        # It is assigned to a lot; hours pass; a vehicle comes and goes.
        lanes = lanes_of(demo_city)
        assign(writer, demo_city, lanes["in"], version["tariff_version_id"])
        fen = park(demo_city, lanes)
        writer.open(f"/parking/stays?lang=en&plate={PLATE}", ".ag-center-cols-container .ag-row .table__value")
        until(lambda: f"{fen / 100:,.2f}" in writer.page.inner_text(".ag-center-cols-container"), 15)
