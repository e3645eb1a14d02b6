"""Damages: pictures that a check found lost or altered, and what people do about them. Table picture_damage."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from core.access.actors import Actor
from core.kit.db import Tx
from core.kit.listing import Order, Relation
from core.kit.sql import named
from core.stays import checks, pictures

SQL = named("stays/damages")

DAMAGES: Final = Relation(
    SQL["damage_rows"],
    key="damage_id",
    columns=frozenset({"site", "kind", "shows", "found_at", "seen_at", "ended_at", "state", "frame", "kept_at", "kept_bytes"}),
    order=(Order("found_at", is_falling=True),),
)


def look_again(tx: Tx, keys: Sequence[UUID], *, by: Actor, at: datetime) -> int:
    """
    Compare damaged pictures once more, as they may have been put back; return how many were looked at.

    Raises:
        Unavailable: the store does not answer.
    """
    due = checks.list_damaged(tx, keys, sites=by.scope.sites(tx))
    return sum(checks.note(tx, checks.look(due, out_of=pictures.own_store()), at=at).values())


def accept(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime) -> int:
    """Accept that pictures are lost, for a reason; return how many. A later look that finds one whole still says so."""
    return tx.run(SQL["accept"], damage_ids=list(keys), sites=by.scope.sites(tx), reason=reason, by=by.id, at=at)
