"""
Pricing: by which tariffs a stay is priced, what it costs whom has paid early, and how that came about.

What a price follows from is kept with it and never changed. Tables tariff_version, tariff_assignment, quote.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

import orjson

from core.billing import reckonings
from core.billing.prices import Price, PriceBook, TariffVersion
from core.billing.reckonings import Reckoning
from core.billing.rules.pricing import Line
from core.billing.rules.settlements import Payment
from core.customers.rules.classes import traits_of
from core.kit.db import Tx
from core.kit.moments import moment
from core.kit.sql import named
from core.stays.changes import StayRow

SQL = named("orders/pricing")

UsedBefore = Callable[[StayRow, Sequence[TariffVersion]], Mapping[str, int]]


class Priced(NamedTuple):
    """A price, and what it follows from."""

    reckoning: Reckoning
    price: Price


class Again(NamedTuple):
    """The price of a claim as it was kept, and as it is reckoned anew from what was kept with it."""

    kept: tuple[Line, ...]
    reckoned: tuple[Line, ...]


def version_of(stay: StayRow, book: PriceBook) -> TariffVersion:
    """
    Return the version of the tariff that holds when a stay of a known plate begins.

    Raises:
        NoTariff: none does.
    """
    return book.version_at(stay.site_id, class_of(stay), stay.billed_from_ms, space_id=stay.subject_id)


def reckon(
    stay: StayRow,
    book: PriceBook,
    used_before: UsedBefore,
    *,
    from_ms: int,
    to_ms: int,
    paid: Sequence[Payment] = (),
) -> Reckoning:
    """
    Return how a stay of a known plate is priced from an instant to another, by the versions that hold in between.

    Who had paid what was due has time to drive out, as the tariff of the entry says; other payments change no price.
    `used_before` tells what its vehicle had used of the free time that it gets once a day.

    Raises:
        NoTariff: none holds when it begins, or nobody said among which sites free time is given once.
    """
    versions = book.versions_in(stay.site_id, class_of(stay), from_ms, to_ms, space_id=stay.subject_id)
    early = tuple(payment for payment in paid if payment.at_ms <= to_ms) if versions[0].looks_at_payments else ()
    return Reckoning(versions, from_ms, to_ms, early, used_before(stay, versions))


def class_of(stay: StayRow) -> str:
    """Return the class of a stay of a known plate, as tariffs call it."""
    assert stay.plate is not None
    return traits_of(stay.plate.colour).vehicle_class


def keep(tx: Tx, priced: Sequence[tuple[UUID, UUID, Priced]], *, at_ms: int) -> None:
    """
    Keep how the prices of claims came about, named by site and claim; at_ms is the instant of the pricing by our clock.

    Instants of the lines are milliseconds, amounts fen.
    """
    if not priced:
        return
    requests = [reckonings.written(each.reckoning.request()) for _, _, each in priced]
    tx.run(
        SQL["save_quotes"],
        site_ids=[site_id for site_id, _, _ in priced],
        order_ids=[order_id for _, order_id, _ in priced],
        quoted=[moment(at_ms) for _ in priced],
        versions=[each.reckoning.versions[0].tariff_version_id for _, _, each in priced],
        froms=[moment(each.reckoning.started_ms) for _, _, each in priced],
        tos=[moment(each.reckoning.ended_ms) for _, _, each in priced],
        gross=[each.price.gross_fen for _, _, each in priced],
        lines=[orjson.dumps([tuple(line) for line in each.price.lines]).decode() for _, _, each in priced],
        requests=[request.decode() for request in requests],
        hashes=[hashlib.sha256(request).hexdigest() for request in requests],
    )


def reckon_again(tx: Tx, *, site_id: UUID, order_id: UUID) -> Again | None:
    """
    Reckon the price of a claim anew, by the versions of tariffs and calendars that it keeps; None: it keeps none.

    Raises:
        CannotPrice: a version has no price for it any more.
    """
    row = tx.row(SQL["find_quote"], site_id=site_id, order_id=order_id)
    found = None if row is None or row["request"] is None else reckonings.read(tx, row["request"])
    if row is None or found is None:
        return None
    return Again(tuple(Line(*line) for line in row["lines"]), found.price().lines)
