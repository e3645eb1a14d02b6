"""
The demo city in real time: publishes what its devices say, as they say it, over MQTT with QoS 1.

A diary in the data folder says when the simulator was running. After a break the devices boot and report how things stand,
and the lots send what they kept; nobody replays what only the street saw. The same happens when the machine slept.
"""

import queue
import signal
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import Final

import orjson
import paho.mqtt.client as paho

from core.kit import mqtt
from core.kit.broker_accounts import ROOT
from core.kit.clock import utc_now
from core.kit.db import Database
from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.log import get_logger
from core.kit.moments import ms_of
from core.places import deployments, spaces
from core.settings import Settings
from core.stays.pictures import own_store
from ingest.api.quotes import Counter
from ingest.messages.commands import CMD
from ingest.simulator import city
from ingest.simulator.cashiers import Cashiers
from ingest.simulator.cues import Run
from ingest.simulator.darkroom import Darkroom, bringing
from ingest.simulator.mess import Mess
from ingest.simulator.simulation import Simulation
from ingest.simulator.truth import Truth, forget

CLIENT: Final = "boshu-simulator"
MOST_LAG: Final = timedelta(minutes=5)
"""Further behind than this, the city is not caught up with but begun anew."""
_SAVE_EVERY: Final = timedelta(seconds=5)
_LONGEST_WAIT_S: Final = 0.25
_INFLIGHT: Final = 1_000
_QUEUED: Final = 100_000
"""Messages kept while the broker is away; what is beyond is lost, as with real devices."""
_FAREWELL_S: Final = 2.0
"""How long the last message may take to be acknowledged."""
_REMEMBERED: Final = timedelta(days=5)
_TRUTH_KEPT: Final = timedelta(days=35)

Commands = queue.SimpleQueue[tuple[str, bytes]]
"""Topics and payloads of commands that came for devices of the city."""

_log = get_logger(__name__)


class NoDemoCity(Refused):
    """The database holds a real city, or none and no address to build one in."""


def run(settings: Settings) -> None:
    """
    Let the demo city live until SIGINT or SIGTERM; build it first where it does not stand.

    Raises:
        NoDemoCity: the database is of a real city, or there is no address of database or broker.
    """
    stop = threading.Event()
    with _stopped_by_signals(stop):
        play(settings, stop)


def play(settings: Settings, stop: threading.Event) -> None:
    """Let the demo city live until the event is set."""
    seed, berths, born_at = _found(settings)
    url = settings.simulator_mqtt_url or settings.mqtt_url
    if url is None:
        raise NoDemoCity(_("The demo city needs the address of a broker."))
    diary = Diary(settings.data_dir / "simulator" / "runs.json", born_at)
    truth = settings.data_dir / "truth"
    forget(truth, utc_now() - _TRUTH_KEPT)
    commands: Commands = queue.SimpleQueue()
    darkroom = Darkroom()
    assert settings.database_url is not None  # the city was found in it
    database = Database(settings.database_url, pool_size=1)
    cashiers = Cashiers(database, Counter(valid_for=timedelta(minutes=settings.quote_min)))
    with closing(database), bringing(darkroom, database, own_store()), _connected(url, commands) as client:
        while not stop.is_set():
            start = utc_now()
            simulation = Simulation(
                seed, start,
                berths=berths, mess=Mess.default().times(settings.mess), earlier=diary.runs,
                truth=Truth(truth), darkroom=darkroom,
            )  # fmt: skip
            _log.info("The demo city lives.", berths=berths, runs=len(diary.runs) + 1)
            _publish(simulation, client, commands, diary, start, stop, cashiers)


def _found(settings: Settings) -> tuple[int, int, datetime]:
    """Return seed, berths and birth of the city that stands in the database; build one where none does."""
    if settings.database_url is None:
        raise NoDemoCity(_("The demo city needs the address of a database."))
    database = Database(settings.database_url, pool_size=1)
    city.build(database, seed=settings.demo_seed, berths=settings.demo_berths, at=utc_now(), days=settings.demo_days)
    with database.transaction() as tx:
        deployment, berths = deployments.find(tx), spaces.count_demo(tx)
    database.close()
    assert deployment is not None  # it was built above, or before
    if deployment.demo_seed is None:
        raise NoDemoCity(_("This database holds a real city; the demo city stays out of it."))
    return deployment.demo_seed, berths, deployment.created_at


