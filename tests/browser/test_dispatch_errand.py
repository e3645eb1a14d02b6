"""A dispatcher's errand, by keyboard alone: from an overstay alarm on the wall to the moment its reason shows in the replay."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext

from core.kit.clock import utc_now
from core.kit.db import Database
from core.kit.ids import uuid7
from core.upkeep import alarms, silence
from core.upkeep.alarms import Limits
from ingest.pipeline import Pipeline
from tests.browser.conftest import Web, free_port
from tests.browser.desk import Desk, desk_of
from tests.browser.screen import screen_of, until
from tests.ingest import town
from tests.ingest.town import Town

PLATE = "苏A12345"
LINE = '{"type": "LineString", "coordinates": [[115.03, 28.97], [115.032, 28.9705]]}'
PLACES = """
    update space set lon = 115.03 + 0.0003 * code::int, lat = 28.97 + 0.00008 * code::int
    where site_id = %(site)s
"""
STORM = """
    insert into alarm (alarm_id, rule, priority, site_id, subject_id, raised_at, detail)
    select gen_random_uuid(), 'evasion', 3, site_id, gen_random_uuid(), %(at)s,
        jsonb_build_object('space', '001', 'since', %(at)s, 'n', 1)
    from site cross join generate_series(1, %(n)s)
    where code = 'm-street'
"""
LIMIT_S = 60.0

URGENT = """
    insert into alarm (alarm_id, rule, priority, site_id, subject_id, raised_at, detail)
    select %(id)s, 'gateway_silent', 1, site_id, site_id, %(at)s, '{"gateway": "G1", "n": 3}' from site where code = %(site)s
