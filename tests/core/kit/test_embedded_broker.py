"""The embedded broker keeps what it acknowledged, and lets everyone speak for himself only."""

import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue

import paho.mqtt.client as paho
import pytest
from paho.mqtt.reasoncodes import ReasonCode

from core.kit import broker_accounts, mqtt
from core.kit.broker_accounts import COLLECTOR
from core.kit.embedded_broker import EmbeddedBroker, subjects
from core.kit.ids import uuid7

EVERYTHING = "boshu/v1/#"


class Ear:
    """A consumer with a session that stays; it acknowledges at once."""

    def __init__(self, url: str, name: str, topic: str = EVERYTHING) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self.is_allowed: bool | None = None
        self._ready = threading.Event()
        self._client = mqtt.new_client(url, name)
        self._client.on_connect = lambda client, *_rest: client.subscribe(topic, qos=1)
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = lambda _client, _data, message: self.heard.append((message.topic, bytes(message.payload)))
        mqtt.connect(self._client, url)
        self._client.loop_start()
        assert self._ready.wait(5)

    def _on_subscribe(self, _client: object, _data: object, _mid: int, codes: list[ReasonCode], _properties: object) -> None:
        self.is_allowed = not codes[0].is_failure
        self._ready.set()

    def wait(self, count: int, seconds: float = 8.0) -> set[tuple[str, bytes]]:
        until = time.monotonic() + seconds
        while time.monotonic() < until and len(set(self.heard)) < count:
            time.sleep(0.02)
        return set(self.heard)

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@contextmanager
def mouth(url: str, name: str = "") -> Iterator[paho.Client]:
    client = mqtt.new_client(url, name or f"mouth-{uuid7().hex}", clean_session=True)
    mqtt.connect(client, url)
    client.loop_start()
    until = time.monotonic() + 10
    while not client.is_connected() and time.monotonic() < until:
        time.sleep(0.01)
    yield client
    client.disconnect()
    client.loop_stop()


def say(url: str, topics: list[str], payload: bytes = b"x") -> None:
    """Publish and wait for every acknowledgement."""
    with mouth(url) as client:
        for info in [client.publish(topic, payload, qos=1) for topic in topics]:
            info.wait_for_publish(5)
            assert info.is_published()


class TestRights:
    def test_let_a_gateway_speak_below_its_own_topic_only(self, broker: EmbeddedBroker) -> None:
        names = [(f"s{site}", f"g{gate}") for site in range(4) for gate in range(5)]
        broker.allow({f"{site}-{gate}": broker_accounts.gateway(site, gate, f"pw-{site}{gate}") for site, gate in names})
        ear = Ear(broker.url(COLLECTOR), f"ear-{uuid7().hex}")
        every = [f"boshu/v1/{site}/{gate}/d/state" for site, gate in names]

        for site, gate in names:
            say(broker.url(f"{site}-{gate}"), every, f"{site}/{gate}".encode())
        say(broker.url(f"{names[0][0]}-{names[0][1]}"), ["boshu/v1/s0/g0/d/last"], b"end")
        ear.wait(len(names) + 1)

        assert {pair for pair in ear.heard if pair[1] != b"end"} == {
            (f"boshu/v1/{site}/{gate}/d/state", f"{site}/{gate}".encode()) for site, gate in names
        }
        ear.close()

    @pytest.mark.parametrize(
        "topic", [EVERYTHING, "#", "boshu/v1/s9/g2/+/cmd", "boshu/v1/s9/g1/d/state", "$MQTT/#", "$JS/#", "$SYS/#"]
    )
    def test_let_a_gateway_hear_nothing_but_its_own_commands(self, broker: EmbeddedBroker, topic: str) -> None:
        broker.allow({"s9-g1": broker_accounts.gateway("s9", "g1", "secret")})
        ear = Ear(broker.url("s9-g1"), f"ear-{uuid7().hex}", topic)

        assert ear.is_allowed is False
        ear.close()

    def test_bring_a_command_to_its_gateway(self, broker: EmbeddedBroker) -> None:
        broker.allow({"s8-g1": broker_accounts.gateway("s8", "g1", "secret")})
        ear = Ear(broker.url("s8-g1"), f"ear-{uuid7().hex}", "boshu/v1/s8/g1/+/cmd")

        say(broker.url(COLLECTOR), ["boshu/v1/s8/g1/d7/cmd"], b"open")

        assert ear.wait(1) == {("boshu/v1/s8/g1/d7/cmd", b"open")}
        ear.close()

    @pytest.mark.parametrize("how", ["nameless", "wrong password", "unknown"])
    def test_let_no_stranger_in(self, broker: EmbeddedBroker, how: str) -> None:
        url, answers = broker.url(COLLECTOR), Queue[bool]()
        client = mqtt.new_client(url, "stranger", clean_session=True, is_anonymous=how == "nameless")
        if how != "nameless":
            client.username_pw_set(COLLECTOR if how == "wrong password" else "nobody", "guess")
        client.on_connect = lambda _client, _data, _flags, code, _properties: answers.put(code.is_failure)

        mqtt.connect(client, url)
        client.loop_start()

        assert answers.get(timeout=5)
        client.loop_stop()


