"""Two people of the office, and English for the sentences of refusals."""

from collections.abc import Iterator

import pytest

from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.roles import RoleCode
from core.access.scopes import EVERYTHING
from core.kit.db import Tx
from core.kit.locale import Language, use
from tests.core.access.people import a_user
from tests.core.orders.till import MORNING, Till


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English."""
    with use(Language.EN):
        yield


def an_actor(tx: Tx) -> Actor:
    """Return a manager who sees everything."""
    user_id = a_user(tx, RoleCode.MANAGER, at=MORNING, password=None)
    return Actor(user_id, frozenset(Permission), name="Somebody", scope=EVERYTHING)


@pytest.fixture
def tx(till: Till) -> Tx:
    """Return the transaction of the till."""
    return till.tx


@pytest.fixture
def asker(tx: Tx) -> Actor:
    """Return who asks."""
    return an_actor(tx)


@pytest.fixture
def approver(tx: Tx) -> Actor:
    """Return who approves."""
    return an_actor(tx)
