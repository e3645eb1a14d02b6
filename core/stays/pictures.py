"""
Pictures of evidence: what a device announced and then sent, and what people brought. Table picture; the bytes lie in a store.

The store is a folder, or S3 by its address; in it a picture lies by its own hash. A device's picture is kept only where a device
of the site spoke of its hash before, and it is shown by the hash that stands beside the read: so no picture ever stands beside
another read than its own. What people bring stands where they say, and says who they are (`core.stays.evidence`).
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import ObjectStore, from_url

from core.kit.db import Tx
from core.kit.errors import Refused, Unavailable
from core.kit.locale import _
from core.kit.pictures import Picture, clean
from core.kit.sql import named
from core.settings import settings

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

SQL = named("stays/pictures")

ANNOUNCED: Final = timedelta(days=3)
"""How long after its event a picture may come: devices send what they kept when the line is back."""
MOST_AT_ONCE: Final = 500


_CLIENT: Final["ClientConfig"] = {"connect_timeout": timedelta(seconds=3), "timeout": timedelta(seconds=10), "allow_http": True}
_RETRY: Final["RetryConfig"] = {"max_retries": 2, "retry_timeout": timedelta(seconds=10)}
"""Whoever waits for a picture waits at a screen."""


class NotAnnounced(Refused):
    """The device did not speak of this picture."""


class NoSuchPicture(Refused):
    """There is no such picture, or no longer."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture without its bytes: their hash, their number, and how large it is drawn."""

    sha256: bytes
    bytes_n: int
    width: int
    height: int

    @classmethod
    def of(cls, picture: Picture) -> "Seen":
        """Return what there is to say of a picture."""
        return cls(picture.sha256, len(picture.raw), picture.width, picture.height)


@dataclass(frozen=True, slots=True)
class Keeping:
    """A picture as a site keeps it: the hash of what came, what it shows, and who brought it unless a device did."""

    picture: Seen
    frame_sha256: bytes
    kind: str
    brought_by: UUID | None = None


@cache
def store(url: str) -> ObjectStore:
    """Return the store at an address: `file:///…`, `s3://bucket/prefix`; opened once."""
    if url.startswith("file:"):
        return from_url(url, mkdir=True)
    return from_url(url, client_options=_CLIENT, retry_config=_RETRY)


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
        Unavailable: the store does not take them.
    """
    frame = hashlib.sha256(raw).digest()
    announced = {"site_id": site_id, "devices": list(devices), "from_at": at - ANNOUNCED, "frame_sha256": frame}
    kind = tx.value(SQL["announced_kind"], **announced)
    if kind is None:
        raise NotAnnounced(_("This device announced no such picture."))
    picture = clean(raw)
    save(picture, into=into)
    put(tx, Keeping(Seen.of(picture), frame, kind), site_id=site_id, at=at)
    return picture


def put(tx: Tx, keeping: Keeping, *, site_id: UUID, at: datetime) -> None:
    """Note that a site keeps a picture whose bytes are saved; what is kept already stays as it is."""
    picture = keeping.picture
    tx.run(
        SQL["put"], site_id=site_id, frame_sha256=keeping.frame_sha256, kept_sha256=picture.sha256, kept_bytes=picture.bytes_n,
        width=picture.width, height=picture.height, at=at, kind=keeping.kind, brought_by=keeping.brought_by,
    )  # fmt: skip


def fetch(tx: Tx, *, site_id: UUID, frame_sha256: bytes, sites: Collection[UUID], out_of: ObjectStore) -> bytes:
    """
    Return the bytes of a picture to somebody who sees some sites.

    Raises:
        NoSuchPicture: it is not of these sites, was never sent, was kept long enough, or is no more what was kept.
        Unavailable: the store does not answer.
    """
    row = tx.row(SQL["find"], site_id=site_id, frame_sha256=frame_sha256) if site_id in sites else None
    if row is None:
        raise NoSuchPicture(_("There is no such picture."))
    raw = load(row["kept_sha256"], out_of=out_of)
    if raw is None:
        raise NoSuchPicture(_("There is no such picture."))
    if hashlib.sha256(raw).digest() != row["kept_sha256"]:
        raise NoSuchPicture(_("This picture was altered since it was kept, so it is not shown."))
    return raw


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
        tx.run(SQL["expire_damage"], site_id=row["site_id"], frame_sha256=row["frame_sha256"], at=at)
        drop(tx, row["kept_sha256"], out_of=out_of)
    return len(rows)


def path_of(sha256: bytes) -> str:
    """Return where a picture lies: its hash alone says it."""
    name = sha256.hex()
    return f"{name[:2]}/{name}.jpg"


def save(picture: Picture, *, into: ObjectStore) -> None:
    """
    Lay the bytes of a picture into a store.

    Raises:
        Unavailable: the store does not take them.
    """
    try:
        obstore.put(into, path_of(picture.sha256), picture.raw)
    except (BaseError, OSError) as error:
        raise Unavailable(_("The store of pictures does not answer.")) from error


def load(sha256: bytes, *, out_of: ObjectStore) -> bytes | None:
    """
    Return the bytes that lie under a hash, whatever they are; None where nothing does.

    Raises:
        Unavailable: the store does not answer.
    """
    try:
        return bytes(obstore.get(out_of, path_of(sha256)).bytes())
    except (NotFoundError, FileNotFoundError):
        return None
    except (BaseError, OSError) as error:
        raise Unavailable(_("The store of pictures does not answer.")) from error


def drop(tx: Tx, sha256: bytes, *, out_of: ObjectStore) -> None:
    """
    Delete the bytes under a hash, unless somebody still needs them.

    Raises:
        Unavailable: the store does not answer.
    """
    if tx.value(SQL["is_shared"], kept_sha256=sha256):
        return
    try:
        obstore.delete(out_of, path_of(sha256))
    except (NotFoundError, FileNotFoundError):
        return
    except (BaseError, OSError) as error:
        raise Unavailable(_("The store of pictures does not answer.")) from error
