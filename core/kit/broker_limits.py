"""
Look whether a broker keeps what the product relies on, through MQTT alone, so that any broker can be asked.

A broker with common defaults refuses nothing and drops messages silently at a burst. The probe takes about a second
and leaves nothing behind.
"""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import paho.mqtt.client as paho
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from core.kit import mqtt
from core.kit.broker_accounts import MAX_PAYLOAD, ROOT
from core.kit.errors import Unavailable
from core.kit.ids import uuid7
from core.kit.locale import _

ENOUGH: Final = 2_000
"""Messages of the probe: the common default limits are 20 in flight, 1,000 and 1,024 waiting."""
_PATIENCE_S: Final = 10.0
_QUIET_S: Final = 1.5
_TICK_S: Final = 0.02


@dataclass(frozen=True, slots=True)
class Limits:
    """What the probe saw."""

    refuses_strangers: bool
    keeps_sessions: bool
    kept: int
    """Messages delivered after all of them were sent to an absent consumer."""
    window: int
    """Messages delivered before the first was acknowledged."""
    takes_large: bool

    def complaints(self) -> list[str]:
        """Return a sentence for every limit that breaks a promise."""
        said = []
        if not self.refuses_strangers:
            said.append(_("The broker lets anybody in: switch off anonymous access."))
        if not self.keeps_sessions:
            said.append(_("The broker forgets a consumer that is away: allow persistent sessions."))
        if self.kept < ENOUGH:
            said.append(
                _("The broker keeps only %(kept)s of %(sent)s waiting messages: raise its queue.", kept=self.kept, sent=ENOUGH)
            )
        if self.window < ENOUGH:
            said.append(
                _(
                    "The broker sends only %(window)s messages ahead: raise its window of unacknowledged messages.",
                    window=self.window,
                )
            )
        if not self.takes_large:
            said.append(_("The broker refuses messages of %(size)s bytes.", size=MAX_PAYLOAD))
        return said


def check_limits(url: str) -> Limits:
    """
    Probe a broker with the account of ingest, on a command topic that no device has.

    Raises:
        Unavailable: the broker does not answer or refuses the account.
    """
    name = f"boshu-probe-{uuid7().hex}"
    topic = f"{ROOT}/probe/probe/{name}/cmd"
    with _Probe(url, name) as consumer:
        consumer.subscribe(topic)
    with _Probe(url, f"{name}-out", clean_session=True) as producer:
        producer.send(topic, [b"%d" % number for number in range(ENOUGH)])
        takes_large = producer.send(topic, [bytes(MAX_PAYLOAD)])
    with _Probe(url, name) as consumer:
        keeps_sessions = consumer.is_resumed
        window = consumer.collect(ENOUGH)
        consumer.acknowledge()
        kept = consumer.collect(ENOUGH)
        consumer.acknowledge()
    with _Probe(url, name, clean_session=True):
        pass  # a clean session in its place ends the kept one
    return Limits(_refuses_strangers(url, name), keeps_sessions, kept, window, takes_large)


class _Probe:
    """A connection for the length of a block; counts what arrives and acknowledges only when told."""

    def __init__(self, url: str, client_id: str, *, clean_session: bool = False, is_anonymous: bool = False) -> None:
        self._url = url
        self._client = mqtt.new_client(url, client_id, clean_session=clean_session, manual_ack=True, is_anonymous=is_anonymous)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message
        self._answered, self._subscribed, self._changed = threading.Event(), threading.Event(), threading.Event()
        self._open: list[tuple[int, int]] = []
        self._seen: set[bytes] = set()
        self.is_accepted = False
        self.is_resumed = False

    def __enter__(self) -> Self:
        try:
            mqtt.connect(self._client, self._url)
        except OSError as error:
            raise Unavailable(_("The broker does not answer.")) from error
        self._client.loop_start()
        if not self._answered.wait(_PATIENCE_S):
            self._client.loop_stop()
            raise Unavailable(_("The broker does not answer."))
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def subscribe(self, topic: str) -> None:
        """Subscribe with QoS 1 and wait until the broker has taken it."""
        self._must_be_accepted()
        self._client.subscribe(topic, qos=1)
        if not self._subscribed.wait(_PATIENCE_S):
            raise Unavailable(_("The broker does not take a subscription."))

    def send(self, topic: str, payloads: Sequence[bytes]) -> bool:
        """Publish with QoS 1; tell whether the broker acknowledged all of them in time."""
        self._must_be_accepted()
        sent = [self._client.publish(topic, payload, qos=1) for payload in payloads]
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until and self._client.is_connected():
            if all(info.is_published() for info in sent):
                return True
            time.sleep(_TICK_S)
        return False

    def collect(self, enough: int) -> int:
        """Wait until this many short messages have arrived, or no more come; return how many different ones there are."""
        self._must_be_accepted()
        while len(self._seen) < enough and self._changed.wait(_QUIET_S):
            self._changed.clear()
        return len(self._seen)

    def acknowledge(self) -> None:
        """Acknowledge all that has arrived."""
        while self._open:
            self._client.ack(*self._open.pop(0))

    def _must_be_accepted(self) -> None:
        if not self.is_accepted:
            raise Unavailable(_("The broker refuses the account in MQTT_URL."))

    def _on_connect(
        self, _client: paho.Client, _data: object, flags: paho.ConnectFlags, code: ReasonCode, _properties: Properties | None
    ) -> None:
        self.is_accepted, self.is_resumed = not code.is_failure, flags.session_present
        self._answered.set()

    def _on_subscribe(
        self, _client: paho.Client, _data: object, _mid: int, codes: list[ReasonCode], _properties: Properties | None
    ) -> None:
        if not any(code.is_failure for code in codes):
            self._subscribed.set()

    def _on_message(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        self._open.append((message.mid, message.qos))
        if len(message.payload) < MAX_PAYLOAD:
            self._seen.add(bytes(message.payload))
        self._changed.set()


def _refuses_strangers(url: str, name: str) -> bool:
    """Tell whether a connection without a name is turned away."""
    try:
        with _Probe(url, f"{name}-stranger", clean_session=True, is_anonymous=True) as stranger:
            return not stranger.is_accepted
    except Unavailable:
        return True  # closed the door without a word
