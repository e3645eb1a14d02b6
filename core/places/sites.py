"""Sites: sections of a street and lots, the unit of tariff, ranking, scope and distribution. Table site."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson

from core.kit.db import Tx
from core.kit.sql import named

SQL = named("places/sites")


class SiteKind(StrEnum):
    """On the street, or behind lanes."""

    ON_STREET = "on_street"
    OFF_STREET = "off_street"


class SiteMode(StrEnum):
    """How a site is watched (M32): by sensors with collectors or patrol vehicles, by cameras, behind lanes."""

    MAGNETOMETER = "magnetometer"
    PATROL = "patrol"
    LOOP = "loop"
    SPACE_LOCK = "space_lock"
    VIDEO = "video"
    BOLLARD = "bollard"
    GATE = "gate"
    IMPORT = "import"

    @property
    def reads_apart(self) -> bool:
        """Tell whether one source says when and another who: sensors know no plates."""
        return self in {SiteMode.MAGNETOMETER, SiteMode.PATROL, SiteMode.LOOP, SiteMode.SPACE_LOCK}


@dataclass(frozen=True, slots=True)
class Site:
    """
    One site. Its code is unique and never changes: devices speak under it.

    `geometry` is GeoJSON in WGS-84 (its form differs by kind, hence untyped); the centre is where its label stands.
    """

    site_id: UUID
    code: str
    organisation_id: UUID
    area_id: UUID
    road_id: UUID | None
    kind: SiteKind
    mode: SiteMode
    name: str
    name_en: str
    time_zone: str
    centre_lon: float | None
    centre_lat: float | None
    geometry: dict[str, Any] | None
    opened_on: date
    is_demo: bool = False


def add(tx: Tx, sites: Sequence[Site]) -> int:
    """Add sites; return how many were new."""
    return tx.run(SQL["add_sites"], rows=orjson.dumps(sites).decode())
