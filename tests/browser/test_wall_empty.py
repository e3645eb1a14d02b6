"""A city that was built and has heard nothing yet: what cannot be known is a dash, never a zero."""

import pytest

from tests.browser.conftest import Web
from tests.browser.screen import Screen


class TestNothingHeard:
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_shows_dashes_and_keeps_its_shape(self, screen: Screen, web: Web, language: str) -> None:
        screen.open(f"{web.url}/?lang={language}")
        shown, rates = screen.shown()["tiles"], screen.shown()["rates"]

        assert screen.state("res") == "unknown"
        assert {shown["received_today"]["fen"], shown["stays_today"]["n"], shown["utilisation_today"]["pct"]} == {"—"}
        assert {shown["berths"]["occupancy_pct"], shown["berths"]["fault"]} == {"—"}
        assert set(shown["month_money"].values()) == {"—"}
        assert {rate for name, rate in rates.items() if name != "sign_in_rate"} == {"—"}  # who signed in is known without devices
        assert screen.page.locator(".segment--na").count() == 40
        screen.shows_as_drawn()
        assert screen.complained == []
