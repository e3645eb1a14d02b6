"""The edge of the database: what commits, what is undone, what is away."""

import threading
from collections.abc import Callable, Iterator

import psycopg
import pytest

from core.kit.db import Database, Tx
from core.kit.embedded_pg import PgUrls
from core.kit.errors import Refused, Unavailable


@pytest.fixture(scope="module")
def plain(empty_database: Callable[[], PgUrls]) -> PgUrls:
    urls = empty_database()
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        connection.execute("create table fact (id int primary key, note text)")
    return urls


@pytest.fixture
def database(plain: PgUrls) -> Iterator[Database]:
    database = Database(plain.owner, pool_size=2, statement_s=1)
    with database.transaction() as tx:
        tx.run("delete from fact")
    yield database
    database.close()


def add_and_fail(tx: Tx) -> None:
    tx.run("insert into fact (id) values (1)")
    raise ZeroDivisionError


class TestTransaction:
    def test_commits_on_leaving(self, database: Database) -> None:
        with database.transaction() as tx:
            assert tx.run("insert into fact (id) values (1), (2)") == 2

        with database.transaction() as tx:
            assert tx.value("select count(*) from fact") == 2

    def test_undoes_all_of_it_on_any_error(self, database: Database) -> None:
        with pytest.raises(ZeroDivisionError), database.transaction() as tx:
            add_and_fail(tx)

        with database.transaction() as tx:
            assert tx.value("select count(*) from fact") == 0

    def test_reads_committed_data_in_utc(self, database: Database) -> None:
        with database.transaction() as tx:
            assert tx.value("show transaction_isolation") == "read committed"
            assert tx.value("show timezone") == "UTC"

    def test_lets_a_broken_rule_of_the_table_through(self, database: Database) -> None:
        with pytest.raises(psycopg.errors.UniqueViolation), database.transaction() as tx:
            tx.run("insert into fact (id) values (1), (1)")

    def test_is_unavailable_when_a_statement_takes_too_long(self, database: Database) -> None:
        with pytest.raises(Unavailable), database.transaction() as tx:
            tx.run("select pg_sleep(5)")

    def test_is_unavailable_when_no_connection_is_free(self, plain: PgUrls) -> None:
        small = Database(plain.owner, pool_size=1)

        with small.transaction(), pytest.raises(Unavailable), small.transaction():
            pass

        small.close()

    def test_recovers_after_its_connection_was_cut(self, database: Database, plain: PgUrls) -> None:
        def add_and_lose_the_connection(tx: Tx) -> None:
            tx.run("insert into fact (id) values (1)")
            with psycopg.connect(plain.admin, autocommit=True) as admin:
                admin.execute("select pg_terminate_backend(%s)", (tx.raw.info.backend_pid,))
            tx.run("insert into fact (id) values (2)")

        with pytest.raises(Unavailable), database.transaction() as tx:
            add_and_lose_the_connection(tx)

        with database.transaction() as tx:
            assert tx.value("select count(*) from fact") == 0

    def test_is_unavailable_when_nobody_listens(self) -> None:
        with pytest.raises(Unavailable), Database("postgresql://nobody@127.0.0.1:1/none").transaction():
            pass

    def test_is_unavailable_to_the_loser_of_a_deadlock(self, plain: PgUrls) -> None:
        database, meet, lost = Database(plain.owner, pool_size=2), threading.Barrier(2, timeout=10), []
        with database.transaction() as tx:
            tx.run("delete from fact")
            tx.run("insert into fact (id) values (1), (2)")

        def change(first: int, second: int) -> None:
            try:
                with database.transaction() as tx:
                    tx.run("update fact set note = 'x' where id = %(id)s", id=first)
                    meet.wait()
                    tx.run("update fact set note = 'x' where id = %(id)s", id=second)
            except Unavailable:
                lost.append(first)

        rivals = [threading.Thread(target=change, args=pair) for pair in ((1, 2), (2, 1))]
        for rival in rivals:
            rival.start()
        for rival in rivals:
            rival.join()

        assert len(lost) == 1
        database.close()


class TestTx:
    def test_returns_values_rows_and_counts(self, database: Database) -> None:
        with database.transaction() as tx:
            tx.run("insert into fact (id, note) values (%(id)s, %(note)s)", id=1, note="50 %")

            assert tx.value("select note from fact where id = %(id)s", id=1) == "50 %"
            assert tx.row("select id, note from fact") == {"id": 1, "note": "50 %"}
            assert tx.rows("select id from fact") == [{"id": 1}]
            assert tx.value("select id from fact where false") is None
            assert tx.row("select id from fact where false") is None

    def test_copies_rows_in_as_text_and_as_binary(self, database: Database) -> None:
        with database.transaction() as tx:
            tx.copy_in("copy fact (id, note) from stdin", [(1, "a\tb\\"), (2, None)])
            tx.copy_in("copy fact (id, note) from stdin (format binary)", [(3, "c")], types=["int4", "text"])

            assert tx.rows("select id, note from fact order by id") == [
                {"id": 1, "note": "a\tb\\"},
                {"id": 2, "note": None},
                {"id": 3, "note": "c"},
            ]

    def test_undoes_to_a_savepoint(self, database: Database) -> None:
        with database.transaction() as tx:
            tx.run("insert into fact (id) values (1)")
            with pytest.raises(psycopg.errors.UniqueViolation), tx.savepoint():
                tx.run("insert into fact (id) values (2), (1)")

            assert tx.rows("select id from fact") == [{"id": 1}]

    def test_refuses_what_somebody_has_already(self, database: Database) -> None:
        with database.transaction() as tx:
            tx.run("insert into fact (id) values (1)")
            with pytest.raises(Refused, match="Another one"), tx.unless_taken(Refused("Another one has it.")):
                tx.run("insert into fact (id) values (2), (1)")

            assert tx.rows("select id from fact") == [{"id": 1}]


class TestAutocommit:
    def test_commits_every_statement_by_itself(self, database: Database) -> None:
        with pytest.raises(ZeroDivisionError), database.autocommit() as tx:
            add_and_fail(tx)

        with database.transaction() as tx:
            assert tx.value("select count(*) from fact") == 1
