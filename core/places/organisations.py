"""Organisations: who operates and who owns. Table organisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import orjson

from core.access.actors import Actor
from core.kit.db import Tx
from core.kit.sql import named
from core.places import records

SQL = named("places/organisations")


class OrganisationKind(StrEnum):
    """What an organisation is to the operator."""

    OPERATOR = "operator"
    BRANCH = "branch"
    LOT_OWNER = "lot_owner"
    MERCHANT = "merchant"
    GOVERNMENT = "government"


@dataclass(frozen=True, slots=True)
class Organisation:
    """One organisation; `parent_id` is the one it belongs to."""

    organisation_id: UUID
    parent_id: UUID | None
    kind: OrganisationKind
    name: str
    name_en: str


def add(tx: Tx, organisations: Sequence[Organisation]) -> int:
    """Add organisations, parents before children; return how many were new."""
    return tx.run(SQL["add_organisations"], rows=orjson.dumps(organisations).decode())


def list_choices(tx: Tx, *, by: Actor) -> list[tuple[str, str]]:
    """Return the organisations at work that somebody may see and that may run sites, for a form."""
    scope = by.scope
    rows = tx.tuples(SQL["list_choices"], is_everything=scope.is_everything, organisation_ids=sorted(scope.organisation_ids))
    return records.choices(rows)


def list_all_choices(tx: Tx) -> list[tuple[str, str]]:
    """Return every organisation at work that may run sites, for who grants what others see."""
    return records.choices(tx.tuples(SQL["list_choices"], is_everything=True, organisation_ids=[]))