class TestQueue:
    @pytest.mark.parametrize("kill", [signal.SIGKILL, signal.SIGTERM])
    def test_keeps_what_was_acknowledged_for_a_consumer_that_is_away(
        self, own_broker: EmbeddedBroker, kill: signal.Signals
    ) -> None:
        url, pid = own_broker.url(COLLECTOR), own_broker.pid()
        Ear(url, "ingest-0").close()
        sent = {(f"boshu/v1/s/g/d{number}/state", b"x") for number in range(2_500)}
        say(own_broker.url(broker_accounts.SIMULATOR), sorted(topic for topic, _payload in sent))

        os.kill(pid, kill)
        while own_broker.pid() == pid and not own_broker.revive():
            time.sleep(0.02)

        assert own_broker.url(COLLECTOR) == url
        ear = Ear(url, "ingest-0")
        assert ear.wait(len(sent)) == sent
        ear.close()

    def test_is_written_through_where_that_is_asked_for(self, run_folder: Path) -> None:
        broker = EmbeddedBroker(run_folder / f"broker-{uuid7().hex}", sync_ms=0)
        url = broker.start()
        ear = Ear(url, "ingest-0")

        say(broker.url(broker_accounts.SIMULATOR), ["boshu/v1/s/g/d/state"])

        assert ear.wait(1)
        ear.close()
        assert broker.stop()
        shutil.rmtree(broker.folder)


class TestStart:
    def test_joins_the_broker_that_runs_and_keeps_its_passwords(self, own_broker: EmbeddedBroker) -> None:
        second = EmbeddedBroker(own_broker.folder)

        assert second.start() == own_broker.url(COLLECTOR)
        assert not second.stop()

        say(own_broker.url(broker_accounts.SIMULATOR), ["boshu/v1/s/g/d/state"])

    def test_hides_the_passwords(self, own_broker: EmbeddedBroker) -> None:
        assert own_broker.folder.stat().st_mode & 0o777 == 0o700
        assert (own_broker.folder / "accounts.json").stat().st_mode & 0o777 == 0o600
        assert (own_broker.folder / "broker.conf").stat().st_mode & 0o777 == 0o600


class TestSubjects:
    def test_says_topics_in_the_brokers_words(self) -> None:
        assert subjects("boshu/v1/+/g1/#") == ["boshu.v1.*.g1", "boshu.v1.*.g1.>"]
        assert subjects("a/+/cmd") == ["a.*.cmd"]

    @pytest.mark.parametrize("topic", ["a.b/c", "a/*", "a/>", "a b"])
    def test_refuses_signs_that_would_widen_a_right(self, topic: str) -> None:
        with pytest.raises(ValueError, match="topic"):
            subjects(topic)
