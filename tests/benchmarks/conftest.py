"""What is measured is measured on a server that keeps its promises."""

import pytest


@pytest.fixture(scope="session")
def is_durable() -> bool:
    """Let every commit wait for the disk."""
    return True
