"""Somebody who sets things, and English for the sentences of refusals."""

from collections.abc import Iterator

import pytest

from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.roles import RoleCode
from core.access.scopes import EVERYTHING
from core.kit.db import Tx
from core.kit.locale import Language, use
from tests.core.access.people import a_user
from tests.core.orders.till import MORNING


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English."""
    with use(Language.EN):
        yield


@pytest.fixture
def actor(tx: Tx) -> Actor:
    """Return who sets things."""
    user_id = a_user(tx, RoleCode.SYSTEM_ADMINISTRATOR, at=MORNING, password=None)
    return Actor(user_id, frozenset(Permission), name="Somebody", scope=EVERYTHING)
