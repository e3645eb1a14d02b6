"""Roles: nobody gives rights to himself, and administrators watch each other (A-11)."""

from datetime import UTC, datetime
from itertools import combinations

import pytest

from core.access import actors, roles, sessions
from core.access.actors import Actor
from core.access.permissions import NAMES, Permission
from core.access.roles import ADMINISTRATORS, PERMISSIONS, Draft, RoleCode
from core.access.sessions import Stage
from core.kit.db import Row, Tx
from core.kit.errors import Changed
from tests.core.access.people import a_user

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)


class TestBuiltIn:
    def test_are_named_and_filled(self) -> None:
        assert set(roles.NAMES) == set(PERMISSIONS) == set(RoleCode)
        assert all(PERMISSIONS.values())

    def test_give_every_permission_to_somebody(self) -> None:
        assert frozenset().union(*PERMISSIONS.values()) == frozenset(Permission)

    @pytest.mark.parametrize(("one", "other"), list(combinations(sorted(ADMINISTRATORS), 2)))
    def test_administrators_share_no_permission(self, one: RoleCode, other: RoleCode) -> None:
        assert PERMISSIONS[one] & PERMISSIONS[other] == frozenset()

    def test_the_auditor_reads_alone(self) -> None:
        assert PERMISSIONS[RoleCode.AUDIT_ADMINISTRATOR] == {Permission.AUDIT_READ, Permission.EXPORT}

    def test_are_what_the_release_says_each_time(self, tx: Tx) -> None:
        roles.keep_built_in(tx)
        tx.run("insert into role_permission values ('finance', 'access.grant_rights')")
        tx.run("delete from role_permission where role_code = 'dispatcher'")

        assert roles.keep_built_in(tx) == 1 + len(PERMISSIONS[RoleCode.DISPATCHER])
        assert roles.keep_built_in(tx) == 0


class TestGrant:
    def test_replaces_what_was_held(self, tx: Tx) -> None:
        user_id = a_user(tx, RoleCode.DISPATCHER, RoleCode.FINANCE, at=AT)

        roles.grant(tx, user_id=user_id, role_codes=[RoleCode.FINANCE, RoleCode.MANAGER], by=None, at=AT)

        assert [held.role_code for held in roles.list_held(tx, user_id=user_id)] == ["finance", "manager"]

    def test_ends_the_sessions_that_had_other_rights(self, tx: Tx) -> None:
        user_id = a_user(tx, RoleCode.DISPATCHER, at=AT)
        token = sessions.begin(tx, user_id=user_id, stage=Stage.OPEN, address="", agent="", at=AT)

        roles.grant(tx, user_id=user_id, role_codes=[RoleCode.DISPATCHER], by=None, at=AT)
        assert sessions.find(tx, token=token, at=AT) is not None

        roles.grant(tx, user_id=user_id, role_codes=[RoleCode.DISPATCHER, RoleCode.MANAGER], by=None, at=AT)
        assert sessions.find(tx, token=token, at=AT) is None

    def test_is_not_for_oneself(self, tx: Tx) -> None:
        user_id = a_user(tx, RoleCode.SECURITY_ADMINISTRATOR, at=AT)

        with pytest.raises(roles.OwnRights):
            roles.grant(tx, user_id=user_id, role_codes=[RoleCode.FINANCE], by=user_id, at=AT)

    @pytest.mark.parametrize("other", [code for code in RoleCode if code is not RoleCode.AUDIT_ADMINISTRATOR])
    def test_gives_an_administrator_no_other_role(self, tx: Tx, other: RoleCode) -> None:
        user_id = a_user(tx, at=AT)

        with pytest.raises(roles.RolesExclude):
            roles.grant(tx, user_id=user_id, role_codes=[RoleCode.AUDIT_ADMINISTRATOR, other], by=None, at=AT)

    def test_knows_its_roles(self, tx: Tx) -> None:
        with pytest.raises(roles.NoSuchRole):
            roles.grant(tx, user_id=a_user(tx, at=AT), role_codes=["king"], by=None, at=AT)


