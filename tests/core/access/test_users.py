"""Users: nobody has a password that somebody else chose."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from pydantic import ValidationError

from core.access import actors, sessions, users
from core.access.actors import Actor
from core.access.passwords import WeakPassword
from core.access.roles import RoleCode
from core.access.sessions import Stage
from core.access.users import Draft
from core.kit.db import Row, Tx
from core.kit.errors import Changed
from core.kit.ids import uuid7
from tests.core.access.people import a_user, hash_of

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)


class TestAdd:
    def test_gives_an_account_that_can_do_nothing(self, tx: Tx) -> None:
        user_id = users.add(tx, login=" Wei.Dispatch ", name="Wei", at=AT)

        user = users.get(tx, user_id=user_id)

        assert (user.login, user.has_password, user.has_authenticator) == ("wei.dispatch", False, False)
        assert users.find_id(tx, login="WEI.dispatch") == user_id

    @pytest.mark.parametrize("login", ["wei", "WEI", "", "a b", "x" * 64, "<script>", "老李"])
    def test_refuses_a_name_that_is_taken_or_none(self, tx: Tx, login: str) -> None:
        users.add(tx, login="wei", name="Wei", at=AT)

        with pytest.raises(users.LoginTaken):
            users.add(tx, login=login, name="Another", at=AT)


class TestOneTimeCode:
    def test_is_shown_once_and_kept_as_a_hash(self, tx: Tx) -> None:
        user_id = a_user(tx, at=AT, password=None)

        code = users.issue_code(tx, user_id=user_id, at=AT)

        assert len(code.replace("-", "")) == 20
        assert users.fits_code(tx, user_id=user_id, typed=code.upper().replace("-", " "), at=AT)
        assert not users.fits_code(tx, user_id=user_id, typed=code[:-1], at=AT)
        assert tx.value("select count(*) from one_time_code as c where c::text like %(code)s", code=f"%{code}%") == 0

    def test_ends_after_three_days_and_with_the_next_one(self, tx: Tx) -> None:
        user_id = a_user(tx, at=AT, password=None)
        first = users.issue_code(tx, user_id=user_id, at=AT)
        second = users.issue_code(tx, user_id=user_id, at=AT)

        assert not users.fits_code(tx, user_id=user_id, typed=first, at=AT)
        assert users.fits_code(tx, user_id=user_id, typed=second, at=AT + timedelta(hours=71))
        assert not users.fits_code(tx, user_id=user_id, typed=second, at=AT + timedelta(hours=72))

    def test_ends_when_a_password_is_chosen(self, tx: Tx) -> None:
        user_id = a_user(tx, at=AT, password=None)
        code = users.issue_code(tx, user_id=user_id, at=AT)

        users.choose_password(tx, user_id=user_id, password_hash=hash_of("blue kettle rides north"), at=AT)

        assert not users.fits_code(tx, user_id=user_id, typed=code, at=AT)

    def test_ends_password_authenticator_and_sessions(self, tx: Tx) -> None:
        user_id = a_user(tx, at=AT)
        token = sessions.begin(tx, user_id=user_id, stage=Stage.OPEN, address="192.0.2.1", agent="", at=AT)

        users.issue_code(tx, user_id=user_id, at=AT)

        user = users.get(tx, user_id=user_id)
        assert (user.has_password, user.has_authenticator) == (False, False)
        assert actors.find_by_token(tx, token=token, at=AT) is None

    def test_is_for_users_that_exist(self, tx: Tx) -> None:
        with pytest.raises(users.NoSuchUser):
            users.issue_code(tx, user_id=uuid7(), at=AT)


class TestJudgePassword:
    def test_knows_the_user(self, tx: Tx) -> None:
        user_id = users.add(tx, login="wanderlichtenbach", name="Somebody", at=AT)

        with pytest.raises(WeakPassword):
            users.judge_password(tx, user_id=user_id, password="wanderlichtenbach7")


class TestDisable:
    def test_is_not_for_oneself(self, tx: Tx) -> None:
        user_id = a_user(tx, at=AT)

        with pytest.raises(users.OwnAccount):
            users.disable(tx, user_id=user_id, by=user_id, at=AT)

    def test_closes_the_door(self, tx: Tx) -> None:
        user_id = a_user(tx, at=AT, login="wei")

        users.disable(tx, user_id=user_id, by=uuid7(), at=AT)

        assert users.find_credentials(tx, login="wei") is None


class TestRegister:
    def test_makes_an_account_that_waits_for_its_user(self, tx: Tx) -> None:
        given = users.register(tx, Draft(login="Wei.Li", name=" Li Wei ", note="night shift"), at=AT)

        row = listed(tx, given.key)
        assert (row["login"], row["name"], row["note"], row["state"]) == ("wei.li", "Li Wei", "night shift", "invited")
        assert (row["roles"], row["session_n"], row["has_authenticator"]) == ("", 0, False)
        assert users.fits_code(tx, user_id=given.key, typed=given.code, at=AT)
        assert given.code not in repr(given)
        assert listed(tx, given.key, at=given.ends_at)["state"] == "waiting"

    def test_says_at_the_field_that_a_name_is_taken(self, tx: Tx) -> None:
        users.register(tx, Draft(login="wei", name="Li Wei"), at=AT)

        with pytest.raises(users.LoginTaken) as refused:
            users.register(tx, Draft(login="WEI", name="Another"), at=AT)
        assert refused.value.field == "login"

    @pytest.mark.parametrize("login", ["", "a", "-wei", "wei li", "魏", "a" * 64])
    def test_takes_no_name_that_cannot_be_typed(self, login: str) -> None:
        with pytest.raises(ValidationError):
            Draft(login=login, name="Somebody")


class TestChange:
    def test_is_for_whoever_read_the_newest(self, tx: Tx) -> None:
        key = users.register(tx, Draft(login="wei", name="Li Wei"), at=AT).key
        users.change(tx, key, Draft(login="wei", name="Li Wei Min"), version=1)

        with pytest.raises(Changed):
            users.change(tx, key, Draft(login="wei", name="Other"), version=1)
        assert listed(tx, key)["name"] == "Li Wei Min"

    def test_says_at_the_field_that_a_name_is_taken(self, tx: Tx) -> None:
        users.register(tx, Draft(login="wei", name="Li Wei"), at=AT)
        key = users.register(tx, Draft(login="min", name="Min"), at=AT).key

        with pytest.raises(users.LoginTaken) as refused:
            users.change(tx, key, Draft(login="wei", name="Min"), version=1)
        assert refused.value.field == "login"


class TestInvite:
    def test_takes_the_password_and_is_not_for_oneself(self, tx: Tx) -> None:
        by = Actor(a_user(tx, RoleCode.SYSTEM_ADMINISTRATOR, at=AT), frozenset())
        user_id = a_user(tx, at=AT)
        assert listed(tx, user_id)["state"] == "active"

        given = users.invite(tx, [user_id], by=by, at=AT)

        assert listed(tx, user_id)["state"] == "invited"
        assert users.fits_code(tx, user_id=user_id, typed=given.code, at=AT)
        with pytest.raises(users.OwnAccount):
            users.invite(tx, [by.id], by=by, at=AT)


class TestMany:
    def test_are_disabled_and_enabled_and_shown_out(self, tx: Tx) -> None:
        by = Actor(a_user(tx, at=AT), frozenset())
        both = [a_user(tx, at=AT), a_user(tx, at=AT)]
        for user_id in both:
            sessions.begin(tx, user_id=user_id, stage=Stage.OPEN, address="", agent="", at=AT)
        assert [listed(tx, user_id)["session_n"] for user_id in both] == [1, 1]

        assert users.end_sessions(tx, both, at=AT) == 2
        assert users.disable_all(tx, both, by=by, at=AT) == 2
        assert [listed(tx, user_id)["state"] for user_id in both] == ["disabled"] * 2
        assert users.enable_all(tx, both) == 2
        assert [listed(tx, user_id)["state"] for user_id in both] == ["active"] * 2
        with pytest.raises(users.OwnAccount):
            users.disable_all(tx, [*both, by.id], by=by, at=AT)


def listed(tx: Tx, user_id: UUID, at: datetime = AT) -> Row:
    return users.USERS.find(tx, [user_id], at=at, **sessions.bounds(at))[0]
