"""
P8: the list of stays over ten million of them: one site and a part of a plate, sorted by amount, next page.

Each question is asked with other plates; times are those of the server, of the statements of one request. `BOSHU_BENCH_ROWS`
takes another number of stays; they lie in as many months as a city of 30,000 stays a day needs for them.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest

from core.insight import stays
from core.insight.present import SESSION
from core.insight.stays import STAYS
from core.kit import clock
from core.kit.db import Database, Tx
from core.kit.embedded_pg import EmbeddedPg
from core.kit.listing import COUNTED, Asked, Condition, Is, Order
from tests.core.insight import facts
from tests.fixtures.database import fresh_copy, server, template
from tests.fixtures.folders import run_folder

__all__ = ["run_folder", "server", "template"]

ROWS: Final = int(os.environ.get("BOSHU_BENCH_ROWS", "10000000"))
A_DAY: Final = 30_000
VEHICLES: Final = 1_000_000
BATCH: Final = 500_000
REACH_MS: Final = 100.0
ROUNDS: Final = 40
UNTIL: Final = datetime(2026, 11, 20, 16, tzinfo=UTC)
TOTALS: Final = ("prepaid_fen", "receivable_fen", "discount_fen", "received_fen", "owed_fen")
_VEHICLES: Final = (
    "insert into vehicle (vehicle_id, plate, plate_colour, class, energy) "
    "select md5('v' || n)::uuid, '江B' || upper(substr(md5('p' || n), 1, 5)) || n %% 100, 'blue', 'small', 'other' "
    "from generate_series(1, %(n)s) as n on conflict do nothing"
)
_STAYS: Final = (
    "with chosen as (select md5('s' || n)::uuid as stay_id, md5('v' || (n %% %(vehicles)s + 1))::uuid as vehicle_id, n, "
    "%(until)s::timestamptz - (3600 + n::bigint * %(seconds)s / %(rows)s) * interval '1 second' as at "
    "from generate_series(%(first)s, %(last)s) as n), "
    "placed as (select c.*, p.site_id, p.space_id from chosen as c join (select space_id, site_id, row_number() over () as k "
    "from space) as p on p.k = c.n %% %(spaces)s + 1), "
    "stood as (insert into stay (site_id, started_at, stay_id, ended_at, subject_id, subject_kind, vehicle_id, plate, "
    "plate_colour, state, quality, origin) select b.site_id, b.at, b.stay_id, b.at + interval '40 minutes', b.space_id, "
    "'space', b.vehicle_id, 'x', 'blue', 'closed', 'A', 'history' from placed as b) "
    "insert into charge_order (site_id, opened_at, order_id, stay_id, vehicle_id, closed_at, business_on, gross_fen, net_fen, "
    "paid_fen, origin) select b.site_id, b.at, md5('o' || b.n)::uuid, b.stay_id, b.vehicle_id, b.at + interval '40 minutes', "
    "((b.at + interval '40 minutes') at time zone 'Asia/Shanghai')::date, b.n %% 40 * 150, b.n %% 40 * 150, "
    "case when b.n %% 9 = 0 then 0 else b.n %% 40 * 150 end, 'history' from placed as b"
)


@pytest.fixture
def city(server: EmbeddedPg, template: str) -> Iterator[Database]:
    """Return a city with so many stays."""
    with fresh_copy(server, template) as urls:
        database = Database(urls.app, statement_s=3_600, options=SESSION)
        facts.fill(database, until=UNTIL, days=1)
        fill(database)
        yield database
        database.close()


def fill(database: Database) -> None:
    """Let vehicles stay, evenly over the days that so many stays take."""
    days = max(2, ROWS // A_DAY)
    first = clock.city_date(UNTIL) - timedelta(days=days + 1)
    with database.transaction() as tx:
        for month in months(first, clock.city_date(UNTIL)):
            tx.run("select make_partitions(%(month)s)", month=month)
        tx.run(_VEHICLES, n=VEHICLES)
        spaces = tx.value("select count(*) from space")
    whole = {"until": UNTIL, "seconds": days * 86_400, "rows": ROWS, "vehicles": VEHICLES, "spaces": spaces}
    for begin in range(1, ROWS + 1, BATCH):
        with database.transaction() as tx:
            tx.run("set local synchronous_commit = off")
            tx.run(_STAYS, first=begin, last=min(begin + BATCH - 1, ROWS), **whole)
    with database.autocommit() as tx:
        tx.run("vacuum analyze stay")
        tx.run("vacuum analyze charge_order")
        tx.run("analyze")


def months(first: date, last: date) -> list[date]:
    """Return the first days of the months from one day to another."""
    found = [first.replace(day=1)]
    while found[-1] < last.replace(day=1):
        found.append((found[-1] + timedelta(days=32)).replace(day=1))
    return found


class BenchList:
    def bench_p8(self, city: Database) -> None:
        luck = random.Random(1)
        with city.transaction() as tx:
            seen = tx.value("select array_agg(site_id) from site")
            sites = [code for (code,) in tx.tuples("select code from site where kind = 'on_street' order by code")]
            plates = [plate for (plate,) in tx.tuples("select plate from vehicle where plate like '江B%%' limit 1000")]
            counted = tx.value("select count(*) from stay")
        given = stays.given(at=UNTIL, sites=seen)
        by_amount = (Order("receivable_fen", is_falling=True),)

        def part(first: int) -> Callable[[Tx], None]:
            plate, site = luck.choice(plates), luck.choice(sites)
            conditions = (Condition("site", Is.EQUAL, site), Condition("plate", Is.CONTAINS, plate[2:6]))
            return asks(Asked(first, 100, by_amount, conditions), {**given, "period": "all"})

        told = {
            "site, part of a plate, by amount": [took_ms(city, part(0)) for _ in range(ROUNDS)],
            "the same, next page": [took_ms(city, part(100)) for _ in range(ROUNDS)],
            "today, newest first": [took_ms(city, asks(Asked(0, 100), {**given, "period": "today"})) for _ in range(ROUNDS)],
            "7 days, newest first": [took_ms(city, asks(Asked(0, 100), given)) for _ in range(ROUNDS)],
            "7 days, one site, by amount": [
                took_ms(city, asks(Asked(100, 100, by_amount, (Condition("site", Is.EQUAL, luck.choice(sites)),)), given))
                for _ in range(ROUNDS)
            ],
        }
        for name, times in told.items():
            print(f"P8  {counted:,} stays, {name}: p50 {share(times, 0.5):.1f} ms, p95 {share(times, 0.95):.1f} ms "
                  f"(reach {REACH_MS:.0f}), ratio {share(times, 0.95) / REACH_MS:.2f}")  # fmt: skip
        with city.transaction() as tx:
            found = STAYS.measure(tx, Asked(), TOTALS, **given)
        more = "" if found.is_exact else "more than "
        print(f"P8  7 days: {more}{found.count:,} stays, counted to {COUNTED:,}; {dict(found.totals)}")
        assert all(share(times, 0.95) <= REACH_MS for times in told.values()), told


def asks(asked: Asked, given: dict[str, Any]) -> Callable[[Tx], None]:
    """Return what one request of the list asks: a page, the count, and the sums."""

    def ask(tx: Tx) -> None:
        STAYS.rows(tx, asked, **given)
        if asked.first == 0:
            STAYS.measure(tx, asked, TOTALS, **given)

    return ask


def took_ms(database: Database, ask: Callable[[Tx], None]) -> float:
    """Return how long the statements took, milliseconds."""
    with database.transaction() as tx:
        tx.value("select 1")
        began = time.perf_counter()
        ask(tx)
        return (time.perf_counter() - began) * 1_000


def share(times: list[float], part: float) -> float:
    """Return the time that such a part of them did not exceed."""
    return sorted(times)[min(len(times) - 1, int(len(times) * part))]
