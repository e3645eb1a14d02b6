"""Users: nobody has a password that somebody else chose."""

from datetime import UTC, datetime, timedelta

import pytest

from core.access import actors, sessions, users
from core.access.passwords import WeakPassword
from core.access.sessions import Stage
from core.kit.db import Tx
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
