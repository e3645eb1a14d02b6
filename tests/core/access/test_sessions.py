"""Sessions end when they should, everywhere, at once."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core.access import actors, sessions, users
from core.access.roles import RoleCode
from core.access.sessions import Ended, Stage
from core.kit.db import Tx
from core.kit.ids import uuid7
from core.kit.listing import Asked, Condition, Is
from tests.core.access.people import a_user

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def begun(tx: Tx, *, stage: Stage = Stage.OPEN) -> str:
    user_id = a_user(tx, RoleCode.DISPATCHER, at=AT)
    return sessions.begin(tx, user_id=user_id, stage=stage, address="192.0.2.10", agent="a browser", at=AT)


class TestToken:
    def test_is_long_random_and_not_stored(self, tx: Tx) -> None:
        token = begun(tx)

        assert len(token) >= 43  # 256 bits
        assert token != begun(tx)
        assert tx.value("select count(*) from session as s where s::text like %(token)s", token=f"%{token}%") == 0

    @pytest.mark.parametrize("token", ["", "x", "%", "' or 1=1 --", "\udcff", "é" * 1_000])
    def test_that_nobody_gave_opens_nothing(self, tx: Tx, token: str) -> None:
        begun(tx)

        assert sessions.find(tx, token=token, at=AT) is None
        assert actors.find_by_token(tx, token=token, at=AT) is None


class TestEnd:
    def test_comes_after_half_an_hour_without_a_request(self, tx: Tx) -> None:
        token = begun(tx)

        assert actors.find_by_token(tx, token=token, at=AT + 29 * MINUTE) is not None
        assert actors.find_by_token(tx, token=token, at=AT + 58 * MINUTE) is not None
        assert actors.find_by_token(tx, token=token, at=AT + 88 * MINUTE) is None

    def test_comes_after_twelve_hours_of_work(self, tx: Tx) -> None:
        token = begun(tx)
        seen = [actors.find_by_token(tx, token=token, at=AT + n * 20 * MINUTE) is not None for n in range(40)]

        assert seen == [True] * 36 + [False] * 4

    def test_of_an_unfinished_one_comes_after_ten_minutes(self, tx: Tx) -> None:
        token = begun(tx, stage=Stage.SECOND_FACTOR)

        assert sessions.find(tx, token=token, at=AT + 9 * MINUTE) is not None
        assert sessions.find(tx, token=token, at=AT + 10 * MINUTE) is None
        assert actors.find_by_token(tx, token=token, at=AT) is None

    @pytest.mark.parametrize("why", list(Ended))
    def test_is_for_ever(self, tx: Tx, why: Ended) -> None:
        token = begun(tx)
        found = sessions.find(tx, token=token, at=AT)
        assert found is not None

        assert sessions.end(tx, session_id=found.session_id, user_id=found.user_id, why=why, at=AT)

        assert not sessions.end(tx, session_id=found.session_id, user_id=found.user_id, why=why, at=AT)
        assert actors.find_by_token(tx, token=token, at=AT) is None
        assert sessions.list_over(tx, session_ids=[found.session_id, uuid7()], at=AT)[0] == found.session_id

    def test_is_not_in_the_hands_of_others(self, tx: Tx) -> None:
        token, other = begun(tx), a_user(tx, at=AT)
        found = sessions.find(tx, token=token, at=AT)
        assert found is not None

        assert not sessions.end(tx, session_id=found.session_id, user_id=other, why=Ended.REVOKED, at=AT)
        assert actors.find_by_token(tx, token=token, at=AT) is not None

    def test_comes_with_a_disabled_user(self, tx: Tx) -> None:
        token = begun(tx)
        found = sessions.find(tx, token=token, at=AT)
        assert found is not None

        users.disable(tx, user_id=found.user_id, by=a_user(tx, at=AT), at=AT)
        assert actors.find_by_token(tx, token=token, at=AT) is None

        users.enable(tx, user_id=found.user_id)
        assert actors.find_by_token(tx, token=token, at=AT) is None


class TestAdvance:
    def test_changes_the_token(self, tx: Tx) -> None:
        before = begun(tx, stage=Stage.SECOND_FACTOR)
        session = sessions.find(tx, token=before, at=AT)
        assert session is not None

        after = sessions.advance(tx, session=session, stage=Stage.OPEN, at=AT)

        assert sessions.find(tx, token=before, at=AT) is None
        assert actors.find_by_token(tx, token=after, at=AT) is not None


class TestListOpen:
    def test_tells_where_somebody_is_signed_in(self, tx: Tx) -> None:
        user_id = a_user(tx, at=AT)
        for n, address in enumerate(("192.0.2.10", "198.51.100.7")):
            sessions.begin(tx, user_id=user_id, stage=Stage.OPEN, address=address, agent="a" * 999, at=AT + n * MINUTE)
        begun(tx)

        found = sessions.list_open(tx, user_id=user_id, at=AT + MINUTE)

        assert [session.address for session in found] == ["198.51.100.7", "192.0.2.10"]
        assert {len(session.agent) for session in found} == {300}


class TestRevoke:
    def test_ends_the_sessions_that_are_named(self, tx: Tx) -> None:
        user_id = a_user(tx, at=AT)
        tokens = [begin(tx, user_id) for _n in range(3)]
        rows = sessions.SESSIONS.rows(tx, Asked(conditions=(Condition("user_id", Is.EQUAL, user_id),)), **sessions.bounds(AT))
        assert len(rows) == 3

        assert sessions.revoke(tx, [row["session_id"] for row in rows[:2]], at=AT) == 2
        assert sessions.revoke(tx, [row["session_id"] for row in rows[:2]], at=AT) == 0

        assert sum(sessions.find(tx, token=token, at=AT) is not None for token in tokens) == 1


def begin(tx: Tx, user_id: UUID) -> str:
    return sessions.begin(tx, user_id=user_id, stage=Stage.OPEN, address="192.0.2.10", agent="a browser", at=AT)
