"""
Uploads: pictures somebody chose in a form, before the form is sent. Table picture_upload.

A picture is cleaned and laid into the store when it is chosen; the form then names it. It is used once, by who brought it, and
within a day; what is never used goes, bytes and all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from obstore.store import ObjectStore

from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.locale import _
from core.kit.pictures import Picture
from core.kit.sql import named
from core.stays import pictures
from core.stays.pictures import Seen

SQL = named("stays/uploads")

WAITS: Final = timedelta(days=1)
"""How long a picture waits for its form, and for how long it counts against what somebody may bring."""
MOST_A_DAY: Final = 200
MOST_BYTES_A_DAY: Final = 300 * 1024 * 1024
MOST_AT_ONCE: Final = 500


class TooManyPictures(Refused):
    """Somebody brought as many pictures today as he may."""


class NoSuchUpload(Refused):
    """A form names a picture that its sender did not bring, used before, or brought too long ago."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture that was brought: the hash of what came, and what is kept of it."""

    frame_sha256: bytes
    picture: Seen


def require_room(tx: Tx, *, by: UUID, at: datetime) -> None:
    """
    Check that somebody may bring one more picture.

    Raises:
        TooManyPictures: he brought `MOST_A_DAY` within a day, or `MOST_BYTES_A_DAY`.
    """
    found = tx.row(SQL["measure"], by=by, since=at - WAITS)
    assert found is not None  # an aggregate without groups has one row
    if found["n"] >= MOST_A_DAY or found["bytes_n"] >= MOST_BYTES_A_DAY:
        raise TooManyPictures(_("You brought as many pictures today as one may."))


def keep(tx: Tx, picture: Picture, *, frame_sha256: bytes, into: ObjectStore, by: UUID, at: datetime) -> UUID:
    """
    Keep a cleaned picture until its form is sent; return what the form calls it.

    Raises:
        TooManyPictures: as for `require_room`.
        Unavailable: the store does not take it.
    """
    tx.value(SQL["lock_owner"], by=by)
    require_room(tx, by=by, at=at)
    pictures.save(picture, into=into)
    upload_id = uuid7()
    tx.run(
        SQL["add"], upload_id=upload_id, frame_sha256=frame_sha256, kept_sha256=picture.sha256, kept_bytes=len(picture.raw),
        width=picture.width, height=picture.height, by=by, at=at,
    )  # fmt: skip
    return upload_id


def use(tx: Tx, upload_ids: Sequence[UUID], *, by: UUID, at: datetime) -> list[Upload]:
    """
    Take the pictures a form names, each once; a repeat finds none.

    Raises:
        NoSuchUpload: one of them is not there for who sends the form.
    """
    wanted = list(dict.fromkeys(upload_ids))
    rows = {row["upload_id"]: row for row in tx.rows(SQL["use"], upload_ids=wanted, by=by, since=at - WAITS, at=at)}
    if len(rows) != len(wanted):
        raise NoSuchUpload(_("A picture is no longer there. Choose it again."), field="pictures")
    return [
        Upload(row["frame_sha256"], Seen(row["kept_sha256"], row["kept_bytes"], row["width"], row["height"]))
        for row in (rows[upload_id] for upload_id in wanted)
    ]


def purge(tx: Tx, *, out_of: ObjectStore, at: datetime) -> int:
    """Forget what waited too long, `MOST_AT_ONCE` at most, and delete bytes nobody needs; return how many."""
    found = tx.tuples(SQL["drop_old"], before=at - WAITS, most=MOST_AT_ONCE)
    for kept_sha256 in {bytes(kept) for (kept,) in found}:
        pictures.drop(tx, kept_sha256, out_of=out_of)
    return len(found)
