"""Signing in: what it asks for, in which order, and what it does not tell."""

import statistics
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pyotp
import pytest

from core.access import actors, authenticators, sessions, signing_in, users
from core.access.attempts import TooManyAttempts
from core.access.roles import RoleCode
from core.access.sessions import Stage
from core.access.signing_in import Prepared
from core.kit.db import Database, Tx
from core.kit.secrets import Keys
from tests.core.access.people import AWAY, HOME, PASSWORD, a_user, hash_of, login_of

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)


def try_it(tx: Tx, login: str, password: str, browser: signing_in.Browser = HOME, at: datetime = AT) -> str | None:
    """Go through all three steps."""
    prepared = signing_in.prepare(tx, login=login, password=password, browser=browser, at=at)
    is_right = signing_in.compare(prepared, password)
    return signing_in.finish(tx, prepared, is_right=is_right, browser=browser)


def stage(tx: Tx, token: str | None) -> Stage:
    assert token is not None
    session = sessions.find(tx, token=token, at=AT)
    assert session is not None
    return session.stage


def with_authenticator(tx: Tx, user_id: UUID, keys: Keys) -> str:
    secret = authenticators.new_secret()
    before = AT - timedelta(minutes=5)
    assert authenticators.set_up(tx, user_id=user_id, secret=secret, code=pyotp.TOTP(secret).at(before), keys=keys, at=before)
    return secret


class TestPassword:
    def test_opens_a_session(self, tx: Tx) -> None:
        user_id = a_user(tx, RoleCode.DISPATCHER, at=AT)

        token = try_it(tx, login_of(tx, user_id).upper(), PASSWORD)

        assert token is not None
        actor = actors.find_by_token(tx, token=token, at=AT)
        assert actor is not None
        assert (actor.id, actor.roles, actor.scope.is_everything) == (user_id, ("dispatcher",), True)

    def test_that_is_wrong_opens_none(self, tx: Tx) -> None:
        login = login_of(tx, a_user(tx, at=AT))

        assert try_it(tx, login, "green kettle rides north") is None
        assert try_it(tx, "nobody", PASSWORD) is None

    def test_is_not_looked_at_too_often(self, tx: Tx) -> None:
        login = login_of(tx, a_user(tx, at=AT))
        for _n in range(10):
            prepared = signing_in.prepare(tx, login=login, password="x", browser=AWAY, at=AT)
            assert prepared.attempt is not None

        with pytest.raises(TooManyAttempts):
            try_it(tx, login, PASSWORD, AWAY)

    def test_of_a_disabled_user_opens_none(self, tx: Tx) -> None:
        user_id = a_user(tx, at=AT)
        login = login_of(tx, user_id)
        users.disable(tx, user_id=user_id, by=a_user(tx, at=AT), at=AT)

        assert try_it(tx, login, PASSWORD) is None

    def test_takes_as_long_where_there_is_no_user(self, tx: Tx) -> None:
        """A-04: the times of both kinds lie close together; 200 tries run by `make prove`."""
        known_s, unknown_s = took(a_known_and_an_unknown(tx), tries=5)

        assert statistics.median(known_s) == pytest.approx(statistics.median(unknown_s), rel=0.35)

    @pytest.mark.prove
    def test_takes_as_long_over_two_hundred_tries(self, own_database: Database) -> None:
        with own_database.transaction() as tx:
            both = a_known_and_an_unknown(tx)
        known_s, unknown_s = took(both, tries=200)
        difference = statistics.mean(known_s) / statistics.mean(unknown_s) - 1
        print(f"A-04: a known name takes {difference:+.1%} longer over 200 tries each")

        assert abs(difference) < 0.10


def a_known_and_an_unknown(tx: Tx) -> tuple[Prepared, Prepared]:
    """Let somebody who has an account come to the door, and somebody who has none."""
    known = signing_in.prepare(tx, login=login_of(tx, a_user(tx, at=AT)), password="x", browser=HOME, at=AT)
    return known, signing_in.prepare(tx, login="nobody", password="x", browser=HOME, at=AT)


