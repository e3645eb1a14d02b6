"""Guessing is slow, and locks nobody out of the place he works at (A-03)."""

from datetime import UTC, datetime, timedelta

import pytest

from core.access import attempts
from core.kit.db import Tx
from core.upkeep import alarms

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)
HOME, AWAY = "192.0.2.10", "198.51.100.7"


def guess(tx: Tx, *, login: str = "dispatcher", address: str = AWAY, at: datetime = AT, is_right: bool = False) -> bool:
    """Try once; tell whether the password was looked at."""
    attempt = attempts.admit(tx, login=login, user_id=None, address=address, at=at)
    if attempt is not None:
        attempts.settle(tx, attempt, is_passed=is_right)
    return attempt is not None


class TestAdmit:
    def test_looks_at_ten_guesses_of_a_thousand(self, tx: Tx) -> None:
        assert sum(guess(tx, at=AT + timedelta(milliseconds=n)) for n in range(1_000)) == 10

    def test_looks_at_ten_guesses_from_a_thousand_addresses(self, tx: Tx) -> None:
        assert sum(guess(tx, address=f"198.51.{n // 250}.{n % 250}") for n in range(1_000)) == 10

    def test_looks_at_fifty_guesses_from_one_address(self, tx: Tx) -> None:
        assert sum(guess(tx, login=f"user{n}") for n in range(200)) == 50

    def test_looks_again_after_a_quarter_of_an_hour(self, tx: Tx) -> None:
        assert [guess(tx) for _n in range(11)][-1] is False

        assert guess(tx, at=AT + attempts.WINDOW)

    def test_never_locks_a_user_out_of_where_he_signed_in_before(self, tx: Tx) -> None:
        """Ten guesses from each of fifty addresses, then he comes to work."""
        assert guess(tx, address=HOME, at=AT - timedelta(days=3), is_right=True)
        for n in range(500):
            guess(tx, address=f"198.51.100.{n % 50}")

        assert not guess(tx, address="203.0.113.1")
        assert guess(tx, address=HOME, is_right=True)

    def test_counts_what_is_still_looked_at(self, tx: Tx) -> None:
        """Guesses at the same moment: none is settled when the next comes."""
        admitted = [attempts.admit(tx, login="dispatcher", user_id=None, address=AWAY, at=AT) for _n in range(30)]

        assert sum(attempt is not None for attempt in admitted) == attempts.OF_ACCOUNT

    def test_tells_users_apart(self, tx: Tx) -> None:
        for _n in range(11):
            guess(tx)

        assert guess(tx, login="finance", address=HOME)

    def test_keeps_no_name_that_was_typed(self, tx: Tx) -> None:
        guess(tx, login="my secret password, typed into the wrong field")

        assert tx.value("select count(*) from sign_in_attempt as a where a::text like '%%secret%%'") == 0


class TestSettle:
    def test_says_how_it_ended_once(self, tx: Tx) -> None:
        attempt = attempts.admit(tx, login="dispatcher", user_id=None, address=AWAY, at=AT)
        assert attempt is not None

        attempts.settle(tx, attempt, is_passed=False)
        attempts.settle(tx, attempt, is_passed=True)

        assert tx.value("select outcome from sign_in_attempt where attempt_id = %(id)s", id=attempt.attempt_id) == "failed"


class TestRefusal:
    def test_says_how_long_to_wait(self) -> None:
        with pytest.raises(attempts.TooManyAttempts, match="15 minutes"):
            raise attempts.refusal()


class TestAlarm:
    RINGING = "select detail from alarm where rule = 'guessing' and cleared_at is null"

    def judge(self, tx: Tx, *, at: datetime) -> list[dict[str, int]]:
        """Hold the rules against the facts; return what the alarm says."""
        alarms.judge(tx, limits=alarms.limits(tx), at=at)
        return [row["detail"] for row in tx.rows(self.RINGING)]

    def test_rings_when_guesses_are_turned_away_and_stops_when_they_stop(self, tx: Tx) -> None:
        for _n in range(attempts.OF_ACCOUNT):
            guess(tx)
        assert self.judge(tx, at=AT) == []

        for _n in range(5):
            guess(tx)

        assert self.judge(tx, at=AT) == [{"n": 5}]
        assert self.judge(tx, at=AT + timedelta(minutes=11)) == []
