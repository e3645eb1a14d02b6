"""Release: who has paid what is due by now, and may leave though the stay goes on. A lock that is raised goes down for it."""

from collections.abc import Collection, Iterator, Sequence
from functools import partial
from uuid import UUID

from core.billing.prices import NoTariff, PriceBook
from core.kit.db import Tx
from core.orders.claims import OrderChange, Payment
from core.orders.pricing import reckon
from core.orders.visits import used_before
from core.stays.changes import StayRow


def paid_up(
    tx: Tx, orders: Sequence[OrderChange], *, just_paid: Collection[UUID], book: PriceBook
) -> Iterator[tuple[StayRow, Payment]]:
    """
    Yield the open stays whose price up to the newest payment is paid, with that payment.

    Only payments named in `just_paid` release anybody: what is found again later, or came late, has no effect on the
    street (R5).
    """
    for change in orders:
        stay = change.stay
        if stay is None or stay.ended_ms is not None or stay.plate is None:
            continue
        fresh = [payment for payment in change.payments if payment.payment_id in just_paid]
        if not fresh:
            continue
        newest = max(fresh, key=lambda payment: payment.paid_ms)
        due_fen = _due_fen(tx, stay, newest.paid_ms, book)
        if due_fen is not None and sum(payment.fen for payment in change.payments) >= due_fen:
            yield stay, newest


def _due_fen(tx: Tx, stay: StayRow, at_ms: int, book: PriceBook) -> int | None:
    """Return the price of a stay up to an instant; None where nobody can say."""
    try:
        used = partial(used_before, tx, book)
        return reckon(stay, book, used, from_ms=stay.billed_from_ms, to_ms=max(at_ms, stay.billed_from_ms)).price().gross_fen
    except NoTariff:
        return None
