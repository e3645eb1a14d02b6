"""The words the wall's script fills in."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.kit.locale import Language, use
from core.ui import words

SCRIPTS = Path(__file__).resolve().parents[3] / "assets" / "js" / "wall"


def texts(told: object) -> Iterator[str]:
    """Yield every text of the words."""
    if isinstance(told, dict):
        for inner in told.values():
            yield from texts(inner)
    elif isinstance(told, list):
        for inner in told:
            yield from texts(inner)
    else:
        yield str(told)


class TestWall:
    @pytest.mark.parametrize("language", list(Language))
    def test_is_json_without_empty_words_or_doubled_signs(self, language: Language) -> None:
        with use(language):
            told = json.loads(json.dumps(words.wall()))

        assert all(texts(told))
        assert [text for text in texts(told) if "%%" in text] == []

    def test_holds_every_word_the_script_asks_for(self) -> None:
        script = "\n".join(file.read_text(encoding="utf-8") for file in SCRIPTS.glob("*.js"))
        asked = set(re.findall(r'context\.fill\("(\w+)"', script)) | set(re.findall(r"\bwords\.(\w+)", script))

        assert asked - set(words.wall()) == set()
