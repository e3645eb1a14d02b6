"""
Evidence that people bring: a picture beside a stay, or beside one passage, with who brought it and why. Table brought_picture.

Like a correction it speaks of whoever stood at a place at an instant, so that it finds its stay again when late messages tell
the stay anew. It is never taken away; its bytes go when they have served their time.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.access.actors import Actor
from core.kit.db import Row, Tx
from core.kit.ids import derived_id
from core.kit.sql import named
from core.stays import pictures, uploads
from core.stays.pictures import Keeping
from core.stays.uploads import Upload

SQL = named("stays/evidence")

KIND: Final = "desk"
"""What a picture shows that somebody brought: that alone is known of it."""
MOST: Final = 6
"""Pictures of one form."""
SHOWN: Final = 100

Pictures = Annotated[list[UUID], Field(max_length=MOST)]
"""Pictures that a form names."""


class Draft(BaseModel):
    """Pictures to stand beside something."""

    model_config = ConfigDict(frozen=True)
    pictures: Annotated[list[UUID], Field(min_length=1, max_length=MOST)]


@dataclass(frozen=True, slots=True)
class Beside:
    """What a picture belongs to: who stood somewhere at an instant, or the one passage of `event_id`."""

    site_id: UUID
    subject_id: UUID | None
    about_at: datetime
    event_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """A picture somebody brought: its hash in hex, whether it is kept still, by whom, when and why."""

    sha256: str
    is_kept: bool
    by: str
    at: datetime
    reason: str


def bring_to_stays(tx: Tx, keys: Sequence[UUID], *, rows: Sequence[Row], reason: str, by: Actor, at: datetime, draft: Draft) -> int:
    """
    Put pictures beside stays of the list; return beside how many.

    Raises:
        NoSuchUpload: a picture is not there for who sends the form.
    """
    bring(
        tx,
        (Beside(row["site_id"], row["subject_id"], row["entered_at"]) for row in rows),
        draft.pictures,
        reason=reason,
        by=by.id,
        at=at,
    )
    return len(keys)


def bring_to_passages(
    tx: Tx, keys: Sequence[UUID], *, rows: Sequence[Row], reason: str, by: Actor, at: datetime, draft: Draft
) -> int:
    """
    Put pictures beside passages of the list; return beside how many.

    Raises:
        NoSuchUpload: a picture is not there for who sends the form.
    """
    beside = (Beside(row["site_id"], row["subject_id"], row["at"], row["event_id"]) for row in rows)
    bring(tx, beside, draft.pictures, reason=reason, by=by.id, at=at)
    return len(keys)


def bring(tx: Tx, beside: Iterable[Beside], named: Sequence[UUID], *, reason: str, by: UUID, at: datetime) -> None:
    """
    Put the pictures a form names beside something, each beside all of it; none named, nothing happens.

    Raises:
        NoSuchUpload: a picture is not there for who sends the form.
    """
    if not named:
        return
    found = uploads.use(tx, named, by=by, at=at)
    for place in beside:
        for one in found:
            _put(tx, place, one, reason=reason, by=by, at=at)


def list_of_subject(tx: Tx, *, site_id: UUID, subject_id: UUID, from_at: datetime, to_at: datetime) -> tuple[Brought, ...]:
    """Return what was brought of whoever stood somewhere in a period, both ends included; oldest first."""
    rows = tx.rows(SQL["list_of_subject"], site_id=site_id, subject_id=subject_id, from_at=from_at, to_at=to_at, most=SHOWN)
    return _told(tx, site_id, rows)


def list_of_event(tx: Tx, *, site_id: UUID, event_id: UUID) -> tuple[Brought, ...]:
    """Return what was brought of one passage, oldest first."""
    return _told(tx, site_id, tx.rows(SQL["list_of_event"], site_id=site_id, event_id=event_id, most=SHOWN))


def _put(tx: Tx, place: Beside, one: Upload, *, reason: str, by: UUID, at: datetime) -> None:
    pictures.put(tx, Keeping(one.picture, one.frame_sha256, KIND, brought_by=by), site_id=place.site_id, at=at)
    about = place.event_id or place.subject_id or place.site_id
    brought_id = derived_id("brought picture", place.site_id, about, place.about_at.isoformat(), one.frame_sha256)
    tx.run(
        SQL["add"], site_id=place.site_id, brought_id=brought_id, subject_id=place.subject_id, about_at=place.about_at,
        event_id=place.event_id, frame_sha256=one.frame_sha256, by=by, at=at, reason=reason,
    )  # fmt: skip


def _told(tx: Tx, site_id: UUID, rows: Sequence[Row]) -> tuple[Brought, ...]:
    if not rows:
        return ()
    kept = pictures.kept_of(tx, site_id=site_id, frames=[row["frame_sha256"] for row in rows])
    names = _names(tx, {row["brought_by"] for row in rows})
    return tuple(
        Brought(
            row["frame_sha256"].hex(),
            row["frame_sha256"] in kept,
            names.get(row["brought_by"], ""),
            row["brought_at"],
            row["reason"],
        )
        for row in rows
    )


def _names(tx: Tx, user_ids: Collection[UUID]) -> dict[UUID, str]:
    return dict(tx.tuples(SQL["list_names"], user_ids=sorted(user_ids)))