class TestOwn:
    def test_holds_what_was_chosen(self, tx: Tx) -> None:
        code = roles.register(tx, Draft(name="Street watch", permissions=[Permission.WALL_VIEW, Permission.PII_REVEAL]))

        row = listed(tx, code)
        assert (row["name"], row["kind"], row["permissions"]) == ("Street watch", "own", ["insight.view_wall", "pii.reveal"])
        assert row["needs_authenticator"]
        user_id = a_user(tx, at=AT)
        roles.grant(tx, user_id=user_id, role_codes=[code], by=None, at=AT)
        token = sessions.begin(tx, user_id=user_id, stage=Stage.OPEN, address="", agent="", at=AT)
        actor = actors.find_by_token(tx, token=token, at=AT)
        assert actor is not None
        assert actor.permissions == {Permission.WALL_VIEW, Permission.PII_REVEAL}

    @pytest.mark.parametrize("permission", sorted(roles.OF_ADMINISTRATORS))
    def test_holds_nothing_of_administrators(self, tx: Tx, permission: Permission) -> None:
        with pytest.raises(roles.NotOwn) as refused:
            roles.register(tx, Draft(name="Nearly an administrator", permissions=[Permission.WALL_VIEW, permission]))
        assert refused.value.field == "permissions"

    def test_ends_the_sessions_of_its_holders_when_it_changes(self, tx: Tx) -> None:
        code, user_id = roles.register(tx, Draft(name="Watch", permissions=[Permission.WALL_VIEW])), a_user(tx, at=AT)
        by = Actor(a_user(tx, at=AT), frozenset())
        roles.grant(tx, user_id=user_id, role_codes=[code], by=None, at=AT)
        token = sessions.begin(tx, user_id=user_id, stage=Stage.OPEN, address="", agent="", at=AT)

        roles.change(tx, code, Draft(name="Night watch", permissions=[Permission.WALL_VIEW]), version=1, by=by, at=AT)
        assert sessions.find(tx, token=token, at=AT) is not None
        roles.change(tx, code, Draft(name="Night watch", permissions=[Permission.STAYS_VIEW]), version=2, by=by, at=AT)

        assert sessions.find(tx, token=token, at=AT) is None
        assert listed(tx, code)["permissions"] == ["orders.view_stays"]
        with pytest.raises(Changed):
            roles.change(tx, code, Draft(name="Late", permissions=[Permission.STAYS_VIEW]), version=2, by=by, at=AT)
        holder = Actor(user_id, frozenset())
        with pytest.raises(roles.OwnRights):
            roles.change(tx, code, Draft(name="Own", permissions=[Permission.STAYS_VIEW]), version=3, by=holder, at=AT)

    def test_goes_when_nobody_holds_it(self, tx: Tx) -> None:
        code, user_id = roles.register(tx, Draft(name="Watch", permissions=[Permission.WALL_VIEW])), a_user(tx, at=AT)
        roles.grant(tx, user_id=user_id, role_codes=[code], by=None, at=AT)
        with pytest.raises(roles.StillHeld):
            roles.remove(tx, [code])

        roles.grant(tx, user_id=user_id, role_codes=[], by=None, at=AT)

        assert roles.remove(tx, [code]) == 1
        assert roles.ROLES.find(tx, [code]) == []

    def test_of_the_product_stays(self, tx: Tx) -> None:
        by = Actor(a_user(tx, at=AT), frozenset())

        with pytest.raises(roles.NotOwn):
            roles.change(tx, "finance", Draft(name="Mine", permissions=[Permission.WALL_VIEW]), version=1, by=by, at=AT)
        with pytest.raises(roles.NameTaken):
            roles.register(tx, Draft(name="Finance", permissions=[Permission.WALL_VIEW]))
        roles.keep_built_in(tx)
        assert [row["name"] for row in roles.ROLES.find(tx, ["finance"])] == ["财务"]


def listed(tx: Tx, role_code: str) -> Row:
    return roles.ROLES.find(tx, [role_code])[0]


class TestNames:
    def test_are_there_for_every_permission(self) -> None:
        assert set(NAMES) == set(Permission)
