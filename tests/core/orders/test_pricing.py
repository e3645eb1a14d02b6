"""Pricing on a real database: time to drive out after paying, whatever comes first."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest

from core.billing import quotes
from core.billing.prices import NoTariff, TariffVersion, price_book
from core.billing.rules.settlements import Payment, version_of_line
from core.customers.rules.rights import Rights
from core.kit.db import Tx
from core.kit.moments import moment
from core.kit.money import Fen
from core.orders import dues
from core.orders.dues import Question
from core.orders.pricing import reckon, reckon_again, version_of
from core.stays.changes import StayRow
from tests.core.billing.pricing_room import publish_year
from tests.core.billing.quote_room import GRACE, TWO_MINUTES
from tests.core.billing.tariffs import band, free, garage, tariff, units
from tests.core.billing.test_prices import a_version, assign
from tests.core.orders.till import CAR, STREET, Till, a_report, a_stay, ms
from tests.core.upkeep.street import a_site


def give_grace(tx: Tx, **more: object) -> UUID:
    """Let a garage's tariff hold for small cars on the street: five yuan, then three an hour, 15 minutes to drive out."""
    publish_year(tx)
    a_site(tx)  # with the organisation that the tariff belongs to
    version = a_version(tx, garage() | {"after_payment": GRACE | more})
    assign(tx, STREET, version, since=datetime(2026, 1, 1, tzinfo=UTC), vehicle_class="small")
    return version


def unused(_stay: StayRow, _versions: Sequence[TariffVersion]) -> Mapping[str, int]:
    """Return what a vehicle used before of a tariff that gives nothing once a day: nothing."""
    return {}


class TestVersionOf:
    def test_is_that_of_the_class_of_the_plate(self, till: Till) -> None:
        version = give_grace(till.tx)

        assert version_of(a_stay(0, 60), price_book(till.tx, [STREET])).tariff_version_id == version


class TestReckon:
    def test_refuses_what_the_tariff_does_not_price(self, till: Till) -> None:
        give_grace(till.tx)
        book, stay = price_book(till.tx, [STREET]), a_stay(0, 60)

        with pytest.raises(NoTariff):
            reckon(stay, book, unused, from_ms=ms(0), to_ms=ms(-5)).price()

    @pytest.mark.parametrize(("leaves", "fen"), [(80, 800), (134, 800), (135, 1_100), (136, 1_100)])
    def test_gives_time_to_drive_out(self, till: Till, leaves: float, fen: int) -> None:
        """Paid at minute 119.5; the third hour begins at minute 120, the grace ends at minute 134.5."""
        give_grace(till.tx)
        book, stay = price_book(till.tx, [STREET]), a_stay(0, leaves)

        paid = [Payment(ms(119.5), Fen(800))]
        assert reckon(stay, book, unused, from_ms=ms(0), to_ms=ms(leaves), paid=paid).price().gross_fen == fen

    @pytest.mark.parametrize(
        "order", [("in", "out", "pay"), ("in", "pay", "out"), ("pay", "in", "out"), ("out", "pay"), ("pay", "out")]
    )
    def test_is_the_same_whatever_comes_first(self, till: Till, order: tuple[str, ...]) -> None:
        """Two hours were paid in the last minute of the second; out eight minutes into the third."""
        give_grace(till.tx)

        for step in order:
            if step == "pay":
                till.take(reports=[a_report(800, 119)])
            else:
                till.take(a_stay(0) if step == "in" else a_stay(0, 128))

        (claim,) = till.orders()
        assert (claim["gross_fen"], claim["paid_fen"]) == (800, 800)
        assert till.tx.tuples("select gross_fen from quote order by quoted_at desc limit 1") == [(800,)]

    def test_counts_what_paid_a_quote_from_the_quote_on(self, till: Till) -> None:
        """Asked before the third hour begins, paid after it has begun: nothing more is due."""
        give_grace(till.tx)
        till.take(a_stay(0))
        asked = dues.quote(till.tx, Question(STREET, CAR), rights=Rights(), valid_for=TWO_MINUTES, at=moment(ms(119.5)))

        till.take(reports=[a_report(800, 120.5)._replace(quote_id=asked.quote_id)])
        till.take(a_stay(0, 130))

        (claim,) = till.orders()
        assert (asked.reckoned.due_fen, claim["gross_fen"], claim["paid_fen"]) == (800, 800, 800)


