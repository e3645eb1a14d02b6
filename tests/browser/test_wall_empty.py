"""A city that was built and has heard nothing yet: what cannot be known is a dash, never a zero."""

import pytest

from tests.browser.conftest import Web
from tests.browser.screen import BOXES, TOLERANCE, Screen


class TestNothingHeard:
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_shows_dashes_and_keeps_its_shape(self, screen: Screen, web: Web, language: str) -> None:
        screen.open(f"{web.url}/?lang={language}")
        found, shown = screen.boxes(), screen.shown()["tiles"]

        assert screen.state("res") == "unknown"
        assert {shown["received_today"]["fen"], shown["stays_today"]["n"], shown["utilisation_today"]["pct"]} == {"—"}
        assert {shown["berths"]["occupancy_pct"], shown["sensors_online"]["pct"]} == {"—"}
        assert screen.page.locator(".segment--na").count() == 40
        assert screen.complaints() == []
        assert screen.complained == []
        for panel, box in BOXES.items():
            assert found[panel] == pytest.approx(box, abs=TOLERANCE), panel