"""


@pytest.fixture(scope="module")
def now() -> datetime:
    """Return the moment the errand begins."""
    return utc_now()


@pytest.fixture(scope="module")
def street(database: Database, now: datetime) -> Database:
    """
    Return a street on which a car has stood too long, and whose sensor was silent for two hours of it.

    The sensor felt the car 25.6 hours ago, a collector read its plate; the sensor said nothing from six hours ago on, until
    it felt a car again three and a half hours ago. The alarm was raised an hour and a half ago.
    """
    told, pipeline = Town(), Pipeline(database)
    town.build(database)
    ago = {hours: now - timedelta(hours=hours) for hours in (25.6, 25.5, 6.0, 4.5, 3.5, 1.5)}
    with database.transaction() as tx:
        tx.run(PLACES, site=town.site_id(town.MAGNET))
        tx.run("update site set geometry = %(line)s::jsonb where code = %(code)s", line=LINE, code=town.MAGNET)
        tx.run("update registry_version set version = version + 1")
    pipeline.take([told.sensor(3, ago[25.6], occupied=True), told.collector(3, ago[25.5], PLATE)])
    pipeline.take([told.sensor(3, ago[6.0], occupied=True, repeat=True)])
    with database.transaction() as tx:
        silence.mark(tx, devices=silence.list_silent(tx, listening_since=ago[25.6], at=ago[4.5]))
    pipeline.take([told.silent(3, ago[6.0])])
    pipeline.take([told.sensor(3, ago[3.5], occupied=True, repeat=True)])
    with database.transaction() as tx:
        silence.end_outages(tx)
        alarms.judge(tx, limits=Limits(), at=ago[1.5])
    return database


@pytest.fixture(scope="module")
def web(street: Database) -> Iterator[Web]:
    """Return the web process over the street."""
    web = Web(street.url, free_port())
    web.start()
    yield web
    web.stop()


class TestErrand:
    def test_leads_from_the_wall_to_the_reason_and_its_moment(self, context: BrowserContext, web: Web, now: datetime) -> None:
        wall, desk = screen_of(context, web.url), desk_of(context, web.url)
        wall.page.goto(f"{web.url}/?lang=en")
        wall.page.wait_for_selector(".wall:not(.wall--loading)")
        until(lambda: wall.text("[data-paint=alarms-2]") == "1", 10)
        began = time.monotonic()

        desk.open("?lang=en")
        desk.press("/")
        desk.page.keyboard.type("003")
        desk.press("Enter")
        desk.wait_for_berth(f"{town.MAGNET} 003")
        pills, reasons = desk.page.inner_text(".drawer__title"), desk.page.inner_text(".reasons")
        desk.press("[")
        until(lambda: "at" in desk.query(), 10)
        took_s = time.monotonic() - began

        assert "Overstay" in pills
        assert "m3 was silent from" in reasons
        assert took_s < LIMIT_S
        shown_at = datetime.fromisoformat(desk.query()["at"])
        assert abs(shown_at - (now - timedelta(hours=1.5))) < timedelta(seconds=2)
        until(lambda: self.flags(desk) == (True, 1), 10)
        assert desk.page.is_visible(".timeline--crossed .timeline__cursor")
        assert desk.screen.complained == []

    def test_sees_before_the_moment_that_nothing_was_wrong(self, context: BrowserContext, web: Web, now: datetime) -> None:
        desk = desk_of(context, web.url)
        before = (now - timedelta(hours=2)).isoformat()
        desk.open(f"?lang=en&berth={town.MAGNET}/003&at={before.replace('+', '%2B')}")
        desk.wait_for_berth(f"{town.MAGNET} 003")

        until(lambda: self.flags(desk) == (True, 0), 10)
        assert desk.facts()["Stayed"].startswith("23 h")

    def test_goes_back_to_now_and_leaves_by_escape(self, context: BrowserContext, web: Web) -> None:
        desk = desk_of(context, web.url)
        desk.open(f"?lang=en&berth={town.MAGNET}/003")
        desk.wait_for_berth(f"{town.MAGNET} 003")
        desk.press("[")
        desk.page.wait_for_selector(".desk--past")
        desk.press("Escape")
        desk.page.wait_for_selector(".desk:not(.desk--past)")
        desk.press("Escape")
        desk.page.wait_for_selector(".drawer--none")
        until(lambda: "berth" not in desk.query() and "at" not in desk.query(), 5)

    def test_takes_the_alarm_from_the_queue_as_well(self, context: BrowserContext, web: Web) -> None:
        desk = desk_of(context, web.url)
        desk.open("?lang=en")
        desk.page.wait_for_selector(".alarm")
        desk.press("j", "Enter")
        desk.wait_for_berth(f"{town.MAGNET} 003")

        assert desk.page.get_attribute(".alarm", "aria-selected") == "true"
        assert desk.query().get("berth", f"{town.MAGNET}/003") == f"{town.MAGNET}/003"

    @staticmethod
    def flags(desk: Desk) -> tuple[bool, int]:
        """Return whether the berth is shown as taken, and how many berths are overstayed."""
        counts = desk.counts()
        return counts["occupied"] == 1, counts["overstay"]


class TestAnswer:
    def test_ends_the_call_of_the_wall_and_is_not_told_of_before(
        self, context: BrowserContext, web: Web, street: Database, now: datetime
    ) -> None:
        raised_at = now - timedelta(minutes=1)
        with street.transaction() as tx:
            tx.run(URGENT, id=uuid7(), site=town.MAGNET, at=raised_at)
        wall, desk = screen_of(context, web.url), desk_of(context, web.url)
        wall.page.goto(f"{web.url}/?lang=en")
        wall.page.wait_for_selector(".banner--alarm:not([hidden])")
        desk.open("?lang=en")
        desk.page.wait_for_selector(".alarm--1[data-waits=yes]")

        desk.press("j", "a")

        desk.page.wait_for_selector(".alarm--1[data-waits=no] .alarm__seen")
        wall.page.wait_for_selector(".banner--alarm", state="hidden")
        assert wall.text("[data-paint=alarms-1]") == "1", "it stands until its cause is gone"
        assert not desk.page.is_visible("[data-part=answer]")
        desk.press("[")
        desk.page.wait_for_selector(".alarm--1[data-waits=yes]")
        assert desk.page.inner_text("[data-paint=alarms-1]") == "1"
        with street.transaction() as tx:
            tx.run("update alarm set cleared_at = acknowledged_at where priority = 1")


class TestQueue:
    def test_leads_keys_to_every_alarm(self, context: BrowserContext, web: Web, street: Database, now: datetime) -> None:
        """
        Ninety alarms beside the others, on pages of forty: the option behind the last row leads to the next page.

        Answers are slower than the ages' beat, so that the page before changes while the one asked for is on its way.
        """
        with street.transaction() as tx:
            tx.run(STORM, at=now - timedelta(minutes=5), n=90)
            wanted = tx.value("select count(*) from alarm where cleared_at is null")
        desk = desk_of(context, web.url)
        desk.open("?lang=en")
        desk.page.wait_for_selector(".alarm--turn")
        desk.be_slow(latency_ms=1_200)
        reached, selected = set(), "[role=option][aria-selected=true]"
        for _step in range(3 * wanted):
            desk.press("j")
            name = desk.page.get_attribute(selected, "data-alarm")
            if name is not None and name in reached:
                break
            reached |= {name} - {None}
            if name is None and "Show" in desk.page.inner_text(selected):
                desk.press("Enter")
                desk.page.wait_for_selector(f"{selected}[data-alarm]")
                reached.add(desk.page.get_attribute(selected, "data-alarm"))
        with street.transaction() as tx:
            tx.run("update alarm set cleared_at = %(at)s where rule = 'evasion'", at=now)

        assert len(reached) == wanted
        assert desk.complaints() == []


class TestSilence:
    def test_is_told_over_the_map(self, context: BrowserContext, web: Web) -> None:
        """Nothing was heard of the street for hours: what the map shows is not what is."""
        desk = desk_of(context, web.url)
        desk.open("?lang=en")
        desk.page.wait_for_selector(".streets--stale")

        assert desk.page.inner_text(".streets__flag") != ""
        assert desk.complaints() == []
