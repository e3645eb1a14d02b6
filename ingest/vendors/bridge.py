"""
Bridge: carry what a vendor's gateways tell their broker to ours.

The session at the vendor's broker has a fixed name and is kept while we are away; a message is acknowledged there when our
broker has it. What says nothing to us is counted, logged and acknowledged: it would come for ever.
"""

import signal
import threading
from pathlib import Path
from typing import Final

import paho.mqtt.client as paho
import yaml
from pydantic import TypeAdapter, ValidationError

from core.kit import mqtt
from core.kit.clock import utc_now
from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.log import get_logger
from core.kit.moments import ms_of
from core.settings import Settings
from ingest.vendors.adapter import Adapter, Gateway
from ingest.vendors.frames import NoFrame

NAME: Final = "boshu-bridge"
_TAKEN_S: Final = 10.0
"""How long our broker may take; then the vendor's sends the message again, and its place tells that it was sent before."""
_AGAIN_S: Final = 1.0

_log = get_logger(__name__)


class NoMap(Refused):
    """The file does not say which gateway stands where."""


def run(settings: Settings, *, vendor_url: str, topics: str, path: Path) -> None:
    """
    Carry messages until SIGINT or SIGTERM.

    Raises:
        NoMap: the file does not say which gateway stands where.
    """
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    assert settings.mqtt_url is not None
    bridge = Bridge(Adapter(read_map(path)), vendor_url=vendor_url, topics=topics, our_url=settings.mqtt_url)
    bridge.start()
    stop.wait()
    bridge.stop()


def read_map(path: Path) -> dict[str, Gateway]:
    """
    Return the gateways by the names their vendor gave them.

    Raises:
        NoMap: no such file, or not of this form.
    """
    try:
        return TypeAdapter(dict[str, Gateway]).validate_python(yaml.safe_load(path.read_text("utf-8")))
    except (OSError, yaml.YAMLError, ValidationError) as error:
        raise NoMap(_("%(path)s does not say which gateway stands where.", path=str(path))) from error


class Bridge:
    """Two connections, and an adapter between them; messages pass in the order in which they came."""

    def __init__(self, adapter: Adapter, *, vendor_url: str, topics: str, our_url: str) -> None:
        """Prepare; nothing is connected yet."""
        self._adapter = adapter
        self._topics = topics
        self._urls = vendor_url, our_url
        self._stopping, self._listening = threading.Event(), threading.Event()
        self._ours = mqtt.new_client(our_url, f"{NAME}-out", clean_session=True)
        self._vendor = mqtt.new_client(vendor_url, NAME, manual_ack=True)
        self._vendor.on_connect = lambda client, *_rest: client.subscribe(self._topics, qos=1)
        self._vendor.on_subscribe = lambda *_rest: self._listening.set()
        self._vendor.on_message = self._carry

    def start(self) -> None:
        """Connect both ways; a broker that is away is waited for."""
        for client, url in zip((self._ours, self._vendor), reversed(self._urls), strict=True):
            at = mqtt.address(url)
            client.reconnect_delay_set(1, 5)
            client.connect_async(at.host, at.port, keepalive=mqtt.KEEPALIVE_S)
            client.loop_start()

    def wait_until_listening(self, seconds: float) -> bool:
        """Tell whether the vendor's broker keeps messages for us from now on; wait so long for it."""
        return self._listening.wait(seconds)

    def stop(self) -> None:
        """Leave both; what is not acknowledged waits for the next start."""
        self._stopping.set()
        for client in (self._vendor, self._ours):
            client.disconnect()
            client.loop_stop()

    def _carry(self, vendor: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        try:
            told = self._adapter.translate(message.topic, bytes(message.payload), sent_ms=ms_of(utc_now()))
        except NoFrame as fault:
            _log.warning("A vendor's message says nothing to us.", topic=message.topic[:80], reason=str(fault))
        else:
            while not self._is_taken(told.topic, told.payload):
                if self._stopping.wait(_AGAIN_S):
                    return
        vendor.ack(message.mid, message.qos)

    def _is_taken(self, topic: str, payload: bytes) -> bool:
        """Tell whether our broker has taken a message."""
        if not self._ours.is_connected():
            return False
        sent = self._ours.publish(topic, payload, qos=1)
        if sent.rc != paho.MQTT_ERR_SUCCESS:
            return False
        sent.wait_for_publish(_TAKEN_S)
        return sent.is_published()
