"""
Quotes: what somebody who asks for a price is told, how long that is true, and which payment paid it.

A quote keeps everything its price follows from, so that the same price is found again for ever. The same question gets the same
quote as long as it is valid. A payment names its quote once, in time and to the fen; otherwise the money counts as if it had
named none, and whoever asks again gets another quote. Tables price_quote, quote_used, quote_refused.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson

from core.billing import prices, reckonings
from core.billing.prices import CannotPrice, PriceBook, TariffVersion
from core.billing.rules.plans import Value
from core.billing.rules.pricing import Line
from core.billing.rules.settlements import NOTHING, Circumstances, Coupon, Covered, Discount, Payment
from core.billing.rules.terms import CouponKind
from core.kit.db import Row, Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, _, _l
from core.kit.moments import moment, moment_or_none, ms_of
from core.kit.money import Fen
from core.kit.sql import named

SQL = named("billing/quotes")

QUOTES: Final = Relation(
    SQL["quote_rows"],
    key="quote_id",
    columns=frozenset(
        {"quote_no", "plate", "site", "site_id", "issued_at", "entered_at", "leaves_at", "expires_at", "gross_fen", "net_fen",
         "paid_fen", "due_fen", "tariff", "state", "device", "channel", "trade_no"}
    ),
    order=(Order("issued_at", is_falling=True),),
    filled=frozenset({"issued_at", "entered_at", "leaves_at", "expires_at", "site", "state", "due_fen"}),
)  # fmt: skip
STATES: Final[dict[str, Lazy]] = {"valid": _l("Valid"), "used": _l("Paid"), "expired": _l("Expired")}
CLAIM: Final = "claim"
"""The code of what a claim that stands takes off: evidence that came late makes nobody pay more (R8)."""
MOST: Final = 50


class Why(StrEnum):
    """Why a payment did not pay the quote it named."""

    UNKNOWN = "unknown"
    OTHER_VEHICLE = "other_vehicle"
    USED = "used"
    EXPIRED = "expired"
    OTHER_AMOUNT = "other_amount"


WHYS: Final[dict[str, Lazy]] = {
    Why.UNKNOWN: _l("No such quote was issued at this site."),
    Why.OTHER_VEHICLE: _l("The quote is for another vehicle."),
    Why.USED: _l("The quote was paid before."),
    Why.EXPIRED: _l("The quote had expired; another one is asked for."),
    Why.OTHER_AMOUNT: _l("The amount is not the one of the quote; what is left is quoted again."),
}


class QuoteRefused(Refused):
    """A payment names a quote that it does not pay."""

    def __init__(self, why: Why) -> None:
        """Keep the reason beside its sentence."""
        super().__init__(str(WHYS[why]))
        self.why = why


@dataclass(frozen=True, slots=True)
class Ask:
    """
    What a price is asked for. Instants in milliseconds; without `leaves_ms` the price up to the instant of asking is meant.

    Of a vehicle that `has_left` the price changes no more; a claim that stands is never exceeded (`most_fen`).
    """

    site_id: UUID
    vehicle_id: UUID | None
    vehicle_class: str
    entered_ms: int
    leaves_ms: int | None = None
    space_id: UUID | None = None
    stay_id: UUID | None = None
    has_left: bool = False
    attrs: Mapping[str, Value] = field(default_factory=dict)
    used_free_ms: Mapping[str, int] = field(default_factory=dict)
    beside: Circumstances = NOTHING
    most_fen: Fen | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """An answer as it is kept; `changes_at` is when something else is due, None where it is the same for a month."""

    site_id: UUID
    quote_id: UUID
    issued_at: datetime
    expires_at: datetime
    entered_at: datetime
    leaves_at: datetime
    tariff_version_ids: tuple[UUID, ...]
    edition: tuple[str, int] | None
    request: Mapping[str, Any]  # JSON
    reckoned: prices.Settled
    changes_at: datetime | None


class Use(NamedTuple):
    """A payment that names a quote."""

    quote_id: UUID
    site_id: UUID
    vehicle_id: UUID | None
    payment_id: UUID
    fen: Fen
    paid_ms: int


@dataclass(frozen=True, slots=True)
class Reproduction:
    """A quote reckoned anew from what it keeps: `reckoned` is None where that has no price today, and `why` tells."""

    quote: Quote
    reckoned: prices.Settled | None
    why: str = ""

    @property
    def is_same(self) -> bool:
        """Tell whether every line and every amount is what it was."""
        return self.reckoned == self.quote.reckoned


def issue(tx: Tx, ask: Ask, *, book: PriceBook, valid_for: timedelta, device_id: UUID | None, at: datetime) -> Quote:
    """
    Say what is due, and keep it; the same question gets the same quote as long as it is valid.

    A quote is valid for some time, but no longer than its amount is right: until something else is due, or until the grace ends
    that the tariff would give to who had paid at once.

    Raises:
        NoTariff: no tariff holds there for such a stay.
        CannotPrice: the one that holds has no price for it.
    """
    leaves_ms = ms_of(at) if ask.leaves_ms is None else ask.leaves_ms
    versions = book.versions_in(ask.site_id, ask.vehicle_class, ask.entered_ms, leaves_ms, space_id=ask.space_id)
    request = _request(ask, versions)
    request_hash = fingerprint(request)
    tx.run(SQL["lock_request"], request_hash=request_hash.hex())
    known = tx.row(SQL["find_valid"], site_id=ask.site_id, request_hash=request_hash, at=at)
    if known is not None:
        return _quote(known)
    reckoned, changes_ms = _reckon(request, versions, leaves_ms, looks_ahead=not ask.has_left)
    if not ask.has_left:
        changes_ms = _earlier(changes_ms, book.next_change(versions, ask.site_id, leaves_ms, space_id=ask.space_id))
    expires_ms = _expiry(reckoned, changes_ms, versions[0], leaves_ms=leaves_ms, until_ms=ms_of(at + valid_for))
    quote = Quote(
        site_id=ask.site_id,
        quote_id=uuid7(),
        issued_at=at,
        expires_at=moment(expires_ms),
        entered_at=moment(ask.entered_ms),
        leaves_at=moment(leaves_ms),
        tariff_version_ids=tuple(version.tariff_version_id for version in versions),
        edition=next((version.edition for version in versions if version.edition is not None), None),
        request=request,
        reckoned=reckoned,
        changes_at=moment_or_none(changes_ms),
    )
    _keep(tx, quote, ask, request_hash, device_id)
    return quote


def get(tx: Tx, *, site_id: UUID, quote_id: UUID) -> Quote:
    """Return a quote that exists."""
    row = tx.row(SQL["find"], site_id=site_id, quote_id=quote_id)
    assert row is not None, "a quote is asked for by a key that was read"
    return _quote(row)


def reproduce(tx: Tx, *, site_id: UUID, quote_id: UUID) -> Reproduction:
    """Reckon a quote anew, by the versions of tariff and calendar that it keeps, and compare."""
    quote = get(tx, site_id=site_id, quote_id=quote_id)
    versions = reckonings.read_versions(tx, _told(quote), vehicle_class=quote.request["vehicle"])
    if versions is None:
        return Reproduction(quote, None, _("The version of the tariff cannot be read any more."))
    try:
        reckoned, _changes = _reckon(quote.request, versions, ms_of(quote.leaves_at), looks_ahead=False)
    except CannotPrice as error:
        return Reproduction(quote, None, error.message)
    return Reproduction(quote, reckoned)


def use(tx: Tx, named_by: Use, *, at: datetime) -> int:
    """
    Let a payment pay the quote it names; return up to which instant it settles what was due, in milliseconds.

    That is its own instant, or that of the quote where the price has changed in between.

    Raises:
        QuoteRefused: there is no such quote, or it is another vehicle's, paid, expired, or of another amount.
    """
    row = tx.row(SQL["find_to_use"], site_id=named_by.site_id, quote_id=named_by.quote_id)
    paid_at = moment(named_by.paid_ms)
    if row is None:
        raise QuoteRefused(Why.UNKNOWN)
    if row["vehicle_id"] != named_by.vehicle_id:
        raise QuoteRefused(Why.OTHER_VEHICLE)
    if row["is_used"]:
        raise QuoteRefused(Why.USED)
    if paid_at >= row["expires_at"]:
        raise QuoteRefused(Why.EXPIRED)
    if named_by.fen != row["due_fen"]:
        raise QuoteRefused(Why.OTHER_AMOUNT)
    is_same = row["changes_at"] is None or paid_at < row["changes_at"]
    settles_at = paid_at if is_same else row["leaves_at"]
    kept = tx.run(
        SQL["add_use"],
        quote_id=named_by.quote_id,
        site_id=named_by.site_id,
        payment_id=named_by.payment_id,
        at=at,
        settles_at=settles_at,
    )
    if not kept:
        raise QuoteRefused(Why.USED)
    return ms_of(settles_at)


def note_refusal(tx: Tx, named_by: Use, why: Why, *, at: datetime) -> None:
    """Note that a payment named a quote and did not pay it."""
    tx.run(
        SQL["add_refusal"],
        payment_id=named_by.payment_id,
        site_id=named_by.site_id,
        quote_id=named_by.quote_id,
        why=why,
        at=at,
    )


def list_refusals(tx: Tx, *, site_id: UUID, quote_id: UUID) -> list[Row]:
    """List the payments that named a quote and did not pay it, the oldest first."""
    return tx.rows(SQL["list_refusals"], site_id=site_id, quote_id=quote_id, most=MOST)


def fingerprint(request: Mapping[str, Any]) -> bytes:  # JSON
    """Return the SHA-256 of a request."""
    return hashlib.sha256(reckonings.written(request)).digest()


# What a price follows from


def _request(ask: Ask, versions: Sequence[TariffVersion]) -> dict[str, Any]:  # JSON
    beside = ask.beside
    return {
        "site_id": str(ask.site_id),
        "stay_id": _word(ask.stay_id),
        "space_id": _word(ask.space_id),
        "vehicle_id": _word(ask.vehicle_id),
        "vehicle": ask.vehicle_class,
        "entered_ms": ask.entered_ms,
        "leaves_ms": ask.leaves_ms,
        "has_left": ask.has_left,
        "attrs": dict(ask.attrs),
        "used_free_ms": dict(ask.used_free_ms),
        "payments": [list(each) for each in beside.payments],
        "coupons": [list(each) for each in beside.coupons],
        "covered": [list(each) for each in beside.covered],
        "inner": [list(each) for each in beside.inner],
        "left_before_ms": beside.left_before_ms,
        "most_fen": ask.most_fen,
        "versions": reckonings.write_versions(versions),
    }


def _told(quote: Quote) -> list[reckonings.Told]:
    """Return the versions of a quote; those of long ago named one, the zone and the calendar beside it."""
    told = quote.request["versions"]
    if "zone" not in quote.request:
        return list(told)
    return [[0, key, quote.request["zone"], None, quote.request["calendar"]] for key in told]


def _earlier(one_ms: int | None, other_ms: int | None) -> int | None:
    return min((ms for ms in (one_ms, other_ms) if ms is not None), default=None)


def _word(key: UUID | None) -> str | None:
    return None if key is None else str(key)


def _beside(request: Mapping[str, Any]) -> Circumstances:  # JSON
    return Circumstances(
        covered=tuple(Covered(*each) for each in request["covered"]),
        coupons=tuple(Coupon(code, CouponKind(kind), value, group) for code, kind, value, group in request["coupons"]),
        payments=tuple(Payment(*each) for each in request["payments"]),
        left_before_ms=request["left_before_ms"],
        inner=tuple(Covered(*each) for each in request["inner"]),
    )


def _reckon(
    request: Mapping[str, Any],  # JSON
    versions: Sequence[TariffVersion],
    leaves_ms: int,
    *,
    looks_ahead: bool,
) -> tuple[prices.Settled, int | None]:
    """Return what a request costs up to an instant, and when that changes, where that is looked for."""
    settled = prices.settle(
        versions,
        started_ms=request["entered_ms"],
        ended_ms=leaves_ms,
        attrs=request["attrs"],
        used_free_ms=request.get("used_free_ms", prices.NOTHING_USED),
        beside=_beside(request),
        looks_ahead=looks_ahead,
    )
    changes_ms, settled = settled.changes_at_ms, settled._replace(changes_at_ms=None, notes=())
    most_fen = request["most_fen"]
    if most_fen is None or settled.net_fen <= most_fen:
        return settled, changes_ms
    spared = Discount(CLAIM, CouponKind.AMOUNT, Fen(settled.net_fen - most_fen), 0)
    due_fen = Fen(max(0, most_fen - settled.paid_fen))
    return settled._replace(discounts=(*settled.discounts, spared), net_fen=Fen(most_fen), due_fen=due_fen), changes_ms


def _expiry(settled: prices.Settled, changes_ms: int | None, version: TariffVersion, *, leaves_ms: int, until_ms: int) -> int:
    """Return when a quote ends; who owes something may pay it as long as grace would last had it been paid at once."""
    if changes_ms is None:
        return until_ms
    after = version.compiled.terms.after_payment
    grace_ms = after.grace_ms if after is not None and settled.due_fen else 0
    return min(until_ms, max(changes_ms, leaves_ms + grace_ms))


# What is kept


def _keep(tx: Tx, quote: Quote, ask: Ask, request_hash: bytes, device_id: UUID | None) -> None:
    reckoned = quote.reckoned
    tx.run(
        SQL["add"],
        site_id=quote.site_id,
        quote_id=quote.quote_id,
        issued_at=quote.issued_at,
        expires_at=quote.expires_at,
        device_id=device_id,
        stay_id=ask.stay_id,
        space_id=ask.space_id,
        vehicle_id=ask.vehicle_id,
        entered_at=quote.entered_at,
        leaves_at=quote.leaves_at,
        versions=list(quote.tariff_version_ids),
        jurisdiction=None if quote.edition is None else quote.edition[0],
        calendar_version=None if quote.edition is None else quote.edition[1],
        request=orjson.dumps(quote.request).decode(),
        request_hash=request_hash,
        gross_fen=reckoned.gross_fen,
        net_fen=reckoned.net_fen,
        paid_fen=reckoned.paid_fen,
        due_fen=reckoned.due_fen,
        lines=orjson.dumps([tuple(line) for line in reckoned.lines]).decode(),
        discounts=orjson.dumps([tuple(each) for each in reckoned.discounts]).decode(),
        changes_at=quote.changes_at,
    )


def _quote(row: Row) -> Quote:
    lines = tuple(Line(*line) for line in row["lines"])
    discounts = tuple(Discount(code, CouponKind(kind), fen, unused) for code, kind, fen, unused in row["discounts"])
    return Quote(
        site_id=row["site_id"],
        quote_id=row["quote_id"],
        issued_at=row["issued_at"],
        expires_at=row["expires_at"],
        entered_at=row["entered_at"],
        leaves_at=row["leaves_at"],
        tariff_version_ids=tuple(row["tariff_version_ids"]),
        edition=None if row["jurisdiction"] is None else (row["jurisdiction"], row["calendar_version"]),
        request=row["request"],
        reckoned=prices.Settled(row["gross_fen"], lines, discounts, row["net_fen"], row["paid_fen"], row["due_fen"], (), None),
        changes_at=row["changes_at"],
    )
