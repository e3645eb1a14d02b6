"""Figures on a real database: after any amount of change, what screens read equals a recount of the facts."""

import random
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.customers.rules.classes import traits_of
from core.finance.figures import HOUR_MS, hours_between
from core.kit.db import Database, Tx
from core.stays.rules.plates import Plate
from core.upkeep import compaction
from ingest.pipeline import Pipeline
from tests.core.orders.till import CAR, Till, a_report, a_stay
from tests.ingest import town
from tests.ingest.day import arrivals_of_a_day

CITY = ZoneInfo("Asia/Shanghai")
LORRY = Plate("江A55555", "yellow")
INSTANTS = st.integers(1_795_000_000_000, 1_795_000_000_000 + 50 * HOUR_MS)

Sums = Counter[tuple[object, ...]]
"""Amounts by figure: the name of its column, then what it is counted by."""


class TestHoursBetween:
    @given(INSTANTS, INSTANTS)
    def test_cuts_a_run_at_every_hour_and_loses_no_second(self, one: int, other: int) -> None:
        started_ms, ended_ms = sorted((one, other))

        pieces = list(hours_between(started_ms, ended_ms))

        assert sum(seconds for _, seconds in pieces) == ended_ms // 1000 - started_ms // 1000
        assert all(hour_ms % HOUR_MS == 0 and 0 <= seconds <= 3600 for hour_ms, seconds in pieces)
        assert all(after - before == HOUR_MS for (before, _), (after, _) in pairwise(pieces))
        assert not pieces or pieces[0][0] <= started_ms < pieces[0][0] + HOUR_MS


TABLES = (
    ("hour_figure", ("site_id", "hour")),
    ("day_figure", ("site_id", "day", "channel", "vehicle_class")),
    ("length_figure", ("site_id", "day", "minutes")),
    ("collection_figure", ("site_id", "closed_on", "paid_on", "is_late")),
)


def figures(tx: Tx) -> Sums:
    """Return the figures as screens read them: rollup and delta together."""
    found: Sums = Counter()
    for table, keys in TABLES:
        for row in tx.rows(f"select * from {table}"):
            key = tuple(row[name] for name in keys)
            for column, amount in row.items():
                if column.endswith(("_n", "_s", "_fen")):
                    found[(column, *key)] += amount
    return Counter({key: amount for key, amount in found.items() if amount})


def recount(tx: Tx) -> Sums:
    """Count the facts one by one."""
    found: Sums = Counter()
    _count_stays(tx, found)
    _count_runs(tx, found)
    _count_claims(tx, found)
    _count_money(tx, found)
    _count_collection(tx, found)
    return Counter({key: amount for key, amount in found.items() if amount})


def hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def day(at: datetime) -> date:
    return at.astimezone(CITY).date()


