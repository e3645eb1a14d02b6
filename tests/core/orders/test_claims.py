"""Claims on a real database: what a stay costs, which money is for it, and that the order of things never matters."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from core.finance.payments import Report
from core.kit.db import Database, Tx
from core.kit.money import Fen
from core.orders.pricing import reckon_again
from core.stays.changes import StayRow
from core.stays.rules.plates import Plate
from core.stays.rules.sightings import Quality
from ingest.pipeline import Pipeline
from tests.core.orders.till import CAR, MORNING, OTHER_CAR, Till, a_report, a_stay, ms
from tests.ingest import town
from tests.ingest.town import LOT, Town

EXEMPT = Plate("江A1234警", "white")


class TestDerive:
    def test_prices_a_stay_when_it_ends(self, till: Till) -> None:
        till.take(a_stay(0, 120))

        (order,) = till.orders()
        assert (order["opened_at"], order["closed_at"]) == (MORNING, MORNING + timedelta(hours=2))
        assert (order["gross_fen"], order["net_fen"], order["paid_fen"], order["derived_fen"]) == (1500, 1500, 0, None)

    @pytest.mark.parametrize(
        "stay", [a_stay(0), a_stay(0, 120, plate=None), a_stay(0, 120, quality=Quality.C), a_stay(0, 120, plate=EXEMPT)]
    )
    def test_claims_nothing_for_a_stay_that_is_not_billed(self, till: Till, stay: StayRow) -> None:
        till.take(stay)

        assert till.orders() == []
        assert till.balances() == {}

    def test_takes_money_before_the_departure_for_prepaid(self, till: Till) -> None:
        till.take(a_stay(0), reports=[a_report(600, 30)])

        (order,) = till.orders()
        assert (order["closed_at"], order["net_fen"], order["paid_fen"]) == (None, 0, 600)
        assert till.balances() == {"clearing": 600, "customer_prepay": -600}

        till.take(a_stay(0, 120))

        (order,) = till.orders()
        assert (order["net_fen"], order["paid_fen"]) == (1500, 600)
        assert till.balances() == {"clearing": 600, "receivable": 900, "revenue_on_street": -1500}

    def test_takes_money_for_the_stay_it_names(self, till: Till) -> None:
        till.take(a_stay(0, 60), a_stay(90, 150), reports=[a_report(600, 155, names=2)])

        assert [order["paid_fen"] for order in till.orders()] == [600, 0]

    def test_takes_unnamed_money_for_the_last_stay_that_had_begun(self, till: Till) -> None:
        till.take(a_stay(0, 60), a_stay(90, 150), reports=[a_report(600, 80)])

        assert [order["paid_fen"] for order in till.orders()] == [600, 0]

    def test_finds_the_stay_of_money_that_came_first(self, till: Till) -> None:
        till.take(reports=[a_report(600, 61, names=0)])
        assert till.balances() == {"clearing": 600, "suspense": -600}

        till.take(a_stay(0, 60))

        assert till.orders()[0]["paid_fen"] == 600
        assert till.balances() == {"clearing": 600, "revenue_on_street": -600}

    def test_leaves_money_of_another_vehicle_in_suspense(self, till: Till) -> None:
        till.take(a_stay(0, 60), reports=[a_report(600, 61, plate=OTHER_CAR)])

        assert till.orders()[0]["paid_fen"] == 0
        assert till.balances() == {"clearing": 600, "suspense": -600, "receivable": 600, "revenue_on_street": -600}

    def test_lets_the_smaller_price_stand_where_late_messages_raised_it(self, till: Till) -> None:
        till.take(a_stay(0, 60))

        till.take(a_stay(0, 120, timely=((ms(0), ms(60)),)))

        (order,) = till.orders()
        assert (order["gross_fen"], order["derived_fen"]) == (600, 1500)
        assert till.balances() == {"receivable": 600, "revenue_on_street": -600}

    def test_lets_the_smaller_price_stand_where_late_messages_lowered_it(self, till: Till) -> None:
        till.take(a_stay(0, 120))

        till.take(a_stay(0, 60, timely=((ms(0), ms(120)),)))

        (order,) = till.orders()
        assert (order["gross_fen"], order["derived_fen"]) == (600, None)

    def test_gives_the_money_back_to_suspense_when_the_plate_was_another(self, till: Till) -> None:
        till.take(a_stay(0, 60), reports=[a_report(600, 61, names=0)])

        till.take(a_stay(0, 60, plate=OTHER_CAR))

        (order,) = till.orders()
        assert (order["net_fen"], order["paid_fen"]) == (600, 0)
        assert till.balances() == {"clearing": 600, "suspense": -600, "receivable": 600, "revenue_on_street": -600}

    def test_leaves_nothing_claimed_for_a_stay_that_never_was(self, till: Till) -> None:
        stay = a_stay(0, 60)
        till.take(stay, reports=[a_report(600, 61)])

        till.take(gone=[stay])

        (order,) = till.orders()
        assert (order["net_fen"], order["paid_fen"]) == (0, 0)
        assert till.balances() == {"clearing": 600, "suspense": -600}

    def test_moves_nothing_when_nothing_is_new(self, till: Till) -> None:
        stay = a_stay(0, 60)
        till.take(stay, reports=[a_report(600, 61)])
        before = till.transfers()

        found = till.take(stay)

        assert [change.before for change in found.orders] == [change.after._replace(paid_fen=Fen(600)) for change in found.orders]
        assert till.transfers() == before

    @pytest.mark.parametrize("seed", range(4))
    def test_ends_in_the_same_claims_and_books_whatever_the_order(self, town_database: Database, seed: int) -> None:
        dice = random.Random(seed)
        facts = [a_stay(0, 120), a_stay(200, 260), a_stay(300, 340, plate=OTHER_CAR, space=2), a_stay(350)]
        payments = [
            a_report(
                dice.choice([300, 600, 1500, 2000]),
                dice.uniform(-5, 400),
                trade=f"T{number}",
                names=dice.choice([None, 0, 200, 299]),
                plate=dice.choice([CAR, OTHER_CAR]),
                channel=dice.choice(["wechat", "cash"]),
            )
            for number in range(6)
        ]
        ends = []
        for turn in range(4):
            steps: list[StayRow | Report] = [*facts, *payments]
            if turn:
                dice.shuffle(steps)
            with town_database.engine.connect() as connection, connection.begin() as transaction:
                till = Till(Tx(connection))
                for step in steps:
                    if isinstance(step, Report):
                        till.take(reports=[step])
                    else:
                        till.take(step)
                orders = [order for order in till.orders() if order["net_fen"] or order["paid_fen"]]
                ends.append((orders, till.balances()))
                transaction.rollback()

        assert all(end == ends[0] for end in ends)


class TestSaveQuotes:
    def test_keeps_lines_that_add_up_and_can_be_counted_again(self, till: Till) -> None:
        till.take(a_stay(0, 120), a_stay(300, 1_500), a_stay(-600, -590), a_stay(0, 700, plate=OTHER_CAR, space=2))

        kept = till.tx.rows("select site_id, order_id, gross_fen, lines from quote")

        assert len(kept) == 4
        for quote in kept:
            again = reckon_again(till.tx, site_id=quote["site_id"], order_id=quote["order_id"])
            assert again is not None
            assert again.kept == again.reckoned
            assert sum(line.fen for line in again.kept) == quote["gross_fen"]

    def test_keeps_the_quote_of_every_pricing(self, till: Till) -> None:
        till.take(a_stay(0, 120))
        till.take(a_stay(0, 60))

        assert till.tx.tuples("select gross_fen from quote order by quoted_at") == [(1500,), (600,)]

    def test_keeps_what_the_evidence_says_where_a_smaller_price_stands(self, till: Till) -> None:
        till.take(a_stay(0, 120, timely=((ms(0), ms(60)),)))

        assert till.tx.tuples("select gross_fen from quote") == [(1500,)]

    def test_gives_the_same_question_the_same_fingerprint(self, till: Till) -> None:
        till.take(a_stay(0, 120))
        till.take(a_stay(0, 60))
        till.take(a_stay(0, 120))

        first, other, again = (row["request_hash"] for row in till.tx.rows("select request_hash from quote order by quoted_at"))
        assert first == again != other


class TestWithoutATariff:
    @pytest.fixture
    def pipeline(self, own_database: Database) -> Pipeline:
        """Return the ingest of a town whose lot has lost its tariff."""
        town.build(own_database)
        with own_database.transaction() as tx:
            ended_at = datetime(2026, 2, 1, tzinfo=UTC)
            tx.run("update tariff_assignment set valid_to = %(at)s where site_id = %(id)s", at=ended_at, id=town.site_id(LOT))
        return Pipeline(own_database)

    def test_a_stay_opens_a_case_and_books_nothing(self, pipeline: Pipeline, own_database: Database) -> None:
        say = Town()
        pipeline.take([say.lane("in", MORNING, "江A12345"), say.lane("out", MORNING + timedelta(hours=2), "江A12345")])

        with own_database.transaction() as tx:
            assert tx.tuples("select kind from review_case") == [("no_tariff",)]
            assert tx.value("select count(*) from stay where state = 'closed'") == 1
            assert tx.value("select count(*) from transfer") == 0

    def test_money_for_it_waits_in_suspense(self, pipeline: Pipeline, own_database: Database) -> None:
        say = Town()
        pipeline.take([say.lane("in", MORNING, "江A12345"), say.lane("out", MORNING + timedelta(hours=2), "江A12345")])
        pipeline.take([say.pay(LOT, MORNING + timedelta(minutes=119), "江A12345", 800, "T0001")])

        with own_database.transaction() as tx:
            assert Till(tx).balances() == {"clearing": 800, "suspense": -800}

    def test_money_paid_before_the_departure_stays_prepaid(self, pipeline: Pipeline, own_database: Database) -> None:
        say = Town()
        pipeline.take([say.lane("in", MORNING, "江A12345")])
        pipeline.take([say.pay(LOT, MORNING + timedelta(minutes=119), "江A12345", 800, "T0001")])
        pipeline.take([say.lane("out", MORNING + timedelta(hours=2), "江A12345")])
        pipeline.take([say.pay(LOT, MORNING + timedelta(minutes=125), "江A12345", 300, "T0002")])

        with own_database.transaction() as tx:
            assert tx.tuples("select kind from review_case") == [("no_tariff",)]
            assert Till(tx).balances() == {"clearing": 1100, "customer_prepay": -1100}

    def test_a_tariff_found_later_prices_it_with_the_next_payment(self, pipeline: Pipeline, own_database: Database) -> None:
        say = Town()
        pipeline.take([say.lane("in", MORNING, "江A12345"), say.lane("out", MORNING + timedelta(hours=2), "江A12345")])
        with own_database.transaction() as tx:
            tx.run("update tariff_assignment set valid_to = null where site_id = %(id)s", id=town.site_id(LOT))

        pipeline.take([say.pay(LOT, MORNING + timedelta(minutes=125), "江A12345", 800, "T0001")])

        with own_database.transaction() as tx:
            assert Till(tx).balances() == {"clearing": 800, "revenue_off_street": -800}
