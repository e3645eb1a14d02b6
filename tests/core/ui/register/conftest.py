"""Registers speak English here, and keep books for the length of a test."""

from collections.abc import Iterator

import pytest

from core.kit.db import Database
from core.kit.locale import Language, use
from core.ui.register import Reader
from tests.core.ui.register import shelf


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English."""
    with use(Language.EN):
        yield


@pytest.fixture
def reader(database: Database) -> Iterator[Reader]:
    """Return a reader of an empty shelf."""
    with database.transaction() as tx:
        tx.run(shelf.TABLE)
        yield shelf.reader(tx)
