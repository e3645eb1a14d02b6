"""The truth of the demo city beside what the product makes of its messages."""

import itertools
import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.kit.db import Database, Row
from core.kit.money import Fen
from ingest.arrivals import Arrival, Outcome
from ingest.messages.handheld import Channel
from ingest.pipeline import Pipeline
from ingest.simulator import city
from ingest.simulator.mess import Mess
from ingest.simulator.payers import Paid
from ingest.simulator.simulation import Simulation
from ingest.simulator.truth import TrueStay, Truth, forget

SEED = 20_261_122
START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
SITES = frozenset({"GL-08", "GL-04", "P-05", "LJ-05", "LJ-03", "XF-02", "GL-07"})
"""A street of sensors with collectors, one of poles, a lot; then a patrol vehicle, loops, locks, bollards."""
BATCH = 500

STAYS = """
select
    site.code as site, space.code as space, stay.plate, stay.plate_colour as colour, stay.state,
    (extract(epoch from stay.started_at) * 1000)::bigint as started_ms,
    (extract(epoch from stay.ended_at) * 1000)::bigint as ended_ms,
    charge_order.gross_fen, charge_order.paid_fen
from stay
inner join site on site.site_id = stay.site_id
left join space on space.site_id = stay.site_id and space.space_id = stay.subject_id
left join charge_order on charge_order.site_id = stay.site_id and charge_order.stay_id = stay.stay_id
where stay.state <> 'void'
"""
PAYMENTS = "select trade_no, sum(fen)::bigint as fen, count(*) as n from payment group by trade_no"

Name = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Sides:
    """What is true and what is told, by site, space or plate, and begin."""

    true: dict[Name, TrueStay]
    told: dict[Name, Row]
    payments: list[Row]
    outcomes: Counter[Outcome]

    @property
    def missing(self) -> list[TrueStay]:
        """Return the stays the product does not tell of."""
        return [stay for name, stay in self.true.items() if name not in self.told]

    @property
    def ghosts(self) -> list[Row]:
        """Return what the product tells of and never was."""
        return [row for name, row in self.told.items() if name not in self.true]

    @property
    def wrong(self) -> list[tuple[TrueStay, Row]]:
        """Return the pairs that differ in end, plate, price or payments."""
        pairs = [(stay, self.told[name]) for name, stay in self.true.items() if name in self.told]
        return [(stay, row) for stay, row in pairs if as_told(stay) != as_stored(row)]


def as_told(stay: TrueStay) -> tuple[object, ...]:
    """Return what should stand in the database; exempt vehicles and those nobody read owe nothing."""
    ended_ms = None if stay.left_s is None else stay.left_s * 1_000
    plate = (stay.plate, stay.colour) if stay.is_read else (None, None)
    owed = (stay.gross_fen or 0) if stay.is_read else 0
    return ended_ms, plate, owed, sum(paid.fen for paid in stay.payments) if ended_ms is not None else 0


def as_stored(row: Row) -> tuple[object, ...]:
    """Return the same of a row; what was paid for an open stay is a prepayment and counted at its end."""
    paid_fen = (row["paid_fen"] or 0) if row["ended_ms"] is not None else 0
    return row["ended_ms"], (row["plate"], row["colour"]), row["gross_fen"] or 0, paid_fen


def told(database: Database, *, mess: Mess, hours: int) -> Sides:
    """Let the city live for some hours and feed its messages to the product."""
    city.build(database, seed=SEED, berths=2_400, at=START)
    simulation = Simulation(SEED, START, sites=SITES, mess=mess, heartbeats=False)
    pipeline = Pipeline(database)
    outcomes: Counter[Outcome] = Counter()
    events = simulation.events(START + timedelta(hours=hours))
    while batch := [Arrival(event.topic, event.payload, event.due_at) for event in itertools.islice(events, BATCH)]:
        outcomes.update(pipeline.take(batch))
    with database.transaction() as tx:
        rows, payments = tx.rows(STAYS), tx.rows(PAYMENTS)
    told = {(row["site"], row["space"] or row["plate"], row["started_ms"]): row for row in rows}
    assert len(told) == len(rows), "a stay is told twice"
    true = {(stay.site, stay.space or stay.plate, stay.known_s * 1_000): stay for stay in simulation.truth()}
    return Sides(true, told, payments, outcomes)


class TestWithoutMess:
    def test_every_stay_minute_and_fen_is_told(self, own_database: Database) -> None:
        sides = told(own_database, mess=Mess.none(), hours=12)

        print(f"\n{len(sides.true)} stays, {sum(stay.gross_fen or 0 for stay in sides.true.values()) / 100:.2f} yuan")
        assert len(sides.true) > 1_000
        assert set(sides.outcomes) == {Outcome.STORED}
        assert sides.missing == []
        assert sides.ghosts == []
        assert sides.wrong == []


class TestWithTheUsualMess:
    @pytest.fixture
    def sides(self, own_database: Database) -> Sides:
        return told(own_database, mess=Mess.default(), hours=8)

    def test_only_what_the_mess_touched_is_told_wrong(self, sides: Sides) -> None:
        touched = sum(bool(stay.touched) for stay in sides.true.values())
        print(
            f"\n{len(sides.true)} stays, {touched} touched: {len(sides.ghosts)} ghosts, {len(sides.missing)} missing, "
            f"{len(sides.wrong)} wrong; {sides.outcomes[Outcome.DUPLICATE]} duplicates"
        )
        neighbours = {(stay.site, stay.space) for stay in sides.true.values() if stay.touched}

        assert [stay for stay in sides.missing if (stay.site, stay.space) not in neighbours] == []
        assert [stay for stay, _row in sides.wrong if (stay.site, stay.space) not in neighbours] == []
        assert sides.outcomes[Outcome.DUPLICATE] > 0
        assert [row for row in sides.payments if row["n"] != 1] == [], "a payment counts twice"
        paid = {paid.trade_no: paid.fen for stay in sides.true.values() for paid in stay.payments}
        false = [row for row in sides.payments if row["fen"] != paid.get(row["trade_no"], row["fen"])]
        assert false == [], "a payment has another amount"


class TestTruth:
    def test_is_written_when_it_is_known(self, tmp_path: Path) -> None:
        truth = Truth(tmp_path)
        start_s = int(START.timestamp())
        truth.begin((0, 1, start_s), TrueStay("GL-01", "0001", "江A1234K", "blue", start_s, start_s))
        truth.leave((0, 1, start_s), start_s + 3_600, Fen(600))
        truth.pay((0, 1, start_s), Paid(start_s + 3_700, Fen(600), Channel.WECHAT, "W1"))

        stays = (tmp_path / "stays-2026-11-20.jsonl").read_text(encoding="utf-8").splitlines()
        payments = (tmp_path / "payments-2026-11-20.jsonl").read_text(encoding="utf-8").splitlines()
        assert [json.loads(line)["gross_fen"] for line in stays] == [600]
        assert [json.loads(line)["trade_no"] for line in payments] == ["W1"]
        assert truth.stays == []


class TestForget:
    def test_deletes_whole_days_that_are_over(self, tmp_path: Path) -> None:
        for name in ("stays-2026-11-19.jsonl", "payments-2026-11-20.jsonl", "notes.txt"):
            (tmp_path / name).touch()

        assert forget(tmp_path, START) == 1
        assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.txt", "payments-2026-11-20.jsonl"]
