"""Settling: what changed stays and new payments bring about in claims, books and figures, whoever changed them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.billing import assignments
from core.billing.prices import PriceBook, price_book
from core.customers.rules.rights import Rights
from core.finance import booking
from core.finance.figures import Figures
from core.finance.ledger import Books
from core.kit.db import Tx
from core.kit.sql import named
from core.orders import claims
from core.orders.claims import Claims, OrderChange, Payment
from core.stays.changes import Changes
from core.stays.locks import lock_sites
from core.stays.rules.plates import Plate

SQL = named("finance/settling")


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of it: the claims with what waits for a person, the orders as stored, and the prices they were made by."""

    claims: Claims
    orders: Sequence[OrderChange]
    book: PriceBook


def settle(
    tx: Tx,
    changes: Changes,
    paid: Sequence[tuple[Payment, Plate]] = (),
    *,
    books: Mapping[UUID, Books],
    rights: Rights,
    booked_ms: int,
) -> Settled | None:
    """
    Price, match, book and count; stays and payments are stored, the locks of their sites are held.

    `books` names the sites of the changes, `rights` tell who parks for nothing; None where no stay changed and nothing was paid.
    """
    sites = _sites(changes, paid)
    beside = assignments.list_beside(tx, sites) if sites else set()
    if beside - books.keys():
        books = {**list_books(tx, beside), **books}
    figures = Figures({site_id: site.business for site_id, site in books.items()})
    figures.add_changes(changes)
    figures.add_payments(paid)
    settled = None
    if changes.stays or paid:
        book = price_book(tx, sites | beside)
        found = claims.derive(tx, changes=changes.stays, paid=[payment for payment, _ in paid], book=book, rights=rights)
        paid_fen = booking.book_claims(tx, found, books=books, booked_ms=booked_ms)
        orders = claims.save(tx, found, paid_fen, at_ms=booked_ms)
        figures.add_orders(orders, {before.stay_id: before.plate for before, _ in changes.stays if before})
        settled = Settled(found, orders, book)
    figures.save(tx)
    return settled


def lock(tx: Tx, site_ids: Collection[UUID]) -> None:
    """Hold the locks of sites, and of those whose claims follow from theirs: they share the free time of vehicles."""
    lock_sites(tx, {*site_ids, *assignments.list_beside(tx, site_ids)})


def list_books(tx: Tx, site_ids: Collection[UUID]) -> dict[UUID, Books]:
    """Return what books need to know of sites."""
    rows = tx.rows(SQL["list_books"], site_ids=sorted(site_ids))
    return {row["site_id"]: Books(row["code"], row["kind"]) for row in rows}


def _sites(changes: Changes, paid: Sequence[tuple[Payment, Plate]]) -> set[UUID]:
    return {stay.site_id for change in changes.stays for stay in change if stay} | {payment.site_id for payment, _ in paid}
