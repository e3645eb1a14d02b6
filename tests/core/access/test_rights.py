"""Rights are granted by one administrator to the others' accounts, whole and at once."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from core.access import rights, roles, scopes, sessions
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.rights import Draft
from core.access.roles import OwnRights, RoleCode, RolesExclude
from core.access.scopes import EVERYTHING, NOTHING, Scope
from core.access.sessions import Stage
from core.kit.db import Row, Tx
from core.kit.errors import Changed
from core.kit.narrowing import narrow
from core.places import sites
from tests.core.access.people import a_user
from tests.core.orders.till import Till
from tests.ingest.town import MAGNET, site_id

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)


def a_granter(tx: Tx) -> Actor:
    return Actor(a_user(tx, RoleCode.SECURITY_ADMINISTRATOR, at=AT, password=None), frozenset({Permission.RIGHTS_GRANT}))


def row_of(tx: Tx, user_id: UUID) -> Row:
    return rights.RIGHTS.find(tx, [user_id])[0]


class TestChange:
    def test_gives_roles_and_scope_and_ends_what_was(self, tx: Tx) -> None:
        user_id = a_user(tx, RoleCode.DISPATCHER, at=AT, scope=EVERYTHING)
        token = sessions.begin(tx, user_id=user_id, stage=Stage.OPEN, address="", agent="", at=AT)
        draft = Draft(role_codes=["finance", "manager"], is_everything=True)

        rights.change(tx, user_id, draft, version=1, by=a_granter(tx), at=AT)

        assert [held.role_code for held in roles.list_held(tx, user_id=user_id)] == ["finance", "manager"]
        assert sessions.find(tx, token=token, at=AT) is None
        assert (row_of(tx, user_id)["version"], row_of(tx, user_id)["state"]) == (2, "active")

    def test_is_for_whoever_read_the_newest(self, tx: Tx) -> None:
        user_id, by = a_user(tx, at=AT), a_granter(tx)
        draft = Draft(role_codes=["dispatcher"], is_everything=True)
        rights.change(tx, user_id, draft, version=1, by=by, at=AT)

        with pytest.raises(Changed):
            rights.change(tx, user_id, draft, version=1, by=by, at=AT)

    def test_is_not_for_oneself_and_mixes_no_administrators(self, tx: Tx) -> None:
        by, other = a_granter(tx), a_user(tx, at=AT)

        with pytest.raises(OwnRights):
            rights.change(tx, by.id, Draft(role_codes=["finance"], is_everything=True), version=1, by=by, at=AT)
        both = Draft(role_codes=["system_administrator", "audit_administrator"])
        with pytest.raises(RolesExclude):
            rights.change(tx, other, both, version=1, by=by, at=AT)

    def test_gives_no_work_without_a_place(self, tx: Tx) -> None:
        with pytest.raises(rights.NothingSeen) as refused:
            rights.change(tx, a_user(tx, at=AT), Draft(role_codes=["dispatcher"]), version=1, by=a_granter(tx), at=AT)

        assert refused.value.field == "is_everything"

    def test_begins_with_what_is_held(self, tx: Tx) -> None:
        user_id = a_user(tx, RoleCode.DISPATCHER, at=AT, scope=EVERYTHING)

        assert rights.load(row_of(tx, user_id)) == {
            "role_codes": ["dispatcher"], "is_everything": True, "organisation_ids": [], "site_ids": []
        }  # fmt: skip


class TestWithdraw:
    def test_leaves_nothing(self, tx: Tx) -> None:
        user_id = a_user(tx, RoleCode.DISPATCHER, at=AT, scope=EVERYTHING)

        assert rights.withdraw(tx, [user_id], by=a_granter(tx), at=AT) == 1

        assert roles.list_held(tx, user_id=user_id) == []
        assert scopes.get_scope(tx, user_id=user_id) == NOTHING
        assert row_of(tx, user_id)["state"] == "none"


class TestRights:
    def test_name_roles_and_scope_in_both_languages(self, tx: Tx) -> None:
        row = row_of(tx, a_user(tx, RoleCode.FINANCE, at=AT, scope=EVERYTHING))

        assert (row["roles"], row["roles_en"], row["scope"], row["scope_en"]) == ("财务", "Finance", "全部", "Everything")
        assert (row["needs_authenticator"], row["has_authenticator"]) == (True, False)

    def test_name_sites_that_who_grants_them_does_not_see(self, till: Till) -> None:
        user_id = a_user(till.tx, RoleCode.FINANCE, at=AT, scope=Scope(site_ids=frozenset({site_id(MAGNET)})))
        code = till.tx.value("select code from site where site_id = %(id)s", id=site_id(MAGNET))
        narrow(till.tx, [])

        row = row_of(till.tx, user_id)

        assert row["site_ids"] == [str(site_id(MAGNET))]
        assert row["scope"]
        assert any(key == str(site_id(MAGNET)) and code in label for key, label in sites.list_all_choices(till.tx))
