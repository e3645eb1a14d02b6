"""
Past stays: what happened before the system watched, written in bulk with the same books as live traffic.

Tables stay, occupancy_interval, vehicle, charge_order, payment, channel_trade, account, transfer, hour_delta, day_delta.
A stay that is known already changes nothing, so every load can be repeated. Amounts are whole fen; seconds are whole
seconds between rounded-down ends, so that cut runs add up.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from core.kit.clock import city_zone
from core.kit.db import Tx
from core.kit.ids import derived_id
from core.kit.money import Fen
from core.kit.sql import named
from core.settings import settings
from core.stays.locks import lock_sites

SQL = named("stays/past")

_STAY: Final = (
    "uuid", "uuid", "uuid", "text", "timestamptz", "timestamptz", "uuid", "text", "text", "text",
    "text", "text", "text", "text", "int8", "uuid", "uuid", "uuid",
)  # fmt: skip
_PAYMENT: Final = ("uuid", "uuid", "text", "text", "int8", "timestamptz", "int4", "uuid", "uuid", "uuid")
_UNKNOWN: Final = ("uuid", "uuid", "timestamptz", "timestamptz")


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


@dataclass(frozen=True, slots=True)
class PastUnknown:
    """A run in which nobody knew whether a space was taken."""

    site_id: UUID
    subject_id: UUID
    started_at: datetime
    ended_at: datetime


def record(tx: Tx, *, stays: Sequence[PastStay], unknowns: Sequence[PastUnknown] = (), at: datetime) -> int:
    """
    Write stays that are over, their claims, payments, runs and deltas; return how many were new.

    A stay id or a trade number that comes again, in this batch or from an earlier one, books nothing. Months without
    partitions are made here, which blocks other writers until the commit: callers make them before.
    """
    batch: dict[UUID, PastStay] = {}
    for stay in stays:
        batch.setdefault(stay.stay_id, stay)
    lock_sites(tx, {row.site_id for row in (*stays, *unknowns)})
    months = sorted(_months(stays, unknowns))
    tx.rows(SQL["make_months"], months=months)
    _stage(tx, batch, unknowns)
    added = len(batch) - tx.run(SQL["add_stays"])
    if added:
        _open_accounts(tx, stays)
        _book(tx, at)
        _count(tx)
    if added or unknowns:
        tx.run(SQL["add_runs"])
    return added


def _months(stays: Iterable[PastStay], unknowns: Iterable[PastUnknown]) -> set[date]:
    """Return the first days of the UTC months that facts fall into."""
    instants = {moment for stay in stays for moment in (stay.started_at, stay.ended_at, *(paid.paid_at for paid in stay.payments))}
    instants.update(run.started_at for run in unknowns)
    return {moment.astimezone(UTC).date().replace(day=1) for moment in instants}


def _stage(tx: Tx, batch: dict[UUID, PastStay], unknowns: Sequence[PastUnknown]) -> None:
    """Fill the staging tables; an earlier batch of the same transaction leaves them first."""
    tx.run(SQL["stage_stays"])
    tx.run(SQL["stage_payments"])
    tx.run(SQL["stage_unknowns"])
    tx.run(SQL["clear_stays"])
    tx.run(SQL["clear_payments"])
    tx.run(SQL["clear_unknowns"])
    tx.copy_in(SQL["copy_stays"], _stay_rows(batch), _STAY)
    tx.copy_in(SQL["copy_payments"], _payment_rows(batch), _PAYMENT)
    tx.copy_in(SQL["copy_unknowns"], _unknown_rows(unknowns), _UNKNOWN)


def _stay_rows(batch: dict[UUID, PastStay]) -> Iterator[tuple[object, ...]]:
    for stay_id, stay in batch.items():
        order_id = derived_id("order", stay_id)
        vehicle_id = None if stay.plate is None else derived_id("vehicle", stay.plate, stay.plate_colour or "unknown")
        yield (
            stay.site_id, stay_id, stay.subject_id, stay.subject_kind, stay.started_at, stay.ended_at,
            vehicle_id, stay.plate, stay.plate_colour, stay.vehicle_class, stay.quality, stay.origin,
            stay.source_row, stay.note, stay.gross_fen, stay.tariff_version_id,
            order_id, derived_id("transfer", "charge", order_id),
        )  # fmt: skip


def _payment_rows(batch: dict[UUID, PastStay]) -> Iterator[tuple[object, ...]]:
    """Yield each trade number once; two stays that name the same one cannot both have been paid by it."""
    seen: set[UUID] = set()
    for stay_id, stay in batch.items():
        for part_n, paid in enumerate(stay.payments):
            payment_id = derived_id("payment", paid.channel, paid.trade_no)
            if payment_id not in seen:
                seen.add(payment_id)
                yield (
                    stay_id, payment_id, paid.channel, paid.trade_no, paid.fen, paid.paid_at, part_n,
                    derived_id("transfer", "receive", payment_id),
                    derived_id("transfer", "apply_prepay", payment_id),
                    derived_id("transfer", "suspend", payment_id),
                )  # fmt: skip


def _unknown_rows(unknowns: Iterable[PastUnknown]) -> Iterator[tuple[object, ...]]:
    return ((run.site_id, run.subject_id, run.started_at, run.ended_at) for run in unknowns)


def _open_accounts(tx: Tx, stays: Sequence[PastStay]) -> None:
    """Make the accounts the batch may book on; most batches find them all."""
    sites = tx.rows(SQL["find_sites"], site_ids=list({stay.site_id for stay in stays}))
    channels = {paid.channel for stay in stays for paid in stay.payments}
    keys = [("clearing", channel) for channel in channels - {"cash"}] + [("suspense", "operator")]
    for site in sites:
        kinds = ("receivable", "customer_prepay", "cash_on_hand", f"revenue_{site['kind']}")
        keys += [(kind, str(site["code"])) for kind in kinds]
    currency = settings().currency
    tx.run(
        SQL["add_accounts"],
        account_ids=[derived_id("account", kind, owner, currency) for kind, owner in keys],
        kinds=[kind for kind, _owner in keys],
        owners=[owner for _kind, owner in keys],
        currency=currency,
    )


def _book(tx: Tx, at: datetime) -> None:
    """Book what is new among the staged stays: vehicles, payments, claims, transfers."""
    currency = settings().currency
    tx.run(SQL["add_vehicles"])
    tx.run(SQL["add_payments"])
    tx.run(SQL["split_payments"])
    tx.run(SQL["book_payments"], at=at)
    tx.run(SQL["add_claims"], zone=city_zone().key)
    tx.run(SQL["book_charges"], at=at, currency=currency)
    tx.run(SQL["book_receipts"], at=at, currency=currency)
    tx.run(SQL["book_applied"], at=at, currency=currency)


def _count(tx: Tx) -> None:
    """Write the deltas of entries, exits, claims and money; those of the runs are written with the runs."""
    tx.run(SQL["add_hours"])
    tx.run(SQL["add_days"], zone=city_zone().key)
