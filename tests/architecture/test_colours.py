"""Colours that mean something can be told apart by every eye, and text can be read (wall, section 2.4)."""

from itertools import pairwise

import pytest

from tests.architecture.colours import VIEWS, contrast, least_distance, tokens

STATUS = ("st-free", "st-occupied", "st-reserved", "st-fault", "st-offline")
CATEGORIES = ("c-1", "c-2", "c-3", "c-4", "c-5", "c-6")
LOADS = ("sat-1", "sat-2", "sat-3", "sat-4", "sat-5")
GROUNDS = ("bg-0", "bg-1", "surface-1", "surface-2")
STATUS_APART = {"dark": 20, "light": 18}
"""On white the fills must be dark enough to be seen, which leaves less room between them."""
CATEGORIES_APART = 12
LOADS_APART = 10
"""Loads are also told by width, and the fullest by its pale core."""
GRAPHIC = 3.0
"""Least contrast of what is drawn with its ground. Source: WCAG 1.4.11."""
TEXT = {"text-1": 7.0, "text-2": 7.0, "text-3": 6.0}
"""Least contrast of text; the weakest stands nowhere below 20 px."""
TINTS = ("st-free-t", "st-occupied-t", "st-reserved-t", "st-fault-t", "st-offline-t", "al-1-t", "al-2-t", "al-3-t", "good", "bad")


@pytest.fixture(scope="module")
def dark() -> dict[str, str]:
    """Give the colours of the wall."""
    return tokens("dark")


def chosen(colours: dict[str, str], names: tuple[str, ...]) -> dict[str, str]:
    """Return some of the colours."""
    return {name: colours[name] for name in names}


class TestSimulation:
    def test_knows_the_distances_of_published_pairs(self) -> None:
        """Black and white are 100 apart; a pair of red and green that deutan eyes confuse is far apart in normal view only."""
        assert least_distance({"a": "#000000", "b": "#ffffff"}, "normal")[0] == pytest.approx(100, abs=0.01)
        confused = {"red": "#F56C6C", "orange": "#E6A23C", "green": "#67C23A"}
        assert least_distance(confused, "normal")[0] > 25
        assert least_distance(confused, "deutan")[0] == pytest.approx(4.0, abs=0.1)

    def test_knows_the_contrast_of_black_and_white(self) -> None:
        assert contrast("#000000", "#ffffff") == pytest.approx(21)


class TestColours:
    @pytest.mark.parametrize("theme", STATUS_APART)
    @pytest.mark.parametrize("view", VIEWS)
    def test_of_status_are_apart_in_every_eye(self, theme: str, view: str) -> None:
        found = least_distance(chosen(tokens(theme), STATUS), view)

        assert found[0] >= STATUS_APART[theme], found

    @pytest.mark.parametrize("view", VIEWS)
    def test_of_categories_are_apart_in_every_eye(self, dark: dict[str, str], view: str) -> None:
        found = least_distance(chosen(dark, CATEGORIES), view)

        assert found[0] >= CATEGORIES_APART, found

    @pytest.mark.parametrize("view", VIEWS)
    def test_of_neighbouring_loads_are_apart_in_every_eye(self, dark: dict[str, str], view: str) -> None:
        found = [least_distance(chosen(dark, pair), view) for pair in pairwise(LOADS)]

        assert min(found)[0] >= LOADS_APART, found

    @pytest.mark.parametrize("theme", ["dark", "light"])
    def test_of_what_is_drawn_stand_out_from_every_ground(self, theme: str) -> None:
        colours = tokens(theme)
        drawn = [name for name in (*STATUS, "al-1", "al-2", "al-3", "ok", "brand") if name in colours]
        weak = {
            (name, ground): round(contrast(colours[name], colours[ground]), 2)
            for name in drawn
            for ground in GROUNDS
            if contrast(colours[name], colours[ground]) < GRAPHIC
        }

        assert weak == {}

    @pytest.mark.parametrize("ground", GROUNDS)
    def test_of_text_can_be_read(self, dark: dict[str, str], ground: str) -> None:
        wanted = TEXT | dict.fromkeys(TINTS, 4.5)
        weak = {
            name: round(contrast(dark[name], dark[ground]), 2)
            for name, least in wanted.items()
            if contrast(dark[name], dark[ground]) < least
        }

        assert weak == {}
