"""The demo city in real time, over a real broker."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import pytest

from core.kit import mqtt
from core.kit.broker_accounts import COLLECTOR, SIMULATOR
from core.kit.clock import utc_now
from core.kit.db import Database
from core.kit.embedded_broker import EmbeddedBroker
from core.kit.moments import ms_of
from core.places import deployments
from core.settings import Settings
from ingest.messages.commands import Command
from ingest.messages.guidance import Shown
from ingest.messages.wire import read_payload, read_topic
from ingest.simulator import live
from ingest.simulator.live import Diary


class Ear:
    """Hears what is published, in order."""

    def __init__(self, url: str) -> None:
        self.heard: list[tuple[str, bytes]] = []
        self._client = mqtt.new_client(url, "ear", clean_session=True)
        self._client.on_connect = lambda client, *_rest: client.subscribe("boshu/v1/#", qos=1)
        self._client.on_message = lambda _client, _data, message: self.heard.append((message.topic, bytes(message.payload)))
        mqtt.connect(self._client, url)
        self._client.loop_start()

    def wait(self, count: int, seconds: float = 20.0) -> None:
        """Wait until so many messages came."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and len(self.heard) < count:
            threading.Event().wait(0.05)
        assert len(self.heard) >= count

    def tell(self, topic: str, payload: bytes) -> None:
        """Tell a device to do something."""
        self._client.publish(topic, payload, qos=1)

    def wait_for(self, topic: str, seconds: float = 10.0) -> bytes:
        """Wait for a message of a topic; return the first."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for heard, payload in tuple(self.heard):
                if heard == topic:
                    return payload
            threading.Event().wait(0.05)
        raise AssertionError(f"nothing came of {topic}")

    def close(self) -> None:
        """Hang up."""
        self._client.disconnect()
        self._client.loop_stop()


@contextmanager
def playing(settings: Settings) -> Iterator[None]:
    """Let the city live for the length of the block."""
    stop = threading.Event()
    player = threading.Thread(target=live.play, args=(settings, stop))
    player.start()
    try:
        yield
    finally:
        stop.set()
        player.join(15)
        assert not player.is_alive()


@pytest.fixture
def ear(broker: EmbeddedBroker) -> Iterator[Ear]:
    """Return a listener on the broker."""
    ear = Ear(broker.url(COLLECTOR))
    yield ear
    ear.close()


class TestPlay:
    def test_speaks_in_real_time_and_goes_on_after_a_break(
        self, own_database: Database, broker: EmbeddedBroker, ear: Ear, tmp_path: Path
    ) -> None:
        settings = Settings(
            database_url=own_database.url, simulator_mqtt_url=broker.url(SIMULATOR), data_dir=tmp_path, demo_berths=80, mess=0
        )

        with playing(settings):
            ear.wait(250)
            now_ms = ms_of(utc_now())
            command_id = "00000000-0000-8000-8000-000000000001"
            told = Command(
                command_id=command_id, action="show", issued_ms=now_ms, expires_ms=now_ms + 10_000,
                rows=[Shown(target="P-05", free=12)],
            )  # fmt: skip
            ear.tell("boshu/v1/P-05/L1/S1/cmd", told.model_dump_json().encode())
            assert orjson.loads(ear.wait_for("boshu/v1/P-05/L1/S1/ack"))["result"] == "done"
        ear.heard[:] = [(topic, payload) for topic, payload in ear.heard if not topic.endswith("/cmd")]
        first = {read_payload(read_topic(topic).kind, payload).boot for topic, payload in ear.heard}
        runs = Diary(tmp_path / "simulator" / "runs.json", utc_now().replace(year=2000)).runs
        ear.heard.clear()
        with playing(settings):
            ear.wait(200)
        second = {read_payload(read_topic(topic).kind, payload).boot for topic, payload in ear.heard}

        assert len(runs) == 1
        assert first == {runs[0].started_s}
        assert second == {max(second)}
        assert max(second) > max(first)
        for topic, payload in ear.heard:
            message = read_payload(read_topic(topic).kind, payload)
            assert message.backfill or abs(message.sent_ms - ms_of(utc_now())) < 60_000

    def test_stays_out_of_a_real_city(self, own_database: Database, broker: EmbeddedBroker, tmp_path: Path) -> None:
        with own_database.transaction() as tx:
            deployments.set_up(tx, deployments.Deployment("宁波", "Ningbo", "ningbo", None, utc_now()))
        settings = Settings(database_url=own_database.url, mqtt_url=broker.url(SIMULATOR), data_dir=tmp_path)

        with pytest.raises(live.NoDemoCity):
            live.play(settings, threading.Event())


class TestDiary:
    def test_remembers_the_first_run_and_the_last_days(self, tmp_path: Path) -> None:
        born_at = utc_now().replace(year=2000, microsecond=0)
        diary = Diary(tmp_path / "simulator" / "runs.json", born_at)
        born_s = int(born_at.timestamp())
        starts = [born_at.fromtimestamp(born_s + day * 86_400, tz=born_at.tzinfo) for day in range(20)]

        for start in starts:
            diary.note(start, start)

        kept = [(run.started_s - born_s) // 86_400 for run in diary.runs]
        assert kept == [0, *range(14, 20)]

    def test_forgets_a_city_that_is_no_more(self, tmp_path: Path) -> None:
        path = tmp_path / "runs.json"
        path.write_bytes(orjson.dumps([[1_000, 2_000]]))

        assert Diary(path, utc_now()).runs == ()
