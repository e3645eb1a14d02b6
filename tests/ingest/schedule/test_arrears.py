"""Arrears on a real ledger: moved after a day, once, recovered by late money."""

from datetime import UTC, datetime, timedelta

import pytest

from core.kit.clock import FixedClock
from core.kit.db import Database
from core.orders.arrears import AFTER
from ingest.pipeline import Pipeline
from ingest.schedule import arrears
from ingest.schedule.job import Work
from tests.ingest import town
from tests.ingest.town import MAGNET, Town

ENTERED = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
LEFT = ENTERED + timedelta(hours=2)
SECOND = timedelta(seconds=1)
BALANCES = """
select a.kind, sum(x.fen)::bigint as fen
from account as a
inner join (
    select to_account_id as account_id, fen from transfer
    union all
    select from_account_id, -fen from transfer
) as x using (account_id)
group by a.kind
having sum(x.fen) <> 0
order by a.kind
"""


@pytest.fixture
def work(own_database: Database, say: Town) -> Work:
    """Return a town with one stay of two hours, 15 yuan, that nobody paid."""
    town.build(own_database)
    pipeline = Pipeline(own_database)
    pipeline.take([say.sensor(1, ENTERED, occupied=True), say.collector(1, ENTERED + 5 * SECOND, "江A12345")])
    pipeline.take([say.sensor(1, LEFT, occupied=False)])
    return Work(own_database, pipeline, clock=FixedClock(LEFT + AFTER))


def balances(work: Work) -> dict[str, int]:
    """Return what every kind of account holds, nothing left out but zero."""
    with work.database.transaction() as tx:
        return {row["kind"]: row["fen"] for row in tx.rows(BALANCES)}


def orders(work: Work) -> list[tuple[int, int, bool]]:
    """Return price, payment and arrears of every claim."""
    with work.database.transaction() as tx:
        rows = tx.rows("select net_fen, paid_fen, in_arrears from charge_order order by opened_at")
    return [(row["net_fen"], row["paid_fen"], row["in_arrears"]) for row in rows]


class TestMoveOverdue:
    def test_moves_a_claim_a_day_after_the_departure(self, work: Work) -> None:
        assert isinstance(work.clock, FixedClock)
        work.clock.at -= SECOND
        assert arrears.move_overdue(work) == "0 claims"
        work.clock.at += SECOND

        assert arrears.move_overdue(work) == "1 claims"
        assert orders(work) == [(1500, 0, True)]
        assert balances(work) == {"arrears": 1500, "revenue_on_street": -1500}

    def test_moves_it_once(self, work: Work) -> None:
        arrears.move_overdue(work)

        assert arrears.move_overdue(work) == "0 claims"
        assert balances(work) == {"arrears": 1500, "revenue_on_street": -1500}

    def test_moves_only_what_is_left_of_it(self, work: Work, say: Town) -> None:
        work.pipeline.take([say.pay(MAGNET, LEFT + SECOND, "江A12345", 400, "T0001")])

        arrears.move_overdue(work)

        assert orders(work) == [(1500, 400, True)]
        assert balances(work) == {"arrears": 1100, "clearing": 400, "revenue_on_street": -1500}

    def test_leaves_alone_what_was_paid(self, work: Work, say: Town) -> None:
        work.pipeline.take([say.pay(MAGNET, LEFT + SECOND, "江A12345", 1500, "T0001")])

        assert arrears.move_overdue(work) == "0 claims"
        assert orders(work) == [(1500, 1500, False)]

    def test_is_undone_by_nothing_but_money(self, work: Work, say: Town) -> None:
        arrears.move_overdue(work)

        work.pipeline.take([say.pay(MAGNET, LEFT + AFTER + SECOND, "江A12345", 1500, "T0001")])

        assert orders(work) == [(1500, 1500, True)]
        assert balances(work) == {"clearing": 1500, "revenue_on_street": -1500}
        with work.database.transaction() as tx:
            templates = tx.rows("select template, fen from transfer order by template")
        assert [(row["template"], row["fen"]) for row in templates] == [("charge", 1500), ("recover", 1500), ("to_arrears", 1500)]

    def test_moves_every_batch(self, work: Work, say: Town, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(arrears, "BATCH", 2)
        for number in range(2, 6):
            work.pipeline.take(
                [say.sensor(number, ENTERED, occupied=True), say.collector(number, ENTERED + SECOND, f"江A0000{number}")]
            )
            work.pipeline.take([say.sensor(number, LEFT, occupied=False)])

        assert arrears.move_overdue(work) == "5 claims"
        assert balances(work) == {"arrears": 7500, "revenue_on_street": -7500}
