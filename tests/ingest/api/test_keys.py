"""Keys: issued once, replaced by the next, worth nothing without a device in use."""

import pytest

from core.kit.db import Tx
from core.kit.ids import uuid7
from ingest.api import keys
from ingest.api.keys import NoSuchDevice
from ingest.api.refusals import NotItsOwn
from ingest.messages.wire import Address
from tests.core.upkeep.street import a_device, a_site


class TestIssue:
    def test_gives_a_key_that_is_found(self, tx: Tx) -> None:
        site = a_site(tx)

        key = keys.issue(tx, device_id=a_device(tx, site, gateway="G1", code="D1"))

        assert keys.find(tx, key_id=key.key_id) == key
        assert (key.site_code, key.gateway_code, key.device_code, key.is_gateway) == (site.code, "G1", "D1", False)
        assert len(key.secret) == 32

    def test_ends_the_key_before(self, tx: Tx) -> None:
        device_id = a_device(tx, a_site(tx))
        before = keys.issue(tx, device_id=device_id)

        after = keys.issue(tx, device_id=device_id)

        assert keys.find(tx, key_id=before.key_id) is None
        assert after.secret != before.secret

    def test_refuses_a_device_that_is_not_there_or_retired(self, tx: Tx) -> None:
        retired = a_device(tx, a_site(tx))
        tx.run("update device set state = 'retired' where device_id = %(id)s", id=retired)

        for device_id in (retired, uuid7()):
            with pytest.raises(NoSuchDevice):
                keys.issue(tx, device_id=device_id)


class TestKey:
    def test_does_not_show_its_secret(self, tx: Tx) -> None:
        key = keys.issue(tx, device_id=a_device(tx, a_site(tx)))

        assert str(key.secret) not in repr(key)
        assert "secret" not in repr(key)

    def test_of_a_gateway_speaks_for_all_below_it(self, tx: Tx) -> None:
        site = a_site(tx)
        key = keys.issue(tx, device_id=a_device(tx, site, kind="gateway", gateway="G1", code="G1"))

        key.check(Address(site.code, "G1", "anything", "alive"))
        with pytest.raises(NotItsOwn):
            key.check(Address(site.code, "G2", "G1", "alive"))