@dataclass(frozen=True, slots=True)
class Diary:
    """When the simulator was running since the city was born: a small file, replaced as a whole."""

    path: Path
    born_at: datetime

    @property
    def runs(self) -> tuple[Run, ...]:
        """Return the first run and those of the last days, the oldest first."""
        if not self.path.is_file():
            return ()
        born_s = ms_of(self.born_at) // 1_000
        runs = [Run(*run) for run in orjson.loads(self.path.read_bytes())]
        return tuple(run for run in runs if run.last_s >= born_s)

    def note(self, started_at: datetime, last_at: datetime) -> None:
        """Say until when the run that began then is known to have lasted."""
        run = Run(ms_of(started_at) // 1_000, ms_of(last_at) // 1_000)
        recent_s = run.last_s - int(_REMEMBERED.total_seconds())
        others = [other for other in self.runs if other.started_s != run.started_s]
        kept = [other for place, other in enumerate(others) if place == 0 or other.last_s >= recent_s]
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        fresh.write_bytes(orjson.dumps([list(one) for one in (*kept, run)]))
        fresh.replace(self.path)


def _publish(
    simulation: Simulation,
    client: paho.Client,
    commands: Commands,
    diary: Diary,
    start: datetime,
    stop: threading.Event,
    cashiers: Cashiers,
) -> None:
    """Publish each message when it is due and each answer at once, until stopped or fallen far behind."""
    saved_at = last_at = start
    sent: paho.MQTTMessageInfo | None = None
    lost_n = 0
    for event in simulation.events(datetime.max.replace(tzinfo=start.tzinfo)):
        _answer(simulation, client, commands)  # also where it is too late to wait
        while not stop.is_set() and (wait_s := (event.due_at - utc_now()).total_seconds()) > 0:
            stop.wait(min(wait_s, _LONGEST_WAIT_S))
            _answer(simulation, client, commands)
        if stop.is_set() or utc_now() - event.due_at > MOST_LAG:
            break
        sent = client.publish(event.topic, cashiers.named(event.topic, event.payload, utc_now()), qos=1)
        lost_n += sent.rc == paho.MQTT_ERR_QUEUE_SIZE
        last_at = event.due_at
        if last_at - saved_at >= _SAVE_EVERY:
            saved_at = last_at
            diary.note(start, saved_at)
    diary.note(start, last_at)
    if lost_n:
        _log.warning("Messages were lost while the broker was away.", count=lost_n)
    if sent is not None and sent.rc == paho.MQTT_ERR_SUCCESS:
        sent.wait_for_publish(_FAREWELL_S)


def _answer(simulation: Simulation, client: paho.Client, commands: Commands) -> None:
    """Let devices do what they were told in the meantime, and publish what they answer."""
    while True:
        try:
            topic, payload = commands.get_nowait()
        except queue.Empty:
            return
        for answer in simulation.obey(topic, payload, utc_now()):
            client.publish(answer.topic, answer.payload, qos=1)


@contextmanager
def _connected(url: str, commands: Commands) -> Iterator[paho.Client]:
    """Keep a connection to the broker for the length of the block; it comes back by itself, and brings commands in."""
    client = mqtt.new_client(url, CLIENT, clean_session=True)
    client.on_connect = lambda client, *_rest: client.subscribe(f"{ROOT}/+/+/+/{CMD}", qos=1)
    client.on_message = lambda _client, _data, message: commands.put((message.topic, bytes(message.payload)))
    client.max_inflight_messages_set(_INFLIGHT)
    client.max_queued_messages_set(_QUEUED)
    client.reconnect_delay_set(1, 5)
    at = mqtt.address(url)
    client.connect_async(at.host, at.port, keepalive=mqtt.KEEPALIVE_S)
    client.loop_start()
    try:
        yield client
    finally:
        client.disconnect()
        client.loop_stop()


@contextmanager
def _stopped_by_signals(stop: threading.Event) -> Iterator[None]:
    """Set the event at SIGINT and SIGTERM, for the length of the block."""

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