NOON_MIN = 180
"""Noon, so many minutes after the morning began: a dearer tariff begins."""


def change_at_noon(tx: Tx, on_change: str) -> None:
    """Let a garage's tariff hold on the street until noon, and a dearer one from then on."""
    publish_year(tx)
    a_site(tx)
    dearer = tariff(band("all", units((60, 60, 600), (None, 60, 400))), free=[free(30)])
    old, new = a_version(tx, garage() | {"on_change": on_change}), a_version(tx, dearer)
    noon = moment(ms(NOON_MIN))
    assign(tx, STREET, old, since=datetime(2026, 1, 1, tzinfo=UTC), until=noon, vehicle_class="small")
    assign(tx, STREET, new, since=noon, vehicle_class="small")


class TestChangeDuringAStay:
    """In at eleven, out at half past one; at noon the second hour rises from three yuan to four."""

    @pytest.mark.parametrize(
        ("on_change", "fen", "lines_by"),
        [("pin_at_entry", 1_100, {0}), ("split_at_change", 1_300, {0, 1}), ("cheaper_of_both", 1_100, {0})],
    )
    def test_comes_out_as_the_tariff_says(self, till: Till, on_change: str, fen: int, lines_by: set[int]) -> None:
        change_at_noon(till.tx, on_change)
        till.take(a_stay(NOON_MIN - 60))

        till.take(a_stay(NOON_MIN - 60, NOON_MIN + 90))

        (claim,) = till.orders()
        again = reckon_again(till.tx, site_id=STREET, order_id=claim["order_id"])
        assert again is not None
        assert claim["gross_fen"] == fen
        assert {version_of_line(line)[0] for line in again.kept} == lines_by
        assert again.kept == again.reckoned

    def test_is_the_same_claim_whatever_is_assigned_later(self, till: Till) -> None:
        change_at_noon(till.tx, "split_at_change")
        till.take(a_stay(NOON_MIN - 60, NOON_MIN + 90))
        (claim,) = till.orders()

        till.tx.run("update tariff_assignment set valid_to = %(at)s where valid_to is null", at=moment(ms(NOON_MIN + 300)))
        till.take(a_stay(NOON_MIN - 60, NOON_MIN + 90, timely=((ms(NOON_MIN - 60), ms(NOON_MIN + 90)),)))

        again = reckon_again(till.tx, site_id=STREET, order_id=claim["order_id"])
        assert again is not None
        assert (till.orders()[0]["gross_fen"], again.kept) == (1_300, again.reckoned)

    def test_is_asked_of_a_person_where_nobody_says(self, till: Till) -> None:
        publish_year(till.tx)
        a_site(till.tx)
        noon = moment(ms(NOON_MIN))
        opened = datetime(2026, 1, 1, tzinfo=UTC)
        assign(till.tx, STREET, a_version(till.tx, garage()), since=opened, until=noon, vehicle_class="small")
        assign(till.tx, STREET, a_version(till.tx, garage()), since=noon, vehicle_class="small")

        found = till.take(a_stay(NOON_MIN - 60, NOON_MIN + 90), a_stay(NOON_MIN + 100, NOON_MIN + 200))

        assert ([stay.started_ms for stay in found.unpriced], len(till.orders())) == ([ms(NOON_MIN - 60)], 1)

    def test_is_quoted_by_what_holds_until_then(self, till: Till) -> None:
        """What is told before noon is true until noon at most; behind it, the rest is told by the new tariff."""
        change_at_noon(till.tx, "split_at_change")
        till.take(a_stay(NOON_MIN - 90))
        question, told = Question(STREET, CAR), []

        for minute in (NOON_MIN - 1, NOON_MIN + 1):
            asked = dues.quote(till.tx, question, rights=Rights(), valid_for=TWO_MINUTES, at=moment(ms(minute)))
            told.append((asked.reckoned.due_fen, len(asked.tariff_version_ids), asked.changes_at == moment(ms(NOON_MIN))))
            assert quotes.reproduce(till.tx, site_id=STREET, quote_id=asked.quote_id).is_same

        assert told == [(800, 1, True), (1_200, 2, False)]
