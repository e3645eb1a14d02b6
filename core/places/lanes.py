"""Lanes into and out of a lot. Table lane."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import orjson

from core.kit.db import Tx
from core.kit.sql import named

SQL = named("places/lanes")


class LaneDirection(StrEnum):
    """Which way a lane lets vehicles pass."""

    IN = "in"
    OUT = "out"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Lane:
    """One lane; its code is unique within its site."""

    site_id: UUID
    lane_id: UUID
    code: str
    direction: LaneDirection


def add(tx: Tx, lanes: Sequence[Lane]) -> int:
    """Add lanes; return how many were new."""
    return tx.run(SQL["add_lanes"], rows=orjson.dumps(lanes).decode())
