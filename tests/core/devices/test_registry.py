"""The registry on a real database: who speaks under which address, and what each channel watched when (R24, R25)."""

from datetime import UTC, datetime
from uuid import UUID

from core.devices import registry
from core.devices.registry import KnownDevice, KnownSite, Watch
from core.kit.db import Tx
from core.kit.moments import ms_of
from tests.core.upkeep.street import LONG_AGO, a_device, a_site, a_space, bind

MOVED = datetime(2026, 6, 1, tzinfo=UTC)
GONE_MS, MOVED_MS = ms_of(datetime(2025, 1, 1, tzinfo=UTC)), ms_of(MOVED)
SITE = KnownSite(UUID(int=1), "s1", "on_street", "magnetometer")


class TestTarget:
    OLD, NEW = UUID(int=2), UUID(int=3)

    def device(self) -> KnownDevice:
        """Return a device that was moved from one space to another."""
        watches = {"": [Watch(MOVED_MS, None, "space", self.NEW), Watch(GONE_MS, MOVED_MS, "space", self.OLD)]}
        return KnownDevice(UUID(int=4), SITE, "g1", "m1", "geomagnetic", watches)

    def test_is_what_the_channel_watched_then(self) -> None:
        assert self.device().target("", MOVED_MS - 1) == self.OLD
        assert self.device().target("", MOVED_MS) == self.NEW

    def test_is_nothing_before_it_was_mounted(self) -> None:
        assert self.device().target("", GONE_MS - 1) is None

    def test_is_nothing_for_a_channel_that_nobody_connected(self) -> None:
        assert self.device().target("0007", MOVED_MS) is None


class TestRead:
    def test_knows_sites_devices_and_spaces_by_their_names(self, tx: Tx) -> None:
        site = a_site(tx)
        space_id, device_id = a_space(tx, site, "0042"), a_device(tx, site)
        bind(tx, device_id, space_id)

        read = registry.read(tx)

        assert (
            read.sites[site.code]
            == read.site_by_id[site.site_id]
            == KnownSite(site.site_id, site.code, "on_street", "magnetometer")
        )
        assert read.space(site.site_id, "0042") == space_id
        device = read.device(site.code, "G1", "D1")
        assert device is not None
        assert (device.device_id, device.kind, device.site.code) == (device_id, "geomagnetic", site.code)
        assert device.target("", ms_of(LONG_AGO)) == space_id

    def test_knows_nobody_under_another_address(self, tx: Tx) -> None:
        """The same device under another gateway is not that device."""
        site, other = a_site(tx), a_site(tx)
        a_device(tx, site)

        read = registry.read(tx)

        assert read.device(site.code, "G2", "D1") is None
        assert read.device(site.code, "G1", "D2") is None
        assert read.device(other.code, "G1", "D1") is None

    def test_follows_a_device_that_was_moved(self, tx: Tx) -> None:
        site = a_site(tx)
        old, new, device_id = a_space(tx, site, "0001"), a_space(tx, site, "0002"), a_device(tx, site)
        bind(tx, device_id, old)
        tx.run("update device_binding set valid_to = %(at)s where device_id = %(id)s", at=MOVED, id=device_id)
        tx.run(
            "insert into device_binding (device_id, valid_from, target_kind, target_id) "
            "values (%(id)s, %(at)s, 'space', %(space)s)",
            id=device_id, at=MOVED, space=new,
        )  # fmt: skip

        device = registry.read(tx).device(site.code, "G1", "D1")

        assert device is not None
        assert [device.target("", at_ms) for at_ms in (MOVED_MS - 1, MOVED_MS)] == [old, new]

    def test_leaves_out_what_is_retired(self, tx: Tx) -> None:
        site, closed = a_site(tx), a_site(tx)
        device_id = a_device(tx, site)
        bind(tx, a_device(tx, closed), a_space(tx, closed))
        tx.run("update device set state = 'retired' where device_id = %(id)s", id=device_id)
        tx.run("update site set state = 'retired' where site_id = %(id)s", id=closed.site_id)

        read = registry.read(tx)

        assert read.device(site.code, "G1", "D1") is None
        assert closed.code not in read.sites
        assert read.device(closed.code, "G1", "D1") is None

    def test_keeps_a_space_that_was_removed_out_of_reach(self, tx: Tx) -> None:
        site = a_site(tx)
        space_id = a_space(tx, site, "0001")
        tx.run("update space set in_service_to = %(at)s where space_id = %(id)s", at=MOVED, id=space_id)

        assert registry.read(tx).space(site.site_id, "0001") is None

    def test_bears_the_version_it_was_read_at(self, tx: Tx) -> None:
        before = registry.read(tx).version

        tx.run("update registry_version set version = version + 1")

        assert registry.current_version(tx) == before + 1 == registry.read(tx).version
