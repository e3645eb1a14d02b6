"""A code of an authenticator counts once, within a minute and a half (A-08); what asks for it stands in test_signing_in."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pyotp
import pytest

from core.access import authenticators
from core.kit import secrets
from core.kit.db import Tx
from core.kit.secrets import Keys, NotOpened
from tests.core.access.people import a_user

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)
STEP = timedelta(seconds=authenticators.STEP_S)


def code(secret: str, at: datetime) -> str:
    return pyotp.TOTP(secret).at(at)


def stored(tx: Tx, user_id: UUID) -> str:
    return str(tx.value("select totp_secret from user_account where user_id = %(id)s", id=user_id))


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
    def test_takes_each_code_once(self, tx: Tx, keys: Keys) -> None:
        user_id, secret = a_user(tx, at=AT), authenticators.new_secret()
        assert authenticators.set_up(tx, user_id=user_id, secret=secret, code=code(secret, AT), keys=keys, at=AT)
        later = AT + STEP

        assert not authenticators.use(tx, user_id=user_id, code=code(secret, AT), keys=keys, at=AT)
        assert authenticators.use(tx, user_id=user_id, code=code(secret, later), keys=keys, at=later)
        assert not authenticators.use(tx, user_id=user_id, code=code(secret, later), keys=keys, at=later)
        assert not authenticators.use(tx, user_id=user_id, code=code(secret, AT), keys=keys, at=later)

    def test_takes_a_secret_written_before_there_were_keys_and_seals_it(self, tx: Tx, keys: Keys) -> None:
        user_id, secret = a_user(tx, at=AT), authenticators.new_secret()
        tx.run("update user_account set totp_secret = %(s)s, totp_step = 0 where user_id = %(id)s", s=secret, id=user_id)

        assert authenticators.use(tx, user_id=user_id, code=code(secret, AT), keys=keys, at=AT)

        assert secrets.is_sealed(stored(tx, user_id))
        assert authenticators.use(tx, user_id=user_id, code=code(secret, AT + STEP), keys=keys, at=AT + STEP)

    def test_seals_by_the_newest_key(self, tx: Tx, keys: Keys) -> None:
        user_id, secret = a_user(tx, at=AT), authenticators.new_secret()
        authenticators.set_up(tx, user_id=user_id, secret=secret, code=code(secret, AT), keys=keys, at=AT)
        keys.add()
        assert not keys.is_current(stored(tx, user_id))

        assert authenticators.use(tx, user_id=user_id, code=code(secret, AT + STEP), keys=keys, at=AT + STEP)

        assert keys.is_current(stored(tx, user_id))

    def test_takes_no_secret_of_another_user(self, tx: Tx, keys: Keys) -> None:
        """Who rules the database cannot give somebody the secret he knows himself."""
        mine, other, secret = a_user(tx, at=AT), a_user(tx, at=AT), authenticators.new_secret()
        authenticators.set_up(tx, user_id=mine, secret=secret, code=code(secret, AT), keys=keys, at=AT)
        tx.run("update user_account set totp_secret = %(s)s, totp_step = 0 where user_id = %(id)s", s=stored(tx, mine), id=other)

        with pytest.raises(NotOpened):
            authenticators.use(tx, user_id=other, code=code(secret, AT + STEP), keys=keys, at=AT + STEP)

    def test_takes_none_of_a_user_without(self, tx: Tx, keys: Keys) -> None:
        assert not authenticators.use(tx, user_id=a_user(tx, at=AT), code="123456", keys=keys, at=AT)


class TestSetUp:
    def test_needs_a_code_and_is_done_once(self, tx: Tx, keys: Keys) -> None:
        user_id, secret, other = a_user(tx, at=AT), authenticators.new_secret(), authenticators.new_secret()

        assert not authenticators.set_up(tx, user_id=user_id, secret=secret, code="000000", keys=keys, at=AT - 90 * STEP)
        assert authenticators.set_up(tx, user_id=user_id, secret=secret, code=code(secret, AT), keys=keys, at=AT)
        assert not authenticators.set_up(tx, user_id=user_id, secret=other, code=code(other, AT), keys=keys, at=AT)

    def test_tells_the_program_whose_it_is(self) -> None:
        secret = authenticators.new_secret()

        assert authenticators.address(secret, login="finance").startswith(f"otpauth://totp/Boshu:finance?secret={secret}")
