"""A message as it arrived, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Arrival:
    """
    One message to the byte. received_at is our clock; transport is mqtt, https, file or system.

    A topic that is no UTF-8 keeps its bytes as surrogate escapes.
    """

    topic: str
    payload: bytes
    received_at: datetime
    transport: str = "mqtt"


class Outcome(StrEnum):
    """What became of an arrival. Each is exactly one row: in inbound_message, or in dead_letter."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    DEAD_LETTER = "dead_letter"
