"""The dispatch map where nothing was set up yet: it says so, and is whole."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext

from core.kit.db import Database
from tests.browser.conftest import Web, free_port
from tests.browser.desk import desk_of


@pytest.fixture(scope="module")
def web(database: Database) -> Iterator[Web]:
    """Return the web process over a database without a city."""
    web = Web(database.url, free_port())
    web.start()
    yield web
    web.stop()


class TestNoCity:
    @pytest.mark.parametrize(("language", "said"), [("zh", "尚无泊位"), ("en", "No berth is known yet")])
    def test_is_told_in_the_middle_of_the_map(self, context: BrowserContext, web: Web, language: str, said: str) -> None:
        desk = desk_of(context, web.url)
        desk.open(f"?lang={language}")
        desk.page.wait_for_selector(".streets--empty")

        assert said in desk.page.inner_text(".streets__blank")
        assert set(desk.counts().values()) == {0}
        assert desk.complaints() == []
        assert desk.screen.complained == []
