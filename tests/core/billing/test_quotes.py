"""Quotes: one answer to one question as long as it is true, paid once, and the same for ever."""

import random
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from core.billing import calendar, quotes
from core.billing.calendar import Day, DayType
from core.billing.prices import CannotPrice, NoTariff
from core.billing.quotes import QUOTES, QuoteRefused, Use, Why, fingerprint
from core.billing.rules.settlements import Circumstances, Coupon
from core.billing.rules.terms import CouponKind
from core.kit.clock import city_date
from core.kit.db import Database, Tx
from core.kit.ids import uuid7
from core.kit.listing import Asked
from core.kit.moments import ms_of
from core.kit.money import Fen
from tests.core.billing.quote_room import CAR, GRACE, TEN, Counter, after
from tests.core.billing.tariffs import Form, band, free, garage, street, tariff, units
from tests.core.billing.test_prices import a_version

COUPONS: Form = {"order": ["minutes", "percent", "amount"], "minutes_from": "tail", "stack": "all", "floor_fen": 0}


@pytest.fixture
def counter(tx: Tx) -> Counter:
    """Return a garage: half an hour free, five yuan for the first hour, three for each further one, 15 minutes to drive out."""
    return Counter(tx).open()


class TestIssue:
    def test_says_what_is_due_line_by_line(self, counter: Counter) -> None:
        quote = counter.ask(80)

        assert [(line.unit_n, line.fen) for line in quote.reckoned.lines] == [(1, 500), (1, 300)]
        assert (quote.reckoned.gross_fen, quote.reckoned.due_fen, quote.changes_at) == (
            800,
            800,
            after(120) + timedelta(milliseconds=1),
        )
        assert quotes.get(counter.tx, site_id=counter.site_id, quote_id=quote.quote_id) == quote

    def test_keeps_by_what_it_was_priced(self, counter: Counter) -> None:
        quote = counter.ask(80, attrs={"lost_ticket": False})

        assert quote.tariff_version_ids == (counter.version_id,)
        assert quote.edition == ("town", 1)
        stored = counter.tx.row("select request, request_hash from price_quote")
        assert stored is not None
        assert fingerprint(stored["request"]) == bytes(stored["request_hash"])

    def test_gives_the_same_question_the_same_quote_while_it_is_valid(self, counter: Counter) -> None:
        first, again, later = counter.ask(80), counter.ask(81), counter.ask(82.5)

        assert again == first
        assert later.quote_id != first.quote_id

    def test_gives_another_question_another_quote(self, counter: Counter) -> None:
        first = counter.ask(80)

        others = [
            counter.ask(80, leaves_ms=ms_of(after(90))),
            counter.ask(80, vehicle_id=uuid7()),
            counter.ask(80, paid=((20, 100),)),
        ]

        assert len({first.quote_id, *(other.quote_id for other in others)}) == 4

    def test_is_valid_as_long_as_its_minutes(self, counter: Counter) -> None:
        assert counter.ask(80, valid_for=timedelta(minutes=5)).expires_at == after(85)

    def test_is_valid_until_the_price_changes_where_the_tariff_gives_no_grace(self, tx: Tx) -> None:
        counter = Counter(tx).open(garage() | {"after_payment": GRACE | {"grace_min": 0}})

        assert counter.ask(119).expires_at == after(120) + timedelta(milliseconds=1)

    def test_is_valid_over_a_change_of_price_for_the_grace_of_the_tariff(self, counter: Counter) -> None:
        assert counter.ask(119, valid_for=timedelta(minutes=5)).expires_at == after(124)
        assert counter.ask(119, valid_for=timedelta(minutes=60), stay_id=uuid7()).expires_at == after(119 + 15)

    def test_of_nothing_due_is_valid_until_something_is(self, counter: Counter) -> None:
        quote = counter.ask(29)

        assert (quote.reckoned.due_fen, quote.expires_at) == (0, after(30) + timedelta(milliseconds=1))

    def test_after_a_payment_is_nothing_until_the_grace_ends_and_then_the_rest_from_entry_on(self, counter: Counter) -> None:
        """Golden case 6: in at ten, paid 8 yuan at 11:20, out at 11:34 or at 12:05."""
        within, beyond = counter.ask(94, paid=((80, 800),)), counter.ask(125, paid=((80, 800),))

        assert (within.reckoned.due_fen, within.changes_at) == (0, after(120) + timedelta(milliseconds=1))
        assert (beyond.reckoned.gross_fen, beyond.reckoned.paid_fen, beyond.reckoned.due_fen) == (1_100, 800, 300)

    def test_of_who_paid_shortly_before_a_change_is_nothing_until_the_end_of_grace(self, counter: Counter) -> None:
        assert counter.ask(121, paid=((118, 800),)).changes_at == after(133) + timedelta(milliseconds=1)

    def test_of_who_has_left_changes_no_more(self, counter: Counter) -> None:
        quote = counter.ask(500, has_left=True, leaves_ms=ms_of(after(80)))

        assert (quote.reckoned.due_fen, quote.changes_at, quote.expires_at) == (800, None, after(502))

    def test_never_exceeds_a_claim_that_stands(self, counter: Counter) -> None:
        quote = counter.ask(500, has_left=True, leaves_ms=ms_of(after(130)), most_fen=Fen(800))

        assert (quote.reckoned.gross_fen, quote.reckoned.net_fen, quote.reckoned.due_fen) == (1_100, 800, 800)
        assert [(each.code, each.fen) for each in quote.reckoned.discounts] == [("claim", 300)]

    def test_is_refused_where_no_tariff_holds(self, counter: Counter) -> None:
        with pytest.raises(NoTariff):
            counter.ask(80, vehicle_class="tram", entered_ms=ms_of(datetime(2025, 12, 1, tzinfo=UTC)))

    def test_is_refused_for_days_that_nobody_published(self, counter: Counter) -> None:
        with pytest.raises(CannotPrice):
            counter.ask(80, leaves_ms=ms_of(datetime(2027, 1, 5, tzinfo=UTC)))


