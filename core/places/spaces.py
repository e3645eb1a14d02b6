"""Spaces on the street: one vehicle each. Table space."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import orjson

from core.kit.db import Tx
from core.kit.sql import named

SQL = named("places/spaces")


class SpaceClass(StrEnum):
    """Whom a space is for."""

    GENERAL = "general"
    EV = "ev"
    ACCESSIBLE = "accessible"
    RESERVED = "reserved"
    LOADING = "loading"


@dataclass(frozen=True, slots=True)
class Space:
    """One space; its code is unique among the living spaces of its site."""

    site_id: UUID
    space_id: UUID
    zone_id: UUID
    code: str
    space_class: SpaceClass
    lon: float | None
    lat: float | None
    in_service_from: datetime


def add(tx: Tx, spaces: Sequence[Space]) -> int:
    """Add spaces; return how many were new."""
    return tx.run(SQL["add_spaces"], rows=orjson.dumps(spaces).decode())


def count_demo(tx: Tx) -> int:
    """Return how many spaces the demo city has."""
    return int(tx.value(SQL["count_demo"]))
