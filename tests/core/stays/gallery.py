"""Pictures for tests: people who bring them, and pictures that sites keep."""

import hashlib
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from obstore.store import ObjectStore

from core.access.actors import Actor
from core.access.roles import RoleCode
from core.kit.db import Tx
from core.kit.ids import uuid7
from core.kit.pictures import clean
from core.stays import pictures, uploads
from core.stays.evidence import KIND
from core.stays.pictures import Keeping, Seen
from tests.core.access.people import a_user
from tests.core.kit.test_pictures import drawn

AT: Final = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def a_clerk(tx: Tx) -> Actor:
    """Add somebody who amends stays."""
    return Actor(a_user(tx, RoleCode.MANAGER, at=AT, password=None), frozenset())


def an_upload(tx: Tx, by: Actor, *, into: ObjectStore, side: int = 32, at: datetime = AT) -> UUID:
    """Bring a square picture whose form is not sent yet; another side makes another picture."""
    raw = drawn((side, side))
    return uploads.keep(tx, clean(raw), frame_sha256=hashlib.sha256(raw).digest(), into=into, by=by.id, at=at)


def a_kept(tx: Tx, site_id: UUID, *, into: ObjectStore, side: int = 32, at: datetime = AT) -> bytes:
    """Keep a square picture for a site; return the hash its bytes lie under."""
    raw = drawn((side, side))
    picture = clean(raw)
    pictures.save(picture, into=into)
    keeping = Keeping(Seen.of(picture), hashlib.sha256(raw).digest(), KIND, brought_by=uuid7())
    pictures.put(tx, keeping, site_id=site_id, at=at)
    return picture.sha256
