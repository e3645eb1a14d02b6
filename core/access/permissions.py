"""Permissions: the things that may be done, `<domain>.<verb>`."""

from enum import StrEnum


class Permission(StrEnum):
    """One thing that may be done."""

    WALL_VIEW = "insight.view_wall"
    DISPATCH_VIEW = "insight.view_dispatch"
    DEVICES_VIEW = "devices.view"
    USERS_MANAGE = "access.manage_users"
    SCREENS_MANAGE = "access.manage_screens"
    RIGHTS_GRANT = "access.grant_rights"
    AUDIT_READ = "access.read_audit"
