"""
Send commands to devices while they live, and keep guidance screens told (R26, M20.14).

Whoever issues a command within a transaction wakes this by NOTIFY; once a second it looks by itself. Nothing is taken
from the table while the broker is away: what cannot be sent in time expires there, and nobody is surprised later.
"""

import threading
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import paho.mqtt.client as paho
from psycopg import sql

from core.devices import commands
from core.devices.commands import CHANNEL, Due
from core.kit import clock, mqtt
from core.kit.broker_accounts import ROOT
from core.kit.db import Database, Tx
from core.kit.errors import Unavailable
from core.kit.log import get_logger
from core.kit.moments import ms_of
from core.stays import guidance
from ingest.messages.commands import CMD, Command

_log = get_logger(__name__)

LOOK_S: Final = 1.0
"""How often it looks whether a command is due or over, when nobody wakes it."""
SCREENS_S: Final = 5.0
"""How often the numbers of the screens are counted."""
_AGAIN_S: Final = 1.0


class Publisher:
    """One thread that sends commands. Of several workers the first alone counts for screens and gives commands up."""

    def __init__(self, database: Database, url: str, *, worker: int = 0) -> None:
        """Prepare; the database needs two free connections, one of them to listen on."""
        self._database = database
        self._is_first = worker == 0
        self._client = mqtt.new_client(url, f"boshu-commands-{worker}", clean_session=True)
        self._client.reconnect_delay_set(1, 5)
        self._url = url
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="commands")
        self._screens_at = 0.0

    def start(self) -> None:
        """Begin; a broker or database that is away is waited for."""
        at = mqtt.address(self._url)
        self._client.connect_async(at.host, at.port, keepalive=mqtt.KEEPALIVE_S)
        self._client.loop_start()
        self._thread.start()

    def stop(self) -> None:
        """End, at the latest a second from now."""
        self._stopping.set()
        self._thread.join()
        self._client.disconnect()
        self._client.loop_stop()

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._database.autocommit() as tx:
                    tx.raw.execute(sql.SQL("listen {}").format(sql.Identifier(CHANNEL)))
                    self._listen(tx)
            except Unavailable:
                self._stopping.wait(_AGAIN_S)

    def _listen(self, tx: Tx) -> None:
        while not self._stopping.is_set():
            self._turn()
            for _note in tx.raw.notifies(timeout=LOOK_S, stop_after=1):
                pass

    def _turn(self) -> None:
        """Do what is due at this instant; nothing is sent before it is committed that it is."""
        at = clock.utc_now()
        due: Sequence[Due] = ()
        with self._database.transaction() as tx:
            if self._is_first:
                self._count(tx, at)
            if self._client.is_connected():
                due = commands.take_due(tx, at=at)
        for command in due:
            self._send(command)

    def _count(self, tx: Tx, at: datetime) -> None:
        lost = commands.expire(tx, at=at)
        if lost:
            _log.warning("Commands were not answered in time.", count=lost)
        if time.monotonic() >= self._screens_at:
            self._screens_at = time.monotonic() + SCREENS_S
            guidance.refresh(tx, at=at)

    def _send(self, due: Due) -> None:
        """Publish one command. The broker may keep it for a gateway that is away: the device itself looks at the expiry."""
        topic = f"{ROOT}/{due.site_code}/{due.gateway_code}/{due.code}/{CMD}"
        sent = self._client.publish(topic, payload_of(due), qos=1)
        if sent.rc not in {paho.MQTT_ERR_SUCCESS, paho.MQTT_ERR_NO_CONN}:
            _log.warning("A command could not be sent.", action=due.action, code=sent.rc)


def payload_of(due: Due) -> bytes:
    """Return a command as it goes over the wire."""
    command = Command(
        command_id=str(due.command_id),
        action=due.action,
        issued_ms=ms_of(due.issued_at),
        expires_ms=ms_of(due.expires_at),
        **due.detail,
    )
    return command.model_dump_json().encode()
