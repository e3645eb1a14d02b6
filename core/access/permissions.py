"""Permissions: the things that may be done, `<domain>.<verb>`."""

from enum import StrEnum


class Permission(StrEnum):
    """One thing that may be done."""

    WALL_VIEW = "insight.view_wall"
    DISPATCH_VIEW = "insight.view_dispatch"
    DEVICES_VIEW = "devices.view"
    DEVICES_MANAGE = "devices.manage"
    PLACES_VIEW = "places.view"
    PLACES_MANAGE = "places.manage"
    VEHICLES_VIEW = "customers.view_vehicles"
    VEHICLES_MANAGE = "customers.manage_vehicles"
    LISTS_MANAGE = "customers.manage_lists"
    LISTS_APPROVE = "customers.approve_lists"
    STAYS_VIEW = "orders.view_stays"
    STAYS_AMEND = "orders.amend_stays"
    EVIDENCE_VIEW = "orders.view_evidence"
    EXPORT = "access.export"
    PII_REVEAL = "pii.reveal"
    ORGANISATIONS_MANAGE = "access.manage_organisations"
    SETTINGS_MANAGE = "settings.manage"
    SECRETS_MANAGE = "settings.manage_secrets"
    USERS_MANAGE = "access.manage_users"
    SCREENS_MANAGE = "access.manage_screens"
    RIGHTS_GRANT = "access.grant_rights"
    AUDIT_READ = "access.read_audit"
