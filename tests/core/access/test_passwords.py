"""Passwords are hard to guess, and nobody can read one back (A-10)."""

import pytest

from core.access import passwords


class TestJudge:
    @pytest.mark.parametrize("password", ["blue kettle rides north", "xK4$mQz8!vTr2", "四只青蛙在唱老歌的河边跳舞"])
    def test_takes_what_is_hard_to_guess(self, password: str) -> None:
        passwords.judge(password)

    @pytest.mark.parametrize("password", ["", "short", "elevenchars", "x" * 201])
    def test_refuses_what_is_too_short_or_too_long(self, password: str) -> None:
        with pytest.raises(passwords.WeakPassword, match="characters"):
            passwords.judge(password)

    @pytest.mark.parametrize(
        "password",
        [
            "password1234",
            "qwertyuiop12",
            "aaaaaaaaaaaaaaaa",
            "123456789012",
            "P@ssw0rd2026!",
            "iloveyou1234",
            "abcdefghijkl",
            "boshu2026boshu",
        ],
    )
    def test_refuses_what_everybody_tries(self, password: str) -> None:
        with pytest.raises(passwords.WeakPassword, match="guessed"):
            passwords.judge(password)

    def test_refuses_what_those_who_know_the_user_try(self) -> None:
        passwords.judge("wanderlichtenbach7")

        with pytest.raises(passwords.WeakPassword, match="guessed"):
            passwords.judge("wanderlichtenbach7", context=["wanderlichtenbach"])


class TestHash:
    def test_is_argon2id_and_differs_each_time(self) -> None:
        first, second = (passwords.hashed("blue kettle rides north") for _ in range(2))

        assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
        assert first != second
        assert "kettle" not in first

    def test_fits_its_password_alone(self) -> None:
        kept = passwords.hashed("blue kettle rides north")

        assert passwords.is_right("blue kettle rides north", kept)
        assert not passwords.is_right("blue kettle rides south", kept)

    def test_of_nobody_fits_nothing(self) -> None:
        assert not passwords.is_right("xxxxxxxxxxxx", None)
        assert not passwords.is_right("xxxxxxxxxxxx", "no hash")
