"""Views: questions about a list that somebody keeps under a name, for himself or for all who see the list. Table saved_view."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

from core.access.actors import Actor
from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.locale import _
from core.kit.sql import named

SQL = named("access/views")

MOST: Final = 20
"""Views that one person keeps of one list."""
_LISTED: Final = 30
_LONGEST_NAME: Final = 40
_LONGEST_STATE: Final = 8_000


class NoName(Refused):
    """A view needs a name."""


class TooMuch(Refused):
    """Somebody keeps too many views of a list, or one that is too large."""


class NotOwn(Refused):
    """The view belongs to somebody else, or is not there."""


@dataclass(frozen=True, slots=True)
class SavedView:
    """One question that is kept; `state` is as the page of the list wrote it."""

    view_id: UUID
    name: str
    state: Mapping[str, Any]
    is_own: bool


def list_views(tx: Tx, *, register: str, by: Actor) -> list[SavedView]:
    """Return somebody's views of a list, then those that others share."""
    return [SavedView(**row) for row in tx.rows(SQL["list_views"], register=register, owner_id=by.id, most=_LISTED)]


def save(tx: Tx, *, register: str, name: str, state: Mapping[str, Any], is_shared: bool, by: Actor, at: datetime) -> UUID:
    """
    Keep a question; one of the same name is replaced.

    Raises:
        NoName: it has none.
        TooMuch: it is too large, or there are too many already.
    """
    name = name.replace("\0", "").strip()[:_LONGEST_NAME]
    if not name:
        raise NoName(_("Give the view a name."))
    written = orjson.dumps(dict(state)).decode()
    known = {view.name for view in list_views(tx, register=register, by=by) if view.is_own}
    if len(written) > _LONGEST_STATE or (name not in known and len(known) >= MOST):
        raise TooMuch(_("You keep too many views here. Remove one first."))
    kept: UUID = tx.value(
        SQL["save"], view_id=uuid7(), register=register, owner_id=by.id, name=name, is_shared=is_shared, state=written, at=at
    )
    return kept


def remove(tx: Tx, *, view_id: UUID, register: str, by: Actor) -> None:
    """
    Remove a view of one's own.

    Raises:
        NotOwn: it belongs to somebody else, or is not there.
    """
    if not tx.run(SQL["remove"], view_id=view_id, register=register, owner_id=by.id):
        raise NotOwn(_("Only who saved a view removes it."))
