"""Accounts with channels: secrets go in and come out nowhere but at the channel."""

from pathlib import Path

import pytest

from core.access.actors import Actor
from core.kit.db import Tx
from core.kit.errors import Changed
from core.kit.listing import Asked
from core.kit.secrets import Keys
from core.office import accounts
from core.office.accounts import ACCOUNTS, Channel, Draft
from tests.core.orders.till import MORNING

SECRETS = {"secret": "canary-secret-4711", "key": "canary-key-4712", "token": "canary-token-4713"}


@pytest.fixture(autouse=True)
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keys:
    """Return the keys of one test."""
    ring = Keys(tmp_path / "secrets.keys")
    monkeypatch.setattr(accounts, "keys", lambda: ring)
    return ring


def a_draft(**other: object) -> Draft:
    """Return an account with everything set."""
    given = {"channel": "wechat", "name": "main", "app_id": "wx0", "merchant_id": "1900", "certificate_serial": "5A", **SECRETS}
    return Draft.model_validate(given | other)


def everything_stored(tx: Tx) -> str:
    """Return all that the database holds of accounts, as text."""
    return str(tx.rows("select * from channel_account"))


class TestSecrets:
    def test_are_stored_sealed_and_listed_nowhere(self, tx: Tx, actor: Actor) -> None:
        account_id = accounts.add(tx, a_draft(), by=actor, at=MORNING)

        (row,) = ACCOUNTS.rows(tx, Asked())
        assert not any(secret in everything_stored(tx) + str(row) for secret in SECRETS.values())
        assert {row["secret_set_at"], row["key_set_at"], row["token_set_at"]} == {MORNING}
        assert not set(SECRETS) & set(row)
        assert all(secret not in repr(a_draft()) for secret in SECRETS.values())
        assert row["account_id"] == account_id

    def test_open_for_the_channel_of_an_account_in_use(self, tx: Tx, actor: Actor) -> None:
        account_id = accounts.add(tx, a_draft(), by=actor, at=MORNING)
        with pytest.raises(accounts.NotOn):
            accounts.credentials(tx, account_id=account_id)

        accounts.turn_on(tx, [account_id], by=actor, at=MORNING)

        found = accounts.credentials(tx, account_id=account_id)
        assert {name: getattr(found, name) for name in SECRETS} == SECRETS
        assert found.channel is Channel.WECHAT
        assert "canary" not in repr(found)

    def test_stay_when_a_form_leaves_them_empty(self, tx: Tx, actor: Actor) -> None:
        account_id = accounts.add(tx, a_draft(), by=actor, at=MORNING)
        accounts.turn_on(tx, [account_id], by=actor, at=MORNING)
        accounts.change(tx, account_id, a_draft(secret=None, key="", token="new"), version=2, by=actor, at=MORNING)

        found = accounts.credentials(tx, account_id=account_id)
        assert (found.secret, found.key, found.token) == (SECRETS["secret"], SECRETS["key"], "new")

    def test_are_forgotten_when_the_account_ends(self, tx: Tx, actor: Actor) -> None:
        account_id = accounts.add(tx, a_draft(), by=actor, at=MORNING)

        assert accounts.end(tx, [account_id], by=actor, at=MORNING) == 1
        assert tx.value("select count(*) from channel_account where secret is null and key is null and token is null") == 1
        with pytest.raises(Changed):
            accounts.change(tx, account_id, a_draft(), version=3, by=actor, at=MORNING)

    def test_open_in_no_other_account(self, tx: Tx, actor: Actor) -> None:
        one, other = (accounts.add(tx, a_draft(name=name), by=actor, at=MORNING) for name in ("one", "other"))
        accounts.turn_on(tx, [one, other], by=actor, at=MORNING)
        tx.run(
            """update channel_account set key = (select key from channel_account where account_id = %(one)s)
            where account_id = %(other)s""",
            one=one, other=other,
        )  # fmt: skip

        with pytest.raises(Exception, match="belongs elsewhere"):
            accounts.credentials(tx, account_id=other)


class TestAccounts:
    def test_are_turned_on_when_they_are_complete(self, tx: Tx, actor: Actor) -> None:
        account_id = accounts.add(tx, a_draft(key=None), by=actor, at=MORNING)

        with pytest.raises(accounts.Incomplete, match="main"):
            accounts.turn_on(tx, [account_id], by=actor, at=MORNING)

    def test_have_a_name_of_their_own_in_their_channel(self, tx: Tx, actor: Actor) -> None:
        accounts.add(tx, a_draft(), by=actor, at=MORNING)
        accounts.add(tx, a_draft(channel="alipay"), by=actor, at=MORNING)

        with pytest.raises(accounts.NameTaken) as refusal:
            accounts.add(tx, a_draft(), by=actor, at=MORNING)
        assert refusal.value.field == "name"
