"""Seamless payment of sites: an order of accounts, each once."""

from pathlib import Path

import pytest

from core.access.actors import Actor
from core.kit.db import Tx
from core.kit.errors import Changed
from core.kit.secrets import Keys
from core.office import accounts, site_channels
from core.office.accounts import Channel
from core.office.site_channels import Draft
from tests.core.orders.till import MORNING, STREET, Till


@pytest.fixture
def tx(till: Till) -> Tx:
    """Return a transaction in which there are sites."""
    return till.tx


@pytest.fixture(autouse=True)
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seal by keys of one test."""
    monkeypatch.setattr(accounts, "keys", lambda: Keys(tmp_path / "secrets.keys"))


def test_sites_ask_the_accounts_in_use_in_their_order(tx: Tx, actor: Actor) -> None:
    ids = {}
    for place, channel in ((2, "wechat"), (1, "alipay"), (3, "unionpay")):
        given = {"channel": channel, "name": "main", "merchant_id": "1", "key": "k"}
        ids[channel] = accounts.add(tx, accounts.Draft.model_validate(given), by=actor, at=MORNING)
        site_channels.add(tx, Draft(site_id=STREET, account_id=ids[channel], priority=place))
    accounts.turn_on(tx, [ids["wechat"], ids["alipay"]], by=actor, at=MORNING)

    assert site_channels.list_in_use(tx, site_id=STREET) == [(ids["alipay"], Channel.ALIPAY), (ids["wechat"], Channel.WECHAT)]


def test_a_place_holds_one_account_and_an_account_one_place(tx: Tx, actor: Actor) -> None:
    one, other = (
        accounts.add(tx, accounts.Draft.model_validate({"channel": "etc", "name": name}), by=actor, at=MORNING)
        for name in ("one", "other")
    )
    key = site_channels.add(tx, Draft(site_id=STREET, account_id=one, priority=1))

    for account_id, priority, field in ((one, 2, "account_id"), (other, 1, "priority")):
        with pytest.raises(site_channels.Taken) as refusal:
            site_channels.add(tx, Draft(site_id=STREET, account_id=account_id, priority=priority))
        assert refusal.value.field == field
    site_channels.change(tx, key, Draft(site_id=STREET, account_id=one, priority=2), version=1)
    with pytest.raises(Changed):
        site_channels.change(tx, key, Draft(site_id=STREET, account_id=one, priority=3), version=1)
    assert site_channels.remove(tx, [key]) == 1
