"""Rights: which roles a user holds and what of the city he sees, for those who grant them. Tables user_role, user_scope."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.access import roles, scopes
from core.access.actors import Actor
from core.access.scopes import Scope
from core.kit.db import Row, Tx
from core.kit.errors import Changed, Refused
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.sql import named

SQL = named("access/rights")

STATES: Final[dict[str, Lazy]] = {
    "active": _l("Has rights"),
    "none": _l("Without a role"),
    "disabled": _l("Disabled"),
}
RIGHTS: Final = Relation(
    SQL["rights_rows"],
    key="user_id",
    columns=frozenset(
        {"login", "name", "state", "roles", "roles_en", "role_codes", "scope", "scope_en", "is_everything", "needs_authenticator",
         "has_authenticator", "granted_at"}
    ),
    order=(Order("login"),),
)  # fmt: skip


class NothingSeen(Refused):
    """A role without a scope, or the other way round, is a mistake."""


class Draft(BaseModel):
    """What a user may do, and where, as a form tells it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role_codes: Annotated[list[str], Field(max_length=20)] = []
    is_everything: bool = False
    organisation_ids: Annotated[list[UUID], Field(max_length=200)] = []
    site_ids: Annotated[list[UUID], Field(max_length=2_000)] = []

    @property
    def scope(self) -> Scope:
        """Return what he sees; everything leaves nothing to be named."""
        if self.is_everything:
            return scopes.EVERYTHING
        return Scope(organisation_ids=frozenset(self.organisation_ids), site_ids=frozenset(self.site_ids))


def load(row: Row) -> dict[str, object]:
    """Return what the form of a user starts with."""
    return {name: row[name] for name in ("role_codes", "is_everything", "organisation_ids", "site_ids")}


def change(tx: Tx, key: UUID, draft: Draft, *, version: int, by: Actor, at: datetime) -> None:
    """
    Let a user hold these roles and see this, nothing else.

    Raises:
        Changed: somebody changed his account meanwhile.
        OwnRights: the user is who grants.
        RolesExclude, NoSuchRole: see `roles.grant`.
        NothingSeen: he would have daily work and see no site.
    """
    is_working = bool(set(draft.role_codes) - roles.ADMINISTRATORS)
    if is_working and draft.scope == scopes.NOTHING:
        raise NothingSeen(_("Who works with the city must see a part of it."), field="is_everything")
    if not tx.run(SQL["raise_version"], user_id=key, version=version):
        raise Changed
    roles.grant(tx, user_id=key, role_codes=draft.role_codes, by=by.id, at=at)
    scopes.grant(tx, user_id=key, scope=draft.scope, by=by.id, at=at)


def withdraw(tx: Tx, keys: Sequence[UUID], *, by: Actor, at: datetime) -> int:
    """
    Take all roles and all scope from users; return how many.

    Raises:
        OwnRights: who does it is one of them.
    """
    for user_id in sorted(set(keys)):
        roles.grant(tx, user_id=user_id, role_codes=(), by=by.id, at=at)
        scopes.grant(tx, user_id=user_id, scope=scopes.NOTHING, by=by.id, at=at)
    return len(set(keys))
