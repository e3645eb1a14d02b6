"""Open database and broker: our own by default, others by URL. Nothing else in the code asks which."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from threading import Event, Thread
from typing import Final

from core.kit.broker_accounts import SIMULATOR
from core.kit.embedded_broker import EmbeddedBroker
from core.kit.embedded_pg import EmbeddedPg
from core.kit.errors import Unavailable
from core.kit.log import get_logger
from core.settings import Settings

_LOOK_S: Final = 0.2
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """Where the outside world answers."""

    database_url: str
    """As the role that runs."""
    owner_url: str
    """As the role that migrates."""
    mqtt_url: str
    """As ingest."""
    simulator_mqtt_url: str
    """As the demo city."""

    own: tuple[EmbeddedPg | EmbeddedBroker, ...] = ()
    """The embedded ones among them."""

    @contextmanager
    def kept_alive(self) -> Iterator[None]:
        """Start what is ours again whenever it was killed, each by itself, for the length of the block."""
        over = Event()
        guards = [Thread(target=_guard, args=(server, over), name=type(server).__name__) for server in self.own]
        for guard in guards:
            guard.start()
        try:
            yield
        finally:
            over.set()
            for guard in guards:
                guard.join()

    def environment(self) -> dict[str, str]:
        """Return the variables by which a process started from here finds the same services."""
        return {
            "DATABASE_URL": self.database_url,
            "BOSHU_OWNER_URL": self.owner_url,
            "MQTT_URL": self.mqtt_url,
            "BOSHU_SIMULATOR_MQTT_URL": self.simulator_mqtt_url,
        }


def _guard(server: EmbeddedPg | EmbeddedBroker, over: Event) -> None:
    while not over.wait(_LOOK_S):
        try:
            if server.revive():
                _log.error("An embedded server had gone; it runs again.", kind=type(server).__name__)
        except Unavailable as away:
            _log.error("An embedded server does not start.", kind=type(server).__name__, reason=away.message)


@contextmanager
def open_services(settings: Settings) -> Iterator[Services]:
    """
    Make database and broker available for the length of the block.

    Raises:
        Unavailable: an embedded server does not start. A URL is not tried here.
    """
    with ExitStack() as stack:
        own: list[EmbeddedPg | EmbeddedBroker] = []
        database_url, mqtt_url = settings.database_url, settings.mqtt_url
        owner_url, simulator_mqtt_url = settings.owner_url or database_url, settings.simulator_mqtt_url or mqtt_url
        if database_url is None or owner_url is None:
            database = EmbeddedPg(settings.data_dir / "postgres")
            stack.callback(database.stop)
            urls = database.start()
            database_url, owner_url = urls.app, urls.owner
            own.append(database)
        if mqtt_url is None or simulator_mqtt_url is None:
            broker = EmbeddedBroker(settings.data_dir / "broker", sync_ms=settings.broker_sync_ms)
            stack.callback(broker.stop)
            mqtt_url, simulator_mqtt_url = broker.start(), broker.url(SIMULATOR)
            own.append(broker)
        yield Services(database_url, owner_url, mqtt_url, simulator_mqtt_url, tuple(own))
