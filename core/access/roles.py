"""
Roles: sets of permissions, and whose they are. Tables role, role_permission, user_role.

Three administrators watch each other: one keeps accounts and screens, one grants rights, one reads the audit. Nobody is two
of them, and nobody changes rights of his own.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Protocol
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core.access import sessions
from core.access.permissions import Permission
from core.access.sessions import Ended
from core.kit.db import Tx
from core.kit.errors import Changed, Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Language, Lazy, _, _l, current, use
from core.kit.sql import named

SQL = named("access/roles")


class RoleCode(StrEnum):
    """The roles every deployment has."""

    COMMAND_CENTER = "command_center"
    MANAGER = "manager"
    DISPATCHER = "dispatcher"
    FINANCE = "finance"
    SYSTEM_ADMINISTRATOR = "system_administrator"
    SECURITY_ADMINISTRATOR = "security_administrator"
    AUDIT_ADMINISTRATOR = "audit_administrator"


ADMINISTRATORS: Final = frozenset({RoleCode.SYSTEM_ADMINISTRATOR, RoleCode.SECURITY_ADMINISTRATOR, RoleCode.AUDIT_ADMINISTRATOR})
_AT_A_DESK: Final = frozenset(
    {Permission.WALL_VIEW, Permission.DISPATCH_VIEW, Permission.ALARMS_ACKNOWLEDGE, Permission.DEVICES_VIEW}
)
_LOOKS_THINGS_UP: Final = frozenset(
    {
        Permission.PLACES_VIEW,
        Permission.VEHICLES_VIEW,
        Permission.STAYS_VIEW,
        Permission.EVIDENCE_VIEW,
        Permission.TARIFFS_VIEW,
        Permission.EXPORT,
    }
)

PERMISSIONS: Final[Mapping[RoleCode, frozenset[Permission]]] = {
    RoleCode.COMMAND_CENTER: _AT_A_DESK
    | _LOOKS_THINGS_UP
    | {Permission.PII_REVEAL, Permission.LISTS_APPROVE, Permission.TARIFFS_APPROVE},
    RoleCode.MANAGER: _AT_A_DESK
    | _LOOKS_THINGS_UP
    | {
        Permission.PLACES_MANAGE,
        Permission.DEVICES_MANAGE,
        Permission.VEHICLES_MANAGE,
        Permission.LISTS_MANAGE,
        Permission.LISTS_APPROVE,
        Permission.STAYS_AMEND,
        Permission.TARIFFS_MANAGE,
        Permission.TARIFFS_APPROVE,
        Permission.PII_REVEAL,
    },
    RoleCode.DISPATCHER: _AT_A_DESK | _LOOKS_THINGS_UP | {Permission.LISTS_MANAGE},
    RoleCode.FINANCE: _LOOKS_THINGS_UP
    | {
        Permission.WALL_VIEW,
        Permission.PII_REVEAL,
        Permission.SECRETS_MANAGE,
        Permission.TARIFFS_MANAGE,
        Permission.TARIFFS_APPROVE,
    },
    RoleCode.SYSTEM_ADMINISTRATOR: frozenset(
        {Permission.USERS_MANAGE, Permission.SCREENS_MANAGE, Permission.ORGANISATIONS_MANAGE, Permission.SETTINGS_MANAGE}
    ),
    RoleCode.SECURITY_ADMINISTRATOR: frozenset({Permission.RIGHTS_GRANT}),
    RoleCode.AUDIT_ADMINISTRATOR: frozenset({Permission.AUDIT_READ, Permission.EXPORT}),
}
"""What each built-in role may do in this release."""

OF_SCREENS: Final = frozenset({Permission.WALL_VIEW})
"""What a wall screen may do. It is no role: nobody can be given it."""

NAMES: Final[Mapping[RoleCode, Lazy]] = {
    RoleCode.COMMAND_CENTER: _l("Command center"),
    RoleCode.MANAGER: _l("Operations manager"),
    RoleCode.DISPATCHER: _l("Dispatcher"),
    RoleCode.FINANCE: _l("Finance"),
    RoleCode.SYSTEM_ADMINISTRATOR: _l("System administrator"),
    RoleCode.SECURITY_ADMINISTRATOR: _l("Security administrator"),
    RoleCode.AUDIT_ADMINISTRATOR: _l("Audit administrator"),
}

NEED_AUTHENTICATOR: Final = ADMINISTRATORS | {RoleCode.FINANCE}
"""Roles whose users prove themselves by a second factor as well."""
OF_ADMINISTRATORS: Final = frozenset().union(*(PERMISSIONS[code] for code in ADMINISTRATORS)) - {Permission.EXPORT}
"""What no role of one's own may hold: the three administrators watch each other."""
OWN: Final = tuple(each for each in Permission if each not in OF_ADMINISTRATORS)
_SENSITIVE: Final = frozenset({Permission.SECRETS_MANAGE, Permission.PII_REVEAL})
"""Whose holders need a second factor in a role of one's own."""
KINDS: Final[dict[str, Lazy]] = {"built_in": _l("Of the product"), "own": _l("Of our own")}
ROLES: Final = Relation(
    SQL["role_rows"],
    key="role_code",
    columns=frozenset({"role_code", "name", "name_en", "note", "kind", "needs_authenticator", "permission_n", "user_n"}),
    order=(Order("kind"), Order("role_code")),
)


