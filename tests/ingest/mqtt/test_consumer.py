"""The consumer hands a message on once a connection, and again only on the next one."""

from core.kit import broker_accounts
from core.kit.broker_accounts import COLLECTOR
from core.kit.embedded_broker import EmbeddedBroker
from ingest.mqtt.consumer import Consumer, reserve
from tests.core.kit.test_embedded_broker import say

COUNT, IMPATIENT_S = 20, 8.0
"""The embedded broker sends again what was not acknowledged for five seconds."""


def payloads_of(consumer: Consumer, *, wait_s: float) -> list[bytes]:
    """Return what the next batch holds, unacknowledged."""
    return [delivery.arrival.payload for delivery in consumer.batch(COUNT, wait_s=wait_s, fill_s=2)]


class TestBatch:
    def test_leaves_out_what_the_broker_sends_again_meanwhile(self, broker: EmbeddedBroker) -> None:
        url, topic = broker.url(COLLECTOR), "boshu/v1/again/g/d/alive"
        sent = [b"%d" % number for number in range(COUNT)]
        reserve(url, worker=91, topics=[topic])
        for payload in sent:
            say(broker.url(broker_accounts.SIMULATOR), [topic], payload)
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