def _count_stays(tx: Tx, found: Sums) -> None:
    for stay in tx.rows("select * from stay where state <> 'void'"):
        site, started, ended, kind = stay["site_id"], stay["started_at"], stay["ended_at"], stay["vehicle_class"]
        if not stay["is_found"]:
            found["entry_n", site, hour(started)] += 1
            found["entry_n", site, day(started), "", kind] += 1
        if ended is not None:
            found["exit_n", site, hour(ended)] += 1
            found["exit_n", site, day(ended), "", kind] += 1
            if stay["quality"] != "C":
                found["stay_n", site, day(ended), "", kind] += 1
                seconds = int(ended.timestamp()) - int(started.timestamp())
                found["stay_s", site, day(ended), "", kind] += seconds
                found["stay_n", site, day(ended), min(seconds // 60, 1_440)] += 1


def _count_runs(tx: Tx, found: Sums) -> None:
    for run in tx.rows("select * from occupancy_interval"):
        at = run["started_at"]
        while at < run["ended_at"]:
            until = min(hour(at) + timedelta(hours=1), run["ended_at"])
            found[f"{run['state']}_s", run["site_id"], hour(at)] += int(until.timestamp()) - int(at.timestamp())
            at = until


def _count_claims(tx: Tx, found: Sums) -> None:
    claims = tx.rows(
        "select o.*, s.vehicle_class from charge_order as o inner join stay as s on o.site_id = s.site_id "
        "and o.opened_at = s.started_at and o.stay_id = s.stay_id where o.closed_at is not null"
    )
    for claim in claims:
        key = (claim["site_id"], day(claim["closed_at"]), "", claim["vehicle_class"])
        for column in ("gross_fen", "discount_fen", "net_fen"):
            found[(column, *key)] += claim[column]


def _count_money(tx: Tx, found: Sums) -> None:
    colours = dict(tx.tuples("select subject_id, plate_colour from event where kind = 'payment'"))
    for money in tx.rows("select * from payment"):
        site, at, kind = money["site_id"], money["paid_at"], traits_of(colours.get(money["vehicle_id"], "blue")).vehicle_class
        found["received_fen", site, hour(at)] += money["fen"]
        found["received_fen", site, day(at), money["channel"], kind] += money["fen"]
        found["payment_n", site, day(at), money["channel"], kind] += 1


def _count_collection(tx: Tx, found: Sums) -> None:
    """Fill each claim with its payments, the oldest first."""
    for claim in tx.rows("select * from charge_order where closed_at is not null and net_fen > 0"):
        site, closed, left = claim["site_id"], claim["closed_at"], claim["net_fen"]
        found["due_fen", site, day(closed), day(closed), False] += left
        found["bill_n", site, day(closed), day(closed), False] += 1
        paid = tx.rows("select * from payment where order_id = %(id)s order by paid_at, payment_id", id=claim["order_id"])
        for number, money in enumerate(paid):
            used, is_late = min(left, money["fen"]), money["paid_at"] >= closed + timedelta(days=1)
            left -= used
            found["received_fen", site, day(closed), day(money["paid_at"]), is_late] += used
            found["payer_n", site, day(closed), day(money["paid_at"]), is_late] += number == 0 and not is_late


class TestFigures:
    def test_equal_the_facts_after_a_day_told_in_any_order(self, own_database: Database) -> None:
        """Late, lost and repeated messages; stays closed, reopened, split; deltas compacted in between."""
        town.build(own_database)
        pipeline = Pipeline(own_database)
        arrivals = arrivals_of_a_day(seed=7)
        random.Random(7).shuffle(arrivals)

        for first in range(0, len(arrivals), 150):
            pipeline.take(arrivals[first : first + 150])
            if first % 600 == 0:
                with own_database.transaction() as tx:
                    compaction.compact(tx)

        with own_database.transaction() as tx:
            shown = figures(tx)
            assert shown == recount(tx)
            assert {str(key[0]) for key in shown} >= {
                "entry_n", "exit_n", "stay_n", "stay_s", "occupied_s", "unknown_s", "gross_fen", "net_fen", "received_fen",
                "payment_n", "due_fen", "bill_n", "payer_n",
            }  # fmt: skip

    @pytest.mark.parametrize("seed", range(3))
    def test_equal_the_facts_after_any_corrections(self, till: Till, seed: int) -> None:
        """Plates of another class, departures withdrawn, stays that never were."""
        dice = random.Random(seed)
        for turn in range(25):
            number = dice.randrange(3)
            stay = a_stay(
                number * 2000,
                dice.choice([None, number * 2000 + dice.randrange(1, 1900)]),
                plate=dice.choice([CAR, LORRY, None]),
                space=number + 1,
            )
            gone = [till.known[stay.stay_id]] if stay.stay_id in till.known and dice.random() < 0.2 else []
            money = [a_report(600, dice.randrange(6000), trade=f"T{turn}")] if dice.random() < 0.5 else []
            till.take(*([] if gone else [stay]), gone=gone, reports=money)

        assert figures(till.tx) == recount(till.tx)
        compaction.compact(till.tx)
        assert figures(till.tx) == recount(till.tx)
