"""Keys: the secrets devices and gateways sign with, and for whom each may speak. Table device."""

import secrets
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.sql import named
from ingest.api.refusals import NotItsOwn
from ingest.messages.wire import Address

SQL = named("api/keys")

_SECRET_BYTES: Final = 32


class NoSuchDevice(Refused):
    """No device in use has this id."""


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


def issue(tx: Tx, *, device_id: UUID) -> Key:
    """
    Give a device a new key and return it, secret included; the key it had before is worth nothing from now on.

    Raises:
        NoSuchDevice: there is no device of this id, or it is retired.
    """
    secret, key_id = secrets.token_bytes(_SECRET_BYTES), secrets.token_hex(8)
    tx.run(SQL["issue"], device_id=device_id, key_id=key_id, secret=secret)
    key = find(tx, key_id=key_id)
    if key is None:
        raise NoSuchDevice(_("There is no device in use to give a key to."))
    return key


def find(tx: Tx, *, key_id: str) -> Key | None:
    """Return a key of a device that is in use; None where there is none of that name."""
    row = tx.row(SQL["find"], key_id=key_id)
    if row is None:
        return None
    return Key(
        key_id=row["key_id"],
        secret=bytes(row["key_secret"]),
        site_code=row["site_code"],
        gateway_code=row["gateway_code"],
        device_code=row["device_code"],
        is_gateway=row["is_gateway"],
    )
