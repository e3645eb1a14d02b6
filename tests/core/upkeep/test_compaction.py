"""Compaction: nothing is lost or counted twice, whatever writers do meanwhile; months follow days."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given
from hypothesis import settings as example_settings
from hypothesis import strategies as st

from core.kit.db import Database, Row, Tx
from core.kit.ids import derived_id
from core.upkeep import compaction

SITES = [derived_id("site", str(number)) for number in range(3)]
HOURS = [datetime(2026, 11, 20, 6, tzinfo=UTC) + timedelta(hours=number) for number in range(3)]
DAYS = [date(2026, 10, 31), date(2026, 11, 1), date(2026, 11, 30)]

HOUR_TOTALS = """
select site_id, hour, sum(entry_n)::bigint as entry_n, sum(occupied_s)::bigint as occupied_s, sum(received_fen)::bigint as fen
from {source} group by site_id, hour order by site_id, hour
"""
DAY_TOTALS = """
select site_id, day, channel, sum(net_fen)::bigint as fen, sum(exit_n)::bigint as exit_n
from {source} group by site_id, day, channel order by site_id, day, channel
"""


def totals(tx: Tx, suffix: str) -> list[list[Row]]:
    """Return what hours and days add up to, by `hour_<suffix>` and `day_<suffix>`."""
    return [
        tx.rows(HOUR_TOTALS.format(source=f"hour_{suffix}")),
        tx.rows(DAY_TOTALS.format(source=f"day_{suffix}")),
    ]


def add_hour(tx: Tx, site_id: UUID, hour: datetime, entry_n: int, fen: int) -> None:
    """Write a delta of an hour as writers do."""
    tx.run(
        """insert into hour_delta (site_id, hour, entry_n, occupied_s, received_fen)
        values (%(site_id)s, %(hour)s, %(entry_n)s, %(entry_n)s * 60, %(fen)s)""",
        site_id=site_id, hour=hour, entry_n=entry_n, fen=fen,
    )  # fmt: skip


def add_day(tx: Tx, site_id: UUID, day: date, channel: str, fen: int) -> None:
    """Write a delta of a day as writers do."""
    tx.run(
        """insert into day_delta (site_id, day, channel, business, vehicle_class, origin, exit_n, net_fen)
        values (%(site_id)s, %(day)s, %(channel)s, 'on_street', 'small', 'live', 1, %(fen)s)""",
        site_id=site_id, day=day, channel=channel, fen=fen,
    )  # fmt: skip


amounts = st.integers(-10_000, 10_000)
hour_deltas = st.tuples(st.sampled_from(SITES), st.sampled_from(HOURS), st.integers(-5, 5), amounts)
day_deltas = st.tuples(st.sampled_from(SITES), st.sampled_from(DAYS), st.sampled_from(["", "cash", "wechat"]), amounts)


class TestCompact:
    @example_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(batches=st.lists(st.tuples(st.lists(hour_deltas, max_size=8), st.lists(day_deltas, max_size=8)), max_size=4))
    def test_keeps_every_figure(
        self, tx: Tx, batches: list[tuple[list[tuple[UUID, datetime, int, int]], list[tuple[UUID, date, str, int]]]]
    ) -> None:
        """What is read before and after is the same, no delta is left, and months are the sums of days."""
        for hours, days in batches:
            for hour in hours:
                add_hour(tx, *hour)
            for day in days:
                add_day(tx, *day)
            before = totals(tx, "figure")

            assert compaction.compact(tx) == len(hours) + len(days)

            assert totals(tx, "rollup") == before
            assert tx.value("select (select count(*) from hour_delta) + (select count(*) from day_delta)") == 0
        assert compaction.refresh_months(tx, from_on=date(2026, 1, 1), to_on=date(2027, 1, 1)) == 0

    def test_does_nothing_while_another_one_is_at_it(self, own_database: Database) -> None:
        with own_database.transaction() as tx:
            add_hour(tx, SITES[0], HOURS[0], 1, 100)

        with own_database.transaction() as first:
            assert compaction.compact(first) == 1
            with own_database.transaction() as second:
                assert compaction.compact(second) == 0


def compact_in_two(tx: Tx) -> int:
    """Compact as one must not: read in one statement, delete in the next. The control of the test below."""
    tx.run(
        """insert into hour_rollup as r (site_id, hour, entry_n, received_fen)
        select site_id, hour, sum(entry_n), sum(received_fen) from hour_delta group by site_id, hour
        on conflict (site_id, hour) do update set
            entry_n = r.entry_n + excluded.entry_n, received_fen = r.received_fen + excluded.received_fen"""
    )
    return tx.run("delete from hour_delta")


class Writers:
    """Three writers that add deltas of one fen until they are told to stop."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._write, args=(number,)) for number in range(3)]
        self.written = [0, 0, 0]

    def __enter__(self) -> "Writers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _write(self, number: int) -> None:
        while not self._stop.is_set():
            with self._database.transaction() as tx:
                for site_id in SITES:
                    add_hour(tx, site_id, HOURS[number], 1, 1)
            self.written[number] += len(SITES)


class TestConcurrently:
    def run(self, database: Database, compact: Callable[[Tx], int], rounds: int) -> tuple[int, int, list[int]]:
        """Compact while writers write; return what they wrote, what is there, and what a reader saw in between."""
        seen = []
        with Writers(database) as writers:
            while sum(writers.written) < rounds:
                with database.transaction() as tx:
                    compact(tx)
                with database.transaction() as tx:
                    seen.append(int(tx.value("select coalesce(sum(received_fen), 0) from hour_figure")))
        with database.transaction() as tx:
            return sum(writers.written), int(tx.value("select sum(received_fen) from hour_figure")), seen

    def test_loses_and_doubles_nothing(self, own_database: Database) -> None:
        written, there, seen = self.run(own_database, compaction.compact, rounds=3_000)

        assert there == written
        assert seen == sorted(seen), "a reader saw an amount go away"

    def test_would_notice_a_loss(self, own_database: Database) -> None:
        """The control: with two statements, what is written between them is deleted without having been counted."""
        written, there, _seen = self.run(own_database, compact_in_two, rounds=3_000)

        assert there < written


class TestRefreshMonths:
    def test_puts_a_wrong_month_right_and_says_so(self, tx: Tx) -> None:
        add_day(tx, SITES[0], DAYS[1], "", 100)
        add_day(tx, SITES[0], DAYS[2], "", 20)
        compaction.compact(tx)
        tx.run("update month_rollup set net_fen = 7")
        tx.run(
            """insert into month_rollup (site_id, month, channel, business, vehicle_class, origin, net_fen)
            values (%(site_id)s, '2026-11-01', 'cash', 'on_street', 'small', 'live', 5)""",
            site_id=SITES[1],
        )

        assert compaction.refresh_months(tx, from_on=date(2026, 11, 1), to_on=date(2026, 12, 1)) == 2
        assert compaction.refresh_months(tx, from_on=date(2026, 11, 1), to_on=date(2026, 12, 1)) == 0
        assert tx.rows("select channel, net_fen from month_rollup order by channel") == [
            {"channel": "", "net_fen": 120},
            {"channel": "cash", "net_fen": 0},
        ]

    def test_leaves_other_months_alone(self, tx: Tx) -> None:
        add_day(tx, SITES[0], DAYS[0], "", 100)
        compaction.compact(tx)
        tx.run("update month_rollup set net_fen = 7")

        assert compaction.refresh_months(tx, from_on=date(2026, 11, 1), to_on=date(2026, 12, 1)) == 0
