"""
Sensor in one space: magnetometer (M32.1, M32.2), loop (M32.3), space lock (M32.4).

Occupied or free, by change or by heartbeat; a lock adds whether it stands raised, and for which booking.
"""

from typing import Annotated

from pydantic import Field

from ingest.messages.envelope import Code, Count, Envelope, Flag


class State(Envelope):
    """
    `state`: what the sensor sees. `repeat` is true for heartbeats and for the report after a boot (R4).

    `locked` and `booking` are a space lock's alone.
    """

    occupied: Flag
    repeat: Flag
    prev_s: Count | None = None
    battery_mv: Annotated[int, Field(strict=True, ge=0, le=100_000)] | None = None
    rssi_dbm: Annotated[int, Field(strict=True, ge=-200, le=50)] | None = None
    temp_c: Annotated[int, Field(strict=True, ge=-100, le=200)] | None = None
    locked: Flag | None = None
    booking: Code | None = None
