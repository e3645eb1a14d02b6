"""The sentences of refusals are compared in English, the language of the message ids."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.kit.locale import Language, use
from core.kit.secrets import Keys


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English."""
    with use(Language.EN):
        yield


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    """Return the keys of one test."""
    return Keys(tmp_path / "secrets.keys")
