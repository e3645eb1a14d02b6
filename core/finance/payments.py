"""Payments as terminals report them: a trade counts once for ever, whoever reports it again. Table payment."""

from collections.abc import Sequence
from typing import Final, NamedTuple
from uuid import UUID

from core.billing import quotes
from core.finance.ledger import SQL
from core.kit.db import Tx
from core.kit.ids import derived_id
from core.kit.locale import Lazy, _l
from core.kit.moments import moment, moment_or_none
from core.kit.money import Fen
from core.orders.claims import Payment
from core.stays.rules.plates import Plate
from core.stays.storing import vehicle_of

CHANNELS: Final[dict[str, Lazy]] = {
    "wechat": _l("WeChat"), "alipay": _l("Alipay"), "unionpay": _l("UnionPay"), "cash": _l("Cash"), "wallet": _l("Wallet"),
    "etc": _l("ETC"), "unstated": _l("Not stated"),
}  # fmt: skip
"""What people call the ways of paying."""


class Report(NamedTuple):
    """One payment as a terminal reported it; instants in milliseconds."""

    site_id: UUID
    device_id: UUID | None
    plate: Plate
    channel: str
    trade_no: str
    fen: Fen
    paid_ms: int
    received_ms: int
    entered_ms: int | None
    is_late: bool
    quote_id: UUID | None = None


def record(tx: Tx, reports: Sequence[Report]) -> list[tuple[Payment, Plate]]:
    """
    Store the payments not known before; return them, unmatched as yet.

    A trade reported twice counts once; reported with another amount it becomes a case, and the first amount stands. Money that
    names a quote and does not pay it is there all the same: it is noted why, and the payment counts as any other.
    """
    first = {payment_id(report): report for report in reversed(reports)}
    rows = tx.rows(
        SQL["save_payments"],
        payment_ids=list(first),
        site_ids=[report.site_id for report in first.values()],
        channels=[report.channel for report in first.values()],
        trade_nos=[report.trade_no for report in first.values()],
        vehicle_ids=[vehicle_of(report.plate) for report in first.values()],
        fens=[report.fen for report in first.values()],
        paid=[moment(report.paid_ms) for report in first.values()],
        received=[moment(report.received_ms) for report in first.values()],
        entered=[moment_or_none(report.entered_ms) for report in first.values()],
        device_ids=[report.device_id for report in first.values()],
        lates=[report.is_late for report in first.values()],
    )
    added = [(row["payment_id"], first[row["payment_id"]]) for row in rows]
    if added:
        tx.run(
            SQL["save_trades"],
            channels=[report.channel for _, report in added],
            trade_nos=[report.trade_no for _, report in added],
            payment_ids=[payment_id for payment_id, _ in added],
            fens=[report.fen for _, report in added],
        )
    settles = {payment_id: _settled(tx, payment_id, report) for payment_id, report in added}
    new = {id(report) for _, report in added}
    _open_conflicts(tx, [report for report in reports if id(report) not in new])
    return [(_payment(payment_id, report, settles[payment_id]), report.plate) for payment_id, report in added]


def _settled(tx: Tx, payment_id: UUID, report: Report) -> int:
    """Let a payment pay the quote it names; return up to which instant it settles what was due."""
    if report.quote_id is None:
        return report.paid_ms
    vehicle_id, at = vehicle_of(report.plate), moment(report.received_ms)
    named = quotes.Use(report.quote_id, report.site_id, vehicle_id, payment_id, report.fen, report.paid_ms)
    try:
        return quotes.use(tx, named, at=at)
    except quotes.QuoteRefused as refused:
        quotes.note_refusal(tx, named, refused.why, at=at)
        return report.paid_ms


def _open_conflicts(tx: Tx, again: Sequence[Report]) -> None:
    """Ask for a person's eyes where a trade reported again is said to be another amount."""
    if again:
        tx.run(
            SQL["open_conflicts"],
            site_ids=[report.site_id for report in again],
            case_ids=[_case_id(report) for report in again],
            vehicle_ids=[vehicle_of(report.plate) for report in again],
            channels=[report.channel for report in again],
            trade_nos=[report.trade_no for report in again],
            fens=[report.fen for report in again],
            paid=[moment(report.paid_ms) for report in again],
        )


def _case_id(report: Report) -> UUID:
    return derived_id("case", report.site_id, "trade_conflict", payment_id(report), str(report.fen))


def payment_id(report: Report) -> UUID:
    """Return the id of the payment a terminal reported: channel and trade number name it."""
    return derived_id("payment", report.channel, report.trade_no)


def _payment(payment_id: UUID, report: Report, settles_ms: int) -> Payment:
    return Payment(
        report.site_id, vehicle_of(report.plate), payment_id, report.channel, report.fen, report.paid_ms,
        report.entered_ms, None, settles_ms,
    )  # fmt: skip