class Draft(BaseModel):
    """A role of one's own as a form tells it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: Annotated[str, StringConstraints(min_length=2, max_length=40)]
    permissions: Annotated[list[Permission], Field(min_length=1)]
    note: Annotated[str, StringConstraints(max_length=400)] = ""


class NoSuchRole(Refused):
    """No role has this code."""


class OwnRights(Refused):
    """Somebody wanted to change what he himself may do."""


class NotOwn(Refused):
    """A role of the product was to be changed, or one of its administrators' permissions was to be given away."""


class NameTaken(Refused):
    """Another role has this name."""


class StillHeld(Refused):
    """Somebody holds the role."""


class RolesExclude(Refused):
    """Two of these roles watch each other."""


class Holder(Protocol):
    """Whoever acts; actors stand above roles."""

    @property
    def id(self) -> UUID:
        """Return who it is."""


@dataclass(frozen=True, slots=True)
class Held:
    """A role somebody holds."""

    role_code: str
    granted_at: datetime


def keep_built_in(tx: Tx) -> int:
    """Make the roles of this release what it says they are; return how many rows changed."""
    roles = [{"role_code": code, "needs_authenticator": code in NEED_AUTHENTICATOR} for code in RoleCode]
    permissions = [{"role_code": code, "permission": each} for code, held in PERMISSIONS.items() for each in sorted(held)]
    changed = tx.run(SQL["put_roles"], rows=orjson.dumps(roles).decode())
    changed += tx.run(SQL["put_names"], rows=orjson.dumps([{"role_code": code, **_names(code)} for code in RoleCode]).decode())
    changed += tx.run(SQL["take_permissions"], rows=orjson.dumps(permissions).decode())
    return changed + tx.run(SQL["give_permissions"], rows=orjson.dumps(permissions).decode())


def list_held(tx: Tx, *, user_id: UUID) -> list[Held]:
    """List the roles a user holds."""
    return [Held(**row) for row in tx.rows(SQL["list_held"], user_id=user_id)]


def grant(tx: Tx, *, user_id: UUID, role_codes: Collection[str], by: UUID | None, at: datetime) -> None:
    """
    Let a user hold these roles and no others; where that changes them his sessions end, so that none outlives his rights.

    Raises:
        OwnRights: the user is who grants.
        RolesExclude: they hold more than one administrator's role, or one beside the daily work.
        NoSuchRole: a code is unknown.
    """
    if user_id == by:
        raise OwnRights(_("Nobody changes rights of his own."))
    wanted = set(role_codes)
    if wanted & ADMINISTRATORS and len(wanted) > 1:
        raise RolesExclude(_("An administrator holds no other role."))
    if set(tx.value(SQL["known"], role_codes=sorted(wanted)) or ()) != wanted:
        raise NoSuchRole(_("There is no such role."))
    changed_n = tx.run(SQL["withdraw"], user_id=user_id, role_codes=sorted(wanted))
    changed_n += tx.run(SQL["hold"], user_id=user_id, role_codes=sorted(wanted), by=by, at=at)
    if changed_n:
        sessions.end_all(tx, user_id=user_id, why=Ended.RIGHTS_CHANGED, at=at)


