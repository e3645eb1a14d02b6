"""Saved views: own ones and those that others share; only who saved one removes it."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from core.access import views
from core.access.actors import Actor
from core.kit.db import Tx
from core.kit.ids import uuid7
from tests.core.access.people import a_user

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)


def somebody(tx: Tx) -> Actor:
    """Return a user as he acts."""
    return Actor(a_user(tx, at=AT, password=None), frozenset())


def save(tx: Tx, by: Actor, name: str = "Large", *, is_shared: bool = False, size: int = 1) -> UUID:
    """Keep a question."""
    return views.save(tx, register="places/roads", name=name, state={"q": {"x": ["1"] * size}}, is_shared=is_shared, by=by, at=AT)


class TestSave:
    def test_keeps_one_of_a_name(self, tx: Tx) -> None:
        me = somebody(tx)

        assert save(tx, me) == save(tx, me, size=2)
        (kept,) = views.list_views(tx, register="places/roads", by=me)
        assert kept.state == {"q": {"x": ["1", "1"]}}

    def test_refuses_no_name_and_too_much(self, tx: Tx) -> None:
        me = somebody(tx)

        with pytest.raises(views.NoName):
            save(tx, me, " ")
        with pytest.raises(views.TooMuch):
            save(tx, me, size=9_000)
        for n in range(views.MOST):
            save(tx, me, f"view {n}")
        with pytest.raises(views.TooMuch):
            save(tx, me, "one more")


class TestListViews:
    def test_shows_what_others_share_and_nothing_else_of_theirs(self, tx: Tx) -> None:
        me, other = somebody(tx), somebody(tx)
        save(tx, other, "secret")
        save(tx, other, "shared", is_shared=True)
        save(tx, me, "mine")

        assert [(view.name, view.is_own) for view in views.list_views(tx, register="places/roads", by=me)] == [
            ("mine", True),
            ("shared", False),
        ]


class TestRemove:
    def test_removes_own_ones_alone(self, tx: Tx) -> None:
        me, other = somebody(tx), somebody(tx)
        key = save(tx, other, is_shared=True)

        for by, view_id in ((me, key), (other, uuid7())):
            with pytest.raises(views.NotOwn):
                views.remove(tx, view_id=view_id, register="places/roads", by=by)
        views.remove(tx, view_id=key, register="places/roads", by=other)
        assert views.list_views(tx, register="places/roads", by=me) == []