class TestReproduce:
    def test_finds_every_line_again_whatever_was_published_since(self, tx: Tx) -> None:
        dice = random.Random(6)
        weekend = band("all", units((None, 60, 900)), ("00:00", "24:00"))
        by_day = tariff(
            band("all", units((60, 15, 150), (None, 15, 225)), ("00:00", "24:00")), caps=[{"per": "day", "limits_fen": [3_000]}]
        )
        by_day["plans"].insert(0, {"name": "weekend", "when": {"entry_days": {"types": ["weekend"]}}, "bands": [weekend]})
        forms = [garage(), street(), by_day, garage(free=[free(40, "deduct")])]
        asked = []
        for form in forms:
            counter = Counter(tx).open(form | {"after_payment": GRACE, "coupons": COUPONS})
            for _each in range(15):
                minutes = dice.randrange(1, 6_000)
                coupon = Coupon("c", dice.choice([*CouponKind]), dice.randrange(1, 90))
                beside = Circumstances(coupons=dice.choice([(), (coupon,)]))
                asked.append(
                    counter.ask(
                        minutes,
                        entered_ms=ms_of(TEN) - dice.randrange(10**9),
                        beside=beside,
                        most_fen=dice.choice([None, Fen(700)]),
                    )
                )

        days = [Day(city_date(TEN) + timedelta(days=n), DayType.WEEKEND) for n in range(-20, 20)]
        calendar.publish(tx, days, jurisdiction="town", source="gazette", by=None, at=after(10**5))

        found = [quotes.reproduce(tx, site_id=quote.site_id, quote_id=quote.quote_id) for quote in asked]
        assert len(found) == 60
        assert [each.quote.request for each in found if not each.is_same] == []
        assert any(
            quote.reckoned.due_fen
            != counter.ask(1, entered_ms=ms_of(quote.entered_at), leaves_ms=ms_of(quote.leaves_at)).reckoned.due_fen
            for quote in asked
        )

    def test_tells_where_the_version_cannot_be_read_any_more(self, counter: Counter) -> None:
        kept = counter.ask(80).request
        gone = uuid7()
        broken = [[0, str(a_version(counter.tx, {"form": 2})), "", None, None]]
        counter.tx.run(
            "insert into price_quote select (jsonb_populate_record(q, %(changed)s::jsonb)).* from price_quote as q",
            changed=orjson.dumps({"quote_id": gone, "request": {**kept, "versions": broken}}).decode(),
        )

        found = quotes.reproduce(counter.tx, site_id=counter.site_id, quote_id=gone)

        assert (found.is_same, found.reckoned) == (False, None)
        assert found.why


