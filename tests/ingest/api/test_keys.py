"""Keys: issued once, replaced by the next, worth nothing without a device in use."""

from pathlib import Path
from uuid import UUID

import pytest

from core.devices import keys as device_keys
from core.devices.keys import NoSuchDevice
from core.kit.clock import utc_now
from core.kit.db import Tx
from core.kit.ids import uuid7
from core.kit.secrets import Keys
from ingest.api import keys
from ingest.api.keys import Key
from ingest.api.refusals import NotItsOwn
from ingest.messages.wire import Address
from tests.core.upkeep.street import a_device, a_site


@pytest.fixture(autouse=True)
def ring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seal by keys of one test."""
    monkeypatch.setattr(device_keys, "keys", lambda: Keys(tmp_path / "secrets.keys"))


def issue(tx: Tx, device_id: UUID) -> Key:
    """Give a device a key, and return it as the door finds it."""
    issued = device_keys.issue(tx, [device_id], at=utc_now())
    found = keys.find(tx, key_id=issued.key_id)
    assert found is not None
    assert found.secret == issued.secret
    return found


class TestIssue:
    def test_gives_a_key_that_is_found(self, tx: Tx) -> None:
        site = a_site(tx)

        key = issue(tx, a_device(tx, site, gateway="G1", code="D1"))

        assert keys.find(tx, key_id=key.key_id) == key
        assert (key.site_code, key.gateway_code, key.device_code, key.is_gateway) == (site.code, "G1", "D1", False)
        assert len(key.secret) == 32

    def test_ends_the_key_before(self, tx: Tx) -> None:
        device_id = a_device(tx, a_site(tx))
        before = issue(tx, device_id)

        after = issue(tx, device_id)

        assert keys.find(tx, key_id=before.key_id) is None
        assert after.secret != before.secret

    def test_refuses_a_device_that_is_not_there_or_retired(self, tx: Tx) -> None:
        retired = a_device(tx, a_site(tx))
        tx.run("update device set state = 'retired' where device_id = %(id)s", id=retired)

        for device_id in (retired, uuid7()):
            with pytest.raises(NoSuchDevice):
                issue(tx, device_id)

    def test_is_stored_sealed(self, tx: Tx) -> None:
        key = issue(tx, a_device(tx, a_site(tx)))

        stored = bytes(tx.value("select key_secret from device where key_id = %(id)s", id=key.key_id))
        assert key.secret not in stored
        assert key.secret.hex().encode() not in stored

    def test_of_another_time_is_found_as_it_was_stored(self, tx: Tx) -> None:
        device_id = a_device(tx, a_site(tx))
        tx.run("update device set key_id = 'old', key_secret = %(s)s where device_id = %(id)s", s=b"s" * 32, id=device_id)

        found = keys.find(tx, key_id="old")
        assert found is not None
        assert found.secret == b"s" * 32


class TestKey:
    def test_does_not_show_its_secret(self, tx: Tx) -> None:
        key = issue(tx, a_device(tx, a_site(tx)))

        assert str(key.secret) not in repr(key)
        assert "secret" not in repr(key)

    def test_of_a_gateway_speaks_for_all_below_it(self, tx: Tx) -> None:
        site = a_site(tx)
        key = issue(tx, a_device(tx, site, kind="gateway", gateway="G1", code="G1"))

        key.check(Address(site.code, "G1", "anything", "alive"))
        with pytest.raises(NotItsOwn):
            key.check(Address(site.code, "G2", "G1", "alive"))
