"""
Hold the connection to the broker: a persistent session under a fixed name, messages handed on, acknowledged by hand.

Every connection has a generation, which begins before a word is said on it: a message of an earlier one is never
acknowledged on a later one, where its number may mean another message; the broker sends it again. A broker that grows
impatient sends again what still waits here; such copies are left out, or a queue would be worked through several times.
When too much waits, the connection is left unread, so that the broker keeps what we cannot take.
"""

import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Final, NamedTuple

import paho.mqtt.client as paho
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from core.kit import clock, mqtt
from core.kit.broker_accounts import ROOT
from core.kit.errors import Unavailable
from core.kit.locale import _
from core.kit.log import get_logger
from ingest.arrivals import Arrival

_log = get_logger(__name__)

MOST_WAITING: Final = 20_000
"""Messages kept in memory at most: some twenty megabytes."""
RESERVE_S: Final = 10.0
_COMMANDS: Final = "/cmd"


class Delivery(NamedTuple):
    """A message with what is needed to acknowledge it."""

    generation: int
    message_no: int
    arrival: Arrival


def reserve(url: str, *, worker: int, topics: Sequence[str] = (f"{ROOT}/#",)) -> None:
    """
    Make the broker keep the messages of a worker that has not come yet; without a session it would drop them.

    Raises:
        Unavailable: the broker does not answer, or takes no subscription.
    """
    taken = threading.Event()
    client = mqtt.new_client(url, client_name(worker), manual_ack=True)

    def subscribe(*_: object) -> None:
        client.subscribe([(topic, 1) for topic in topics])

    client.on_connect = subscribe
    client.on_subscribe = lambda *_: taken.set()
    try:
        mqtt.connect(client, url)
    except OSError as error:
        raise Unavailable(_("The broker does not answer.")) from error
    client.loop_start()
    is_taken = taken.wait(RESERVE_S)
    client.disconnect()
    client.loop_stop()
    if not is_taken:
        raise Unavailable(_("The broker does not take a subscription."))


def client_name(worker: int) -> str:
    """Return the fixed name of a worker: the broker keeps its messages under it."""
    return f"boshu-ingest-{worker}"


class Consumer:
    """Receives in its own thread; `batch` and `acknowledge` are called from another."""

    def __init__(self, url: str, *, worker: int, topics: Sequence[str] = (f"{ROOT}/#",)) -> None:
        """Prepare the session of one worker; its name is fixed, so the broker keeps its messages while it is away."""
        self._url = url
        self._topics = tuple(topics)
        self._waiting: deque[Delivery] = deque()
        self._unsettled: set[int] = set()  # numbers of messages that wait or are in hand; a broker in doubt sends them again
        self._changed = threading.Condition()
        self._generation = 0
        self._is_closed = False
        self._client = mqtt.new_client(url, client_name(worker), manual_ack=True)
        self._client.reconnect_delay_set(1, 5)
        self._client.on_pre_connect = self._on_pre_connect
        self._client.on_connect = self._on_connect
        self._client.on_message = self._on_message

    def open(self) -> None:
        """
        Connect and begin to receive; a connection lost later is made again by itself.

        Raises:
            Unavailable: the broker does not answer.
        """
        try:
            mqtt.connect(self._client, self._url)
        except OSError as error:
            raise Unavailable(_("The broker does not answer.")) from error
        self._client.loop_start()

    def close(self) -> None:
        """Leave; what is not acknowledged the broker keeps."""
        with self._changed:
            self._is_closed = True
            self._waiting.clear()
            self._changed.notify_all()
        self._client.disconnect()
        self._client.loop_stop()

    def batch(self, most: int, *, wait_s: float, fill_s: float) -> list[Delivery]:
        """Return the next messages, at most so many: wait for the first, then a little for others to join it."""
        with self._changed:
            if not self._waiting:
                self._changed.wait(wait_s)
            until = time.monotonic() + fill_s
            while 0 < len(self._waiting) < most and (left := until - time.monotonic()) > 0:
                self._changed.wait(left)
            taken = [self._waiting.popleft() for _ in range(min(most, len(self._waiting)))]
            self._changed.notify_all()
        return taken

    def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        """Acknowledge messages of the present connection; the broker repeats those of an earlier one."""
        with self._changed:
            for delivery in deliveries:
                if delivery.generation == self._generation:
                    self._unsettled.discard(delivery.message_no)
                    self._client.ack(delivery.message_no, 1)

    def _on_pre_connect(self, _client: paho.Client, _data: object) -> None:
        """Begin a generation: what is acknowledged from here on is said on the next connection, though we do not know it yet."""
        with self._changed:
            self._generation += 1

    def _on_connect(
        self, client: paho.Client, _data: object, _flags: paho.ConnectFlags, code: ReasonCode, _more: Properties | None
    ) -> None:
        if code.is_failure:
            _log.error("The broker refuses the connection.", reason=str(code))
            return
        with self._changed:
            self._waiting.clear()
            self._unsettled.clear()
        client.subscribe([(topic, 1) for topic in self._topics])
        _log.info("Connected to the broker.", generation=self._generation)

    def _on_message(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        topic = message._topic.decode("utf-8", "surrogateescape")  # the property refuses topics that are no UTF-8
        delivery = Delivery(self._generation, message.mid, Arrival(topic, bytes(message.payload), clock.utc_now()))
        if topic.endswith(_COMMANDS):  # our own words to the devices
            self.acknowledge([delivery])
            return
        with self._changed:
            while len(self._waiting) >= MOST_WAITING and not self._is_closed:
                self._changed.wait(1)
            if message.mid in self._unsettled:
                return
            self._unsettled.add(message.mid)
            self._waiting.append(delivery)
            if len(self._waiting) == 1 or len(self._waiting) % 500 == 0:
                self._changed.notify_all()
