"""Areas and the roads that lie in them: city, district, street office. Tables area, road."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import orjson

from core.kit.db import Tx
from core.kit.locale import Language, current
from core.kit.sql import named

SQL = named("places/areas")


class AreaLevel(StrEnum):
    """How large an area is."""

    CITY = "city"
    DISTRICT = "district"
    STREET = "street"


@dataclass(frozen=True, slots=True)
class Area:
    """One area; its code is unique within its level."""

    area_id: UUID
    parent_id: UUID | None
    level: AreaLevel
    code: str
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Road:
    """One road, placed in the area where most of it lies."""

    road_id: UUID
    area_id: UUID
    code: str
    name: str
    name_en: str


def add(tx: Tx, areas: Sequence[Area]) -> int:
    """Add areas, parents before children; return how many were new."""
    return tx.run(SQL["add_areas"], rows=orjson.dumps(areas).decode())


def add_roads(tx: Tx, roads: Sequence[Road]) -> int:
    """Add roads; return how many were new."""
    return tx.run(SQL["add_roads"], rows=orjson.dumps(roads).decode())


def list_choices(tx: Tx, *, level: AreaLevel = AreaLevel.DISTRICT) -> list[tuple[str, str]]:
    """Return the areas of a level that are in use, for a form or a filter."""
    rows = tx.rows(SQL["list_choices"], level=level)
    return [(row["key"], row["name_en"] if current() is Language.EN and row["name_en"] else row["name"]) for row in rows]
