"""What tests of stays share."""

from pathlib import Path

import pytest
from obstore.store import ObjectStore

from core.stays import pictures


@pytest.fixture
def folder(tmp_path: Path) -> ObjectStore:
    """Return a store in a folder."""
    return pictures.store((tmp_path / "evidence").as_uri())
