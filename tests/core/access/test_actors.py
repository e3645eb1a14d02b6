"""Actors do what they may, and nothing else."""

import pytest

from core.access.actors import LOCAL, Actor, NotAllowed
from core.access.permissions import Permission
from core.kit.ids import uuid7


class TestRequire:
    def test_lets_the_local_actor_do_everything(self) -> None:
        for permission in Permission:
            LOCAL.require(permission)

    def test_refuses_what_is_not_permitted(self) -> None:
        with pytest.raises(NotAllowed):
            Actor(uuid7(), frozenset()).require(Permission.WALL_VIEW)
