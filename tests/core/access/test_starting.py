"""The first accounts: nobody has a password until he chose it, and nobody can do everything."""

from datetime import UTC, datetime

import pytest

from core.access import roles, scopes, starting, users
from core.access.roles import RoleCode
from core.access.scopes import NOTHING
from core.access.starting import Account
from core.kit.db import Database
from tests.core.access.people import hash_of

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)
DEMO = [Account("dispatcher", "Somebody", RoleCode.DISPATCHER), Account("finance", "Another", RoleCode.FINANCE)]


class TestBegin:
    def test_makes_three_administrators_once(self, own_database: Database) -> None:
        given = starting.begin(own_database, at=AT)

        assert [one.login for one in given] == ["system", "security", "audit"]
        assert len({one.code for one in given}) == 3
        assert starting.begin(own_database, at=AT) == []
        with own_database.transaction() as tx:
            for one in given:
                user_id = users.find_id(tx, login=one.login)
                assert user_id is not None
                assert not users.get(tx, user_id=user_id).has_password
                assert users.fits_code(tx, user_id=user_id, typed=one.code, at=AT)
                assert [held.role_code for held in roles.list_held(tx, user_id=user_id)] == [one.role]
                assert scopes.get_scope(tx, user_id=user_id) == NOTHING
                who = users.find_credentials(tx, login=one.login)
                assert who is not None
                assert who.needs_authenticator

    def test_leaves_no_code_to_be_read(self, own_database: Database) -> None:
        given = starting.begin(own_database, at=AT)

        with own_database.transaction() as tx:
            for one in given:
                for table in ("user_account", "one_time_code", "audit_entry"):
                    assert tx.value(f"select count(*) from {table} as t where t::text like %(code)s", code=f"%{one.code}%") == 0


class TestBeginDemo:
    def test_gives_new_codes_to_those_who_have_no_password(self, own_database: Database) -> None:
        first = starting.begin_demo(own_database, DEMO, at=AT)
        with own_database.transaction() as tx:
            user_id = users.find_id(tx, login="dispatcher")
            assert user_id is not None
            users.choose_password(tx, user_id=user_id, password_hash=hash_of("blue kettle rides north"), at=AT)

        second = starting.begin_demo(own_database, DEMO, at=AT)

        assert [one.login for one in first] == ["dispatcher", "finance"]
        assert [one.login for one in second] == ["finance"]
        assert first[1].code != second[0].code

    def test_is_found_out_where_others_can_come(self, own_database: Database) -> None:
        with own_database.transaction() as tx:
            starting.require_no_demo(tx)
        starting.begin_demo(own_database, DEMO, at=AT)

        with own_database.transaction() as tx, pytest.raises(starting.DemoAccounts):
            starting.require_no_demo(tx)


class TestNewCode:
    def test_takes_the_place_of_a_password(self, own_database: Database) -> None:
        starting.begin_demo(own_database, DEMO, at=AT)

        code = starting.new_code(own_database, login="Finance", at=AT)

        with own_database.transaction() as tx:
            user_id = users.find_id(tx, login="finance")
            assert user_id is not None
            assert users.fits_code(tx, user_id=user_id, typed=code, at=AT)
        with pytest.raises(users.NoSuchUser):
            starting.new_code(own_database, login="nobody", at=AT)


class TestWallLink:
    def test_is_new_each_time_for_the_same_screen(self, own_database: Database) -> None:
        links = {starting.wall_link(own_database, name="Demo wall", at=AT) for _n in range(2)}

        assert len(links) == 2
        assert all(link.startswith("/screen/") for link in links)
        with own_database.transaction() as tx:
            assert tx.value("select count(*) from wall_screen") == 1
