"""The clock's own messages: a device has gone silent, so what it watched is unknown since it was last heard (R17)."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

import orjson

from core.kit.moments import ms_of
from core.upkeep import silence
from core.upkeep.silence import SilentDevice
from ingest.arrivals import Arrival
from ingest.schedule.job import Work

_BATCH: Final = 1_000


def watch(work: Work) -> str:
    """
    Find devices that fell silent, tell the pipeline, then mark them; close the outages of those that are back.

    Whatever dies in between is found and told again in the next run; the pipeline knows a message that comes twice.
    """
    at = work.clock.now()
    with work.database.transaction() as tx:
        back_n = silence.end_outages(tx)
        devices = silence.list_silent(tx, listening_since=work.ears.listening_since(at), at=at)
    arrivals = list(_arrivals(devices, at=at))
    for first in range(0, len(arrivals), _BATCH):
        work.pipeline.take(arrivals[first : first + _BATCH])
    with work.database.transaction() as tx:
        silent_n = silence.mark(tx, devices=devices)
    return f"{silent_n} devices silent, {back_n} back"


def _arrivals(devices: Iterable[SilentDevice], *, at: datetime) -> Iterator[Arrival]:
    """Yield one message for each space that a silent device watched."""
    for device in devices:
        topic = f"boshu/v1/{device.site_code}/{device.gateway_code}/{device.code}/silent"
        for channel in device.channels:
            said = {"seq": 0, "boot": 0, "at_ms": ms_of(device.last_seen_at), "sent_ms": ms_of(at)}
            payload = orjson.dumps({**said, "space": channel} if channel else said)
            yield Arrival(topic=topic, payload=payload, received_at=at, transport="system")
