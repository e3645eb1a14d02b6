"""A broker answers whom it knows, and nothing else counts as an answer."""

import socket
import time

import pytest

from core.kit import mqtt
from core.kit.broker_accounts import COLLECTOR
from core.kit.embedded_broker import EmbeddedBroker


class TestAnswers:
    def test_is_so_of_a_broker_that_knows_us(self, broker: EmbeddedBroker) -> None:
        assert mqtt.answers(broker.url(COLLECTOR), within_s=5)

    def test_is_not_so_of_one_that_does_not(self, broker: EmbeddedBroker) -> None:
        at = mqtt.address(broker.url(COLLECTOR))

        assert not mqtt.answers(f"mqtt://{at.user}:wrong@{at.host}:{at.port}", within_s=1)

    def test_is_not_so_where_nobody_listens(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]

        assert not mqtt.answers(f"mqtt://127.0.0.1:{port}", within_s=1)

    def test_is_not_so_of_somebody_who_takes_the_call_and_says_nothing(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            began = time.monotonic()

            assert not mqtt.answers(f"mqtt://127.0.0.1:{silent.getsockname()[1]}", within_s=0.5)
            assert time.monotonic() - began < 5


class TestAddress:
    @pytest.mark.parametrize("url", ["http://host", "mqtt://", "host:1883"])
    def test_refuses_what_is_no_broker(self, url: str) -> None:
        with pytest.raises(mqtt.NoBrokerAddress):
            mqtt.address(url)
