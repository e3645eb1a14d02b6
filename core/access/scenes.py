"""
Scenes: what of the city a wall shows, and how. Table scene.

A scene is a kind of picture over some districts or sites, or over all that its screen sees. It is closed, never deleted. What
a screen may see at all is the screen's own; a scene only chooses from it (`core.access.sights`).
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core.access import scopes, screens
from core.access.actors import Actor
from core.access.scopes import Scope
from core.access.screens import Call
from core.kit.db import Row, Tx
from core.kit.errors import Changed, Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Language, Lazy, _, _l, current
from core.kit.sql import named

SQL = named("access/scenes")

_SHORT: Final = {None: "", Language.ZH_CN.value: "zh", Language.EN.value: "en"}
LASTS_S: Final = 60
"""How long a scene stands that nobody made."""


class Kind(StrEnum):
    """What a scene shows; a wall of three screens has room for all panels, and shows them whatever the kind, but for the map."""

    OVERVIEW = "overview"
    MAP = "map"
    BERTHS = "berths"
    MONEY = "money"
    ALARMS = "alarms"


class Light(StrEnum):
    """How bright it is."""

    CLOCK = "clock"
    DAY = "day"
    NIGHT = "night"


KINDS: Final[dict[str, Lazy]] = {
    Kind.OVERVIEW: _l("Overview"),
    Kind.MAP: _l("Large map"),
    Kind.BERTHS: _l("Use of berths"),
    Kind.MONEY: _l("Takings"),
    Kind.ALARMS: _l("Alarms and feeds"),
}
LIGHTS: Final[dict[str, Lazy]] = {
    Light.CLOCK: _l("Dark at night"),
    Light.DAY: _l("Always bright"),
    Light.NIGHT: _l("Always dimmed"),
}
LANGUAGES: Final = screens.LANGUAGES
STATES: Final[dict[str, Lazy]] = {"open": _l("In use"), "closed": _l("Closed")}
SCENES: Final = Relation(
    SQL["scene_rows"],
    key="scene_id",
    columns=frozenset(
        {"name", "name_en", "kind", "part", "part_en", "language", "light", "lasts_s", "note", "state", "screen_n", "changed_at"}
    ),
    order=(Order("name"),),
)


class NameTaken(Refused):
    """Another scene has this name."""


class NoSuchScene(Refused):
    """There is no such scene."""


class StillShown(Refused):
    """A screen shows the scene."""


class Draft(BaseModel):
    """A scene as a form tells it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: Annotated[str, StringConstraints(min_length=1, max_length=16)]
    name_en: Annotated[str, StringConstraints(max_length=24)] = ""
    kind: Kind
    area_ids: Annotated[list[UUID], Field(max_length=50)] = []
    site_ids: Annotated[list[UUID], Field(max_length=500)] = []
    language: Language | None = None
    light: Light = Light.CLOCK
    lasts_s: Annotated[int, Field(ge=10, le=3_600)] = LASTS_S
    note: Annotated[str, StringConstraints(max_length=400)] = ""


def list_choices(tx: Tx) -> list[tuple[str, str]]:
    """Return the scenes in use, for a form."""
    is_english = current() is Language.EN
    return [(key, name_en if is_english and name_en else name) for key, name, name_en in tx.tuples(SQL["list_choices"])]


def register(tx: Tx, draft: Draft, *, by: Actor, at: datetime) -> UUID:
    """
    Add a scene; no screen shows it yet.

    Raises:
        NameTaken: another scene has this name.
    """
    scene_id = uuid7()
    with tx.unless_taken(_taken()):
        tx.run(SQL["register"], scene_id=scene_id, by=by.id, at=at, **draft.model_dump())
    return scene_id


def change(tx: Tx, key: UUID, draft: Draft, *, version: int, by: Actor, at: datetime) -> None:
    """
    Change a scene; the screens that show it take it over at once.

    Raises:
        Changed: somebody changed it meanwhile.
        NameTaken: another scene has this name.
    """
    with tx.unless_taken(_taken()):
        if not tx.run(SQL["change"], scene_id=key, version=version, at=at, **draft.model_dump()):
            raise Changed
    screens.call(tx, _shown_by(tx, [key]), Call.SETTINGS, by=by.id, at=at)


def close(tx: Tx, keys: Sequence[UUID], *, at: datetime) -> int:
    """
    Close scenes; return how many were open.

    Raises:
        StillShown: a screen shows one of them.
    """
    if n := len(_shown_by(tx, keys)):
        raise StillShown(_("%(n)s screens show it. Take it from them first.", n=n))
    return tx.run(SQL["close"], scene_ids=list(keys), at=at)


def reopen(tx: Tx, keys: Sequence[UUID], *, at: datetime) -> int:
    """Use closed scenes again; return how many were closed."""
    return tx.run(SQL["reopen"], scene_ids=list(keys), at=at)


def scope_of(tx: Tx, scene_id: UUID) -> Scope:
    """
    Return the part of the city that a scene chooses; everything where it chooses none.

    Raises:
        NoSuchScene: there is none of this id.
    """
    row = tx.row(SQL["find_part"], scene_id=scene_id)
    if row is None:
        raise NoSuchScene(_("There is no such scene."))
    return scopes.part_of(row["area_ids"], row["site_ids"])


def list_shown(tx: Tx, *, screen: Actor | None, scene_id: UUID | None) -> list[dict[str, Any]]:
    """
    Return what a wall may turn to, ready for JSON: a screen's scenes in their order, one that is asked for, never nothing.

    `part` is what to ask the live stream for: nothing, where the scene shows all that its screen sees. The last one, without an
    id, is the overview of just that.
    """
    rows = tx.rows(SQL["list_shown"], screen_id=screen.id if screen else None, scene_id=scene_id)
    whole = {"id": "", "kind": Kind.OVERVIEW.value, "language": None, "light": Light.CLOCK.value, "lasts_s": LASTS_S}
    return [*(_shown(row) for row in rows), _shown({**whole, "area_ids": [], "site_ids": [], **_name_of(tx, screen)})]


def _shown(row: Row) -> dict[str, Any]:
    is_whole = not row["area_ids"] and not row["site_ids"]
    told = {name: row[name] for name in ("id", "name", "name_en", "kind", "light", "lasts_s")}
    return {**told, "code": row["name"], "part": "" if is_whole else row["id"], "lang": _SHORT[row["language"]]}


def _name_of(tx: Tx, screen: Actor | None) -> Row:
    """Return what people call the part of the city that a screen sees; nothing where that is all of it."""
    scope = scopes.EVERYTHING if screen is None else screen.scope
    found = tx.row(SQL["name_part"], area_ids=sorted(scope.area_ids), site_ids=sorted(scope.site_ids))
    assert found is not None  # an aggregate without groups has one row
    return found


def _shown_by(tx: Tx, keys: Sequence[UUID]) -> list[UUID]:
    return [row["screen_id"] for row in tx.rows(SQL["list_screens"], scene_ids=list(keys))]


def _taken() -> NameTaken:
    return NameTaken(_("Another scene has this name."), field="name")
