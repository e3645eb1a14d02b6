"""Wall screens look and do nothing else, until they are revoked."""

from datetime import UTC, datetime, timedelta

import pytest

from core.access import screens
from core.access.actors import ActorKind
from core.access.permissions import Permission
from core.kit.db import Tx
from core.kit.ids import uuid7

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)


def a_link(tx: Tx, name: str = "hall") -> str:
    return screens.make_link(tx, screen_id=screens.add(tx, name=name, by=None, at=AT), at=AT)


def bound(tx: Tx, link: str, at: datetime = AT) -> str | None:
    found = screens.bind(tx, link=link, address="192.0.2.20", agent="a screen", at=at)
    return None if found is None else found[1]


class TestLink:
    def test_binds_one_browser_once(self, tx: Tx) -> None:
        link = a_link(tx)

        assert bound(tx, link) is not None
        assert bound(tx, link) is None

    def test_ends_after_a_day_and_with_the_next_one(self, tx: Tx) -> None:
        screen_id = screens.add(tx, name="hall", by=None, at=AT)
        first, second = (screens.make_link(tx, screen_id=screen_id, at=AT) for _n in range(2))

        assert bound(tx, first) is None
        assert bound(tx, second, AT + timedelta(hours=24)) is None
        assert bound(tx, second, AT + timedelta(hours=23)) is not None

    def test_is_not_stored(self, tx: Tx) -> None:
        link = a_link(tx)

        assert tx.value("select count(*) from wall_screen as s where s::text like %(link)s", link=f"%{link}%") == 0

    def test_is_for_screens_that_exist(self, tx: Tx) -> None:
        with pytest.raises(screens.NoSuchScreen):
            screens.make_link(tx, screen_id=uuid7(), at=AT)
        with pytest.raises(screens.NameTaken):
            [screens.add(tx, name="hall", by=None, at=AT) for _n in range(2)]


class TestToken:
    def test_lets_look_at_the_wall_and_nothing_else_for_ever(self, tx: Tx) -> None:
        token = bound(tx, a_link(tx))
        assert token is not None

        actor = screens.find_by_token(tx, token=token)

        assert actor is not None
        assert (actor.kind, actor.permissions) == (ActorKind.SCREEN, frozenset({Permission.WALL_VIEW}))

    def test_of_a_screen_bound_anew_lets_the_old_browser_go(self, tx: Tx) -> None:
        old = bound(tx, a_link(tx))
        screen_id = screens.find_id(tx, name="hall")
        assert screen_id is not None
        new = bound(tx, screens.make_link(tx, screen_id=screen_id, at=AT))
        assert old is not None
        assert new is not None

        assert screens.find_by_token(tx, token=old) is None
        assert screens.find_by_token(tx, token=new) is not None

    @pytest.mark.parametrize("token", ["", "x", "é", "\udcff"])
    def test_that_nobody_gave_opens_nothing(self, tx: Tx, token: str) -> None:
        a_link(tx)

        assert screens.find_by_token(tx, token=token) is None


class TestRevoke:
    def test_ends_token_and_link(self, tx: Tx) -> None:
        token = bound(tx, a_link(tx))
        screen_id = screens.find_id(tx, name="hall")
        assert token is not None
        assert screen_id is not None
        link = screens.make_link(tx, screen_id=screen_id, at=AT)

        assert screens.revoke(tx, screen_id=screen_id, at=AT)

        assert screens.find_by_token(tx, token=token) is None
        assert bound(tx, link) is None
        assert screens.list_over(tx, screen_ids=[screen_id]) == [screen_id]
        assert not screens.revoke(tx, screen_id=screen_id, at=AT)


class TestBeat:
    def test_tells_how_the_screen_is(self, tx: Tx) -> None:
        screen_id = screens.add(tx, name="hall", by=None, at=AT)

        screens.beat(tx, screen_id=screen_id, told=screens.Beat("1a2b", 84, "wall"), at=AT)

        row = tx.row("select last_seen_at, version, heap_mb, scene from wall_screen")
        assert row == {"last_seen_at": AT, "version": "1a2b", "heap_mb": 84, "scene": "wall"}
