"""Nobody speaks for another: of a hundred gateways each is heard on its own topic and on none of the others' (I-09)."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Final

import pytest

from core.kit import broker_accounts, mqtt
from core.kit.broker_accounts import COLLECTOR, Account
from core.kit.embedded import LOOPBACK, sticky_port
from core.kit.embedded_broker import EmbeddedBroker
from core.kit.ids import uuid7
from core.kit.mosquitto import write_configuration
from tests.core.kit.test_embedded_broker import Ear, say
from tests.fixtures.mosquitto import PROGRAM, Mosquitto
from tests.ingest.mqtt.wire import say_once

SITES, GATES = 10, 10
NAMES: Final = [(f"s{site}", f"g{gate}") for site in range(SITES) for gate in range(GATES)]
TOPICS: Final = [f"boshu/v1/{site}/{gate}/d/state" for site, gate in NAMES]
ACCOUNTS: Final[dict[str, Account]] = {
    COLLECTOR: broker_accounts.collector("collector"),
    **{f"{site}-{gate}": broker_accounts.gateway(site, gate, f"secret-{site}-{gate}") for site, gate in NAMES},
}


@dataclass(frozen=True, slots=True)
class Speakers:
    """A broker that knows a hundred gateways."""

    port: int

    def url(self, user: str) -> str:
        """Return how a user connects."""
        return broker_accounts.url_of(user, ACCOUNTS[user], LOOPBACK, self.port)

    def speak(self, user: str) -> None:
        """Let a gateway claim to be each of the hundred in turn; a broker may end the connection over it."""
        for topic in TOPICS:
            say_once(self.port, user, ACCOUNTS[user].password, topic, user.encode())


@pytest.fixture(params=["embedded", "mosquitto"])
def speakers(request: pytest.FixtureRequest, run_folder: Path) -> Iterator[Speakers]:
    """Return the embedded broker, then mosquitto with the rules we ship."""
    folder = run_folder / f"speakers-{uuid7().hex}"
    broker: EmbeddedBroker | Mosquitto
    if request.param == "embedded":
        broker = EmbeddedBroker(folder)
        broker.start(ACCOUNTS)
        port = mqtt.address(broker.url(COLLECTOR)).port
    elif PROGRAM is None:
        pytest.skip("mosquitto is not installed")
    else:
        folder.mkdir()
        port = sticky_port(folder / "port")
        broker = Mosquitto(folder, write_configuration(folder, ACCOUNTS, port=port, run_as="root"), port)
        broker.start()
    yield Speakers(port)
    broker.stop()
    shutil.rmtree(folder)


class TestBroker:
    def test_lets_each_gateway_speak_for_itself_alone(self, speakers: Speakers) -> None:
        ear = Ear(speakers.url(COLLECTOR), "ear")
        users = ["-".join(name) for name in NAMES]
        own = {(topic, user.encode()) for topic, user in zip(TOPICS, users, strict=True)}

        with ThreadPoolExecutor(max_workers=8) as pool:
            list(pool.map(speakers.speak, users))
        ear.wait(len(own))
        say(speakers.url("s0-g0"), ["boshu/v1/s0/g0/d/last"])
        ear.wait(len(own) + 1)
        ear.close()

        assert set(ear.heard) == own | {("boshu/v1/s0/g0/d/last", b"x")}
        assert len(ear.heard) == len(own) + 1

    def test_lets_nobody_in_without_a_name(self, speakers: Speakers) -> None:
        answers = Queue[bool]()
        stranger = mqtt.new_client(speakers.url(COLLECTOR), "stranger", clean_session=True, is_anonymous=True)
        stranger.on_connect = lambda _client, _data, _flags, code, _properties: answers.put(code.is_failure)

        mqtt.connect(stranger, speakers.url(COLLECTOR))
        stranger.loop_start()

        assert answers.get(timeout=10)
        stranger.loop_stop()

    def test_lets_nobody_in_under_a_name_with_anothers_password(self, speakers: Speakers) -> None:
        answers = Queue[bool]()
        liar = mqtt.new_client(speakers.url("s0-g1"), "liar", clean_session=True)
        liar.username_pw_set("s0-g0", ACCOUNTS["s0-g1"].password)
        liar.on_connect = lambda _client, _data, _flags, code, _properties: answers.put(code.is_failure)

        mqtt.connect(liar, speakers.url("s0-g1"))
        liar.loop_start()

        assert answers.get(timeout=10)
        liar.loop_stop()
