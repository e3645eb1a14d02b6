"""
Roles: sets of permissions, and whose they are. Tables role, role_permission, user_role.

Three administrators watch each other: one keeps accounts and screens, one grants rights, one reads the audit. Nobody is two
of them, and nobody changes rights of his own.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

import orjson

from core.access import sessions
from core.access.permissions import Permission
from core.access.sessions import Ended
from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.locale import Lazy, _, _l
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
_AT_A_DESK: Final = frozenset({Permission.WALL_VIEW, Permission.DISPATCH_VIEW, Permission.DEVICES_VIEW})
_LOOKS_THINGS_UP: Final = frozenset(
    {Permission.PLACES_VIEW, Permission.VEHICLES_VIEW, Permission.STAYS_VIEW, Permission.EVIDENCE_VIEW, Permission.EXPORT}
)

PERMISSIONS: Final[Mapping[RoleCode, frozenset[Permission]]] = {
    RoleCode.COMMAND_CENTER: _AT_A_DESK | _LOOKS_THINGS_UP | {Permission.PII_REVEAL, Permission.LISTS_APPROVE},
    RoleCode.MANAGER: _AT_A_DESK
    | _LOOKS_THINGS_UP
    | {
        Permission.PLACES_MANAGE,
        Permission.DEVICES_MANAGE,
        Permission.VEHICLES_MANAGE,
        Permission.LISTS_MANAGE,
        Permission.LISTS_APPROVE,
        Permission.STAYS_AMEND,
        Permission.PII_REVEAL,
    },
    RoleCode.DISPATCHER: _AT_A_DESK | _LOOKS_THINGS_UP | {Permission.LISTS_MANAGE},
    RoleCode.FINANCE: _LOOKS_THINGS_UP | {Permission.WALL_VIEW, Permission.PII_REVEAL, Permission.SECRETS_MANAGE},
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


class NoSuchRole(Refused):
    """No role has this code."""


class OwnRights(Refused):
    """Somebody wanted to change what he himself may do."""


class RolesExclude(Refused):
    """Two of these roles watch each other."""


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
