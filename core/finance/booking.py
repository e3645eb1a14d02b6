"""
Booking: write the difference between what should stand in the ledger for a claim and what does.

The same claims and payments always end in the same balances, whatever happened in between: what was booked and should
not stand is reversed, never edited. The ledger itself is asked what stands, not a field beside it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from core.finance import ledger
from core.finance.collection import Collection
from core.finance.ledger import Books, Transfer
from core.finance.rules.postings import Claim, Paid, Posting, Template, postings_of, unmatched
from core.kit.db import Tx
from core.kit.money import Fen
from core.orders.claims import Claims, OrderChange, Payment

_Line = tuple[Template, UUID, UUID, UUID | None]
"""Template, credited and debited account, payment: what identifies a line of one claim."""


class _Target(NamedTuple):
    """One claim, or one payment in suspense, with what should stand for it."""

    site_id: UUID
    order_id: UUID | None
    lines: dict[_Line, int]
    occurred_ms: Mapping[UUID | None, int]  # by payment; None: the claim itself


def book_claims(tx: Tx, claims: Claims, *, books: Mapping[UUID, Books], booked_ms: int) -> dict[UUID, Fen]:
    """Book claims and unmatched money; return by order how much of it is paid. The sites' locks are held."""
    paid_fen: dict[UUID, Fen] = {}
    targets: list[_Target] = []
    accounts: set[ledger.Account] = set()
    for change in claims.orders:
        postings, paid_fen[change.after.order_id] = postings_of(_claim(change), _paid(change.payments))
        targets.append(_target(change, postings, books[change.after.site_id], accounts))
    for payment in claims.unmatched:
        postings = unmatched(Paid(payment.payment_id, payment.channel, payment.fen, payment.paid_ms))
        lines = _lines(postings, books[payment.site_id], accounts)
        targets.append(_Target(payment.site_id, None, lines, {payment.payment_id: payment.paid_ms}))
    if targets:
        _book_difference(tx, targets, claims, accounts, booked_ms)
    return paid_fen


def _book_difference(
    tx: Tx, targets: Sequence[_Target], claims: Claims, accounts: Iterable[ledger.Account], booked_ms: int
) -> None:
    standing = _standing(tx, claims)
    transfers: list[Transfer] = []
    for target in targets:
        suspense = next(iter(target.occurred_ms)) if target.order_id is None else None
        stands = standing.get((target.order_id, suspense), {})
        for line in {**stands, **target.lines}:
            fen, line_n = stands.get(line, (0, 0))
            transfers += _transfer(target, line, target.lines.get(line, 0) - fen, line_n)
    transfers += _withdrawn_suspense(standing, claims)
    _collected(claims, standing, targets).save(tx)
    if transfers:
        ledger.open_accounts(tx, accounts)
        ledger.book(tx, transfers, booked_ms=booked_ms)


def _collected(
    claims: Claims, standing: Mapping[tuple[UUID | None, UUID | None], dict[_Line, tuple[int, int]]], targets: Sequence[_Target]
) -> Collection:
    """Count what stands for each claim now, and take away what stood; `targets` begin with the claims."""
    paid_ms = {payment.payment_id: payment.paid_ms for change in claims.orders for payment in change.payments}
    paid_ms |= {payment.payment_id: payment.paid_ms for payment in claims.unmatched}
    collection = Collection()
    for change, target in zip(claims.orders, targets, strict=False):
        if change.before is not None:
            stood = standing.get((change.after.order_id, None), {})
            lines = [(template, payment_id, fen) for (template, _credit, _debit, payment_id), (fen, _line_n) in stood.items()]
            collection.add(change.before.site_id, change.before.closed_ms, lines, paid_ms, sign=-1)
        lines = [(template, payment_id, fen) for (template, _credit, _debit, payment_id), fen in target.lines.items()]
        collection.add(change.after.site_id, change.after.closed_ms, lines, paid_ms)
    return collection


def _standing(tx: Tx, claims: Claims) -> dict[tuple[UUID | None, UUID | None], dict[_Line, tuple[int, int]]]:
    """Return by claim, or by payment in suspense, the amount and the number of lines that stand in the ledger."""
    payments = [payment.payment_id for change in claims.orders for payment in change.payments]
    payments += [payment.payment_id for payment in claims.unmatched]
    standing: dict[tuple[UUID | None, UUID | None], dict[_Line, tuple[int, int]]] = {}
    rows = tx.rows(
        ledger.SQL["list_booked"],
        order_ids=[change.after.order_id for change in claims.orders if change.before is not None],
        payment_ids=payments,
    )
    for row in rows:
        key = (row["order_id"], None if row["order_id"] else row["payment_id"])
        line = (Template(row["template"]), row["from_account_id"], row["to_account_id"], row["payment_id"])
        standing.setdefault(key, {})[line] = (row["fen"], row["line_n"])
    return standing


def _withdrawn_suspense(
    standing: Mapping[tuple[UUID | None, UUID | None], dict[_Line, tuple[int, int]]], claims: Claims
) -> list[Transfer]:
    """Take money out of suspense that has found its claim."""
    transfers: list[Transfer] = []
    for change in claims.orders:
        for payment in change.payments:
            stands = standing.get((None, payment.payment_id), {})
            target = _Target(payment.site_id, None, {}, {payment.payment_id: payment.paid_ms})
            for line, (fen, line_n) in stands.items():
                transfers += _transfer(target, line, -fen, line_n)
    return transfers


def _transfer(target: _Target, line: _Line, fen: int, line_n: int) -> list[Transfer]:
    """Return the transfer that mends a difference; a negative one runs the other way and is a reversal."""
    if fen == 0:
        return []
    template, credit_id, debit_id, payment_id = line
    if fen < 0:
        credit_id, debit_id = debit_id, credit_id
    occurred_ms = target.occurred_ms.get(payment_id, target.occurred_ms.get(None, 0))
    return [
        Transfer(
            template, credit_id, debit_id, Fen(abs(fen)), fen < 0, target.site_id, target.order_id, payment_id,
            occurred_ms, line_n,
        )
    ]  # fmt: skip


def _target(change: OrderChange, postings: Counter[Posting], books: Books, accounts: set[ledger.Account]) -> _Target:
    order = change.after
    occurred: dict[UUID | None, int] = {payment.payment_id: payment.paid_ms for payment in change.payments}
    occurred[None] = order.opened_ms if order.closed_ms is None else order.closed_ms
    return _Target(order.site_id, order.order_id, _lines(postings, books, accounts), occurred)


def _lines(postings: Counter[Posting], books: Books, accounts: set[ledger.Account]) -> dict[_Line, int]:
    lines: dict[_Line, int] = {}
    for posting, fen in postings.items():
        if fen:
            credit, debit = ledger.sides_of(posting, books)
            accounts.update((credit, debit))
            line = (posting.template, ledger.account_id(*credit), ledger.account_id(*debit), posting.payment_id)
            lines[line] = lines.get(line, 0) + fen
    return lines


def _claim(change: OrderChange) -> Claim:
    return Claim(change.after.net_fen, change.after.closed_ms, change.after.in_arrears)


def _paid(payments: Iterable[Payment]) -> list[Paid]:
    return [Paid(payment.payment_id, payment.channel, payment.fen, payment.paid_ms) for payment in payments]
