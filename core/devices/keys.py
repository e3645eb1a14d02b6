"""
Keys of devices: by which a device or a gateway signs what it sends over HTTPS. Table device.

A key is shown once, when it is issued, and stored sealed (core.kit.secrets); the one before is worth nothing from then on.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.secrets import is_sealed, keys
from core.kit.sql import named

SQL = named("devices/inventory")

_SECRET_BYTES: Final = 32


class NoSuchDevice(Refused):
    """No device in use has this id."""


@dataclass(frozen=True, slots=True)
class Issued:
    """A new key, told once."""

    key_id: str
    secret: bytes = field(repr=False)


def issue(tx: Tx, ids: Sequence[UUID], *, at: datetime) -> Issued:
    """
    Give a device a new key.

    Raises:
        NoSuchDevice: there is no device of this id in use.
    """
    (device_id,) = ids
    issued = Issued(secrets.token_hex(8), secrets.token_bytes(_SECRET_BYTES))
    sealed = keys().seal(issued.secret.hex(), place=_place(device_id)).encode("ascii")
    if not tx.run(SQL["set_key"], device_id=device_id, key_id=issued.key_id, secret=sealed, at=at):
        raise NoSuchDevice(_("There is no device in use to give a key to."))
    return issued


def opened(stored: bytes, *, device_id: UUID) -> bytes:
    """
    Return the secret of a key that is stored sealed; one that was stored before keys were sealed is returned as it is.

    Raises:
        NotOpened: it does not open.
    """
    text = stored.decode("ascii", "replace")
    return bytes.fromhex(keys().open(text, place=_place(device_id))) if is_sealed(text) else stored


def _place(device_id: UUID) -> str:
    return f"device.key_secret.{device_id}"
