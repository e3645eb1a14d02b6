"""What is sealed opens in its own place alone, by a key that lies outside of the database."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit import secrets
from core.kit.secrets import Keys, NotOpened

PLACE = "user_account.totp_secret/7"


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "secrets.keys")


class TestSeal:
    @given(text=st.text())
    def test_opens_again(self, tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
        keys = Keys(tmp_path_factory.getbasetemp() / "shared.keys")

        assert keys.open(keys.seal(text, place=PLACE), place=PLACE) == text

    def test_shows_nothing_and_never_the_same(self, keys: Keys) -> None:
        sealed = {keys.seal("JBSWY3DPEHPK3PXP", place=PLACE) for _n in range(20)}

        assert len(sealed) == 20
        assert [one for one in sealed if "JBSW" in one or not secrets.is_sealed(one)] == []

    def test_opens_in_no_other_place(self, keys: Keys) -> None:
        sealed = keys.seal("word", place=PLACE)

        with pytest.raises(NotOpened):
            keys.open(sealed, place="user_account.totp_secret/8")

    @pytest.mark.parametrize("at", range(0, 60, 4))
    def test_opens_no_more_once_a_letter_is_another(self, keys: Keys, at: int) -> None:
        sealed = keys.seal("a word of some length", place=PLACE)
        other = "A" if sealed[at] != "A" else "B"

        with pytest.raises(NotOpened):
            keys.open(sealed[:at] + other + sealed[at + 1 :], place=PLACE)

    @pytest.mark.parametrize("value", ["", "word", "v1", "v1.", "v1.a.b", "v1..", "v2.a.b", "v1.a.é"])
    def test_opens_nothing_that_was_not_sealed(self, keys: Keys, value: str) -> None:
        with pytest.raises(NotOpened):
            keys.open(value, place=PLACE)


class TestAdd:
    def test_seals_anew_and_opens_what_was(self, keys: Keys) -> None:
        old = keys.seal("word", place=PLACE)
        keys.add()
        new = keys.seal("word", place=PLACE)

        assert (keys.is_current(old), keys.is_current(new)) == (False, True)
        assert [keys.open(each, place=PLACE) for each in (old, new)] == ["word", "word"]

    def test_counts_at_once_for_everybody(self, keys: Keys) -> None:
        """Another process that reads the same file."""
        other = Keys(keys.file)
        keys.seal("word", place=PLACE)
        keys.add()

        assert other.is_current(keys.seal("word", place=PLACE))


class TestFile:
    def test_is_made_once_for_its_owner_alone(self, keys: Keys) -> None:
        with ThreadPoolExecutor(8) as pool:
            sealed = list(pool.map(lambda _n: keys.seal("word", place=PLACE), range(40)))

        assert {keys.open(each, place=PLACE) for each in sealed} == {"word"}
        assert len(keys.file.read_text().split()) == 1
        assert stat.S_IMODE(keys.file.stat().st_mode) == 0o600
        assert [path.name for path in keys.file.parent.iterdir()] == [keys.file.name]

    def test_that_is_another_opens_nothing(self, keys: Keys, tmp_path: Path) -> None:
        with pytest.raises(NotOpened):
            Keys(tmp_path / "other.keys").open(keys.seal("word", place=PLACE), place=PLACE)

    def test_tells_when_others_may_read_it(self, keys: Keys) -> None:
        assert not keys.is_open_to_others
        keys.add()
        assert not keys.is_open_to_others

        keys.file.chmod(0o640)

        assert keys.is_open_to_others
