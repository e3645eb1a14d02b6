"""A narrowed transaction sees its own sites and no others, whatever it asks."""

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest

from core.kit.db import Database, Tx
from core.kit.embedded_pg import PgUrls
from core.kit.narrowing import Narrowed, narrow
from core.kit.sql import named
from tests.core.insight import facts

SINCE = datetime(2026, 11, 1, tzinfo=UTC)
TABLES = (
    "select c.relname from pg_class as c where c.relnamespace = %(schema)s::regnamespace "
    "and c.relkind in ('r', 'p', 'v') and not c.relispartition and has_any_column_privilege('boshu_app', c.oid, 'select') "
    "order by c.relname"
)
WITH_SITE = (
    "select c.relname from pg_class as c join pg_attribute as a on a.attrelid = c.oid and a.attname = 'site_id' "
    "where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition "
    "and has_any_column_privilege('boshu_app', c.oid, 'select') and c.relname <> 'user_scope' order by c.relname"
)


@pytest.fixture(scope="module")
def streets(database: Database) -> Database:
    """Return a database with two streets, one berth and one sensor each."""
    with database.transaction() as tx:
        for code in ("T-01", "T-02"):
            facts.a_sensor(tx, facts.a_street(tx, code, berths=1, since=SINCE), 1, since=SINCE)
    return database


@pytest.fixture
def ours(streets: Database) -> Iterator[Tx]:
    """Return a transaction that sees the first street."""
    with streets.transaction() as tx:
        narrow(tx, [tx.value("select site_id from site where code = 'T-01'")])
        yield tx


class TestNarrow:
    def test_knows_every_table_that_may_be_read(self, tx: Tx) -> None:
        assert tx.tuples(TABLES, schema="scope") == tx.tuples(TABLES, schema="public")

    def test_asks_for_the_sites_of_everything_that_has_a_site(self, tx: Tx) -> None:
        for (name,) in tx.tuples(WITH_SITE):
            told = tx.value("select pg_get_viewdef(('scope.' || quote_ident(%(name)s))::regclass)", name=name)
            assert "boshu.sites" in told, name

    def test_shows_what_belongs_to_its_sites_alone(self, ours: Tx) -> None:
        for table, column in (("site", "code"), ("space", "code"), ("device", "serial_no"), ("zone", "name")):
            assert len(ours.tuples(f"select {column} from {table}")) == 1, table
        assert ours.value("select count(*) from device_binding") == 1
        assert ours.value("select count(*) from silent_space") == 1

    def test_shows_nothing_to_who_sees_no_site(self, streets: Database) -> None:
        with streets.transaction() as tx:
            narrow(tx, [])
            assert tx.value("select count(*) from site") == 0

    def test_ends_with_the_transaction(self, streets: Database, ours: Tx) -> None:
        assert ours.value("select count(*) from site") == 1
        with streets.transaction() as tx:
            assert tx.value("select count(*) from site") == 2

    def test_is_an_error_where_nobody_said_which_sites(self, streets: Database) -> None:
        with streets.transaction() as tx, pytest.raises(psycopg.errors.UndefinedObject), tx.savepoint():
            tx.value("select count(*) from scope.site")

    def test_finds_nothing_that_has_no_view(self, ours: Tx) -> None:
        with pytest.raises(psycopg.errors.UndefinedTable), ours.savepoint():
            ours.value("select count(*) from pg_temp_nothing")

    def test_lets_every_search_be_asked(self, ours: Tx) -> None:
        names = ["list_streets", "list_berths"]
        for name in names:
            assert len(ours.tuples(named("insight/dispatch/catalogue")[name])) == 1


class TestNarrowed:
    def test_sees_the_sites_in_every_way_it_is_opened(self, streets: Database, database_urls: PgUrls) -> None:
        with streets.transaction() as tx:
            ours = tx.value("select site_id from site where code = 'T-02'")
        narrowed = Narrowed(database_urls.app, [ours])
        try:
            for opened in (narrowed.transaction, narrowed.autocommit, narrowed.transaction):
                with opened() as tx:
                    assert tx.tuples("select code from site") == [("T-02",)]
        finally:
            narrowed.close()
