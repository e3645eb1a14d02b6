"""Open database and broker: our own by default, others by URL. Nothing else in the code asks which."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from core.kit.broker_accounts import SIMULATOR
from core.kit.embedded_broker import EmbeddedBroker
from core.kit.embedded_pg import EmbeddedPg
from core.settings import Settings


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

    def environment(self) -> dict[str, str]:
        """Return the variables by which a process started from here finds the same services."""
        return {
            "DATABASE_URL": self.database_url,
            "BOSHU_OWNER_URL": self.owner_url,
            "MQTT_URL": self.mqtt_url,
            "BOSHU_SIMULATOR_MQTT_URL": self.simulator_mqtt_url,
        }


@contextmanager
def open_services(settings: Settings) -> Iterator[Services]:
    """
    Make database and broker available for the length of the block.

    Raises:
        Unavailable: an embedded server does not start. A URL is not tried here.
    """
    with ExitStack() as stack:
        database_url, owner_url = _database(settings, stack)
        mqtt_url, simulator_mqtt_url = _broker(settings, stack)
        yield Services(database_url, owner_url, mqtt_url, simulator_mqtt_url)


def _database(settings: Settings, stack: ExitStack) -> tuple[str, str]:
    if settings.database_url is not None:
        return settings.database_url, settings.owner_url or settings.database_url
    server = EmbeddedPg(settings.data_dir / "postgres")
    stack.callback(server.stop)
    urls = server.start()
    return urls.app, urls.owner


def _broker(settings: Settings, stack: ExitStack) -> tuple[str, str]:
    if settings.mqtt_url is not None:
        return settings.mqtt_url, settings.simulator_mqtt_url or settings.mqtt_url
    server = EmbeddedBroker(settings.data_dir / "broker", sync_ms=settings.broker_sync_ms)
    stack.callback(server.stop)
    return server.start(), server.url(SIMULATOR)
