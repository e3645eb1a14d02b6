"""The dispatch map over the demo city: filters are the state bytes, the drawer is the books, every look is whole."""

import base64
import time
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Route

from core.insight.dispatch.plates import masked
from core.kit.clock import city_zone, utc_now
from core.kit.db import Database
from core.kit.ids import uuid7
from ingest.simulator import city, history
from tests.browser.conftest import BERTHS, SEED, Feed, Web
from tests.browser.desk import STATES, Desk, counted, desk_of, fetched
from tests.browser.screen import until

STANDING = """
    select i.code as site, p.code as space, s.plate, o.started_at
    from open_stay as o
    inner join stay as s on o.site_id = s.site_id and o.stay_id = s.stay_id and o.started_at = s.started_at
    inner join site as i on o.site_id = i.site_id
    inner join space as p on o.site_id = p.site_id and o.subject_id = p.space_id
    inner join timeline as t on o.site_id = t.site_id and o.subject_id = t.subject_id
    where s.plate is not null and i.kind = 'on_street' and t.state = 'occupied' and not t.is_suspect
    order by o.started_at, i.code, p.code
    limit 1
"""
STORM = """
    insert into alarm (alarm_id, rule, priority, site_id, subject_id, raised_at, detail)
    select gen_random_uuid(), 'overstay', 2, p.site_id, p.space_id, %(at)s,
        jsonb_build_object('space', p.code, 'since', %(at)s, 'n', 1)
    from space as p
    order by p.site_id, p.code
    limit %(n)s
"""
GATEWAY = """
    insert into alarm (alarm_id, rule, priority, site_id, subject_id, raised_at, detail)
    select %(id)s, 'gateway_silent', 1, site_id, site_id, %(at)s, '{"gateway": "G1", "n": 500}' from site where code = 'DH-12'
"""
STORM_N = 300
DAYS = 2
KNOWN = ("free", "occupied", "reserved")
USABLE_S = 5.0


@pytest.fixture(scope="module")
def demo_city(database: Database) -> Database:
    """Return the demo city with a past as long as the map looks back."""
    city.build(database, seed=SEED, berths=BERTHS, at=utc_now(), days=DAYS)
    history.load(database, seed=SEED, until=utc_now(), days=DAYS)
    return database


@pytest.fixture(scope="module", autouse=True)
def city_at_work(demo_city: Database, feed: Feed, web: Web) -> None:
    """Let the city live."""


@pytest.fixture
def desk(context: BrowserContext, web: Web) -> Desk:
    """Return a desk that has not opened anything yet."""
    return desk_of(context, web.url)


def states_of(desk: Desk, at: datetime | None = None) -> bytes:
    """Return the state bytes of the server, now or at a moment."""
    asked = "" if at is None else f"?at={at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return base64.b64decode(fetched(desk, f"/live/berths.json{asked}")["states"])


class TestFilters:
    def test_count_the_state_bytes(self, desk: Desk) -> None:
        desk.open("?lang=en")

        counts, states = next(same for _try in range(20) if (same := desk.counts_and_states()))

        assert counts == counted(states)
        assert sum(counts[state] for state in STATES) == len(states) == BERTHS

    def test_miss_nothing_that_was_told_while_the_berths_were_loaded(self, desk: Desk) -> None:
        def dawdle(route: Route) -> None:
            time.sleep(3)
            route.continue_()

        desk.page.route("**/live/berths.bin", dawdle, times=1)
        desk.open("?lang=en")

        counts, states = next(same for _try in range(20) if (same := desk.counts_and_states()))

        assert counts == counted(states)

    def test_count_those_of_a_past_moment(self, desk: Desk) -> None:
        at = (utc_now() - timedelta(hours=3)).replace(microsecond=0)
        desk.open(f"?lang=en&at={at:%Y-%m-%dT%H:%M:%SZ}")
        desk.page.wait_for_selector(".desk--past")
        until(lambda: f"{at.astimezone(city_zone()):%H:%M:%S}" in desk.page.inner_text(".replay__clock"), 10)
        then = counted(states_of(desk, at))

        until(lambda: {state: desk.counts()[state] for state in KNOWN} == {state: then[state] for state in KNOWN}, 5)
        assert sum(desk.counts()[state] for state in STATES) == sum(then[state] for state in STATES)

    def test_keep_the_moment_asked_for_while_its_day_is_read(self, desk: Desk) -> None:
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        at = (utc_now() - timedelta(hours=3)).replace(microsecond=0)
        desk.page.route("**/live/replay.bin*", hold, times=1)
        desk.open(f"?lang=en&at={at:%Y-%m-%dT%H:%M:%SZ}")
        until(lambda: bool(held), 10)
        until(lambda: desk.page.inner_text(".streets__past") == "Loading", 5)
        desk.press("ArrowRight")
        until(lambda: "lon" in desk.query(), 5)

        assert datetime.fromisoformat(desk.query()["at"]) == at
        held[0].continue_()
        desk.page.wait_for_selector(".desk--past")

    def test_stand_in_the_address_and_come_back_from_it(self, desk: Desk) -> None:
        desk.open("?lang=en")
        desk.page.click("[data-filter=free]")
        desk.page.click("[data-filter=overstay]")
        until(lambda: "states" in desk.query(), 5)
        chosen = desk.query()["states"]
        desk.open(f"?lang=en&states={chosen}")
        pressed = "(all) => all.map((one) => one.dataset.filter)"

        assert "free" not in chosen.split(",")
        assert desk.page.eval_on_selector_all("[data-filter][aria-pressed=true]", pressed) == chosen.split(",")


