"""
Wall screens: browsers on walls, which only look.

A link, good for one use, is exchanged for a token that stays in the screen's browser. It does not end by itself, for nobody
is there to sign in again; it ends within seconds when it is revoked. A screen is *called* to do something: load anew, show a
scene or a message; it hears of it by its stream. Tables wall_screen, screen_call.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Final, Protocol
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core.access import scopes, sessions
from core.access.actors import Actor, ActorKind
from core.access.beats import Beat
from core.access.roles import OF_SCREENS
from core.access.rules.legibility import REACH, Text
from core.access.scopes import Scope
from core.kit.db import Tx
from core.kit.errors import Changed, Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Language, Lazy, _, _l
from core.kit.sql import named

SQL = named("access/screens")

LINK_LASTS: Final = timedelta(hours=24)
_TOKEN_BYTES: Final = 32
_LONGEST: Final = 300
_FULL: Final = 100
CALL_LASTS: Final = timedelta(minutes=5)
"""How long a screen that was away still hears of what it was called to do."""


class Layout(StrEnum):
    """Which canvas a screen draws, whatever the shape of its browser's window."""

    AUTO = "auto"
    ONE = "1920x1080"
    FINE = "3840x2160"
    THREE = "5760x1080"


LAYOUTS: Final[dict[str, Lazy]] = {
    Layout.AUTO: _l("As its window"),
    Layout.ONE: _l("One screen, 1920 × 1080"),
    Layout.FINE: _l("One screen, 3840 × 2160"),
    Layout.THREE: _l("Three screens, 5760 × 1080"),
}
READS: Final[dict[str, Lazy]] = {
    Text.ALL: _l("Every word"),
    Text.FIGURES: _l("Figures only"),
    Text.HEADLINES: _l("Headlines only"),
    "nothing": _l("Nothing"),
    "unknown": _l("Not measured"),
}
"""What is read from the farthest seat."""
LANGUAGES: Final[dict[str, Lazy]] = {Language.ZH_CN: _l("Chinese"), Language.EN: _l("English")}
STATES: Final[dict[str, Lazy]] = {
    "live": _l("Live"),
    "lost": _l("Not heard"),
    "linked": _l("Waits for its browser"),
    "unbound": _l("Without a browser"),
    "revoked": _l("Revoked"),
}
SCREENS: Final = Relation(
    SQL["screen_rows"],
    key="screen_id",
    columns=frozenset(
        {"name", "note", "language", "is_loud", "volume_pct", "quiet", "reload_time", "created_at", "bound_at", "last_seen_at",
         "build", "heap_mb", "scene", "scene_en", "scenes", "scenes_en", "part", "part_en", "layout", "viewport", "reads",
         "reads_to_m", "picture_cm", "seat_cm", "picture_at", "address", "state"}
    ),
    order=(Order("name"),),
)  # fmt: skip


class Moment(Protocol):
    """Whoever reads the register, of whom it matters when."""

    @property
    def at(self) -> datetime:
        """Return the instant."""


class NameTaken(Refused):
    """Another screen has this name."""


class NoSuchScreen(Refused):
    """There is no such screen, or it was revoked."""


class Call(StrEnum):
    """What a screen is called to do."""

    RELOAD = "reload"
    SETTINGS = "settings"
    SCENE = "scene"
    MESSAGE = "message"


class Draft(BaseModel):
    """A screen as a form tells it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    note: Annotated[str, StringConstraints(max_length=400)] = ""
    language: Language | None = None
    is_loud: bool = True
    volume_pct: Annotated[int, Field(ge=0, le=100)] = 100
    quiet: Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)?$")] = ""
    """Hours without sound, as 22:00-07:00, city time."""
    reload_time: Annotated[str, StringConstraints(pattern=r"^(([01]\d|2[0-3]):[0-5]\d)?$")] = ""
    scene_ids: Annotated[list[UUID], Field(max_length=12)] = []
    """In the order in which they follow each other; none: an overview of what the screen sees."""
    area_ids: Annotated[list[UUID], Field(max_length=50)] = []
    site_ids: Annotated[list[UUID], Field(max_length=500)] = []
    layout: Layout = Layout.AUTO
    picture_cm: Annotated[int | None, Field(ge=20, le=3_000)] = None
    """Height of the lit picture."""
    seat_cm: Annotated[int | None, Field(ge=50, le=20_000)] = None
    """How far away the farthest seat is from which the screen has to be read."""


class Message(BaseModel):
    """What is shown on screens for a minute."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    text: Annotated[str, StringConstraints(min_length=1, max_length=120)]


