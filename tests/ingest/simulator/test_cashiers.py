"""Cashiers: money that is what the quote says names it, everything else is reported as it was."""

from datetime import timedelta

import orjson
import pytest

from core.kit.db import Database
from ingest.api.quotes import Counter
from ingest.arrivals import Arrival
from ingest.pipeline import Pipeline
from ingest.simulator.cashiers import Cashiers
from tests.core.orders.till import MORNING
from tests.ingest import town
from tests.ingest.town import LOT, Town

LATER = MORNING + timedelta(minutes=80)


@pytest.fixture
def cashiers(own_database: Database) -> Cashiers:
    """Return those of a lot that a car entered in the morning: 80 minutes cost 8 yuan."""
    town.build(own_database)
    Pipeline(own_database).take([Town().lane("in", MORNING, "江A12345")])
    return Cashiers(own_database, Counter(valid_for=timedelta(minutes=2)))


def a_payment(fen: int, plate: str = "江A12345") -> Arrival:
    """Return what the kiosk of the lot reports."""
    return Town().pay(LOT, LATER, plate, fen, "T-001")


class TestNamed:
    def test_names_the_quote_that_is_paid(self, cashiers: Cashiers, own_database: Database) -> None:
        paid = a_payment(800)

        named = cashiers.named(paid.topic, paid.payload, LATER)

        assert {word: value for word, value in orjson.loads(named).items() if word != "quote_id"} == orjson.loads(paid.payload)
        Pipeline(own_database).take([Arrival(paid.topic, named, LATER)])
        with own_database.transaction() as tx:
            assert tx.tuples("select quote_id::text from quote_used") == [(orjson.loads(named)["quote_id"],)]

    @pytest.mark.parametrize("paid", [a_payment(700), a_payment(800, "江B00000"), Town().lane("out", LATER, "江A12345")])
    def test_leaves_everything_else_as_it_is(self, cashiers: Cashiers, paid: Arrival) -> None:
        assert cashiers.named(paid.topic, paid.payload, LATER) == paid.payload
