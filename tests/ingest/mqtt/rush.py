"""
A rush in the town, in real time: a thousand messages a second through a real broker, each with the time it was sent.

The tariff counts single minutes and nothing is free, so that even the short stays of a test cost money.
"""

import random
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import orjson
import paho.mqtt.client as paho

from core.kit import mqtt
from core.kit.clock import utc_now
from core.kit.ids import derived_id
from ingest.arrivals import Arrival
from tests.ingest.town import LOT, LOT_RULES, SPACES, STREET_RULES, Town

BY_THE_MINUTE: dict[str, object] = {
    "unit_min": 1,
    "first_min": 1,
    "first_unit_fen": 10,
    "unit_fen": 7,
    "free_min": 0,
    "night_unit_min": 1,
}
RUSH_LOT: dict[str, object] = {**LOT_RULES, **BY_THE_MINUTE}
RUSH_STREET: dict[str, object] = {**STREET_RULES, **BY_THE_MINUTE}


@dataclass
class Rush:
    """Invents messages; the same seed invents the same vehicles, at whatever time they come."""

    seed: int
    town: Town = field(default_factory=lambda: Town(delay=timedelta(milliseconds=20)))
    car: int = 0
    inside: deque[str] = field(default_factory=deque)
    occupied: dict[int, bool] = field(default_factory=dict)
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def next(self) -> Arrival:
        """Return the next message, which happens now."""
        at = utc_now()
        what = self.dice.random()
        if what < 0.25:
            number = self.dice.randint(1, SPACES)
            self.occupied[number] = not self.occupied.get(number, False)
            return self.town.sensor(number, at, occupied=self.occupied[number])
        if what < 0.30:
            return self.town.collector(self.dice.randint(1, SPACES), at, self._plate(self.dice.randrange(30)))
        if what < 0.40:
            number = self.dice.randint(1, SPACES)
            return self.town.pole(number, at, occupied=self.dice.random() < 0.5, plate=self._plate(number), colour="blue")
        if what < 0.60 or len(self.inside) < 50:
            self.car += 1
            self.inside.append(self._plate(self.car + 1_000))
            return self.town.lane("in", at, self.inside[-1])
        if what < 0.80:
            plate = self.dice.choice(self.inside)
            return self.town.pay(
                LOT, at, plate, self.dice.choice((7, 10, 17)), f"R{self.seed}-{self.town.sequence[LOT, 'kiosk']:08}"
            )
        return self.town.lane("out", at, self.inside.popleft())

    @staticmethod
    def _plate(car: int) -> str:
        return f"江{chr(65 + car % 24)}{car:05}"


def event_of(arrival: Arrival) -> UUID:
    """Return the id under which the product must have stored a message."""
    body = orjson.loads(arrival.payload)
    return derived_id("event", arrival.topic, f"{body['boot']}:{body['seq']}")


class Publisher:
    """Publishes a rush with QoS 1 at a steady rate; knows what the broker acknowledged."""

    def __init__(self, url: str, seed: int, *, rate: int) -> None:
        self.sent: list[Arrival] = []
        self.acknowledged: set[UUID] = set()
        self._open: dict[int, UUID] = {}
        self._early: set[int] = set()
        self._rate = rate
        self._rush = Rush(seed)
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._client = mqtt.new_client(url, f"boshu-rush-{seed}")
        self._client.max_inflight_messages_set(2_000)
        self._client.max_queued_messages_set(0)
        self._client.reconnect_delay_set(1, 1)
        self._client.on_publish = self._on_publish
        mqtt.connect(self._client, url)
        self._client.loop_start()
        self._thread = threading.Thread(target=self._publish)
        self._thread.start()

    def stop(self, *, patience_s: float = 60) -> None:
        """Stop inventing, wait until the broker has acknowledged everything, then leave."""
        self._stopping.set()
        self._thread.join()
        until = time.monotonic() + patience_s
        while self._open and time.monotonic() < until:
            time.sleep(0.05)
        self._client.disconnect()
        self._client.loop_stop()

    def _publish(self) -> None:
        begun = time.monotonic()
        while not self._stopping.is_set():
            due = int((time.monotonic() - begun) * self._rate) - len(self.sent)
            for _ in range(due):
                arrival = self._rush.next()
                info = self._client.publish(arrival.topic, arrival.payload, qos=1)
                assert info.rc != paho.MQTT_ERR_QUEUE_SIZE, "the broker answers so late that there are no numbers left"
                self.sent.append(arrival)
                with self._lock:  # never around publish: the client holds its own lock when it calls back
                    if info.mid in self._early:
                        self._early.remove(info.mid)
                        self.acknowledged.add(event_of(arrival))
                    else:
                        self._open[info.mid] = event_of(arrival)
            time.sleep(0.01)

    def _on_publish(self, _client: object, _data: object, mid: int, *_more: object) -> None:
        with self._lock:
            event_id = self._open.pop(mid, None)
            if event_id is None:
                self._early.add(mid)
            else:
                self.acknowledged.add(event_id)
