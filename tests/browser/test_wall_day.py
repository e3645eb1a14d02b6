"""A wall that hangs for a day holds no more at its end than after its first hours (V-01)."""

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext

from core.kit import clock
from core.kit.clock import utc_now
from core.kit.db import Database
from ingest.simulator import city, history
from tests.browser.conftest import BERTHS, SEED, Web
from tests.browser.day import Day, pictures_of, replayed, watched
from tests.browser.screen import screen_of

LAPS, LAP = 2, 300
PER_S = 60
HEAP_SHARE = 1.3
PAST_DAYS = 2
"""Yesterday's pictures are shown, and no comparison."""


@pytest.fixture(scope="module")
def demo_city(database: Database) -> Database:
    """Return the demo city with a past that is just long enough."""
    city.build(database, seed=SEED, berths=BERTHS, at=utc_now(), days=PAST_DAYS)
    history.load(database, seed=SEED, until=utc_now(), days=PAST_DAYS)
    return database


class TestDay:
    def test_holds_no_more_after_600_refreshes(self, own_context: BrowserContext, web: Web) -> None:
        """Without a shared worker the page holds the stream, too; all 17,280 refreshes are the benchmark's."""
        own_context.add_init_script("delete window.SharedWorker")
        yesterday, _today = clock.city_day(clock.city_date(utc_now()) - timedelta(days=1))
        day = Day(web.url, pictures_of(web.url, yesterday, web.signed_in), LAPS, LAP, PER_S)
        with replayed(day) as home:
            screen = screen_of(own_context, home)
            screen.open(f"{home}/?lang=zh")
            first, last = watched(screen.page, day)

        assert last.refresh == LAPS * LAP
        assert last.heap_mb < HEAP_SHARE * first.heap_mb
        assert abs(last.nodes - first.nodes) <= 0.02 * first.nodes
        assert last.listeners == first.listeners
        assert screen.complained == []
