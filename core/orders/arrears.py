"""Arrears: claims that are unpaid a day after the departure. Table charge_order; the money moves by a transfer."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from core.kit.db import Tx
from core.kit.sql import named
from core.orders.claims import Claims, OrderChange, Payment, order_from, payment_from
from core.stays.locks import lock_sites

SQL = named("orders/arrears")

AFTER: Final = timedelta(days=1)
"""How long after the departure a claim may be paid before it is called arrears."""
_PAYMENTS_A_CLAIM: Final = 100


@dataclass(frozen=True, slots=True)
class Site:
    """What booking needs to know of a site: its code, and the kind of business its revenue counts for."""

    code: str
    business: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """Claims that have become arrears, ready to be booked and saved, and the sites they belong to."""

    claims: Claims
    sites: dict[UUID, Site]


def find_overdue(tx: Tx, *, at: datetime, most: int) -> Overdue:
    """
    Return claims that were not paid in time, oldest first, marked as arrears; nothing is stored.

    The locks of their sites are taken and held, so what is returned stays true until the transaction ends.
    """
    where = {"before": at - AFTER, "most": most}
    site_ids = [row["site_id"] for row in tx.rows(SQL["list_sites"], **where)]
    if not site_ids:
        return Overdue(Claims(), {})
    lock_sites(tx, site_ids)
    rows = tx.rows(SQL["list_overdue"], site_ids=site_ids, **where)
    payments = _payments(tx, [row["order_id"] for row in rows])
    changes = []
    for row in rows:
        before = order_from(row)
        changes.append(OrderChange(before, before._replace(in_arrears=True), tuple(payments[before.order_id]), None))
    return Overdue(Claims(changes), {row["site_id"]: Site(row["site_code"], row["business"]) for row in rows})


def _payments(tx: Tx, order_ids: list[UUID]) -> dict[UUID, list[Payment]]:
    """Return the payments of claims, in the order they were paid."""
    found: dict[UUID, list[Payment]] = defaultdict(list)
    for row in tx.rows(SQL["list_payments"], order_ids=order_ids, most=_PAYMENTS_A_CLAIM * len(order_ids)):
        found[row["order_id"]].append(payment_from(row))
    return found
