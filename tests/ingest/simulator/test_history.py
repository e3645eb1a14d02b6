"""The past of the demo city as it is loaded."""

import itertools
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from core.kit.clock import city_date, city_zone
from core.kit.db import Database, Tx
from ingest.arrivals import Arrival
from ingest.pipeline import Pipeline
from ingest.simulator import city, history, places
from ingest.simulator.days import Calendar
from ingest.simulator.history import Past
from ingest.simulator.simulation import Simulation

SEED = 20_261_122
BERTHS = 600
DAYS = 2
BORN = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)

BALANCES = """
select account.kind, sum(case when account.account_id = transfer.to_account_id then fen else -fen end)::bigint as fen
from transfer
inner join account on account.account_id in (transfer.from_account_id, transfer.to_account_id)
group by account.kind
"""
ORDERS = """
select
    sum(gross_fen)::bigint as gross, sum(paid_fen)::bigint as paid, sum(net_fen - paid_fen)::bigint as due,
    (sum(net_fen - paid_fen) filter (where in_arrears))::bigint as arrears
from charge_order
"""
OVERLAPS = """
select count(*)
from occupancy_interval as one
inner join occupancy_interval as other
    on one.site_id = other.site_id and one.subject_id = other.subject_id and one.ctid <> other.ctid
        and one.started_at <= other.started_at and other.started_at < one.ended_at
"""
RUNS = """
select
    (sum(extract(epoch from ended_at - started_at)) filter (where state = 'occupied'))::bigint as occupied_s,
    (sum(extract(epoch from ended_at - started_at)) filter (where state = 'unknown'))::bigint as unknown_s
from occupancy_interval
"""


@pytest.fixture(scope="module")
def loaded(database: Database) -> Database:
    """Return a database with the city and its last days; say how long they took."""
    city.build(database, seed=SEED, berths=BERTHS, at=BORN, days=DAYS)
    begun = time.monotonic()
    history.load(database, seed=SEED, until=BORN, days=DAYS)
    with database.transaction() as tx:
        count = tx.value("select count(*) from stay")
    print(f"\nloaded {count} stays of {DAYS} days in {time.monotonic() - begun:.1f} s")
    return database


@pytest.fixture
def tx(loaded: Database) -> Iterator[Tx]:
    """Return a transaction on the loaded city."""
    with loaded.transaction() as tx:
        yield tx


