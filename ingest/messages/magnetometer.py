"""Magnetometer in one space (M32.1): occupied or free, by change or by heartbeat."""

from typing import Annotated

from pydantic import Field

from ingest.messages.envelope import Count, Envelope, Flag


class State(Envelope):
    """`state`: what the sensor sees. `repeat` is true for heartbeats and for the report after a boot (R4)."""

    occupied: Flag
    repeat: Flag
    prev_s: Count | None = None
    battery_mv: Annotated[int, Field(strict=True, ge=0, le=100_000)] | None = None
    rssi_dbm: Annotated[int, Field(strict=True, ge=-200, le=50)] | None = None
    temp_c: Annotated[int, Field(strict=True, ge=-100, le=200)] | None = None
