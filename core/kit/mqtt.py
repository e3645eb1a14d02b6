"""Connect to a broker by URL: `mqtt://user:password@host:port`, `mqtts://` with TLS. MQTT 3.1.1, which paho does fastest."""

import threading
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.locale import _

CONNECT_S: Final = 5
KEEPALIVE_S: Final = 20
_PORTS: Final = {"mqtt": 1883, "mqtts": 8883}


class NoBrokerAddress(Refused):
    """The URL is not that of a broker."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a broker is and who we are there."""

    host: str
    port: int
    user: str | None
    password: str | None = field(repr=False)
    is_secure: bool


def address(url: str) -> Address:
    """
    Read the URL of a broker.

    Raises:
        NoBrokerAddress: another scheme, or no host.
    """
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise NoBrokerAddress(_("MQTT_URL must look like mqtt://user:password@host:1883."))
    user, password = (None if word is None else unquote(word) for word in (parts.username, parts.password))
    return Address(parts.hostname, parts.port or _PORTS[parts.scheme], user, password, is_secure=parts.scheme == "mqtts")


def new_client(
    url: str, client_id: str, *, clean_session: bool = False, manual_ack: bool = False, is_anonymous: bool = False
) -> paho.Client:
    """Return a client that is not connected yet; set its callbacks, then `connect(client, url)` and start its loop."""
    client = paho.Client(CallbackAPIVersion.VERSION2, client_id=client_id, clean_session=clean_session, manual_ack=manual_ack)
    at = address(url)
    if at.user is not None and not is_anonymous:
        client.username_pw_set(at.user, at.password)
    if at.is_secure:
        client.tls_set()
    client.connect_timeout = CONNECT_S
    return client


def connect(client: paho.Client, url: str) -> None:
    """
    Open the connection; the callbacks tell how it went.

    Raises:
        OSError: the broker is away.
    """
    at = address(url)
    client.connect(at.host, at.port, keepalive=KEEPALIVE_S)


def answers(url: str, *, within_s: float) -> bool:
    """Tell whether a broker lets us in within a time; a connection of its own, which leaves nothing behind."""
    is_in = threading.Event()
    client = new_client(url, f"boshu-look-{uuid7().hex}", clean_session=True)
    client.connect_timeout = within_s
    client.on_connect = lambda _client, _self, _flags, reason, _properties: None if reason.is_failure else is_in.set()
    try:
        connect(client, url)
    except OSError:
        return False
    client.loop_start()
    try:
        return is_in.wait(within_s)
    finally:
        client.disconnect()
        client.loop_stop()