def list_choices(tx: Tx) -> list[tuple[str, str]]:
    """Return the roles that can be held, by code and name in the reader's language."""
    is_english = current() is Language.EN
    return [(row["role_code"], row["name_en"] if is_english else row["name"]) for row in tx.rows(SQL["list_choices"])]


def register(tx: Tx, draft: Draft) -> str:
    """
    Add a role of one's own; return its code.

    Raises:
        NotOwn: a permission belongs to an administrator.
        NameTaken: another role has this name.
    """
    role_code = "own_" + "".join(chr(ord("a") + int(digit, 16)) for digit in uuid7().hex)
    _check(tx, draft, role_code=role_code)
    tx.run(SQL["add_own"], role_code=role_code, name=draft.name, note=draft.note, needs_authenticator=_needs_factor(draft))
    tx.run(SQL["give"], role_code=role_code, permissions=[str(each) for each in draft.permissions])
    return role_code


def change(tx: Tx, key: str, draft: Draft, *, version: int, by: Holder, at: datetime) -> None:
    """
    Change a role of one's own; the sessions of whoever holds it end.

    Raises:
        Changed: somebody changed it meanwhile, or it is the product's.
        OwnRights: who changes it holds it.
        NotOwn, NameTaken: as in `register`.
    """
    _check(tx, draft, role_code=key)
    holders: list[UUID] = tx.value(SQL["holders"], role_code=key)
    if by.id in holders:
        raise OwnRights(_("Nobody changes rights of his own."))
    values = {"name": draft.name, "note": draft.note, "needs_authenticator": _needs_factor(draft)}
    if not tx.run(SQL["change_own"], role_code=key, version=version, **values):
        raise Changed
    permissions = [str(each) for each in draft.permissions]
    if tx.run(SQL["take_others"], role_code=key, permissions=permissions) + tx.run(
        SQL["give"], role_code=key, permissions=permissions
    ):
        for user_id in holders:
            sessions.end_all(tx, user_id=user_id, why=Ended.RIGHTS_CHANGED, at=at)


def remove(tx: Tx, keys: Sequence[str]) -> int:
    """
    Remove roles of one's own that nobody holds; return how many.

    Raises:
        StillHeld: somebody holds one of them.
    """
    for role_code in sorted(set(keys)):
        if tx.value(SQL["holders"], role_code=role_code):
            raise StillHeld(_("Somebody holds this role. Take it from them first."))
        tx.run(SQL["take_others"], role_code=role_code, permissions=[])
    return tx.run(SQL["remove_own"], role_codes=sorted(set(keys)))


def _check(tx: Tx, draft: Draft, *, role_code: str) -> None:
    if role_code in set(RoleCode):
        raise NotOwn(_("A role of the product stays as it is."))
    if set(draft.permissions) & OF_ADMINISTRATORS:
        raise NotOwn(_("What administrators may do is theirs alone."), field="permissions")
    if tx.value(SQL["name_taken"], role_code=role_code, name=draft.name):
        raise NameTaken(_("Another role has this name."), field="name")


def _needs_factor(draft: Draft) -> bool:
    return bool(_SENSITIVE & set(draft.permissions))


def _names(code: RoleCode) -> dict[str, str]:
    """Return what a role of the product is called, in every language."""
    said = {}
    for language, name in ((Language.EN, "name_en"), (Language.ZH_CN, "name_zh")):
        with use(language):
            said[name] = str(NAMES[code])
    return said
