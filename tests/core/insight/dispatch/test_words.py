"""One thing has one name: alarms are called the same on walls and on the map."""

import pytest

from core.insight import happenings
from core.insight.dispatch import words
from core.kit.locale import Language, _, use
from core.upkeep.alarms import Rule


class TestRules:
    @pytest.mark.parametrize("language", list(Language))
    def test_are_called_as_on_walls(self, language: Language) -> None:
        with use(language):
            here = {name: str(said).casefold() for name, said in words.RULES.items()}
            on_walls = {name: _(said).casefold() for name, said in happenings.TITLES.items()}

        assert here == on_walls
        assert set(here) == set(Rule)
