"""
Past stays with their money: one call writes stays, claims, payments, transfers and deltas as live traffic would have.

Tables charge_order, payment, channel_trade, account, transfer, hour_delta, day_delta, beside those of `core.stays.past`.
Amounts are whole fen. Only what is new is booked, so every load can be repeated.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final, NamedTuple
from uuid import UUID

from core.finance import ledger
from core.finance.collection import Collection
from core.finance.ledger import Books, Transfer
from core.finance.rules.postings import ARREARS_AFTER_MS, Claim, Paid, postings_of
from core.kit.clock import city_date
from core.kit.db import Tx
from core.kit.ids import derived_id
from core.kit.moments import ms_of
from core.kit.money import Fen
from core.kit.sql import named
from core.orders.claims import order_of
from core.stays import past
from core.stays.locks import lock_sites
from core.stays.past import PastPayment, PastStay, PastUnknown

SQL = named("finance/past")

_ORDER: Final = (
    "uuid", "timestamptz", "uuid", "uuid", "uuid", "timestamptz", "date", "int8", "int8", "int8", "bool", "uuid", "text",
)  # fmt: skip
_PAYMENT: Final = (
    "uuid", "uuid", "text", "text", "uuid", "int8", "timestamptz", "timestamptz", "timestamptz", "uuid", "text",
)  # fmt: skip
_HOUR: Final = ("uuid", "timestamptz", "int8")
_DAY: Final = ("uuid", "date", "text", "text", "text", "text", "int8", "int8", "int8", "int8")


class _Priced(NamedTuple):
    """A new stay with its claim and the payments that are new, the oldest first."""

    stay: PastStay
    stay_id: UUID
    order_id: UUID
    payments: list[tuple[UUID, PastPayment]]
    claim: Claim


def record(tx: Tx, *, stays: Sequence[PastStay], unknowns: Sequence[PastUnknown] = (), at: datetime) -> int:
    """
    Write stays that are over, their claims, payments, transfers, runs and deltas; return how many were new.

    A stay id or a trade number that comes again, in this batch or from an earlier one, books nothing. What was owed a
    day after the departure is in arrears. Months without partitions are made here, which blocks other writers until
    the commit: callers make them before, in a transaction of its own, with `core.stays.past.make_months`.
    """
    lock_sites(tx, {stay.site_id for stay in stays} | {run.site_id for run in unknowns})
    past.make_months(tx, stays, unknowns)
    fresh = past.add(tx, stays=stays, unknowns=unknowns)
    if fresh:
        _book(tx, list(_priced(fresh, _new_payments(tx, fresh), at)), at)
    return len(fresh)


def _new_payments(tx: Tx, stays: Mapping[UUID, PastStay]) -> dict[UUID, list[tuple[UUID, PastPayment]]]:
    """Take the trade numbers that are new; return their payments by stay, the oldest first."""
    offered: dict[UUID, tuple[UUID, PastPayment]] = {}
    for stay_id, stay in stays.items():
        for paid in stay.payments:
            offered.setdefault(derived_id("payment", paid.channel, paid.trade_no), (stay_id, paid))
    taken = tx.rows(
        SQL["add_trades"],
        payment_ids=list(offered),
        channels=[paid.channel for _stay_id, paid in offered.values()],
        trade_nos=[paid.trade_no for _stay_id, paid in offered.values()],
        fens=[paid.fen for _stay_id, paid in offered.values()],
    )
    payments: dict[UUID, list[tuple[UUID, PastPayment]]] = {}
    for payment_id in (row["payment_id"] for row in taken):
        stay_id, paid = offered[payment_id]
        payments.setdefault(stay_id, []).append((payment_id, paid))
    for several in payments.values():
        several.sort(key=lambda one: (one[1].paid_at, one[0]))
    return payments


def _priced(
    stays: Mapping[UUID, PastStay], payments: Mapping[UUID, list[tuple[UUID, PastPayment]]], at: datetime
) -> Iterator[_Priced]:
    """Yield the stays that have a claim: a price, be it nothing, or money to set against none."""
    at_ms = ms_of(at)
    for stay_id, stay in stays.items():
        paid = payments.get(stay_id, [])
        if stay.gross_fen is None and not paid:
            continue
        net_fen, closed_ms = stay.gross_fen or Fen(0), ms_of(stay.ended_at)
        arrears_ms = closed_ms + ARREARS_AFTER_MS
        in_time_fen = sum(payment.fen for _payment_id, payment in paid if ms_of(payment.paid_at) < arrears_ms)
        claim = Claim(net_fen, closed_ms, in_arrears=arrears_ms <= at_ms and in_time_fen < net_fen)
        yield _Priced(stay, stay_id, order_of(stay_id), paid, claim)


def _book(tx: Tx, priced: Sequence[_Priced], at: datetime) -> None:
    """Write claims, payments, transfers and the deltas of the money."""
    books = {
        row["site_id"]: Books(row["code"], row["kind"])
        for row in tx.rows(SQL["list_books"], site_ids=list({one.stay.site_id for one in priced}))
    }
    accounts: set[ledger.Account] = set()
    transfers: list[Transfer] = []
    collection = Collection()
    paid_fen = [_transfers(one, books[one.stay.site_id], transfers, accounts, collection) for one in priced]
    ledger.open_accounts(tx, accounts)
    ledger.book(tx, transfers, booked_ms=ms_of(at))
    tx.copy_in(SQL["copy_orders"], (_order(one, fen) for one, fen in zip(priced, paid_fen, strict=True)), _ORDER)
    tx.copy_in(SQL["copy_payments"], (row for one in priced for row in _payments(one, at)), _PAYMENT)
    collection.save(tx)
    tx.copy_in(SQL["copy_hours"], _hours(priced), _HOUR)
    tx.copy_in(SQL["copy_days"], _days(priced, books), _DAY)


def _transfers(one: _Priced, books: Books, transfers: list[Transfer], accounts: set[ledger.Account], collection: Collection) -> Fen:
    """Add what stands in the ledger for a claim, and the accounts it needs; return how much of the claim is paid."""
    paid_ms = {payment_id: ms_of(paid.paid_at) for payment_id, paid in one.payments}
    postings, paid_fen = postings_of(
        one.claim, [Paid(payment_id, paid.channel, paid.fen, paid_ms[payment_id]) for payment_id, paid in one.payments]
    )
    closed_ms = ms_of(one.stay.ended_at)
    lines = ((posting.template, posting.payment_id, fen) for posting, fen in postings.items())
    collection.add(one.stay.site_id, closed_ms, lines, paid_ms)
    for posting, fen in postings.items():
        if fen:
            credit, debit = ledger.sides_of(posting, books)
            accounts.update((credit, debit))
            occurred_ms = closed_ms if posting.payment_id is None else paid_ms[posting.payment_id]
            transfers.append(
                Transfer(
                    template=posting.template,
                    credit_id=ledger.account_id(*credit),
                    debit_id=ledger.account_id(*debit),
                    fen=Fen(fen),
                    is_reversal=False,
                    site_id=one.stay.site_id,
                    order_id=one.order_id,
                    payment_id=posting.payment_id,
                    occurred_ms=occurred_ms,
                    line_no=0,
                )
            )
    return paid_fen


def _order(one: _Priced, paid_fen: Fen) -> tuple[object, ...]:
    stay, claim = one.stay, one.claim
    return (
        stay.site_id, stay.started_at, one.order_id, one.stay_id, stay.vehicle_id, stay.ended_at, city_date(stay.ended_at),
        claim.net_fen, claim.net_fen, paid_fen, claim.in_arrears, stay.tariff_version_id, stay.origin,
    )  # fmt: skip


def _payments(one: _Priced, at: datetime) -> Iterator[tuple[object, ...]]:
    stay = one.stay
    for payment_id, paid in one.payments:
        yield (
            payment_id, stay.site_id, paid.channel, paid.trade_no, stay.vehicle_id, paid.fen, paid.paid_at, at,
            stay.started_at, one.order_id, stay.origin,
        )  # fmt: skip


def _hours(priced: Iterable[_Priced]) -> Iterator[tuple[object, ...]]:
    """Count the money of each UTC hour, by the cash clock."""
    received: Counter[tuple[UUID, datetime]] = Counter()
    for one in priced:
        for _payment_id, paid in one.payments:
            hour = paid.paid_at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
            received[one.stay.site_id, hour] += paid.fen
    return ((site_id, hour, fen) for (site_id, hour), fen in received.items())


def _days(priced: Iterable[_Priced], books: Mapping[UUID, Books]) -> Iterator[tuple[object, ...]]:
    """Count claims on the city day of the departure, payments on that of the payment."""
    claimed: Counter[tuple[object, ...]] = Counter()
    received: Counter[tuple[object, ...]] = Counter()
    payment_n: Counter[tuple[object, ...]] = Counter()
    for one in priced:
        stay, business = one.stay, books[one.stay.site_id].business
        claimed[stay.site_id, city_date(stay.ended_at), "", business, stay.vehicle_class, stay.origin] += one.claim.net_fen
        for _payment_id, paid in one.payments:
            key = (stay.site_id, city_date(paid.paid_at), paid.channel, business, stay.vehicle_class, stay.origin)
            received[key] += paid.fen
            payment_n[key] += 1
    yield from ((*key, fen, fen, 0, 0) for key, fen in claimed.items() if fen)
    yield from ((*key, 0, 0, fen, payment_n[key]) for key, fen in received.items())
