"""A code of an authenticator counts once, within a minute and a half."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from core.access import authenticators
from core.kit.db import Tx
from tests.core.access.people import a_user

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)
STEP = timedelta(seconds=authenticators.STEP_S)


def code(secret: str, at: datetime) -> str:
    return pyotp.TOTP(secret).at(at)


class TestStepOf:
    @pytest.mark.parametrize("steps", [-1, 0, 1])
    def test_bears_a_clock_that_is_one_step_off(self, steps: int) -> None:
        secret = authenticators.new_secret()

        assert authenticators.step_of(secret, code(secret, AT + steps * STEP), at=AT) is not None

    @pytest.mark.parametrize("steps", [-3, -2, 2, 3])
    def test_bears_no_more(self, steps: int) -> None:
        secret = authenticators.new_secret()

        assert authenticators.step_of(secret, code(secret, AT + steps * STEP), at=AT) is None

    @pytest.mark.parametrize("typed", ["", "12345", "abcdef", "١٢٣٤٥٦", "0" * 500])
    def test_bears_nothing_else(self, typed: str) -> None:
        assert authenticators.step_of(authenticators.new_secret(), typed, at=AT) is None


class TestUse:
    def test_takes_each_code_once(self, tx: Tx) -> None:
        user_id, secret = a_user(tx, at=AT), authenticators.new_secret()
        assert authenticators.set_up(tx, user_id=user_id, secret=secret, code=code(secret, AT), at=AT)
        later = AT + STEP

        assert not authenticators.use(tx, user_id=user_id, code=code(secret, AT), at=AT)
        assert authenticators.use(tx, user_id=user_id, code=code(secret, later), at=later)
        assert not authenticators.use(tx, user_id=user_id, code=code(secret, later), at=later)
        assert not authenticators.use(tx, user_id=user_id, code=code(secret, AT), at=later)

    def test_takes_none_of_a_user_without(self, tx: Tx) -> None:
        assert not authenticators.use(tx, user_id=a_user(tx, at=AT), code="123456", at=AT)


class TestSetUp:
    def test_needs_a_code_and_is_done_once(self, tx: Tx) -> None:
        user_id, secret, other = a_user(tx, at=AT), authenticators.new_secret(), authenticators.new_secret()

        assert not authenticators.set_up(tx, user_id=user_id, secret=secret, code="000000", at=AT - 90 * STEP)
        assert authenticators.set_up(tx, user_id=user_id, secret=secret, code=code(secret, AT), at=AT)
        assert not authenticators.set_up(tx, user_id=user_id, secret=other, code=code(other, AT), at=AT)

    def test_tells_the_program_whose_it_is(self) -> None:
        secret = authenticators.new_secret()

        assert authenticators.address(secret, login="finance").startswith(f"otpauth://totp/Boshu:finance?secret={secret}")
