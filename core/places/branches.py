"""Branches: organisations as people manage them, each below another one or none. Table organisation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, StringConstraints

from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.sql import named
from core.places import records
from core.places.organisations import OrganisationKind

SQL = named("places/branches")

BRANCHES: Final = Relation(
    SQL["branch_rows"],
    key="organisation_id",
    columns=frozenset(
        {"kind", "name", "name_en", "parent", "contact", "phone", "address", "state", "sites_n", "people_n", "changed_at"}
    ),
    order=(Order("kind", is_falling=True), Order("name")),
)
KINDS: Final[dict[str, Lazy]] = {
    OrganisationKind.OPERATOR: _l("Operator"),
    OrganisationKind.BRANCH: _l("Branch"),
    OrganisationKind.LOT_OWNER: _l("Owner of lots"),
    OrganisationKind.MERCHANT: _l("Merchant"),
    OrganisationKind.GOVERNMENT: _l("Authority"),
}
STATES: Final[dict[str, Lazy]] = {"active": _l("Active"), "suspended": _l("Suspended"), "closed": _l("Closed")}

Line = Annotated[str, StringConstraints(max_length=200)]


class Loop(Refused):
    """An organisation would lie below itself."""


class StillUsed(Refused):
    """An organisation has open sites, or active organisations below it."""


class Draft(BaseModel):
    """An organisation as a form tells it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    name_en: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    kind: OrganisationKind
    parent_id: UUID | None = None
    contact: Line = ""
    phone: Annotated[str, StringConstraints(pattern=r"^([0-9+][0-9 -]{4,19})?$")] = ""
    address: Line = ""


def add(tx: Tx, draft: Draft, *, at: datetime) -> UUID:
    """
    Add an organisation; it is active.

    Raises:
        records.Gone: there is no such organisation above it.
    """
    organisation_id = uuid7()
    records.add(tx, SQL["add"], taken={}, organisation_id=organisation_id, at=at, **draft.model_dump())
    return organisation_id


def change(tx: Tx, key: UUID, draft: Draft, *, version: int, at: datetime) -> None:
    """
    Change an organisation.

    Raises:
        Loop: it would lie below itself.
        Changed: somebody changed it meanwhile.
    """
    if draft.parent_id is not None and tx.value(SQL["is_below"], a_id=draft.parent_id, b_id=key):
        raise Loop(_("An organisation does not lie below itself."), field="parent_id")
    records.change(tx, SQL["change"], organisation_id=key, version=version, at=at, **draft.model_dump())


def suspend(tx: Tx, keys: Sequence[UUID], *, at: datetime) -> int:
    """Suspend organisations; their sites go on."""
    return tx.run(SQL["set_state"], keys=list(keys), state="suspended", at=at)


def resume(tx: Tx, keys: Sequence[UUID], *, at: datetime) -> int:
    """Let organisations be active again."""
    return tx.run(SQL["set_state"], keys=list(keys), state="active", at=at)


def close(tx: Tx, keys: Sequence[UUID], *, at: datetime) -> int:
    """
    Close organisations; what was theirs stays theirs.

    Raises:
        StillUsed: one has open sites, or active organisations below it.
    """
    used = [row["name"] for row in tx.rows(SQL["list_in_use"], keys=list(keys))]
    if used:
        raise StillUsed(_("%(names)s: close its sites and the organisations below first.", names=", ".join(used)))
    return tx.run(SQL["set_state"], keys=list(keys), state="closed", at=at)


def list_choices(tx: Tx) -> list[tuple[str, str]]:
    """Return the active organisations, for a form."""
    return records.choices((row["key"], row["name"], row["name_en"]) for row in tx.rows(SQL["list_choices"]))
