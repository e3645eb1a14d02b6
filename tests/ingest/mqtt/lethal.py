"""A worker whose reading of certain messages takes the process with it, as a bug in a C library would. Not part of the product."""

import os
from typing import Final

from core.devices.registry import Registry
from core.settings import settings
from ingest import pipeline, readings
from ingest.arrivals import Arrival
from ingest.messages.wire import Unreadable
from ingest.mqtt import worker
from ingest.readings import Reading

LETHAL: Final = "江Z66666"
"""The plate that kills."""


def deadly(arrival: Arrival, known: Registry) -> Reading | Unreadable:
    """Read a message, or die of it."""
    if LETHAL.encode() in arrival.payload:
        os._exit(137)
    return readings.understand(arrival, known)


if __name__ == "__main__":
    vars(pipeline)["understand"] = deadly
    worker.run(settings())
