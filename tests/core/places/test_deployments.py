"""The deployment: one city, said once."""

from datetime import UTC, datetime

from core.kit.db import Tx
from core.places import deployments
from core.places.deployments import Deployment

AT = datetime(2026, 11, 20, 6, 32, tzinfo=UTC)


class TestSetUp:
    def test_says_once_which_city_it_is(self, tx: Tx) -> None:
        city = Deployment("江州市", "Jiangzhou", "jiangzhou", 7, AT)

        assert deployments.find(tx) is None
        assert deployments.set_up(tx, city) is True
        assert deployments.set_up(tx, Deployment("宁波市", "Ningbo", "ningbo", None, AT)) is False
        assert deployments.find(tx) == city


class TestRegistryChanged:
    def test_raises_the_version_each_time(self, tx: Tx) -> None:
        first = deployments.registry_changed(tx)

        assert deployments.registry_changed(tx) == first + 1