class TestDrawer:
    def test_tells_what_the_books_tell(self, desk: Desk, demo_city: Database) -> None:
        with demo_city.transaction() as tx:
            row = tx.rows(STANDING)[0]
        desk.open(f"?lang=en&berth={row['site']}/{row['space']}")
        desk.wait_for_berth(row["space"])
        facts = desk.facts()

        assert facts["Plate"] == masked(row["plate"])
        assert f"{row['started_at'].astimezone(city_zone()):%H:%M:%S}" in facts["Arrived"]
        assert desk.page.locator(".timeline__lane").count() == 4
        assert row["plate"] not in desk.page.content()

    def test_says_that_there_is_no_such_berth(self, desk: Desk) -> None:
        desk.open("?lang=en&berth=GL-01/9999")
        desk.page.wait_for_selector(".drawer__berth .blank--empty")

        assert desk.page.inner_text(".drawer__berth .blank__title") != ""


class TestLooks:
    @pytest.mark.parametrize("theme", ["dark", "light"])
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_are_whole_silent_and_ask_nobody_else(self, desk: Desk, language: str, theme: str) -> None:
        desk.page.add_init_script(f"localStorage.setItem('boshu-theme', '{theme}')")
        desk.open(f"?lang={language}&berth=GL-05/0010")
        desk.wait_for_berth("0010")

        assert desk.page.get_attribute("html", "data-theme") == theme
        assert desk.complaints() == []
        assert desk.screen.complained == []
        assert desk.screen.foreign == []

    def test_keep_their_place_in_the_address(self, desk: Desk) -> None:
        desk.open("?lang=en&z=18.5&lat=28.97&lon=115.05")
        desk.press("ArrowRight", "+")
        until(lambda: float(desk.query()["z"]) == 19.5 and float(desk.query()["lon"]) > 115.05, 5)


class TestStorm:
    def test_leaves_the_map_usable(self, desk: Desk, demo_city: Database) -> None:
        """Three hundred alarms and one gateway's: one stands first, and keys still answer."""
        desk.open("?lang=en")
        with demo_city.transaction() as tx:
            tx.run(STORM, at=utc_now() - timedelta(minutes=1), n=STORM_N)
            tx.run(GATEWAY, id=uuid7(), at=utc_now())
        try:
            desk.page.wait_for_selector(".alarm--1", timeout=60_000)
            until(lambda: int(desk.page.inner_text("[data-paint=alarms-2]")) >= STORM_N, 30)
            began = time.monotonic()
            desk.press("j", "j", "Enter")
            desk.page.wait_for_selector(".alarm--2[aria-selected=true]")
            desk.press("+", "ArrowLeft", "-")
            painted = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"
            assert desk.page.evaluate(painted)
            took_s = time.monotonic() - began
        finally:
            with demo_city.transaction() as tx:
                tx.run("update alarm set cleared_at = now() where cleared_at is null")

        assert desk.page.locator(".alarm--1").count() == 1
        assert took_s < USABLE_S
        assert desk.complaints() == []
