"""Permissions: the things that may be done, `<domain>.<verb>`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from core.kit.locale import Lazy, _l


class Permission(StrEnum):
    """One thing that may be done."""

    WALL_VIEW = "insight.view_wall"
    DISPATCH_VIEW = "insight.view_dispatch"
    ALARMS_ACKNOWLEDGE = "upkeep.acknowledge_alarms"
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
    TARIFFS_VIEW = "billing.view_tariffs"
    TARIFFS_MANAGE = "billing.manage_tariffs"
    TARIFFS_APPROVE = "billing.approve_tariffs"
    EXPORT = "access.export"
    PII_REVEAL = "pii.reveal"
    ORGANISATIONS_MANAGE = "access.manage_organisations"
    SETTINGS_MANAGE = "settings.manage"
    SECRETS_MANAGE = "settings.manage_secrets"
    USERS_MANAGE = "access.manage_users"
    SCREENS_MANAGE = "access.manage_screens"
    RIGHTS_GRANT = "access.grant_rights"
    AUDIT_READ = "access.read_audit"


NAMES: Final[Mapping[Permission, Lazy]] = {
    Permission.WALL_VIEW: _l("See the wall"),
    Permission.DISPATCH_VIEW: _l("See the dispatch map"),
    Permission.ALARMS_ACKNOWLEDGE: _l("Acknowledge alarms"),
    Permission.DEVICES_VIEW: _l("See devices"),
    Permission.DEVICES_MANAGE: _l("Manage devices"),
    Permission.PLACES_VIEW: _l("See places"),
    Permission.PLACES_MANAGE: _l("Manage places"),
    Permission.VEHICLES_VIEW: _l("See vehicles"),
    Permission.VEHICLES_MANAGE: _l("Manage vehicles"),
    Permission.LISTS_MANAGE: _l("Propose for lists of plates"),
    Permission.LISTS_APPROVE: _l("Approve for lists of plates"),
    Permission.STAYS_VIEW: _l("See stays"),
    Permission.STAYS_AMEND: _l("Amend and void stays"),
    Permission.EVIDENCE_VIEW: _l("See pictures"),
    Permission.TARIFFS_VIEW: _l("See tariffs and the calendar"),
    Permission.TARIFFS_MANAGE: _l("Write tariffs and the calendar"),
    Permission.TARIFFS_APPROVE: _l("Approve tariffs"),
    Permission.EXPORT: _l("Export lists"),
    Permission.PII_REVEAL: _l("See plates and phones in full"),
    Permission.ORGANISATIONS_MANAGE: _l("Manage organisations"),
    Permission.SETTINGS_MANAGE: _l("Change settings"),
    Permission.SECRETS_MANAGE: _l("Write keys of payment"),
    Permission.USERS_MANAGE: _l("Manage accounts"),
    Permission.SCREENS_MANAGE: _l("Manage wall screens"),
    Permission.RIGHTS_GRANT: _l("Grant rights"),
    Permission.AUDIT_READ: _l("Read the audit"),
}
"""What people call them."""