class Turn(BaseModel):
    """A scene that screens are to show."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    scene_id: UUID


@dataclass(frozen=True, slots=True)
class Link:
    """The path by which a browser becomes a screen, to be shown once."""

    key: UUID
    name: str
    path: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """What a screen is to be told, until it says that it heard it."""

    id: UUID
    screen_id: UUID
    call: Call
    text: str


def add(tx: Tx, *, name: str, by: UUID | None, at: datetime) -> UUID:
    """
    Add a screen, to which no browser is bound yet.

    Raises:
        NameTaken: another screen has this name.
    """
    screen_id = uuid7()
    with tx.unless_taken(_taken()):
        tx.run(SQL["add"], screen_id=screen_id, name=name.strip(), by=by, at=at)
    return screen_id


def find_id(tx: Tx, *, name: str) -> UUID | None:
    """Return the id of the screen of a name, unless it was revoked."""
    found: UUID | None = tx.value(SQL["find_id"], name=name)
    return found


def make_link(tx: Tx, *, screen_id: UUID, at: datetime) -> str:
    """
    Return the secret part of a link that binds one browser to a screen, once; links made before are worth nothing.

    Raises:
        NoSuchScreen: there is none of this id, or it was revoked.
    """
    link = secrets.token_urlsafe(_TOKEN_BYTES)
    if not tx.run(SQL["make_link"], screen_id=screen_id, link_sha256=sessions.digest(link), ends_at=at + LINK_LASTS):
        raise NoSuchScreen(_("There is no such screen."))
    return link


def bind(tx: Tx, *, link: str, address: str, agent: str, at: datetime) -> tuple[UUID, str] | None:
    """Exchange a link for a screen and its token; None where it is worth nothing. A browser bound before is let go."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    screen_id: UUID | None = tx.value(
        SQL["bind"],
        link_sha256=sessions.digest(link),
        token_sha256=sessions.digest(token),
        address=address,
        agent=agent[:_LONGEST],
        at=at,
    )
    return None if screen_id is None else (screen_id, token)


def find_by_token(tx: Tx, *, token: str) -> Actor | None:
    """Return the screen of a token; None where there is none or it was revoked."""
    row = tx.row(SQL["find_by_token"], token_sha256=sessions.digest(token))
    if row is None:
        return None
    scope = scopes.part_of(row["area_ids"], row["site_ids"])
    return Actor(row["screen_id"], OF_SCREENS, kind=ActorKind.SCREEN, name=row["name"], scope=scope)


def beat(tx: Tx, *, screen_id: UUID, told: Beat, at: datetime) -> None:
    """Note that a screen lives, and what it tells of itself."""
    tx.run(
        SQL["beat"],
        screen_id=screen_id,
        build=told.version[:_LONGEST],
        heap_mb=told.heap_mb,
        scene_id=told.scene_id,
        viewport=told.viewport,
        picture_at=None if told.picture_at is None else min(told.picture_at, at),
        at=at,
    )


def revoke(tx: Tx, *, screen_id: UUID, at: datetime) -> bool:
    """Let a screen not look any more; tell whether it did until now."""
    return tx.run(SQL["revoke"], screen_id=screen_id, at=at) == 1


def list_let_in(tx: Tx, *, screen_ids: list[UUID]) -> dict[UUID, Scope]:
    """Return what those of these screens see that are still let in."""
    rows = tx.rows(SQL["list_let_in"], screen_ids=screen_ids)
    return {row["screen_id"]: scopes.part_of(row["area_ids"], row["site_ids"]) for row in rows}


def register(tx: Tx, draft: Draft, *, by: Actor, at: datetime) -> UUID:
    """
    Add a screen with its settings; no browser is bound to it yet.

    Raises:
        NameTaken: another screen has this name.
    """
    screen_id = uuid7()
    with tx.unless_taken(_taken()):
        tx.run(SQL["register"], screen_id=screen_id, by=by.id, at=at, **draft.model_dump())
    return screen_id


