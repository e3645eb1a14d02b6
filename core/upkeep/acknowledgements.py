"""Acknowledgements: somebody says that he sees to an alarm, once. Table alarm."""

from datetime import datetime
from uuid import UUID

from core.access.scopes import Scope
from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.sql import named

SQL = named("upkeep/acknowledgements")


class NotStanding(Refused):
    """The alarm is over, or lies outside of what somebody sees."""


class AlreadyAcknowledged(Refused):
    """Somebody sees to it already."""


def acknowledge(tx: Tx, *, alarm_id: UUID, scope: Scope, by: UUID, at: datetime) -> str:
    """
    Note that somebody sees to an alarm that stands; return its rule.

    What is about no site is for who sees the whole city.

    Raises:
        NotStanding: no such alarm stands where he sees.
        AlreadyAcknowledged: another one was faster.
    """
    found = tx.row(SQL["find_alarm"], alarm_id=alarm_id)
    if found is None or not _sees(tx, scope, found["site_id"]):
        raise NotStanding(_("This alarm is over."))
    if tx.value(SQL["acknowledge"], alarm_id=alarm_id, by=by, at=at) is None:
        raise AlreadyAcknowledged(_("Somebody sees to this alarm already."))
    return str(found["rule"])


def _sees(tx: Tx, scope: Scope, site_id: UUID | None) -> bool:
    return scope.is_everything or (site_id is not None and site_id in scope.sites(tx))
