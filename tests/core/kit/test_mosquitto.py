"""Mosquitto, as we configure it, keeps the same promises as the embedded broker."""

from core.kit.broker_accounts import COLLECTOR, SIMULATOR
from core.kit.broker_limits import check_limits
from core.kit.ids import uuid7
from tests.core.kit.test_embedded_broker import Ear, say
from tests.fixtures.mosquitto import Mosquitto


class TestWriteConfiguration:
    def test_keeps_every_limit(self, mosquitto: Mosquitto) -> None:
        assert check_limits(mosquitto.url(COLLECTOR)).complaints() == []

    def test_lets_a_gateway_speak_below_its_own_topic_only(self, mosquitto: Mosquitto) -> None:
        ear = Ear(mosquitto.url(COLLECTOR), f"ear-{uuid7().hex}")

        say(mosquitto.url("s1-g1"), ["boshu/v1/s2/g1/d/state", "boshu/v1/s1/g2/d/state", "boshu/v1/s1/g1/d/state"])
        say(mosquitto.url(SIMULATOR), ["boshu/v1/s2/g1/d/end"])

        assert ear.wait(2) == {("boshu/v1/s1/g1/d/state", b"x"), ("boshu/v1/s2/g1/d/end", b"x")}
        ear.close()

    def test_keeps_the_queue_over_a_restart(self, mosquitto: Mosquitto) -> None:
        Ear(mosquitto.url(COLLECTOR), "ingest-0").close()
        sent = {(f"boshu/v1/s/g/d{number}/state", b"x") for number in range(1_500)}
        say(mosquitto.url(SIMULATOR), [topic for topic, _payload in sent])

        mosquitto.stop()
        mosquitto.start()

        ear = Ear(mosquitto.url(COLLECTOR), "ingest-0")
        assert ear.wait(len(sent)) >= sent
        ear.close()
