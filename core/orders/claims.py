"""
Claims: price the stays a batch changed, and find which stay each payment is for. Table charge_order.

A claim is derived: the same stays and payments give the same claim, whatever the order they came in. Where late
messages made a stay dearer than what was known in time, the smaller price stands and the larger is kept beside it
for review (R8).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

import orjson

from core.billing.prices import NoTariff, PriceBook
from core.billing.rules.settlements import Payment as Paid
from core.customers.rules.rights import Rights
from core.kit.clock import city_date
from core.kit.db import Row, Tx
from core.kit.ids import derived_id
from core.kit.moments import moment, moment_or_none, ms_of
from core.kit.money import Fen
from core.kit.sql import named
from core.orders import pricing, visits
from core.orders.pricing import Priced, reckon, version_of
from core.orders.rules.allocation import NAMED_WITHIN_MS, Payable, reach_ms, stay_paid
from core.orders.visits import FreeUsed, Visits
from core.stays.changes import StayChange, StayRow, stay_from
from core.stays.rules.sightings import Quality
from core.stays.storing import vehicle_of

SQL = named("orders/claims")

Customer = tuple[UUID, UUID]
"""Site and vehicle: who pays where."""


class Order(NamedTuple):
    """A claim as it is stored; instants in milliseconds, closed_ms None while the vehicle stands there."""

    site_id: UUID
    opened_ms: int
    order_id: UUID
    stay_id: UUID
    vehicle_id: UUID | None
    closed_ms: int | None
    gross_fen: Fen
    discount_fen: Fen
    net_fen: Fen
    paid_fen: Fen
    derived_fen: Fen | None
    in_arrears: bool
    tariff_version_id: UUID | None
    free_used: tuple[FreeUsed, ...] = ()


class Payment(NamedTuple):
    """
    A payment as it is stored; order_id None: in suspense.

    It settles what was due at `settles_ms`: when it was made, or when the quote was issued that it paid.
    """

    site_id: UUID
    vehicle_id: UUID
    payment_id: UUID
    channel: str
    fen: Fen
    paid_ms: int
    entered_ms: int | None
    order_id: UUID | None
    settles_ms: int


class OrderChange(NamedTuple):
    """A claim before and after, with every payment that is for it now, and its price where it was priced just now."""

    before: Order | None
    after: Order
    payments: tuple[Payment, ...]
    stay: StayRow | None
    priced: Priced | None = None


@dataclass(slots=True)
class Claims:
    """What pricing and matching found: claims to book, and what waits for a person."""

    orders: list[OrderChange] = field(default_factory=list)
    unmatched: list[Payment] = field(default_factory=list)
    unpriced: list[StayRow] = field(default_factory=list)  # no tariff holds: a person must decide, nothing is assumed


@dataclass(slots=True)
class _Desk:
    """Everything needed to decide: the stays that may be paid, and the payments that may pay them."""

    stays: dict[UUID, StayRow] = field(default_factory=dict)
    changed: set[UUID] = field(default_factory=set)
    touched: set[UUID] = field(default_factory=set)  # stays whose payments are not what they were
    named: set[UUID] = field(default_factory=set)  # changed stays whose plate is known, or was: a claim may stand
    gone: dict[UUID, StayRow] = field(default_factory=dict)
    payments: dict[Customer, list[Payment]] = field(default_factory=dict)
    payable: dict[Customer, list[Payable]] = field(default_factory=dict)
    paid_for: dict[UUID, list[Payment]] = field(default_factory=dict)  # by stay


def order_of(stay_id: UUID) -> UUID:
    """Return the id of the claim for a stay."""
    return derived_id("order", stay_id)


def derive(tx: Tx, *, changes: Sequence[StayChange], paid: Sequence[Payment], book: PriceBook, rights: Rights) -> Claims:
    """
    Return the claims that changed stays and new payments bring about; `paid` are stored already.

    `rights` tell who parks for nothing.

    Nothing is stored here: `save` does, once the books know how much of each claim is paid.
    """
    desk = _Desk()
    _lay_out_changes(desk, changes)
    used, anew = visits.lay_out(tx, changes, book)
    _lay_out_anew(desk, anew)
    _lay_out_payments(tx, desk, changes, paid)
    claims = Claims()
    _match(desk, claims)
    wanted = [stay for stay_id, stay in desk.stays.items() if stay_id in desk.touched or stay_id in desk.named]
    wanted += [stay for stay_id, stay in desk.gone.items() if stay_id not in desk.stays]
    wanted.sort(key=lambda stay: (stay.billed_from_ms, stay.stay_id))
    known = _known_orders(tx, wanted)
    _add_settled(tx, desk, known)
    for stay in wanted:
        before = known.get(order_of(stay.stay_id))
        has_money = stay.stay_id in desk.paid_for
        if before is None and not has_money and not _is_claimable(stay, rights):
            continue
        if before is None and stay.stay_id in desk.gone:
            continue
        try:
            after, priced = _claim_now(stay, before, desk, used, rights)
        except NoTariff:
            _leave_unpriced(claims, stay, before, desk)
            continue
        claims.orders.append(OrderChange(before, after, tuple(desk.paid_for.get(stay.stay_id, ())), stay, priced))
    return claims


def save(tx: Tx, claims: Claims, paid_fen: Mapping[UUID, Fen], *, at_ms: int) -> list[OrderChange]:
    """
    Store claims with what the books say is paid of each, the match of each payment, and the quotes behind the prices.

    at_ms is the instant of the pricing by our clock; return the final changes.
    """
    final = [change._replace(after=change.after._replace(paid_fen=paid_fen[change.after.order_id])) for change in claims.orders]
    _save_matches(tx, final, claims.unmatched)
    moved = [change.after for change in final if change.before != change.after]
    if moved:
        _save_orders(tx, moved)
    pricing.keep(
        tx,
        [
            (change.after.site_id, change.after.order_id, change.priced)
            for change in final
            if change.priced is not None and change.before != change.after
        ],
        at_ms=at_ms,
    )
    return final


def _leave_unpriced(claims: Claims, stay: StayRow, before: Order | None, desk: _Desk) -> None:
    """Ask for a person; until then a claim stands as it did, and money that has none waits in suspense."""
    claims.unpriced.append(stay)
    payments = desk.paid_for.get(stay.stay_id, [])
    if before is None:
        claims.unmatched += payments
    else:
        claims.orders.append(OrderChange(before, before, tuple(payments), stay))


def _lay_out_changes(desk: _Desk, changes: Sequence[StayChange]) -> None:
    for before, after in changes:
        if after is not None:
            desk.stays[after.stay_id] = after
            desk.changed.add(after.stay_id)
            if after.plate is not None or (before is not None and before.plate is not None):
                desk.named.add(after.stay_id)
        elif before is not None:
            desk.gone[before.stay_id] = before


def _lay_out_anew(desk: _Desk, stays: Iterable[StayRow]) -> None:
    """Add the stays that a changed one before them may have left more or less free time."""
    for stay in stays:
        desk.stays.setdefault(stay.stay_id, stay)
        desk.changed.add(stay.stay_id)
        desk.named.add(stay.stay_id)


def _lay_out_payments(tx: Tx, desk: _Desk, changes: Sequence[StayChange], paid: Sequence[Payment]) -> None:
    """Read the payments that may be for a changed stay, and the stays that those payments may be for."""
    froms = _first_instants(changes, paid)
    if not froms:
        return
    reach: dict[Customer, int] = {}
    for row in tx.rows(SQL["list_payments"], **_where(froms)):
        payment = payment_from(row)
        customer = (payment.site_id, payment.vehicle_id)
        desk.payments.setdefault(customer, []).append(payment)
        _reach(reach, customer, reach_ms(paid_ms=payment.paid_ms, entered_ms=payment.entered_ms))
    if not reach:
        return
    for row in tx.rows(SQL["list_stays"], **_where(reach)):
        stay = stay_from(row)
        desk.stays.setdefault(stay.stay_id, stay)
        payable = Payable(stay.stay_id, stay.started_ms)
        desk.payable.setdefault((row["site_id"], row["vehicle_id"]), []).append(payable)


def _first_instants(changes: Sequence[StayChange], paid: Sequence[Payment]) -> dict[Customer, int]:
    """Return for each customer the earliest instant at which a payment may be concerned."""
    froms: dict[Customer, int] = {}
    for change in changes:
        for stay in change:
            if stay is not None and stay.plate is not None:
                _reach(froms, (stay.site_id, vehicle_of(stay.plate)), stay.started_ms - NAMED_WITHIN_MS)
    for payment in paid:
        first_ms = reach_ms(paid_ms=payment.paid_ms, entered_ms=payment.entered_ms)  # of the stay; others may pay it too
        _reach(froms, (payment.site_id, payment.vehicle_id), first_ms - NAMED_WITHIN_MS)
    return froms


def _match(desk: _Desk, claims: Claims) -> None:
    """Find the stay of each payment."""
    stay_of_order = {order_of(stay_id): stay_id for stay_id in (*desk.stays, *desk.gone)}
    for customer, payments in desk.payments.items():
        for payment in payments:
            stay_id = stay_paid(desk.payable.get(customer, ()), paid_ms=payment.paid_ms, entered_ms=payment.entered_ms)
            was = stay_of_order.get(payment.order_id) if payment.order_id else None
            if stay_id != was:
                desk.touched |= {one for one in (stay_id, was) if one is not None}
            if stay_id is None:
                claims.unmatched.append(payment)
            else:
                desk.paid_for.setdefault(stay_id, []).append(payment)


def _add_settled(tx: Tx, desk: _Desk, known: Mapping[UUID, Order]) -> None:
    """Add the payments that were matched to these claims long ago and are not in question now."""
    if not known:
        return
    laid_out = {payment.payment_id for payments in desk.payments.values() for payment in payments}
    for row in tx.rows(SQL["list_matched"], order_ids=list(known)):
        if row["payment_id"] not in laid_out:
            desk.paid_for.setdefault(known[row["order_id"]].stay_id, []).append(payment_from(row))


def _is_claimable(stay: StayRow, rights: Rights) -> bool:
    """Tell whether a stay is billed: closed, not void, of quality A or B, by a known vehicle that does not park for nothing."""
    if stay.is_void or stay.ended_ms is None or stay.plate is None or stay.quality is Quality.C:
        return False
    return not rights.at(*stay.plate, site_id=stay.site_id, at_ms=stay.started_ms).is_free


def _claim_now(stay: StayRow, before: Order | None, desk: _Desk, used: Visits, rights: Rights) -> tuple[Order, Priced | None]:
    """Return the claim as stay, tariff and early payments have it now, and the price; what is unchanged keeps the one it has."""
    vehicle_id = vehicle_of(stay.plate) if stay.plate else None
    book = used.book
    if before is not None and not _is_to_price(stay, desk, book, rights):
        return before, None
    base = Order(
        stay.site_id, stay.started_ms, order_of(stay.stay_id), stay.stay_id, vehicle_id, stay.ended_ms,
        Fen(0), Fen(0), Fen(0), Fen(0), None, before.in_arrears if before else False, None,
    )  # fmt: skip
    if stay.stay_id in desk.gone and stay.stay_id not in desk.stays:
        return base._replace(closed_ms=stay.ended_ms or stay.started_ms), None
    if not _is_claimable(stay, rights) or stay.ended_ms is None or stay.plate is None:
        return base, None
    paid = [Paid(payment.settles_ms, payment.fen) for payment in desk.paid_for.get(stay.stay_id, ())]
    reckoning = reckon(stay, book, used.before, from_ms=stay.billed_from_ms, to_ms=stay.ended_ms, paid=paid)
    price = reckoning.price()
    gross = derived = price.gross_fen
    if stay.timely:
        known = sum(reckon(stay, book, used.before, from_ms=start, to_ms=end).price().gross_fen for start, end in stay.timely)
        gross = Fen(min(derived, known))
    claim = base._replace(
        gross_fen=gross,
        net_fen=gross,
        derived_fen=derived if derived > gross else None,
        tariff_version_id=reckoning.versions[0].tariff_version_id,
        free_used=used.note(stay, reckoning, price.lines),
    )
    return claim, Priced(reckoning, price)


def _is_to_price(stay: StayRow, desk: _Desk, book: PriceBook, rights: Rights) -> bool:
    """Tell whether a claim may come out otherwise: its stay has changed, or its payments have and the tariff looks at them."""
    if stay.stay_id in desk.changed or stay.stay_id in desk.gone:
        return True
    return stay.stay_id in desk.touched and _is_claimable(stay, rights) and version_of(stay, book).looks_at_payments


def _known_orders(tx: Tx, stays: Sequence[StayRow]) -> dict[UUID, Order]:
    if not stays:
        return {}
    rows = tx.rows(
        SQL["list_orders"],
        site_ids=[stay.site_id for stay in stays],
        opened=[moment(stay.started_ms) for stay in stays],
        order_ids=[order_of(stay.stay_id) for stay in stays],
    )
    return {row["order_id"]: order_from(row) for row in rows}


def order_from(row: Row) -> Order:
    """Return the claim a row of charge_order holds."""
    return Order(
        row["site_id"],
        ms_of(row["opened_at"]),
        row["order_id"],
        row["stay_id"],
        row["vehicle_id"],
        None if row["closed_at"] is None else ms_of(row["closed_at"]),
        row["gross_fen"],
        row["discount_fen"],
        row["net_fen"],
        row["paid_fen"],
        row["derived_fen"],
        row["in_arrears"],
        row["tariff_version_id"],
        tuple(FreeUsed(*each) for each in row["free_used"] or ()),
    )


def _save_orders(tx: Tx, orders: Sequence[Order]) -> None:
    tx.run(
        SQL["save_orders"],
        site_ids=[order.site_id for order in orders],
        opened=[moment(order.opened_ms) for order in orders],
        order_ids=[order.order_id for order in orders],
        stay_ids=[order.stay_id for order in orders],
        vehicle_ids=[order.vehicle_id for order in orders],
        closed=[moment_or_none(order.closed_ms) for order in orders],
        business=[None if order.closed_ms is None else city_date(moment(order.closed_ms)) for order in orders],
        gross=[order.gross_fen for order in orders],
        discounts=[order.discount_fen for order in orders],
        nets=[order.net_fen for order in orders],
        paids=[order.paid_fen for order in orders],
        deriveds=[order.derived_fen for order in orders],
        arrears=[order.in_arrears for order in orders],
        versions=[order.tariff_version_id for order in orders],
        frees=[orjson.dumps([tuple(each) for each in order.free_used]).decode() if order.free_used else None for order in orders],
    )


def _save_matches(tx: Tx, changes: Iterable[OrderChange], unmatched: Iterable[Payment]) -> None:
    matches = {
        payment.payment_id: change.after.order_id
        for change in changes
        for payment in change.payments
        if payment.order_id != change.after.order_id
    }
    orphans = [payment.payment_id for payment in unmatched if payment.order_id is not None]
    if matches or orphans:
        tx.run(
            SQL["match_payments"],
            payment_ids=[*matches, *orphans],
            order_ids=[*matches.values(), *(None for _ in orphans)],
        )


def _reach(froms: dict[Customer, int], customer: Customer, at_ms: int) -> None:
    froms[customer] = min(froms.get(customer, at_ms), at_ms)


def _where(froms: Mapping[Customer, int]) -> dict[str, object]:
    return {
        "site_ids": [customer[0] for customer in froms],
        "vehicle_ids": [customer[1] for customer in froms],
        "froms": [moment(max(at_ms, 0)) for at_ms in froms.values()],
    }


def payment_from(row: Row) -> Payment:
    """Return the payment a row of table payment holds."""
    return Payment(
        row["site_id"],
        row["vehicle_id"],
        row["payment_id"],
        row["channel"],
        row["fen"],
        ms_of(row["paid_at"]),
        None if row["entered_at"] is None else ms_of(row["entered_at"]),
        row["order_id"],
        ms_of(row["settles_at"]),
    )