def took(both: tuple[Prepared, Prepared], *, tries: int) -> tuple[list[float], list[float]]:
    """Compare a wrong password so often for each, in turn; return the seconds of work of each."""
    seconds: tuple[list[float], list[float]] = ([], [])
    for _n in range(tries):
        for prepared, taken_s in zip(both, seconds, strict=True):
            began = time.thread_time()
            assert not signing_in.compare(prepared, "green kettle rides north")
            taken_s.append(time.thread_time() - began)
    return seconds


class TestOneTimeCode:
    def test_leads_to_a_password_of_ones_own(self, tx: Tx) -> None:
        user_id = a_user(tx, RoleCode.DISPATCHER, at=AT, password=None)
        code = users.issue_code(tx, user_id=user_id, at=AT)

        token = try_it(tx, login_of(tx, user_id), code)
        assert token is not None
        assert stage(tx, token) is Stage.NEW_PASSWORD
        assert actors.find_by_token(tx, token=token, at=AT) is None

        session = sessions.find(tx, token=token, at=AT)
        assert session is not None
        chosen = signing_in.choose_password(tx, session=session, password_hash=hash_of(PASSWORD), browser=HOME, at=AT)
        assert stage(tx, chosen) is Stage.OPEN
        assert sessions.find(tx, token=token, at=AT) is None
        assert try_it(tx, login_of(tx, user_id), code) is None

    def test_is_worth_nothing_once_there_is_a_password(self, tx: Tx) -> None:
        user_id = a_user(tx, at=AT, password=None)
        code = users.issue_code(tx, user_id=user_id, at=AT)
        tx.run("update user_account set password_hash = %(hash)s, password_set_at = %(at)s", hash=hash_of(PASSWORD), at=AT)

        assert try_it(tx, login_of(tx, user_id), code) is None


class TestSecondFactor:
    @pytest.mark.parametrize(
        ("role", "is_demo", "wanted"),
        [
            (RoleCode.DISPATCHER, False, Stage.OPEN),
            (RoleCode.FINANCE, False, Stage.SECOND_FACTOR),
            (RoleCode.SYSTEM_ADMINISTRATOR, False, Stage.SECOND_FACTOR),
            (RoleCode.SECURITY_ADMINISTRATOR, False, Stage.SECOND_FACTOR),
            (RoleCode.AUDIT_ADMINISTRATOR, False, Stage.SECOND_FACTOR),
            (RoleCode.FINANCE, True, Stage.OPEN),
        ],
    )
    def test_is_asked_of_those_who_handle_money_and_rights(self, tx: Tx, role: RoleCode, is_demo: bool, wanted: Stage) -> None:
        user_id = a_user(tx, role, at=AT, is_demo=is_demo)

        assert stage(tx, try_it(tx, login_of(tx, user_id), PASSWORD)) is wanted

    def test_is_asked_of_whoever_has_one(self, tx: Tx, keys: Keys) -> None:
        user_id = a_user(tx, RoleCode.DISPATCHER, at=AT, is_demo=True)
        secret = with_authenticator(tx, user_id, keys)
        token = try_it(tx, login_of(tx, user_id), PASSWORD)
        assert token is not None
        session = sessions.find(tx, token=token, at=AT)
        assert session is not None

        assert session.stage is Stage.SECOND_FACTOR
        assert not signing_in.give_code(tx, session=session, code="000000", keys=keys, at=AT)
        assert signing_in.give_code(tx, session=session, code=pyotp.TOTP(secret).at(AT), keys=keys, at=AT)
        assert not signing_in.give_code(tx, session=session, code=pyotp.TOTP(secret).at(AT), keys=keys, at=AT)

    def test_is_set_up_by_its_first_code(self, tx: Tx, keys: Keys) -> None:
        user_id = a_user(tx, RoleCode.FINANCE, at=AT)
        token = try_it(tx, login_of(tx, user_id), PASSWORD)
        assert token is not None
        session = sessions.find(tx, token=token, at=AT)
        assert session is not None
        secret = authenticators.offer(tx, session=session, keys=keys)
        offered = sessions.find(tx, token=token, at=AT)
        assert offered is not None
        assert authenticators.offer(tx, session=offered, keys=keys) == secret
        assert secret not in str(offered.offered_secret)

        assert signing_in.give_code(tx, session=offered, code=pyotp.TOTP(secret).at(AT), keys=keys, at=AT)
        assert users.get(tx, user_id=user_id).has_authenticator
