"""People who write and approve tariffs, and English for the sentences of refusals."""

from collections.abc import Iterator

import pytest

from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.roles import RoleCode
from core.access.scopes import EVERYTHING
from core.kit.db import Tx
from core.kit.locale import Language, use
from tests.core.access.people import a_user
from tests.core.billing.pricing_room import AT


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English."""
    with use(Language.EN):
        yield


def _somebody(tx: Tx, name: str) -> Actor:
    return Actor(a_user(tx, RoleCode.FINANCE, at=AT, password=None), frozenset(Permission), name=name, scope=EVERYTHING)


@pytest.fixture
def writer(tx: Tx) -> Actor:
    """Return who writes tariffs."""
    return _somebody(tx, "Writer")


@pytest.fixture
def approver(tx: Tx) -> Actor:
    """Return who approves them."""
    return _somebody(tx, "Approver")
