"""Pricing: which tariff a stay is priced by, and what it costs whom has paid early. Tables tariff_version, tariff_assignment."""

from collections.abc import Sequence

from core.billing.prices import Price, PriceBook, TariffVersion, settle
from core.billing.rules.settlements import Circumstances, Payment
from core.customers.rules.classes import traits_of
from core.stays.changes import StayRow


def version_of(stay: StayRow, book: PriceBook) -> TariffVersion:
    """
    Return the version of the tariff that prices a stay of a known plate.

    Raises:
        NoTariff: none does.
    """
    assert stay.plate is not None
    vehicle_class = traits_of(stay.plate.colour).vehicle_class
    return book.version_at(stay.site_id, vehicle_class, stay.started_ms, space_id=stay.subject_id)


def price_of(stay: StayRow, ended_ms: int, version: TariffVersion, book: PriceBook, paid: Sequence[Payment]) -> Price:
    """
    Return what a stay costs that ends at an instant; who had paid what was due had time to drive out, as the tariff says.

    Raises:
        NoTariff: the tariff has no price for it.
    """
    early = tuple(payment for payment in paid if payment.at_ms <= ended_ms)
    if not early or not version.looks_at_payments:
        return book.price(version, started_ms=stay.billed_from_ms, ended_ms=ended_ms)
    settled = settle(version, started_ms=stay.billed_from_ms, ended_ms=ended_ms, beside=Circumstances(payments=early))
    return Price(settled.gross_fen, settled.lines, settled.notes)
