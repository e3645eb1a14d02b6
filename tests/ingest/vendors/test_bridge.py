"""The bridge between two real brokers: everything arrives, in order, also what was said while ours was away."""

import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from core.kit import mqtt
from core.kit.broker_accounts import COLLECTOR, SIMULATOR
from core.kit.clock import utc_now
from core.kit.embedded_broker import EmbeddedBroker
from core.kit.ids import uuid7
from core.kit.moments import ms_of
from ingest.vendors.adapter import Adapter, Gateway
from ingest.vendors.bridge import Bridge, NoMap, read_map
from tests.core.kit.test_embedded_broker import Ear

PREFIX = "boshu/v1"
"""What the accounts of the test's brokers may speak under."""


@pytest.fixture
def brokers(run_folder: Path) -> Iterator[tuple[EmbeddedBroker, EmbeddedBroker]]:
    """Return a vendor's broker and ours."""
    both = EmbeddedBroker(run_folder / f"vendor-{uuid7().hex}"), EmbeddedBroker(run_folder / f"ours-{uuid7().hex}")
    for broker in both:
        broker.start()
    yield both
    for broker in both:
        broker.stop()


def says(broker: EmbeddedBroker, serials: range) -> None:
    """Let a vendor's gateway tell of a sensor, one packet after the other, and a message nobody understands in between."""
    client = mqtt.new_client(broker.url(SIMULATOR), "vendor", clean_session=True)
    mqtt.connect(client, broker.url(SIMULATOR))
    client.loop_start()
    for serial in serials:
        said = {"deviceId": "m1", "deviceType": 212, "data": f"01{serial:02x}01", "lastActivity": ms_of(utc_now())}
        for payload in (orjson.dumps(said), b"nonsense"):
            client.publish(f"{PREFIX}/GW_17_DATA/1/{serial}", payload, qos=1).wait_for_publish(10)
    client.disconnect()
    client.loop_stop()


def heard(ear: Ear, count: int, *, patience_s: float = 30) -> list[int]:
    """Return the places of what was heard, once there is so much of it."""
    until = time.monotonic() + patience_s
    while len(ear.heard) < count and time.monotonic() < until:
        time.sleep(0.05)
    return [orjson.loads(payload)["seq"] for _topic, payload in ear.heard]


class TestBridge:
    def test_carries_everything_also_what_was_said_while_we_were_away(self, brokers: tuple[EmbeddedBroker, EmbeddedBroker]) -> None:
        vendor, ours = brokers
        urls = {"vendor_url": vendor.url(COLLECTOR), "topics": f"{PREFIX}/GW_17_DATA/#", "our_url": ours.url(SIMULATOR)}
        adapter = Adapter({"17": Gateway(site="s1", gateway="g1")})
        ear = Ear(ours.url(COLLECTOR), "ear", f"{PREFIX}/s1/#")
        bridge = Bridge(adapter, **urls)
        bridge.start()
        assert bridge.wait_until_listening(10)
        says(vendor, range(5))
        assert heard(ear, 5) == [0, 1, 2, 3, 4]

        bridge.stop()
        says(vendor, range(5, 9))
        again = Bridge(adapter, **urls)
        again.start()

        assert heard(ear, 9) == list(range(9))
        again.stop()
        ear.close()


class TestReadMap:
    def test_reads_which_gateway_stands_where(self, tmp_path: Path) -> None:
        path = tmp_path / "gateways.yaml"
        path.write_text("'17': {site: s1, gateway: g1, spaces: {cam: {1: '001'}}}", encoding="utf-8")

        assert read_map(path)["17"].spaces == {"cam": {1: "001"}}

    @pytest.mark.parametrize("text", ["[]", "'17': {site: s1}", "{"])
    def test_refuses_what_says_something_else(self, tmp_path: Path, text: str) -> None:
        path = tmp_path / "gateways.yaml"
        path.write_text(text, encoding="utf-8")

        with pytest.raises(NoMap):
            read_map(path)
