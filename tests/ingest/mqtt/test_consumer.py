"""The consumer hands a message on once a connection, and acknowledges it on that connection only."""

import os
import signal
import time
from typing import Final
from urllib.parse import urlsplit

from core.kit.broker_accounts import COLLECTOR, SIMULATOR
from core.kit.embedded_broker import EmbeddedBroker
from ingest.mqtt.consumer import Consumer, reserve
from tests.core.kit.test_embedded_broker import say
from tests.ingest.mqtt.proxy import Fault, proxied
from tests.ingest.mqtt.wire import CONNECT, PUBACK, SUBSCRIBE, PacketCounter

COUNT, SETTLED = 20, 5
IMPATIENT_S = 6.5
"""The embedded broker sends again what was not acknowledged for five seconds."""
FAR: Final = Fault(delay_s=0.5)
"""So far from the broker that it hands messages out before the consumer knows that it is connected again."""


def numbered(word: bytes) -> list[bytes]:
    """Return payloads that differ."""
    return [b"%s %d" % (word, number) for number in range(COUNT)]


def payloads_of(consumer: Consumer, *, wait_s: float) -> list[bytes]:
    """Return what the next batch holds, unacknowledged."""
    return [delivery.arrival.payload for delivery in consumer.batch(COUNT, wait_s=wait_s, fill_s=2)]


class TestBatch:
    def test_leaves_out_what_the_broker_sends_again_meanwhile(self, broker: EmbeddedBroker) -> None:
        url, topic = broker.url(COLLECTOR), "boshu/v1/again/g/d/alive"
        sent = numbered(b"again")
        reserve(url, worker=91, topics=[topic])
        for payload in sent:
            say(broker.url(SIMULATOR), [topic], payload)
        first, second = Consumer(url, worker=91, topics=[topic]), Consumer(url, worker=91, topics=[topic])

        first.open()
        seen, copies = payloads_of(first, wait_s=10), payloads_of(first, wait_s=IMPATIENT_S)
        first.close()
        second.open()
        batch = second.batch(COUNT, wait_s=10, fill_s=2)
        second.acknowledge(batch)
        rest = payloads_of(second, wait_s=IMPATIENT_S)
        second.close()

        assert (seen, copies) == (sent, [])
        assert sorted(delivery.arrival.payload for delivery in batch) == sorted(sent)
        assert rest == []


class TestAcknowledge:
    def test_says_nothing_of_an_earlier_connection_while_the_next_is_made(self, own_broker: EmbeddedBroker) -> None:
        """A broker begun anew counts anew: the message of that number would be gone, were we to die before it is stored."""
        url, mouth, topic = own_broker.url(COLLECTOR), own_broker.url(SIMULATOR), "boshu/v1/torn/g/d/alive"
        early, late = numbered(b"early"), numbered(b"late")
        reserve(url, worker=92, topics=[topic])
        for payload in early:
            say(mouth, [topic], payload)
        wire, port = PacketCounter(), urlsplit(url).port or 0
        with proxied(port, wire.heard) as proxy:
            consumer = Consumer(url.replace(f":{port}", f":{proxy.port}"), worker=92, topics=[topic])
            consumer.open()
            in_hand = consumer.batch(COUNT, wait_s=10, fill_s=5)
            consumer.acknowledge(in_hand[:SETTLED])
            assert wire.wait_for(PUBACK, SETTLED)

            os.kill(own_broker.pid(), signal.SIGTERM)
            proxy.fault = FAR
            while not own_broker.revive():
                time.sleep(0.02)
            for payload in late:
                say(mouth, [topic], payload)
            assert wire.wait_for(CONNECT, 2)
            consumer.acknowledge(in_hand[SETTLED:])
            assert wire.wait_for(SUBSCRIBE, 2)
            consumer.close()

        after = Consumer(url, worker=92, topics=[topic])
        after.open()
        missing = {*early[SETTLED:], *late}
        while missing and (batch := payloads_of(after, wait_s=IMPATIENT_S)):
            missing -= {*batch}
        after.close()
        assert missing == set()
