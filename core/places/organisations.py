"""Organisations: who operates and who owns. Table organisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import orjson

from core.kit.db import Tx
from core.kit.sql import named

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
