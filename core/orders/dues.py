"""
Dues: what the driver of a vehicle would have to pay now, as a quote. Tables stay, charge_order, payment, price_quote.

The stay that is meant is the one that a payment at that instant would be for, and a claim that stands is what is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from core.billing import quotes
from core.billing.prices import price_book
from core.billing.quotes import Ask, Quote
from core.billing.rules.plans import Value
from core.billing.rules.settlements import Circumstances
from core.billing.rules.settlements import Payment as Paid
from core.customers.rules.classes import traits_of
from core.customers.rules.rights import Rights
from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.moments import moment, ms_of
from core.orders import claims
from core.orders.claims import Order, order_from, order_of, payment_from
from core.orders.rules.allocation import Payable, reach_ms, stay_paid
from core.orders.visits import used_before
from core.stays.changes import StayRow, stay_from
from core.stays.rules.plates import Plate
from core.stays.storing import vehicle_of

AHEAD: Final = timedelta(days=7)
"""How far ahead a price is told."""


class TooFarAhead(Refused):
    """The vehicle is said to leave at an instant that nobody tells a price for."""


class NoSuchStay(Refused):
    """No stay of the vehicle is known that a payment could be for."""


class NothingToPay(Refused):
    """The stay is not billed."""


@dataclass(frozen=True, slots=True)
class Question:
    """
    Who asks what is due: the plate at a site. Instants in milliseconds.

    `entered_ms` names the stay by its start; without it the last one is meant. Without `leaves_ms` the vehicle leaves now.
    """

    site_id: UUID
    plate: Plate
    entered_ms: int | None = None
    leaves_ms: int | None = None
    attrs: Mapping[str, Value] = field(default_factory=dict)
    device_id: UUID | None = None


def quote(tx: Tx, question: Question, *, rights: Rights, valid_for: timedelta, at: datetime) -> Quote:
    """
    Say what is due for the stay that is meant, and keep it as a quote.

    Raises:
        TooFarAhead: the vehicle is said to leave too late.
        NoSuchStay: no stay of the vehicle is known there.
        NothingToPay: the vehicle parks for nothing, or the stay is not billed.
        NoTariff: nothing prices it.
    """
    if question.leaves_ms is not None and question.leaves_ms > ms_of(at + AHEAD):
        raise TooFarAhead(_("A price is told for the next %(days)s days at most.", days=AHEAD.days))
    stay = _stay(tx, question, at)
    if rights.at(*question.plate, site_id=stay.site_id, at_ms=stay.started_ms).is_free:
        raise NothingToPay(_("This vehicle parks here for nothing."))
    order = _order(tx, stay)
    if stay.ended_ms is not None and order is None:
        raise NothingToPay(_("This stay is not billed."))
    rows = tx.rows(claims.SQL["list_matched"], order_ids=[order_of(stay.stay_id)])
    paid = tuple(Paid(payment.settles_ms, payment.fen) for payment in map(payment_from, rows))
    book, leaves_ms = price_book(tx, [stay.site_id]), _leaves_ms(stay, question)
    vehicle_class = traits_of(question.plate.colour).vehicle_class
    until_ms = ms_of(at) if leaves_ms is None else leaves_ms
    versions = book.versions_in(stay.site_id, vehicle_class, stay.billed_from_ms, until_ms, space_id=stay.subject_id)
    ask = Ask(
        site_id=stay.site_id,
        vehicle_id=vehicle_of(question.plate),
        vehicle_class=vehicle_class,
        entered_ms=stay.billed_from_ms,
        leaves_ms=leaves_ms,
        space_id=stay.subject_id,
        stay_id=stay.stay_id,
        has_left=stay.ended_ms is not None,
        attrs=question.attrs,
        used_free_ms=used_before(tx, book, stay, versions),
        beside=Circumstances(payments=paid),
        most_fen=order.net_fen if order is not None and stay.ended_ms is not None else None,
    )
    return quotes.issue(tx, ask, book=book, valid_for=valid_for, device_id=question.device_id, at=at)


def _leaves_ms(stay: StayRow, question: Question) -> int | None:
    if stay.ended_ms is not None:
        return stay.ended_ms
    return None if question.leaves_ms is None else max(question.leaves_ms, stay.billed_from_ms)


def _stay(tx: Tx, question: Question, at: datetime) -> StayRow:
    """Return the stay that a payment at the instant of leaving would be for."""
    paid_ms = ms_of(at) if question.leaves_ms is None else question.leaves_ms
    from_ms = reach_ms(paid_ms=paid_ms, entered_ms=question.entered_ms)
    rows = tx.rows(
        claims.SQL["list_stays"],
        site_ids=[question.site_id],
        vehicle_ids=[vehicle_of(question.plate)],
        froms=[moment(max(from_ms, 0))],
    )
    stays = {stay.stay_id: stay for stay in map(stay_from, rows)}
    payable = [Payable(stay.stay_id, stay.started_ms) for stay in stays.values()]
    found = stay_paid(payable, paid_ms=paid_ms, entered_ms=question.entered_ms)
    if found is None:
        raise NoSuchStay(_("No stay of this vehicle is known here."))
    return stays[found]


def _order(tx: Tx, stay: StayRow) -> Order | None:
    row = tx.row(
        claims.SQL["list_orders"],
        site_ids=[stay.site_id],
        opened=[moment(stay.started_ms)],
        order_ids=[order_of(stay.stay_id)],
    )
    return None if row is None else order_from(row)
