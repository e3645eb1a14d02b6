"""Roads as people manage them. Table road; they are closed, never deleted: sections of the past lie on them."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core.access.actors import Actor
from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.sql import named
from core.places import records

SQL = named("places/roads")

Code = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9][A-Z0-9-]{0,19}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=60)]
_TAKEN: Final = {"road_code_key": ("code", _l("Another road has this code."))}


class RoadClass(StrEnum):
    """How large a road is."""

    EXPRESSWAY = "expressway"
    ARTERIAL = "arterial"
    SECONDARY = "secondary"
    BRANCH = "branch"


CLASSES: Final[dict[str, Lazy]] = {
    RoadClass.EXPRESSWAY: _l("Expressway"),
    RoadClass.ARTERIAL: _l("Arterial road"),
    RoadClass.SECONDARY: _l("Secondary road"),
    RoadClass.BRANCH: _l("Branch road"),
}
STATES: Final[dict[str, Lazy]] = {"open": _l("Open"), "closed": _l("Closed")}
ROADS: Final = Relation(
    SQL["road_rows"],
    key="road_id",
    columns=frozenset(
        {"code", "name", "name_en", "area_id", "area", "class", "length_m", "section_n", "berth_n", "berth_100m", "state", "note",
         "closed_at", "changed_at"}
    ),
    order=(Order("code"),),
)  # fmt: skip


class StillUsed(Refused):
    """Sections in service lie on the road."""


class Draft(BaseModel):
    """A road as a form tells it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    code: Code
    name: Name
    name_en: Name
    area_id: UUID
    road_class: Annotated[RoadClass | None, Field(default=None)]
    length_m: Annotated[int | None, Field(default=None, ge=1, le=200_000)]
    note: Annotated[str, StringConstraints(max_length=400)] = ""


def list_choices(tx: Tx) -> list[tuple[str, str]]:
    """Return the roads that are open, for a form."""
    return records.choices((row["key"], row["name"], row["name_en"]) for row in tx.rows(SQL["list_choices"]))


def register(tx: Tx, draft: Draft, *, by: Actor, at: datetime) -> UUID:  # noqa: ARG001  # the form of a register
    """
    Register a road; it is open.

    Raises:
        records.Taken: another road has its code.
        records.Gone: there is no such area.
    """
    road_id = uuid7()
    records.add(tx, SQL["register"], taken=_TAKEN, road_id=road_id, at=at, **draft.model_dump())
    return road_id


def change(tx: Tx, key: UUID, draft: Draft, *, version: int, by: Actor, at: datetime) -> None:  # noqa: ARG001  # as above
    """
    Change a road.

    Raises:
        Changed: somebody changed it meanwhile.
        records.Taken, records.Gone: as in `register`.
    """
    records.change(tx, SQL["change"], taken=_TAKEN, road_id=key, version=version, at=at, **draft.model_dump())


def close(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: Any) -> int:  # noqa: ARG001  # as above
    """
    Close roads that no section in service lies on; return how many were open.

    Raises:
        StillUsed: a section does.
    """
    if n := tx.value(SQL["count_open_sections"], road_ids=list(keys)):
        raise StillUsed(_("%(n)s sections in service lie there. Close them first.", n=n))
    return tx.run(SQL["close"], road_ids=list(keys), at=at)


def reopen(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: Any) -> int:  # noqa: ARG001  # as above
    """Open closed roads again; return how many were closed."""
    return tx.run(SQL["open"], road_ids=list(keys), at=at)
