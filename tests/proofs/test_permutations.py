"""A day's messages in any order, thrice each and late, end in one state, the ledger included (I-04)."""

import random
from collections.abc import Sequence

import psycopg
import pytest

from core.kit.db import Database
from core.kit.embedded_pg import PgUrls
from ingest.arrivals import Arrival
from ingest.pipeline import Pipeline
from tests.ingest import town
from tests.ingest.day import arrivals_of_a_day
from tests.ingest.mqtt.stage import FULL
from tests.ingest.state import digest, state_of

BATCH = 2_500
DAYS = range(10)
ORDERS = (
    pytest.param(5, id="5 orders"),
    pytest.param(200, id="200 orders", marks=FULL),
)
FACTS = (
    "inbound_message, seen_message, event, plate_read, count_snapshot, dead_letter, occupancy_interval, stay, open_stay, "
    "stay_amendment, review_case, charge_order, payment, channel_trade, transfer, hour_delta, day_delta, timeline, running_sum, "
    "device_state, device_gap, device_health, source_health, vehicle"
)


@pytest.fixture(scope="module")
def day_town(database: Database) -> Database:
    town.build(database)
    return database


def forget(urls: PgUrls, database: Database) -> None:
    """Empty the town of everything that was told, and let its spaces be unknown again."""
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        connection.execute(f"truncate {FACTS}")
    with database.transaction() as tx:
        town.start(tx)


def told(database: Database, order: Sequence[Arrival]) -> dict[str, list[tuple[object, ...]]]:
    """Give arrivals to a fresh pipeline in batches; return the state they end in."""
    pipeline = Pipeline(database)
    for first in range(0, len(order), BATCH):
        pipeline.take(order[first : first + BATCH])
    return state_of(database)


class TestTake:
    @pytest.mark.parametrize("seed", DAYS)
    @pytest.mark.parametrize("orders", ORDERS)
    def test_ends_in_one_state_whatever_the_order(self, day_town: Database, database_urls: PgUrls, orders: int, seed: int) -> None:
        day = arrivals_of_a_day(seed=seed)
        assert len(day) >= 2_000
        in_order = sorted(day, key=lambda arrival: arrival.received_at)
        forget(database_urls, day_town)
        expected = told(day_town, in_order)
        assert expected["orders"]
        assert expected["balances"]

        for number in range(orders):
            shuffled = [arrival for arrival in day for _ in range(3)]
            random.Random(f"{seed}-{number}").shuffle(shuffled)
            forget(database_urls, day_town)
            found = told(day_town, shuffled)

            assert digest(found) == digest(expected), _difference(expected, found)


def _difference(expected: dict[str, list[tuple[object, ...]]], found: dict[str, list[tuple[object, ...]]]) -> str:
    """Say what differs first, table by table."""
    lines = []
    for name, rows in expected.items():
        only_expected, only_found = set(rows) - set(found[name]), set(found[name]) - set(rows)
        if only_expected or only_found:
            lines.append(f"{name}: expected {sorted(map(str, only_expected))[:4]} found {sorted(map(str, only_found))[:4]}")
    return "\n".join(lines)
