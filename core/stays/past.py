"""
Past stays: what happened before the system watched, written in bulk with the same books as live traffic.

Tables stay, occupancy_interval, vehicle, charge_order, payment, channel_trade, account, transfer, hour_delta, day_delta.
A stay that is known already changes nothing, so every load can be repeated. Amounts are whole fen; seconds are whole
seconds between rounded-down ends, so that cut runs add up.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final, NamedTuple
from uuid import UUID

from core.kit.clock import city_date, city_zone
from core.kit.db import Tx
from core.kit.ids import derived_id
from core.kit.money import Fen
from core.kit.sql import named
from core.settings import settings
from core.stays.locks import lock_sites

SQL = named("stays/past")

_CASH: Final = "cash"
_SUSPENSE: Final = ("suspense", "operator")

_STAY: Final = (
    "uuid", "uuid", "uuid", "text", "timestamptz", "timestamptz", "uuid", "text", "text", "text", "text", "text", "text",
    "text", "int8",
)  # fmt: skip
_PAYMENT: Final = ("uuid", "text", "text", "int8", "timestamptz", "uuid", "text", "text")
_UNKNOWN: Final = ("uuid", "uuid", "timestamptz", "timestamptz")
_ORDER: Final = (
    "uuid", "timestamptz", "uuid", "uuid", "uuid", "timestamptz", "date", "int8", "int8", "int8", "uuid", "text",
)  # fmt: skip
_RECEIPT: Final = (
    "uuid", "uuid", "text", "text", "uuid", "int8", "timestamptz", "timestamptz", "timestamptz", "uuid", "text",
)  # fmt: skip
_TRANSFER: Final = (
    "timestamptz", "uuid", "text", "uuid", "uuid", "int8", "uuid", "uuid", "uuid", "timestamptz",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PastPayment:
    """Money that came for one stay; before its end it is a prepayment."""

    channel: str
    trade_no: str
    fen: Fen
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class PastStay:
    """
    One stay that is over.

    `origin` is "history" or "import"; an imported stay is named by its `source_row`. `gross_fen` None means that no
    claim exists, which is not the same as a claim over nothing.
    """

    site_id: UUID
    subject_id: UUID
    subject_kind: str
    started_at: datetime
    ended_at: datetime
    plate: str | None
    plate_colour: str | None
    vehicle_class: str
    quality: str
    origin: str
    source_row: str | None
    note: str | None
    gross_fen: Fen | None
    tariff_version_id: UUID | None
    payments: tuple[PastPayment, ...]

    @property
    def stay_id(self) -> UUID:
        """Return the id that makes a repeat of this stay the same stay."""
        if self.source_row is not None:
            return derived_id("stay", self.site_id, self.source_row)
        return derived_id("stay", self.site_id, self.subject_id, self.started_at.astimezone(UTC).isoformat())

    @property
    def vehicle_id(self) -> UUID | None:
        """Return the vehicle, None where nobody read the plate."""
        return None if self.plate is None else derived_id("vehicle", self.plate, self.plate_colour or "unknown")


@dataclass(frozen=True, slots=True)
class PastUnknown:
    """A run in which nobody knew whether a space was taken."""

    site_id: UUID
    subject_id: UUID
    started_at: datetime
    ended_at: datetime


class _Receipt(NamedTuple):
    """A payment that is new here, and how much of it the claim takes."""

    payment_id: UUID
    paid: PastPayment
    applied_fen: int


class _Claim(NamedTuple):
    """A new stay beside the money that came for it."""

    stay_id: UUID
    order_id: UUID
    stay: PastStay
    receipts: list[_Receipt]


class _Till(NamedTuple):
    """The accounts of one site."""

    revenue_id: UUID
    receivable_id: UUID
    prepay_id: UUID
    cash_id: UUID


def record(tx: Tx, *, stays: Sequence[PastStay], unknowns: Sequence[PastUnknown] = (), at: datetime) -> int:
    """
    Write stays that are over, their claims, payments, runs and deltas; return how many were new.

    A stay id or a trade number that comes again, in this batch or from an earlier one, books nothing. Months without
    partitions are made here, which blocks other writers until the commit: callers make them before.
    """
    lock_sites(tx, {stay.site_id for stay in stays} | {run.site_id for run in unknowns})
    tx.rows(SQL["make_months"], months=sorted(_months(stays, unknowns)))
    _make_room(tx)
    fresh = _add_stays(tx, stays)
    if fresh:
        receipts = _add_payments(tx, fresh)
        claims = [_Claim(stay_id, derived_id("order", stay_id), stay, receipts.get(stay_id, [])) for stay_id, stay in fresh.items()]
        _book(tx, claims, at)
        tx.run(SQL["add_vehicles"])
        tx.run(SQL["add_hours"])
        tx.run(SQL["add_days"], zone=city_zone().key)
    tx.copy_in(SQL["copy_unknowns"], ((run.site_id, run.subject_id, run.started_at, run.ended_at) for run in unknowns), _UNKNOWN)
    tx.run(SQL["add_runs"])
    return len(fresh)


def _months(stays: Iterable[PastStay], unknowns: Iterable[PastUnknown]) -> set[date]:
    """Return the first days of the UTC months that facts fall into."""
    days = {moment.astimezone(UTC).date() for stay in stays for moment in (stay.started_at, stay.ended_at)}
    days |= {paid.paid_at.astimezone(UTC).date() for stay in stays for paid in stay.payments}
    days |= {run.started_at.astimezone(UTC).date() for run in unknowns}
    return {day.replace(day=1) for day in days}


def _make_room(tx: Tx) -> None:
    """Make the staging tables of this connection; an earlier batch of the same transaction leaves them."""
    tx.run(SQL["stage_stays"])
    tx.run(SQL["stage_payments"])
    tx.run(SQL["stage_unknowns"])
    tx.run(SQL["clear_stays"])
    tx.run(SQL["clear_payments"])
    tx.run(SQL["clear_unknowns"])


def _add_stays(tx: Tx, stays: Iterable[PastStay]) -> dict[UUID, PastStay]:
    """Add the stays that are new and return them by id; the staging table keeps only them."""
    fresh: dict[UUID, PastStay] = {}
    for stay in stays:
        fresh.setdefault(stay.stay_id, stay)
    rows = (
        (
            stay.site_id, stay_id, stay.subject_id, stay.subject_kind, stay.started_at, stay.ended_at, stay.vehicle_id,
            stay.plate, stay.plate_colour, stay.vehicle_class, stay.quality, stay.origin, stay.source_row, stay.note,
            stay.gross_fen,
        )
        for stay_id, stay in fresh.items()
    )  # fmt: skip
    tx.copy_in(SQL["copy_stays"], rows, _STAY)
    for known in tx.rows(SQL["add_stays"]):
        del fresh[known["stay_id"]]
    return fresh


def _add_payments(tx: Tx, fresh: Mapping[UUID, PastStay]) -> dict[UUID, list[_Receipt]]:
    """Take the trade numbers that are new and return their money by stay; the staging table keeps only it."""
    offered: dict[UUID, tuple[UUID, PastPayment]] = {}
    for stay_id, stay in fresh.items():
        for paid in stay.payments:
            offered.setdefault(derived_id("payment", paid.channel, paid.trade_no), (stay_id, paid))
    rows = (
        (payment_id, paid.channel, paid.trade_no, paid.fen, paid.paid_at, stay.site_id, stay.vehicle_class, stay.origin)
        for payment_id, (stay_id, paid) in offered.items()
        for stay in (fresh[stay_id],)
    )
    tx.copy_in(SQL["copy_payments"], rows, _PAYMENT)
    for known in tx.rows(SQL["add_trades"]):
        del offered[known["payment_id"]]
    receipts: dict[UUID, list[_Receipt]] = {}
    for payment_id, (stay_id, paid) in sorted(offered.items(), key=lambda one: one[1][1].paid_at):
        earlier = receipts.setdefault(stay_id, [])
        open_fen = (fresh[stay_id].gross_fen or 0) - sum(receipt.applied_fen for receipt in earlier)
        earlier.append(_Receipt(payment_id, paid, min(paid.fen, open_fen)))
    return receipts


def _book(tx: Tx, claims: Sequence[_Claim], at: datetime) -> None:
    """Write the claims, the payments and what they move between the accounts."""
    tills = _open_accounts(tx, claims)
    tx.copy_in(SQL["copy_orders"], (_order(claim) for claim in claims if claim.stay.gross_fen is not None), _ORDER)
    tx.copy_in(SQL["copy_receipts"], (row for claim in claims for row in _payments(claim, at)), _RECEIPT)
    moves = (move for claim in claims for move in _moves(claim, tills[claim.stay.site_id], at))
    tx.copy_in(SQL["copy_transfers"], moves, _TRANSFER)


def _open_accounts(tx: Tx, claims: Sequence[_Claim]) -> dict[UUID, _Till]:
    """Make the accounts these claims are booked on where they are missing; return those of each site."""
    sites = tx.rows(SQL["find_sites"], site_ids=list({claim.stay.site_id for claim in claims}))
    channels = {receipt.paid.channel for claim in claims for receipt in claim.receipts} - {_CASH}
    keys = [("clearing", channel) for channel in channels] + [_SUSPENSE]
    of_site = {
        site["site_id"]: [
            (kind, str(site["code"])) for kind in (f"revenue_{site['kind']}", "receivable", "customer_prepay", "cash_on_hand")
        ]
        for site in sites
    }
    keys += [key for owned in of_site.values() for key in owned]
    tx.run(
        SQL["add_accounts"],
        account_ids=[_account(kind, owner) for kind, owner in keys],
        kinds=[kind for kind, _owner in keys],
        owners=[owner for _kind, owner in keys],
        currency=settings().currency,
    )
    return {site_id: _Till(*(_account(kind, owner) for kind, owner in owned)) for site_id, owned in of_site.items()}


@lru_cache(maxsize=65_536)
def _account(kind: str, owner: str) -> UUID:
    return derived_id("account", kind, owner, settings().currency)


def _order(claim: _Claim) -> tuple[object, ...]:
    stay = claim.stay
    paid_fen = sum(receipt.applied_fen for receipt in claim.receipts)
    return (
        stay.site_id, stay.started_at, claim.order_id, claim.stay_id, stay.vehicle_id, stay.ended_at,
        city_date(stay.ended_at), stay.gross_fen, stay.gross_fen, paid_fen, stay.tariff_version_id, stay.origin,
    )  # fmt: skip


def _payments(claim: _Claim, at: datetime) -> Iterator[tuple[object, ...]]:
    stay = claim.stay
    for payment_id, paid, applied_fen in claim.receipts:
        yield (
            payment_id, stay.site_id, paid.channel, paid.trade_no, stay.vehicle_id, paid.fen, paid.paid_at, at,
            stay.started_at, claim.order_id if applied_fen else None, stay.origin,
        )  # fmt: skip


def _moves(claim: _Claim, till: _Till, at: datetime) -> Iterator[tuple[object, ...]]:
    """Yield the transfers of one stay: the charge, then each payment, prepaid where it came before the departure."""
    stay, order_id = claim.stay, claim.order_id

    def move(
        occurred_at: datetime, template: str, source: UUID, target: UUID, fen: int, payment_id: UUID | None
    ) -> tuple[object, ...]:
        transfer_id = derived_id("transfer", template, payment_id or order_id)
        order = None if template == "suspend" else order_id
        return (occurred_at, transfer_id, template, source, target, fen, stay.site_id, order, payment_id, at)

    if stay.gross_fen:
        yield move(stay.ended_at, "charge", till.revenue_id, till.receivable_id, stay.gross_fen, None)
    for payment_id, paid, applied_fen in claim.receipts:
        money_id = till.cash_id if paid.channel == _CASH else _account("clearing", paid.channel)
        if applied_fen and paid.paid_at < stay.ended_at:
            yield move(paid.paid_at, "prepay", till.prepay_id, money_id, applied_fen, payment_id)
            yield move(stay.ended_at, "apply_prepay", till.receivable_id, till.prepay_id, applied_fen, payment_id)
        elif applied_fen:
            yield move(paid.paid_at, "pay", till.receivable_id, money_id, applied_fen, payment_id)
        if paid.fen > applied_fen:
            yield move(paid.paid_at, "suspend", _account(*_SUSPENSE), money_id, paid.fen - applied_fen, payment_id)
