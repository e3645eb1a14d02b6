"""
Lane codes: which sign with a QR code stands beside which lane, and since when. Table lane_code.

A driver's phone reads the code of a sign; `identify` tells the lane it stood for at that moment. A sign is bound to one lane
at a time; where it is unbound or moved, what it stood for before stays known. The product makes codes of its own, and takes
those of signs that were printed elsewhere.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from core.access.actors import Actor
from core.kit.db import Row, Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.sql import named
from core.places import deployments, records

SQL = named("places/lane_codes")

Token = Annotated[str, StringConstraints(max_length=200, pattern=r"^\S*$")]
"""What stands in a QR code: no blanks. Empty: the product makes one."""
STATES: Final[dict[str, Lazy]] = {"bound": _l("Bound"), "ended": _l("Unbound")}
CODES: Final = Relation(
    SQL["list_codes"],
    key="lane_code_id",
    columns=frozenset({"token", "site", "site_id", "lane", "called", "direction", "valid_from", "valid_to", "state"}),
    order=(Order("site"), Order("lane"), Order("valid_from", is_falling=True)),
)
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without letters and figures that look alike on a sign in the rain."""
_LETTERS: Final = 10
_TAKEN: Final = {"lane_code_once": ("token", _l("This code stands at another lane: unbind it there first."))}


class NotBound(Refused):
    """The code stands at no lane."""


class Draft(BaseModel):
    """A code and the lane it shall stand for, from now on."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    lane_id: UUID
    token: Token = ""


class Asked(BaseModel):
    """A code as it was typed or scanned."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    token: Annotated[Token, StringConstraints(min_length=1)]


@dataclass(frozen=True, slots=True)
class Identified:
    """The lane that a code stands for."""

    token: str
    site: str
    site_name: str
    site_name_en: str
    lane: str
    direction: str
    since: datetime


def bind(tx: Tx, draft: Draft, *, by: Actor, at: datetime) -> UUID:
    """
    Let a code stand for a lane from now on; one that is made here if none was given.

    Raises:
        Refused: it stands at a lane already, or the lane is not the actor's.
    """
    lane = tx.row(SQL["find_lane"], lane_id=draft.lane_id)
    if lane is None or lane["site_id"] not in by.scope.sites(tx):
        raise records.Gone(_("There is no such lane."), field="lane_id")
    code_id = uuid7()
    token = draft.token or new_token()
    records.add(
        tx, SQL["bind"], taken=_TAKEN, lane_code_id=code_id, site_id=lane["site_id"], lane_id=draft.lane_id, token=token, at=at
    )
    return code_id


def unbind(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: BaseModel | None) -> int:  # noqa: ARG001  # an action of a register
    """
    Let codes stand for nothing from now on; return how many.

    Raises:
        NotBound: one of them stands at no lane.
    """
    for key in keys:
        if not tx.value(SQL["unbind"], lane_code_id=key, at=at):
            raise NotBound(_("This code stands at no lane."))
    deployments.registry_changed(tx)
    return len(keys)


def identify(tx: Tx, token: str, *, sites: Sequence[UUID], at: datetime) -> Identified:
    """
    Return the lane a code stood for at an instant.

    Raises:
        NotBound: it stood at no lane of these sites.
    """
    row = tx.row(SQL["identify"], token=token.strip(), sites=list(sites), at=at)
    if row is None:
        raise NotBound(_("This code stands at no lane."), field="token")
    return Identified(**row)


def list_tokens(tx: Tx, *, keys: Sequence[UUID], sites: Sequence[UUID]) -> list[Row]:
    """Return the codes of a sheet to print, by lot and lane: those that stand at a lane now."""
    return tx.rows(SQL["list_tokens"], keys=list(keys), sites=list(sites))


def new_token() -> str:
    """Return a code nobody has: ten letters from thirty, drawn by chance."""
    return "L-" + "".join(secrets.choice(_ALPHABET) for _letter in range(_LETTERS))
