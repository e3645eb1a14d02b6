"""
Areas and the roads that lie in them: city, district, street office. Tables area, road.

People add areas, rename them, and close those that nothing lies in any more; an area keeps its level.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, StringConstraints

from core.access.actors import Actor
from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Language, Lazy, _, _l, current
from core.kit.sql import named
from core.places import records

SQL = named("places/areas")


class AreaLevel(StrEnum):
    """How large an area is."""

    CITY = "city"
    DISTRICT = "district"
    STREET = "street"


Code = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{0,19}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=60)]
LEVELS: Final[dict[str, Lazy]] = {
    AreaLevel.CITY: _l("City"),
    AreaLevel.DISTRICT: _l("District"),
    AreaLevel.STREET: _l("Street office"),
}
STATES: Final[dict[str, Lazy]] = {"open": _l("Open"), "closed": _l("Closed")}
AREAS: Final = Relation(
    SQL["area_rows"],
    key="area_id",
    columns=frozenset({"code", "name", "level", "parent", "parent_id", "road_n", "site_n", "berth_n", "state", "changed_at"}),
    order=(Order("level"), Order("code")),
)
_TAKEN: Final = {"area_level_code_key": ("code", _l("Another area of this level has this code."))}
_ABOVE: Final = {AreaLevel.CITY: None, AreaLevel.DISTRICT: AreaLevel.CITY, AreaLevel.STREET: AreaLevel.DISTRICT}


class Misplaced(Refused):
    """An area does not lie in the one that was named."""


class InUse(Refused):
    """Something in service lies in the area."""


class Draft(BaseModel):
    """An area as a form tells it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    level: AreaLevel
    code: Code
    name: Name
    name_en: Name
    parent_id: UUID | None = None


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


def list_above(tx: Tx) -> list[tuple[str, str]]:
    """Return the areas that others lie in, for a form."""
    return [*list_choices(tx, level=AreaLevel.CITY), *list_choices(tx)]


# ------------------------------------------------------------------------------------------------------- by people


def register(tx: Tx, draft: Draft, *, by: Actor, at: datetime) -> UUID:  # noqa: ARG001  # the form of a register
    """
    Register an area; it is open.

    Raises:
        records.Taken: another area of its level has its code.
        Misplaced: it does not lie in what was named.
    """
    _check_above(tx, draft)
    area_id = uuid7()
    records.add(tx, SQL["register"], taken=_TAKEN, area_id=area_id, at=at, **draft.model_dump())
    return area_id


def change(tx: Tx, key: UUID, draft: Draft, *, version: int, by: Actor, at: datetime) -> None:  # noqa: ARG001  # as above
    """
    Change an area; its level stays.

    Raises:
        Changed: somebody changed it meanwhile.
        records.Taken, Misplaced: as in `register`.
    """
    _check_above(tx, draft)
    records.change(tx, SQL["change"], taken=_TAKEN, area_id=key, version=version, at=at, **draft.model_dump(exclude={"level"}))


def close(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: Any) -> int:  # noqa: ARG001  # as above
    """
    Close areas that nothing in service lies in; return how many were open.

    Raises:
        InUse: a site, a road or an area does.
    """
    if n := tx.value(SQL["count_inside"], area_ids=list(keys)):
        raise InUse(_("%(n)s sites, roads or areas in service lie there. Close them first.", n=n))
    return tx.run(SQL["close"], area_ids=list(keys), at=at)


def _check_above(tx: Tx, draft: Draft) -> None:
    """Check that an area lies in one of the level above it."""
    wanted = _ABOVE[draft.level]
    if wanted is None and draft.parent_id is None:
        return
    level = None if draft.parent_id is None else tx.value(SQL["level_of"], area_id=draft.parent_id)
    if wanted is None or level != wanted:
        raise Misplaced(_("A street office lies in a district, a district in a city."), field="parent_id")
