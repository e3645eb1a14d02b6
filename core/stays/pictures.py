"""
Pictures of evidence: what a device announced and then sent. Table picture; the bytes lie in a store by their own hash.

The store is a folder, or S3 by its address. A picture is kept only where a device of the site spoke of its hash before, and it
is shown by the hash that stands beside the read: so no picture ever stands beside another read than its own.
"""

import hashlib
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import ObjectStore, from_url

from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.pictures import Picture, clean
from core.kit.sql import named
from core.settings import settings

SQL = named("stays/pictures")

ANNOUNCED: Final = timedelta(days=3)
"""How long after its event a picture may come: devices send what they kept when the line is back."""
MOST_AT_ONCE: Final = 500


class NotAnnounced(Refused):
    """The device did not speak of this picture."""


class NoSuchPicture(Refused):
    """There is no such picture, or no longer."""


@cache
def store(url: str) -> ObjectStore:
    """Return the store at an address: `file:///…`, `s3://bucket/prefix`; opened once."""
    return from_url(url, mkdir=True) if url.startswith("file:") else from_url(url)


def own_store() -> ObjectStore:
    """Return the store of this installation. Source: setting BOSHU_EVIDENCE_URL."""
    now = settings()
    return store(now.evidence_url or _own_folder(now.data_dir).as_uri())


def _own_folder(data_dir: Path) -> Path:
    """Return the folder of an installation without another store, made for its owner alone."""
    folder = (data_dir / "evidence").resolve()
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def keep(tx: Tx, raw: bytes, *, site_id: UUID, devices: Collection[UUID], into: ObjectStore, at: datetime) -> Picture:
    """
    Keep a picture that one of some devices of a site announced; a second time changes nothing.

    Raises:
        NotAnnounced: none of them spoke of these bytes lately.
        NoPicture: they are none.
    """
    frame = hashlib.sha256(raw).digest()
    announced = {"site_id": site_id, "devices": list(devices), "from_at": at - ANNOUNCED, "frame_sha256": frame}
    if not tx.value(SQL["is_announced"], **announced):
        raise NotAnnounced(_("This device announced no such picture."))
    picture = clean(raw)
    obstore.put(into, path_of(picture.sha256), picture.raw)
    tx.run(
        SQL["put"], site_id=site_id, frame_sha256=frame, kept_sha256=picture.sha256, kept_bytes=len(picture.raw),
        width=picture.width, height=picture.height, at=at,
    )  # fmt: skip
    return picture


def fetch(tx: Tx, *, site_id: UUID, frame_sha256: bytes, sites: Collection[UUID], out_of: ObjectStore) -> bytes:
    """
    Return the bytes of a picture to somebody who sees some sites.

    Raises:
        NoSuchPicture: it is not of these sites, was never sent, or was kept long enough.
    """
    row = tx.row(SQL["find"], site_id=site_id, frame_sha256=frame_sha256) if site_id in sites else None
    if row is None:
        raise NoSuchPicture(_("There is no such picture."))
    try:
        return bytes(obstore.get(out_of, path_of(row["kept_sha256"])).bytes())
    except (NotFoundError, FileNotFoundError) as error:
        raise NoSuchPicture(_("There is no such picture.")) from error


def show(tx: Tx, site_id: UUID, frame_sha256: bytes, sites: list[UUID]) -> bytes:
    """Return what `fetch` does, out of the store of this installation."""
    return fetch(tx, site_id=site_id, frame_sha256=frame_sha256, sites=sites, out_of=own_store())


def kept_of(tx: Tx, *, site_id: UUID, frames: Sequence[bytes]) -> frozenset[bytes]:
    """Return those of some announced frames whose pictures are kept."""
    return frozenset(bytes(frame) for (frame,) in tx.tuples(SQL["kept_of"], site_id=site_id, frames=list(frames)))


def purge(tx: Tx, *, out_of: ObjectStore, kept_for: timedelta, at: datetime) -> int:
    """Delete the bytes of pictures that have served their time, `MOST_AT_ONCE` at most; return how many. Rows and hashes stay."""
    rows = tx.rows(SQL["list_old"], before=at - kept_for, most=MOST_AT_ONCE)
    for row in rows:
        tx.run(SQL["remove"], site_id=row["site_id"], frame_sha256=row["frame_sha256"], at=at)
        if not tx.value(SQL["is_shared"], kept_sha256=row["kept_sha256"]):
            _delete(out_of, row["kept_sha256"])
    return len(rows)


def path_of(sha256: bytes) -> str:
    """Return where a picture lies: its hash alone says it."""
    name = sha256.hex()
    return f"{name[:2]}/{name}.jpg"


def _delete(out_of: ObjectStore, sha256: bytes) -> None:
    try:
        obstore.delete(out_of, path_of(sha256))
    except (NotFoundError, FileNotFoundError):
        return
