"""Zones of a site and how many vehicles they held when. Tables zone, capacity."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import orjson

from core.kit.db import Tx
from core.kit.sql import named

SQL = named("places/zones")


class ZoneKind(StrEnum):
    """What part of a site a zone is."""

    LEVEL = "level"
    AREA = "area"
    SECTION = "section"


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone; `parent_zone_id` is the zone it lies inside of."""

    site_id: UUID
    zone_id: UUID
    parent_zone_id: UUID | None
    kind: ZoneKind
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many vehicles of a class a zone holds, from an instant on."""

    site_id: UUID
    zone_id: UUID
    vehicle_class: str
    valid_from: datetime
    spaces: int


def add(tx: Tx, zones: Sequence[Zone]) -> int:
    """Add zones, outer before inner; return how many were new."""
    return tx.run(SQL["add_zones"], rows=orjson.dumps(zones).decode())


def add_capacities(tx: Tx, capacities: Sequence[Capacity]) -> int:
    """Add capacities; return how many were new."""
    return tx.run(SQL["add_capacities"], rows=orjson.dumps(capacities).decode())