def change(tx: Tx, key: UUID, draft: Draft, *, version: int, by: Actor, at: datetime) -> None:
    """
    Change the settings of a screen, which takes them over at once.

    Raises:
        Changed: somebody changed it meanwhile.
        NameTaken: another screen has this name.
    """
    with tx.unless_taken(_taken()):
        if not tx.run(SQL["change"], screen_id=key, version=version, **draft.model_dump()):
            raise Changed
    call(tx, [key], Call.SETTINGS, by=by.id, at=at)


def link_anew(tx: Tx, keys: Sequence[UUID], *, at: datetime) -> Link:
    """
    Make a link for one screen; the browser bound to it now stays until another uses the link.

    Raises:
        NoSuchScreen: there is none of this id, or it was revoked.
    """
    screen_id = keys[0]
    path = f"/screen/{make_link(tx, screen_id=screen_id, at=at)}"
    found = tx.row(SQL["find_settings"], screen_id=screen_id)
    assert found is not None  # it has just been given a link
    return Link(screen_id, found["name"], path)


def reload(tx: Tx, keys: Sequence[UUID], *, by: Actor, at: datetime) -> int:
    """Call screens to load anew; return how many can hear it."""
    return call(tx, keys, Call.RELOAD, by=by.id, at=at)


def show_message(tx: Tx, keys: Sequence[UUID], *, by: Actor, at: datetime, draft: Message) -> int:
    """Show a message on screens; return how many can hear it."""
    return call(tx, keys, Call.MESSAGE, draft.text, by=by.id, at=at)


def show_scene(tx: Tx, keys: Sequence[UUID], *, by: Actor, at: datetime, draft: Turn) -> int:
    """Turn screens to a scene; return how many can hear it."""
    return call(tx, keys, Call.SCENE, str(draft.scene_id), by=by.id, at=at)


def revoke_all(tx: Tx, keys: Sequence[UUID], *, at: datetime) -> int:
    """Let screens not look any more; return how many did until now."""
    return sum(revoke(tx, screen_id=key, at=at) for key in sorted(set(keys)))


def call(tx: Tx, keys: Sequence[UUID], kind: Call, text: str = "", *, by: UUID | None, at: datetime) -> int:
    """Call screens to do something; return how many have a browser that can hear it."""
    screen_ids = sorted(set(keys))
    call_ids = [uuid7() for _screen in screen_ids]
    return tx.run(
        SQL["call"], call_ids=call_ids, screen_ids=screen_ids, kind=kind, text=text, by=by, at=at, ends_at=at + CALL_LASTS
    )


def list_calls(tx: Tx, *, screen_ids: list[UUID], at: datetime) -> list[Told]:
    """Return what screens did not hear yet, in the order in which it was said."""
    rows = tx.rows(SQL["list_calls"], screen_ids=screen_ids, at=at)
    return [Told(row["call_id"], row["screen_id"], Call(row["kind"]), row["text"]) for row in rows]


def hear(tx: Tx, *, screen_id: UUID, call_id: UUID, at: datetime) -> bool:
    """Note that a screen heard a call; tell whether it is the first time, and not too late."""
    return tx.run(SQL["hear"], screen_id=screen_id, call_id=call_id, at=at) == 1


def settings_of(tx: Tx, *, screen_id: UUID) -> dict[str, str]:
    """Return the settings of a screen by the words an address would use for them; what is as usual is left out."""
    row = tx.row(SQL["find_settings"], screen_id=screen_id)
    if row is None:
        return {}
    told = {
        "sound": "" if row["is_loud"] else "off",
        "volume": "" if row["volume_pct"] == _FULL else str(row["volume_pct"]),
        "quiet": row["quiet"],
        "reload": row["reload_time"],
        "lang": {Language.ZH_CN: "zh", Language.EN: "en"}.get(row["language"], ""),
        "layout": "" if row["layout"] == Layout.AUTO else row["layout"],
    }
    return {name: value for name, value in told.items() if value}


def given(reader: Moment) -> dict[str, object]:
    """Return the values of the register's statement: when, and how far each text is read, in heights of the picture."""
    return {"at": reader.at, **{f"reach_{text.value}": REACH[text] for text in Text}}


def _taken() -> NameTaken:
    return NameTaken(_("Another screen has this name."), field="name")
