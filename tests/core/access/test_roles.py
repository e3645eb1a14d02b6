"""Roles: nobody gives rights to himself, and administrators watch each other (A-11)."""

from datetime import UTC, datetime
from itertools import combinations

import pytest

from core.access import roles, sessions
from core.access.permissions import Permission
from core.access.roles import ADMINISTRATORS, PERMISSIONS, RoleCode
from core.access.sessions import Stage
from core.kit.db import Tx
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
