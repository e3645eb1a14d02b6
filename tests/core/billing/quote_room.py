"""A place where prices are asked for: a site with one tariff of the rule language, and a year of published days."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from core.billing import quotes
from core.billing.prices import price_book
from core.billing.quotes import Ask, Quote, Use
from core.billing.rules.settlements import Circumstances, Payment
from core.kit.db import Tx
from core.kit.ids import uuid7
from core.kit.moments import ms_of
from core.kit.money import Fen
from tests.core.billing.pricing_room import publish_year
from tests.core.billing.tariffs import Form, garage
from tests.core.billing.test_prices import a_version, assign
from tests.core.upkeep.street import a_site

TEN: Final = datetime(2026, 11, 20, 2, tzinfo=UTC)
"""Ten in the morning of the city, a Friday."""
TWO_MINUTES: Final = timedelta(minutes=2)
GRACE: Final = {"grace_min": 15, "policy": "re_quote_from_entry"}
CAR: Final = uuid7()


def after(minutes: float) -> datetime:
    """Return the instant so many minutes after ten."""
    return TEN + timedelta(minutes=minutes)


@dataclass(slots=True)
class Counter:
    """Who asks and pays at one site."""

    tx: Tx
    site_id: UUID = field(default_factory=uuid7)
    version_id: UUID = field(init=False)

    def open(self, form: Form | None = None) -> "Counter":
        """Let a tariff hold at a site of its own: a garage with a quarter of an hour to drive out, unless told otherwise."""
        publish_year(self.tx)
        self.site_id = a_site(self.tx).site_id
        self.version_id = a_version(self.tx, garage() | {"after_payment": GRACE} if form is None else form)
        assign(self.tx, self.site_id, self.version_id, since=datetime(2026, 1, 1, tzinfo=UTC))
        return self

    def ask(
        self, minutes: float, *, valid_for: timedelta = TWO_MINUTES, paid: tuple[tuple[float, int], ...] = (), **more: Any
    ) -> Quote:
        """Ask so many minutes after ten what a car owes that came at ten."""
        payments = tuple(Payment(ms_of(after(at)), Fen(fen)) for at, fen in paid)
        ask = replace(Ask(self.site_id, CAR, "small", ms_of(TEN), beside=Circumstances(payments=payments)), **more)
        book = price_book(self.tx, [self.site_id])
        return quotes.issue(self.tx, ask, book=book, valid_for=valid_for, device_id=None, at=after(minutes))

    def pay(self, quote: Quote, minutes: float, fen: int | None = None, **more: Any) -> UUID:
        """Pay a quote so many minutes after ten; return the payment."""
        amount = quote.reckoned.due_fen if fen is None else fen
        named = Use(quote.quote_id, self.site_id, CAR, uuid7(), Fen(amount), ms_of(after(minutes)))._replace(**more)
        quotes.use(self.tx, named, at=after(minutes))
        return named.payment_id

    def used(self) -> list[Mapping[str, Any]]:
        """Return the payments that paid a quote."""
        return [dict(row) for row in self.tx.rows("select payment_id, quote_id, settles_at from quote_used order by used_at")]
