"""English, the language of the message ids."""

from collections.abc import Iterator

import pytest

from core.kit.locale import Language, use


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English."""
    with use(Language.EN):
        yield
