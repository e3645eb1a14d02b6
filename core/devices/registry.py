"""
Registry: who may speak under which topic, and what each channel watched when.

Tables site, space, device, device_binding; read as a whole and kept until `registry_version` rises.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from core.kit.db import Tx
from core.kit.moments import ms_of
from core.kit.sql import named

SQL = named("devices/registry")


class KnownSite(NamedTuple):
    """A site as ingest needs it: kind is on_street or off_street."""

    site_id: UUID
    code: str
    kind: str
    mode: str


class Watch(NamedTuple):
    """What a channel watched from when to when; instants in milliseconds, to_ms None: still."""

    from_ms: int
    to_ms: int | None
    target_kind: str
    target_id: UUID


@dataclass(slots=True)
class KnownDevice:
    """A device and everything its channels ever watched; from `retired_ms` on it speaks for nothing."""

    device_id: UUID
    site: KnownSite
    gateway: str
    code: str
    kind: str
    watches: dict[str, list[Watch]] = field(default_factory=dict)
    retired_ms: int | None = None

    def target(self, channel: str, at_ms: int) -> UUID | None:
        """Return what a channel watched at an instant (R24); None: nothing."""
        for watch in self.watches.get(channel, ()):
            if watch.from_ms <= at_ms and (watch.to_ms is None or at_ms < watch.to_ms):
                return watch.target_id
        return None


class Registry:
    """One reading of sites, devices and bindings."""

    def __init__(
        self,
        version: int,
        sites: Sequence[KnownSite],
        devices: Sequence[KnownDevice],
        spaces: dict[tuple[UUID, str], UUID],
    ) -> None:
        self.version = version
        self.sites = {site.code: site for site in sites}
        self.site_by_id = {site.site_id: site for site in sites}
        self._devices = {(device.site.code, device.gateway, device.code): device for device in devices}
        self._spaces = spaces
        self._locks = {
            watch.target_id: device
            for device in devices
            if device.kind == "space_lock"
            for watches in device.watches.values()
            for watch in watches
            if watch.to_ms is None
        }

    def device(self, site: str, gateway: str, code: str) -> KnownDevice | None:
        """Return the device that speaks under an address; None: nobody is known there (R25)."""
        return self._devices.get((site, gateway, code))

    def space(self, site_id: UUID, code: str) -> UUID | None:
        """Return the living space of a site by the number painted on it."""
        return self._spaces.get((site_id, code))

    def lock(self, space_id: UUID) -> KnownDevice | None:
        """Return the lock that stands in a space now; None: it has none."""
        return self._locks.get(space_id)


def current_version(tx: Tx) -> int:
    """Return the number that rises whenever places or devices change."""
    return int(tx.value(SQL["current_version"]))


def read(tx: Tx) -> Registry:
    """Read the whole registry."""
    version = current_version(tx)
    sites = {row["site_id"]: KnownSite(**row) for row in tx.rows(SQL["read_sites"])}
    devices: dict[UUID, KnownDevice] = {}
    for row in tx.rows(SQL["read_devices"]):
        site = sites[row["site_id"]]
        retired_ms = None if row["retired_at"] is None else ms_of(row["retired_at"])
        devices[row["device_id"]] = KnownDevice(
            row["device_id"], site, row["gateway_code"], row["code"], row["kind"], retired_ms=retired_ms
        )
    for row in tx.rows(SQL["read_bindings"]):
        to_ms = None if row["valid_to"] is None else ms_of(row["valid_to"])
        watch = Watch(ms_of(row["valid_from"]), to_ms, row["target_kind"], row["target_id"])
        devices[row["device_id"]].watches.setdefault(row["channel"], []).append(watch)
    spaces = {(row["site_id"], row["code"]): row["space_id"] for row in tx.rows(SQL["read_spaces"])}
    return Registry(version, list(sites.values()), list(devices.values()), spaces)
