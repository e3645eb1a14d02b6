"""
Groups of sites: named sets that passes, tariffs and reports speak of as one. Tables site_group, site_group_member.

A group without a site does not exist. Who sees one of its sites sees the group, and of its sites those he may see; those he may
not see stay in the group whatever he changes.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.access.actors import Actor
from core.kit.db import Row, Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.sql import named
from core.places import deployments, records
from core.places.sites import Code, Name

SQL = named("places/groups")

MOST: Final = 2_000
"""Sites of one group."""


class Purpose(StrEnum):
    """What a group is for."""

    PASS = "pass"  # noqa: S105  # a season ticket
    TARIFF = "tariff"
    REPORT = "report"


PURPOSES: Final[dict[str, Lazy]] = {
    Purpose.PASS: _l("Season passes"),
    Purpose.TARIFF: _l("Tariffs"),
    Purpose.REPORT: _l("Reports and rankings"),
}
STATES: Final[dict[str, Lazy]] = {"active": _l("Active"), "retired": _l("Retired")}
GROUPS: Final = Relation(
    SQL["list_groups"],
    key="site_group_id",
    columns=frozenset({"code", "name", "called", "purpose", "site_n", "section_n", "lot_n", "berth_n", "state"}),
    order=(Order("code"),),
)
_TAKEN: Final = {"site_group_code_key": ("code", _l("Another group has this code."))}


class WrongState(Refused):
    """Its state does not allow this."""


class Draft(BaseModel):
    """A group as a form tells it, with those of its sites that its writer may see."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    code: Code
    name: Name
    name_en: Name
    purpose: Purpose
    sites: Annotated[list[UUID], Field(min_length=1, max_length=MOST)]


def register(tx: Tx, draft: Draft, *, by: Actor, at: datetime) -> UUID:  # noqa: ARG001  # the form of a register
    """
    Register a group.

    Raises:
        Refused: its code is taken, or a site is not the actor's.
    """
    sites = _own(tx, draft, by=by)
    group_id = uuid7()
    records.add(tx, SQL["register"], taken=_TAKEN, site_group_id=group_id, **_values(draft))
    tx.run(SQL["put_in"], site_group_id=group_id, sites=sites)
    return group_id


def change(tx: Tx, key: UUID, draft: Draft, *, version: int, by: Actor, at: datetime) -> None:  # noqa: ARG001  # as above
    """
    Change a group; its sites that the actor may not see stay in it.

    Raises:
        Refused: as `register`.
        Changed: somebody changed it meanwhile.
    """
    sites = _own(tx, draft, by=by)
    records.change(tx, SQL["change"], taken=_TAKEN, site_group_id=key, version=version, **_values(draft))
    tx.run(SQL["take_out"], site_group_id=key, among=by.scope.sites(tx), but=sites)
    tx.run(SQL["put_in"], site_group_id=key, sites=sites)


def retire(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: BaseModel | None) -> int:  # noqa: ARG001  # as above
    """
    Let groups be used for nothing new; return how many.

    Raises:
        WrongState: one of them is retired.
    """
    return _set_state(tx, keys, "retired", _("This group is retired already."))


def use_again(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: BaseModel | None) -> int:  # noqa: ARG001  # as above
    """
    Take groups into use again; return how many.

    Raises:
        WrongState: one of them is in use.
    """
    return _set_state(tx, keys, "active", _("This group is in use."))


def list_members(tx: Tx, *, group_id: UUID, sites: Sequence[UUID]) -> list[Row]:
    """Return the sites of a group that somebody may see, by code."""
    return tx.rows(SQL["list_members"], site_group_id=group_id, sites=list(sites), most=MOST)


def list_choices(tx: Tx, *, purpose: Purpose, sites: Sequence[UUID]) -> list[tuple[str, str]]:
    """Return the groups for a purpose that have some of these sites, for a form, in the reader's language."""
    return records.choices(tx.tuples(SQL["list_choices"], purpose=purpose, sites=list(sites), most=MOST))


def _set_state(tx: Tx, keys: Sequence[UUID], state: str, said: str) -> int:
    for key in keys:
        if not tx.value(SQL["set_state"], site_group_id=key, state=state):
            raise WrongState(said)
    deployments.registry_changed(tx)
    return len(keys)


def _own(tx: Tx, draft: Draft, *, by: Actor) -> list[UUID]:
    """Return the sites of a draft once each, all of them the actor's."""
    if set(draft.sites) - set(by.scope.sites(tx)):
        raise records.Gone(_("There is no such site."), field="sites")
    return sorted(set(draft.sites))


def _values(draft: Draft) -> dict[str, Any]:
    return draft.model_dump(exclude={"sites"})