class TestLoad:
    def test_tells_every_visit_once(self, tx: Tx) -> None:
        days = Calendar(places.layout(SEED, BERTHS), city_zone())
        past = Past(days, BORN, DAYS)
        wanted = sum(
            len(list(past.stays(site, city_date(BORN) - timedelta(days=back))))
            for site in days.city.sites
            for back in range(DAYS + 2)
        )

        assert tx.value("select count(*) from stay where origin = 'history'") == wanted > 10_000

    def test_balances(self, tx: Tx) -> None:
        balance = {row["kind"]: row["fen"] for row in tx.rows(BALANCES)}
        orders = tx.row(ORDERS)

        assert orders is not None
        assert sum(balance.values()) == 0
        assert -(balance["revenue_on_street"] + balance["revenue_off_street"]) == orders["gross"]
        assert balance["receivable"] + balance["arrears"] == orders["due"] == orders["gross"] - orders["paid"]
        assert balance["arrears"] == orders["arrears"] > 0
        assert balance["customer_prepay"] == 0
        assert -balance["suspense"] > 0, "somebody paid twice"

    def test_refusals_stay_in_arrears(self, tx: Tx) -> None:
        orders = tx.row(ORDERS)

        assert orders is not None
        assert 0.01 < orders["due"] / orders["gross"] < 0.09

    def test_rollups_equal_the_facts(self, tx: Tx) -> None:
        days = tx.row(
            "select sum(gross_fen)::bigint as gross, sum(received_fen)::bigint as received, sum(entry_n)::bigint as n "
            "from day_figure"
        )
        hours = tx.row("select sum(occupied_s)::bigint as occupied_s, sum(unknown_s)::bigint as unknown_s from hour_figure")

        assert days == {
            "gross": tx.value("select sum(gross_fen)::bigint from charge_order"),
            "received": tx.value("select sum(fen)::bigint from payment"),
            "n": tx.value("select count(*) from stay"),
        }
        assert hours == tx.row(RUNS)

    def test_ends_when_live_data_begins(self, tx: Tx) -> None:
        assert tx.value("select max(ended_at) from stay") <= BORN
        assert tx.value("select max(ended_at) from occupancy_interval") <= BORN
        assert tx.value("select max(paid_at) from payment") <= BORN
        cut = tx.rows("select distinct quality, note from stay where ended_at = %(at)s and subject_kind = 'space'", at=BORN)
        assert {"quality": "C", "note": "On the street when live data began."} in cut

    def test_never_knows_and_ignores_a_space_at_once(self, tx: Tx) -> None:
        assert tx.value(OVERLAPS) == 0
        runs = tx.row(RUNS)
        assert runs is not None
        assert 0 < runs["unknown_s"] < runs["occupied_s"] / 10

    def test_exempt_vehicles_owe_nothing(self, tx: Tx) -> None:
        exempt = (
            "select count(*) from stay where plate_colour = 'white' and exists "
            "(select from charge_order where charge_order.stay_id = stay.stay_id)"
        )

        assert tx.value(exempt) == 0

    def test_adds_nothing_the_second_time(self, loaded: Database) -> None:
        with loaded.transaction() as tx:
            before = tx.row(ORDERS)
            tx.run("update job_run set state = 'lost' where job = %(job)s", job=history.JOB)

        history.load(loaded, seed=SEED, until=BORN + timedelta(days=1), days=DAYS)

        with loaded.transaction() as tx:
            assert tx.row(ORDERS) == before
            assert tx.value("select count(*) from day_figure where entry_n < 0") == 0
            assert {row["state"] for row in tx.rows("select state from job_run")} == {"done"}

    def test_loads_the_newest_day_first(self, tx: Tx) -> None:
        slots = [row["slot"] for row in tx.rows("select slot from job_run order by started_at")]

        assert slots == sorted(slots, reverse=True)


class TestUnknowns:
    def test_lie_beside_what_is_known(self) -> None:
        days = Calendar(places.layout(SEED, BERTHS), city_zone())
        past = Past(days, BORN, DAYS)
        day = city_date(BORN) - timedelta(days=1)
        for site in days.city.sites:
            taken = defaultdict(list)
            for stay in past.stays(site, day):
                taken[stay.subject_id].append((stay.started_at, stay.ended_at))
            for run in past.unknowns(site, day):
                assert run.started_at < run.ended_at <= BORN
                assert not any(a < run.ended_at and run.started_at < b for a, b in taken[run.subject_id])


class TestLiveAfterwards:
    def test_late_payers_reach_the_claims_of_the_past(self, own_database: Database) -> None:
        """The wall's two halves are one city: who parked yesterday may pay today."""
        city.build(own_database, seed=SEED, berths=200, at=BORN, days=1)
        history.load(own_database, seed=SEED, until=BORN, days=1)
        simulation = Simulation(SEED, BORN, berths=200, heartbeats=False)
        pipeline = Pipeline(own_database)
        events = simulation.events(BORN + timedelta(hours=3))
        while batch := [Arrival(event.topic, event.payload, event.due_at) for event in itertools.islice(events, 500)]:
            pipeline.take(batch)

        with own_database.transaction() as tx:
            late = tx.rows(
                "select payment.fen, payment.order_id, charge_order.paid_fen, charge_order.gross_fen, charge_order.origin "
                "from payment left join charge_order using (site_id, order_id) "
                "where payment.origin = 'live' and payment.entered_at < %(at)s and payment.paid_at >= %(at)s "
                "and exists (select from stay where stay.origin = 'history' and stay.site_id = payment.site_id "
                "and stay.vehicle_id = payment.vehicle_id and stay.started_at = payment.entered_at)",
                at=BORN,
            )
            balance = {row["kind"]: row["fen"] for row in tx.rows(BALANCES)}
        assert len(late) > 5
        assert {row["origin"] for row in late} == {"history"}
        assert all(row["paid_fen"] == row["gross_fen"] for row in late)
        assert sum(balance.values()) == 0
