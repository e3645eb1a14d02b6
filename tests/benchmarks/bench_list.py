"""
P8: the list of stays over ten million of them: one site and a part of a plate, sorted by amount, next page, page 1,000.

Each question is asked with other plates; times are those of the statements of one request: a page and its count, or the sums,
which the page asks for by a request of their own. `BOSHU_BENCH_ROWS` takes another number of stays; they lie in as many months
as a city of 30,000 stays a day needs for them.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import psycopg
import pytest

from core.insight import stays
from core.insight.present import SESSION
from core.insight.stays import STAYS
from core.kit import clock
from core.kit.db import Database, Tx
from core.kit.embedded_pg import EmbeddedPg
from core.kit.listing import Anchor, Asked, Condition, Is, Order
from tests.core.insight import facts
from tests.fixtures.database import fresh_copy, server, template
from tests.fixtures.folders import run_folder

__all__ = ["run_folder", "server", "template"]

ROWS: Final = int(os.environ.get("BOSHU_BENCH_ROWS", "10000000"))
A_DAY: Final = 30_000
VEHICLES: Final = 1_000_000
BATCH: Final = 500_000
REACH_MS: Final = 100.0
SUMS_MS: Final = 300.0
"""All money of a week, added up exactly; it comes after the rows, and keeps nobody waiting for them."""
PAGE: Final = 100
ROUNDS: Final = 40
UNTIL: Final = datetime(2026, 11, 20, 16, tzinfo=UTC)
TOTALS: Final = ("prepaid_fen", "receivable_fen", "discount_fen", "received_fen", "owed_fen")
_VEHICLES: Final = (
    "insert into vehicle (vehicle_id, plate, plate_colour, class, energy) "
    "select md5('v' || n)::uuid, '江B' || upper(substr(md5('p' || n), 1, 5)) || n %% 100, 'blue', 'small', 'other' "
    "from generate_series(1, %(n)s) as n on conflict do nothing"
)
_ARRIVALS: Final = (
    "insert into day_rollup (site_id, day, channel, business, vehicle_class, origin, entry_n) "
    "select s.site_id, (s.started_at at time zone 'Asia/Shanghai')::date, '', i.kind, 'small', 'history', count(*) "
    "from stay as s inner join site as i on s.site_id = i.site_id where s.plate = 'x' "
    "group by s.site_id, 2, i.kind"
)
_INDEXES: Final = (
    "select indexrelid::regclass::text, replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ') from pg_index "
    "where indrelid in ('stay'::regclass, 'charge_order'::regclass) and not indisprimary"
)
_TABLES: Final = "select oid::regclass::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1"
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
        with without_indexes(urls.owner):
            fill(database)
        sweep(urls.owner)
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
    with database.transaction() as tx:
        tx.run(_ARRIVALS)


@contextmanager
def without_indexes(owner_url: str) -> Iterator[None]:
    """Let the lists be filled before they are indexed: it takes half the time."""
    with psycopg.connect(owner_url, autocommit=True) as owner:
        indexes = owner.execute(_INDEXES).fetchall()
        for name, _statement in indexes:
            owner.execute(f"drop index {name}".encode())
        yield
        owner.execute("set maintenance_work_mem = '512MB'")
        for _name, statement in indexes:
            owner.execute(str(statement).encode())


def sweep(owner_url: str) -> None:
    """Sweep and count what holds rows, as the database does by itself within a day; to a parent of months nobody does it."""
    with psycopg.connect(owner_url, autocommit=True) as owner:
        for (name,) in owner.execute(_TABLES).fetchall():
            owner.execute(f"vacuum analyze {name}".encode())


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
            ending = tx.value("select stay_id from stay order by started_at desc nulls last, stay_id offset 99899 limit 1")
        week = stays.given(at=UNTIL, sites=seen)
        ever, today = {**week, "period": "all"}, {**week, "period": "today"}
        by_amount = (Order("receivable_fen", is_falling=True),)

        def part(first: int) -> Asked:
            conditions = (
                Condition("site", Is.EQUAL, luck.choice(sites)),
                Condition("plate", Is.CONTAINS, luck.choice(plates)[2:6]),
            )
            return Asked(first, PAGE, by_amount, conditions)

        def site() -> Asked:
            return Asked(PAGE, PAGE, by_amount, (Condition("site", Is.EQUAL, luck.choice(sites)),))

        page_1000 = Asked(99_900, PAGE, after=Anchor(99_900, ending))
        told = {
            "site, part of a plate, by amount": [took_ms(city, page(part(0), ever)) for _ in range(ROUNDS)],
            "the same, next page": [took_ms(city, page(part(PAGE), ever)) for _ in range(ROUNDS)],
            "the same, sums": [took_ms(city, sums(part(0), ever)) for _ in range(ROUNDS)],
            "today, newest first": [took_ms(city, page(Asked(0, PAGE), today)) for _ in range(ROUNDS)],
            "7 days, newest first": [took_ms(city, page(Asked(0, PAGE), week)) for _ in range(ROUNDS)],
            "7 days, one site, by amount": [took_ms(city, page(site(), week)) for _ in range(ROUNDS)],
            "at any time, page 1": [took_ms(city, page(Asked(0, PAGE), ever)) for _ in range(ROUNDS)],
            "at any time, page 2": [took_ms(city, page(Asked(PAGE, PAGE), ever)) for _ in range(ROUNDS)],
            "at any time, page 1,000": [took_ms(city, page(page_1000, ever)) for _ in range(ROUNDS)],
        }
        all_sums = [took_ms(city, sums(Asked(), week)) for _ in range(ROUNDS)]
        for name, times in told.items():
            print(f"P8  {counted:,} stays, {name}: {written(times, REACH_MS)}")
        print(f"P8  {counted:,} stays, 7 days, all sums: {written(all_sums, SUMS_MS)}")
        with city.transaction() as tx:
            for name, given in (("7 days", week), ("at any time", ever)):
                found = STAYS.measure(tx, Asked(), TOTALS, **given)
                kind = "" if found.is_exact else "about " if found.is_about else "more than "
                print(f"P8  {name}: {kind}{found.count:,} stays; {dict(found.totals)}")
        assert all(share(times, 0.95) <= REACH_MS for times in told.values()), told
        assert share(all_sums, 0.95) <= SUMS_MS


def page(asked: Asked, given: dict[str, Any]) -> Callable[[Tx], None]:
    """Return what one request of the grid asks: a page, and how many rows there are where they do not all stand on it."""

    def ask(tx: Tx) -> None:
        rows = STAYS.rows(tx, asked, **given)
        if asked.first == 0 and len(rows) == asked.most:
            STAYS.measure(tx, asked, **given)

    return ask


def sums(asked: Asked, given: dict[str, Any]) -> Callable[[Tx], None]:
    """Return what the foot of the list asks."""

    def ask(tx: Tx) -> None:
        STAYS.measure(tx, asked, TOTALS, **given)

    return ask


def written(times: list[float], reach_ms: float) -> str:
    """Return times in words."""
    late = share(times, 0.95)
    return f"p50 {share(times, 0.5):.1f} ms, p95 {late:.1f} ms (reach {reach_ms:.0f}), ratio {late / reach_ms:.2f}"


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
