"""Keys: the secrets devices and gateways sign with, and for whom each may speak. Table device."""

from dataclasses import dataclass, field

from core.devices import keys as device_keys
from core.kit.db import Tx
from core.kit.locale import _
from core.kit.sql import named
from ingest.api.refusals import NotItsOwn
from ingest.messages.wire import Address

SQL = named("api/keys")


@dataclass(frozen=True, slots=True)
class Key:
    """One device's key. A gateway's key speaks for everything below the gateway, any other for its own device."""

    key_id: str
    secret: bytes = field(repr=False)
    site_code: str
    gateway_code: str
    device_code: str
    is_gateway: bool

    def check(self, address: Address) -> None:
        """
        Check that this key may speak for a device.

        Raises:
            NotItsOwn: the device is another one, or stands below another gateway.
        """
        is_below = (address.site, address.gateway) == (self.site_code, self.gateway_code)
        if not is_below or not (self.is_gateway or address.device == self.device_code):
            raise NotItsOwn(_("This key does not speak for device %(device)s.", device=address.device))


def find(tx: Tx, *, key_id: str) -> Key | None:
    """Return a key of a device that is in use; None where there is none of that name."""
    row = tx.row(SQL["find"], key_id=key_id)
    if row is None:
        return None
    return Key(
        key_id=row["key_id"],
        secret=device_keys.opened(bytes(row["key_secret"]), device_id=row["device_id"]),
        site_code=row["site_code"],
        gateway_code=row["gateway_code"],
        device_code=row["device_code"],
        is_gateway=row["is_gateway"],
    )
