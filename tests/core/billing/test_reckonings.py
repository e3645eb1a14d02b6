"""Reckonings: what was kept of a price is enough to find it again, whatever came since."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson
import pytest

from core.billing import calendar, reckonings
from core.billing.prices import price_book
from core.billing.reckonings import Reckoning
from core.billing.rules.settlements import Payment
from core.kit.db import Tx
from core.kit.locale import Language, use
from core.kit.moments import ms_of
from core.kit.money import Fen
from tests.core.billing.pricing_room import publish_year
from tests.core.billing.tariffs import band, free, garage, tariff, units
from tests.core.billing.test_prices import a_version, assign
from tests.core.upkeep.street import a_site

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
GRACE = {"grace_min": 15, "policy": "re_quote_from_entry"}
DEARER = tariff(band("all", units((60, 60, 600), (None, 60, 400))), free=[free(30)])


@pytest.fixture
def place(tx: Tx) -> UUID:
    """Return a site whose tariff changes at noon; each version holds for its time."""
    publish_year(tx)
    site_id = a_site(tx).site_id
    old = a_version(tx, garage() | {"on_change": "split_at_change", "after_payment": GRACE})
    assign(tx, site_id, old, since=datetime(2026, 1, 1, tzinfo=UTC), until=NOON)
    assign(tx, site_id, a_version(tx, DEARER, name="Dearer"), since=NOON)
    return site_id


def reckoning(tx: Tx, site_id: UUID, *payments: Payment) -> Reckoning:
    """Return how a stay from an hour before noon to an hour and a half behind it is priced."""
    from_ms, to_ms = ms_of(NOON - HOUR), ms_of(NOON + 1.5 * HOUR)
    return Reckoning(price_book(tx, [site_id]).versions_in(site_id, "small", from_ms, to_ms), from_ms, to_ms, payments)


class TestRead:
    @pytest.mark.parametrize("paid_fen", [0, 500])
    def test_finds_the_same_lines_for_ever(self, tx: Tx, place: UUID, paid_fen: int) -> None:
        paid = (Payment(ms_of(NOON - HOUR / 6), Fen(paid_fen)),) if paid_fen else ()
        first = reckoning(tx, place, *paid)
        kept = orjson.loads(orjson.dumps(first.request()))

        assign(tx, place, a_version(tx, garage()), since=NOON + HOUR, vehicle_class="small")
        again = reckonings.read(tx, kept)

        assert again is not None
        assert first.price().gross_fen == 500 + 2 * 400
        assert (again.price(), again.request()) == (first.price(), kept)

    def test_keeps_to_the_calendar_it_was_made_by(self, tx: Tx, place: UUID) -> None:
        kept = reckoning(tx, place).request()
        days = calendar.year_of(2026)
        every = [
            calendar.Day(days[0] + timedelta(days=n), calendar.DayType.SWAPPED_WORKING) for n in range((days[1] - days[0]).days)
        ]
        calendar.publish(tx, every, jurisdiction="town", source="gazette", by=None, at=NOON)

        again = reckonings.read(tx, kept)

        assert again is not None
        assert [one.edition for one in again.versions] == [("town", 1), ("town", 1)]
        assert again.price() == reckoning(tx, place).price()

    def test_is_nothing_where_a_version_cannot_be_read_any_more(self, tx: Tx, place: UUID) -> None:
        kept = reckoning(tx, place).request()
        kept["versions"][1][1] = str(a_version(tx, {"form": 2}))

        assert reckonings.read(tx, kept) is None


class TestListNames:
    def test_names_versions_in_the_order_given(self, tx: Tx, place: UUID) -> None:
        old, new = (one.tariff_version_id for one in reckoning(tx, place).versions)

        with use(Language.EN):
            assert reckonings.list_names(tx, [new, old, new]) == ["Dearer v1", "Price v1", "Dearer v1"]
