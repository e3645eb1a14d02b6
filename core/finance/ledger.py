"""
The ledger: accounts, and transfers between them. Tables account, transfer; the application can only insert there.

A transfer takes an amount from one account (credit) to another (debit), so every entry balances by construction, and
every balance is a sum. A withdrawal is the same transfer the other way round, marked as a reversal.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple
from uuid import UUID

from core.finance.rules.postings import Posting, Side, Template
from core.kit.db import Tx
from core.kit.ids import derived_id
from core.kit.moments import moment
from core.kit.money import Fen
from core.kit.sql import named

SQL = named("finance/ledger")
CURRENCY: Final = "CNY"
_TRANSFER: Final = (
    "timestamptz", "uuid", "text", "uuid", "uuid", "int8", "bool", "uuid", "uuid", "uuid", "timestamptz",
)  # fmt: skip
OPERATOR: Final = "operator"
"""Owner of the accounts that belong to no site."""


class Books(NamedTuple):
    """The site whose accounts a claim touches, and the kind of business its revenue counts for."""

    site_code: str
    business: str  # on_street, off_street


class Account(NamedTuple):
    """One account by what it is."""

    kind: str
    owner: str


class Transfer(NamedTuple):
    """An amount that moves. occurred_ms is the instant of the fact it books, in milliseconds."""

    template: Template
    credit_id: UUID
    debit_id: UUID
    fen: Fen
    is_reversal: bool
    site_id: UUID
    order_id: UUID | None
    payment_id: UUID | None
    occurred_ms: int
    line_no: int  # how many transfers stood for the same posting before

    @property
    def transfer_id(self) -> UUID:
        """Return the id: derived from what is booked, so that a repeat books nothing."""
        subject = self.order_id or self.payment_id
        assert subject is not None
        payment = self.payment_id.bytes if self.payment_id else b""
        return derived_id("transfer", self.template.value, subject, payment, self.credit_id, self.debit_id, str(self.line_no))


@lru_cache(maxsize=65_536)
def account_id(kind: str, owner: str) -> UUID:
    """Return the id of an account: derived from what it is."""
    return derived_id("account", kind, owner, CURRENCY)


@lru_cache(maxsize=65_536)
def account_of(side: Side, books: Books, channel: str) -> Account:
    """Return the account a posting touches for a site; cash lies with the site, other channels clear by channel."""
    match side:
        case Side.REVENUE:
            return Account(f"revenue_{books.business}", books.site_code)
        case Side.CLEARING if channel == "cash":
            return Account("cash_on_hand", books.site_code)
        case Side.CLEARING:
            return Account("clearing", channel)
        case Side.SUSPENSE:
            return Account("suspense", OPERATOR)
        case _:
            return Account(side.value, books.site_code)


def sides_of(posting: Posting, books: Books) -> tuple[Account, Account]:
    """Return the accounts credited and debited by a posting."""
    return account_of(posting.credit, books, posting.channel), account_of(posting.debit, books, posting.channel)


def open_accounts(tx: Tx, accounts: Iterable[Account]) -> None:
    """Open the accounts that are not open yet."""
    wanted = sorted(set(accounts))
    tx.run(
        SQL["open_accounts"],
        account_ids=[account_id(*account) for account in wanted],
        kinds=[account.kind for account in wanted],
        owners=[account.owner for account in wanted],
    )


def book(tx: Tx, transfers: Sequence[Transfer], *, booked_ms: int) -> None:
    """Write transfers; their accounts are open. booked_ms is our clock, in milliseconds."""
    booked_at = moment(booked_ms)
    tx.copy_in(
        "copy transfer (occurred_at, transfer_id, template, from_account_id, to_account_id, fen, is_reversal, site_id, "
        "order_id, payment_id, booked_at) from stdin with binary",
        (
            (moment(t.occurred_ms), t.transfer_id, t.template.value, t.credit_id, t.debit_id, t.fen, t.is_reversal,
             t.site_id, t.order_id, t.payment_id, booked_at)
            for t in transfers
        ),
        _TRANSFER,
    )  # fmt: skip
