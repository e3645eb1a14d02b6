"""
Pictures over HTTPS: the frames that a device announced by their hash in a message, sent as they are, JPEG or PNG.

A gateway may send for itself what any device below it announced, as cameras do that speak through one. Table picture.
"""

from datetime import datetime
from typing import Final

from obstore.store import ObjectStore

from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.sql import named
from core.stays import pictures
from ingest.api.bodies import PictureAnswer
from ingest.api.refusals import NotAPicture
from ingest.messages.wire import Address

SQL = named("api/pictures")

TYPES: Final = ("image/jpeg", "image/png")
MOST_BELOW: Final = 10_000
"""Devices that stand below one gateway, at most."""


def keep(tx: Tx, raw: bytes, *, address: Address, into: ObjectStore, at: datetime) -> PictureAnswer:
    """
    Keep a picture that a device sends.

    Raises:
        NotAPicture: the device announced no such picture lately, or the bytes are none that may be kept.
    """
    rows = tx.rows(
        SQL["list_announcers"], site=address.site, gateway=address.gateway, device=address.device, most=MOST_BELOW
    )  # fmt: skip
    try:
        if not rows:
            raise pictures.NotAnnounced(_("This device announced no such picture."))
        kept = pictures.keep(
            tx, raw, site_id=rows[0]["site_id"], devices=[row["device_id"] for row in rows], into=into, at=at
        )  # fmt: skip
    except Refused as refused:
        raise NotAPicture(refused.message) from refused
    return PictureAnswer(sha256=kept.sha256.hex(), message=_("The picture is kept."))
