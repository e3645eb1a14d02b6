"""Actors do what they may, and what is sensitive only after they proved who they are."""

from datetime import UTC, datetime, timedelta

import pytest

from core.access import actors, roles, scopes, sessions
from core.access.actors import Actor, NotAllowed, NotConfirmed
from core.access.permissions import Permission
from core.access.roles import PERMISSIONS, RoleCode
from core.access.scopes import NOTHING
from core.access.sessions import Stage
from core.kit.db import Tx
from core.kit.ids import uuid7
from tests.core.access.people import a_user

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)


def signed_in(tx: Tx, *role_codes: RoleCode) -> str:
    return sessions.begin(tx, user_id=a_user(tx, *role_codes, at=AT), stage=Stage.OPEN, address="192.0.2.1", agent="", at=AT)


class TestRequire:
    def test_refuses_what_the_actor_may_not_do(self) -> None:
        with pytest.raises(NotAllowed):
            Actor(uuid7(), frozenset()).require(Permission.WALL_VIEW)

    def test_lets_pass_what_he_may(self) -> None:
        Actor(uuid7(), frozenset({Permission.WALL_VIEW})).require(Permission.WALL_VIEW)


class TestRequireConfirmed:
    def test_lasts_five_minutes(self) -> None:
        actor = Actor(uuid7(), frozenset(), confirmed_at=AT)

        actor.require_confirmed(at=AT + timedelta(minutes=5))

        with pytest.raises(NotConfirmed):
            actor.require_confirmed(at=AT + timedelta(minutes=5, seconds=1))

    def test_is_never_so_of_a_screen(self) -> None:
        with pytest.raises(NotConfirmed):
            Actor(uuid7(), frozenset()).require_confirmed(at=AT)


class TestFindByToken:
    @pytest.mark.parametrize("role", list(RoleCode))
    def test_gives_the_permissions_of_the_role(self, tx: Tx, role: RoleCode) -> None:
        actor = actors.find_by_token(tx, token=signed_in(tx, role), at=AT)

        assert actor is not None
        assert actor.permissions == PERMISSIONS[role]

    def test_gives_those_of_all_roles(self, tx: Tx) -> None:
        actor = actors.find_by_token(tx, token=signed_in(tx, RoleCode.FINANCE, RoleCode.DISPATCHER), at=AT)

        assert actor is not None
        assert actor.permissions == PERMISSIONS[RoleCode.FINANCE] | PERMISSIONS[RoleCode.DISPATCHER]

    @pytest.mark.parametrize("what", ["roles", "scope"])
    def test_lets_nobody_in_by_a_session_that_is_older_than_his_rights(self, tx: Tx, what: str) -> None:
        token = signed_in(tx, RoleCode.DISPATCHER)
        user_id = tx.value("select user_id from session order by session_id desc limit 1")
        assert actors.find_by_token(tx, token=token, at=AT) is not None

        if what == "roles":
            roles.grant(tx, user_id=user_id, role_codes=[], by=None, at=AT)
        else:
            scopes.grant(tx, user_id=user_id, scope=NOTHING, by=None, at=AT)

        assert actors.find_by_token(tx, token=token, at=AT) is None

    def test_knows_no_permission_of_another_release(self, tx: Tx) -> None:
        token = signed_in(tx, RoleCode.FINANCE)
        tx.run("insert into role_permission values ('finance', 'finance.fly_to_the_moon')")

        assert actors.find_by_token(tx, token=token, at=AT) is not None
