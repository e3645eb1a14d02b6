"""
Say what should stand in the ledger for one claim and its payments (model.md C.3).

From is credited, to is debited: a charge goes from revenue to receivable, a payment from receivable to clearing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from core.kit.money import Fen

ARREARS_AFTER_MS: Final = 86_400_000
"""A claim unpaid this long after departure is in arrears."""


class Template(StrEnum):
    """Why money moves; the table checks the list."""

    CHARGE = "charge"
    PREPAY = "prepay"
    APPLY_PREPAY = "apply_prepay"
    PAY = "pay"
    RECOVER = "recover"
    TO_ARREARS = "to_arrears"
    SUSPEND = "suspend"


class Side(StrEnum):
    """The kinds of accounts a claim touches; `ledger.accounts_of` knows which account each is for a site."""

    REVENUE = "revenue"
    RECEIVABLE = "receivable"
    ARREARS = "arrears"
    PREPAY = "customer_prepay"
    SUSPENSE = "suspense"
    CLEARING = "clearing"


class Paid(NamedTuple):
    """A payment as far as the books care; paid_ms in milliseconds."""

    payment_id: UUID
    channel: str
    fen: Fen
    paid_ms: int


class Claim(NamedTuple):
    """A claim as far as the books care. closed_ms None: the vehicle still stands there."""

    net_fen: Fen
    closed_ms: int | None
    in_arrears: bool


class Posting(NamedTuple):
    """One line that should stand in the ledger; channel names the clearing account where one is touched."""

    template: Template
    credit: Side
    debit: Side
    channel: str
    payment_id: UUID | None


def postings_of(claim: Claim, payments: Iterable[Paid]) -> tuple[Counter[Posting], Fen]:
    """
    Return the amount of each posting, and how much of the claim is paid.

    Payments count in the order they were paid. What exceeds the claim goes to suspense, to be refunded; while the
    vehicle stands there everything is prepayment.
    """
    books: Counter[Posting] = Counter()
    ordered = sorted(payments, key=lambda paid: (paid.paid_ms, paid.payment_id))
    if claim.closed_ms is None:
        for paid in ordered:
            books[Posting(Template.PREPAY, Side.PREPAY, Side.CLEARING, paid.channel, paid.payment_id)] += paid.fen
        return books, Fen(sum(paid.fen for paid in ordered))
    if claim.net_fen:
        books[Posting(Template.CHARGE, Side.REVENUE, Side.RECEIVABLE, "", None)] = claim.net_fen
    return books, _settle(books, claim, claim.closed_ms, ordered)


def _settle(books: Counter[Posting], claim: Claim, closed_ms: int, ordered: Sequence[Paid]) -> Fen:
    """Let the payments fill the claim one after the other; note the day on which the rest became arrears."""
    arrears_ms = closed_ms + ARREARS_AFTER_MS
    left = int(claim.net_fen)
    moved = not claim.in_arrears
    for paid in ordered:
        if not moved and paid.paid_ms >= arrears_ms:
            _move(books, left)
            moved = True
        used = min(paid.fen, left)
        left -= used
        is_recovery = claim.in_arrears and paid.paid_ms >= arrears_ms
        _take(books, paid, Fen(used), is_prepaid=paid.paid_ms < closed_ms, is_recovery=is_recovery)
    if not moved:
        _move(books, left)
    return Fen(claim.net_fen - left)


def _move(books: Counter[Posting], fen: int) -> None:
    if fen:
        books[Posting(Template.TO_ARREARS, Side.RECEIVABLE, Side.ARREARS, "", None)] = fen


def _take(books: Counter[Posting], paid: Paid, used: Fen, *, is_prepaid: bool, is_recovery: bool) -> None:
    """Post one payment: into the claim as far as it reaches, the rest into suspense."""
    rest = paid.fen - used
    if is_prepaid:
        books[Posting(Template.PREPAY, Side.PREPAY, Side.CLEARING, paid.channel, paid.payment_id)] += paid.fen
        books[Posting(Template.APPLY_PREPAY, Side.RECEIVABLE, Side.PREPAY, "", paid.payment_id)] += used
        books[Posting(Template.SUSPEND, Side.SUSPENSE, Side.PREPAY, "", paid.payment_id)] += rest
    else:
        template, credit = (Template.RECOVER, Side.ARREARS) if is_recovery else (Template.PAY, Side.RECEIVABLE)
        books[Posting(template, credit, Side.CLEARING, paid.channel, paid.payment_id)] += used
        books[Posting(Template.SUSPEND, Side.SUSPENSE, Side.CLEARING, paid.channel, paid.payment_id)] += rest


def unmatched(paid: Paid) -> Counter[Posting]:
    """Return the posting of money nobody can say what it is for."""
    return Counter({Posting(Template.SUSPEND, Side.SUSPENSE, Side.CLEARING, paid.channel, paid.payment_id): int(paid.fen)})