class TestUse:
    def test_pays_a_quote_once(self, counter: Counter) -> None:
        quote = counter.ask(80)
        payment_id = counter.pay(quote, 81)

        assert counter.used() == [{"payment_id": payment_id, "quote_id": quote.quote_id, "settles_at": after(81)}]
        assert refused(counter, quote, 81.5) is Why.USED

    @pytest.mark.parametrize(
        ("minutes", "more", "why"),
        [
            (82, {}, Why.EXPIRED),
            (81, {"fen": 799}, Why.OTHER_AMOUNT),
            (81, {"fen": 801}, Why.OTHER_AMOUNT),
            (81, {"vehicle_id": uuid7()}, Why.OTHER_VEHICLE),
            (81, {"quote_id": uuid7()}, Why.UNKNOWN),
            (81, {"site_id": uuid7()}, Why.UNKNOWN),
        ],
    )
    def test_is_refused(self, counter: Counter, minutes: float, more: Mapping[str, Any], why: Why) -> None:
        assert refused(counter, counter.ask(80), minutes, **more) is why
        assert counter.used() == []

    def test_in_the_last_instant_is_in_time(self, counter: Counter) -> None:
        counter.pay(counter.ask(80), 82 - 1 / 60_000)

    def test_counts_from_the_quote_where_the_price_has_changed_in_between(self, counter: Counter) -> None:
        counter.pay(counter.ask(119.5), 120.5)

        assert [row["settles_at"] for row in counter.used()] == [after(119.5)]

    def test_of_a_part_is_quoted_again_with_what_was_paid(self, counter: Counter) -> None:
        quote = counter.ask(80)
        assert refused(counter, quote, 81, fen=500) is Why.OTHER_AMOUNT

        rest = counter.ask(81, paid=((81, 500),))

        assert (rest.reckoned.paid_fen, rest.reckoned.due_fen) == (500, 300)
        counter.pay(rest, 81.5)

    def test_names_the_reason_as_a_sentence(self, counter: Counter) -> None:
        with pytest.raises(QuoteRefused, match="expired"):
            counter.pay(counter.ask(80), 90)


def refused(counter: Counter, quote: quotes.Quote, minutes: float, **more: Any) -> Why:
    """Return why a payment does not pay a quote."""
    with pytest.raises(QuoteRefused) as error:
        counter.pay(quote, minutes, **more)
    return error.value.why


class TestAtOnce:
    def test_the_same_question_gets_one_quote_which_is_paid_once(self, own_database: Database) -> None:
        with own_database.transaction() as tx:
            site_id = Counter(tx).open().site_id

        def ask(_number: int) -> quotes.Quote:
            with own_database.transaction() as tx:
                return Counter(tx, site_id).ask(80)

        def pay(quote: quotes.Quote) -> Why | None:
            with own_database.transaction() as tx:
                try:
                    Counter(tx, site_id).pay(quote, 81)
                except QuoteRefused as refused:
                    return refused.why
            return None

        with ThreadPoolExecutor(4) as people:
            asked = list(people.map(ask, range(8)))
            paid = list(people.map(pay, asked))

        assert len({quote.quote_id for quote in asked}) == 1
        assert sorted(map(str, paid)) == ["None", *[str(Why.USED)] * 7]


class TestQuotes:
    def test_are_listed_with_what_became_of_them(self, counter: Counter) -> None:
        paid, _left, _open = counter.ask(40), counter.ask(50), counter.ask(60)
        counter.pay(paid, 41)

        rows = QUOTES.rows(counter.tx, Asked(), sites=[counter.site_id], at=after(61))

        assert [(row["issued_at"], row["state"]) for row in rows] == [
            (after(60), "valid"),
            (after(50), "expired"),
            (after(40), "used"),
        ]

    def test_tell_of_payments_that_were_refused(self, counter: Counter) -> None:
        quote = counter.ask(80)
        named = Use(quote.quote_id, counter.site_id, CAR, a_payment(counter.tx, counter.site_id), Fen(1), ms_of(after(81)))
        quotes.note_refusal(counter.tx, named, Why.OTHER_AMOUNT, at=after(81))

        (row,) = quotes.list_refusals(counter.tx, site_id=counter.site_id, quote_id=quote.quote_id)

        assert (row["why"], row["fen"]) == ("other_amount", 1)

    def test_are_never_changed_by_the_application(self, counter: Counter) -> None:
        for table in ("price_quote", "quote_used", "quote_refused"):
            assert counter.tx.value("select has_table_privilege('boshu_app', %(table)s, 'update, delete')", table=table) is False


def a_payment(tx: Tx, site_id: UUID) -> UUID:
    """Store a payment of one fen."""
    key = uuid7()
    tx.run(
        "insert into payment (payment_id, site_id, channel, trade_no, fen, paid_at, received_at) "
        "values (%(key)s, %(site_id)s, 'cash', %(trade)s, 1, %(at)s, %(at)s)",
        key=key, site_id=site_id, trade=str(key), at=after(81),
    )  # fmt: skip
    return key
