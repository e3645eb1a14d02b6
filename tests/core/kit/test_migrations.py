"""Migrations run once, whole, in order, whoever starts them."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest

from core.kit.embedded_pg import PgUrls
from core.kit.errors import Unavailable
from core.kit.migrations import ChangedMigration, migrate, pending

FIRST = """-- A table; with a semicolon in the comment and 100 % in the text.
create table place (id int primary key, note text not null default '100 %;');
grant select, insert on place to boshu_app;
"""
PARTITIONED = """
create table journal (id int not null, at int not null) partition by range (at);
grant select, insert on journal to boshu_app;
create table journal_1 partition of journal for values from (0) to (10);
create function add_partition(low int) returns void language plpgsql security definer set search_path = public as $$
begin
    execute format('create table journal_%s partition of journal for values from (%s) to (%s)', low, low, low + 10);
end $$;
revoke all on function add_partition(int) from public;
grant execute on function add_partition(int) to boshu_app;
"""


@pytest.fixture
def urls(empty_database: Callable[[], PgUrls]) -> PgUrls:
    return empty_database()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "0001_place.sql").write_text(FIRST)
    return tmp_path


def rows(url: str, query: LiteralString) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


class TestMigrate:
    def test_applies_each_file_once_in_order(self, urls: PgUrls, folder: Path) -> None:
        (folder / "0002_index.notx.sql").write_text("create index concurrently place_note on place (note);\nselect 1;")

        assert pending(urls.app, folder) == ["0001_place.sql", "0002_index.notx.sql"]
        assert migrate(urls.owner, folder) == ["0001_place.sql", "0002_index.notx.sql"]
        assert migrate(urls.owner, folder) == []
        assert pending(urls.app, folder) == []
        assert rows(urls.app, "select name from schema_migration order by name") == [("0001_place.sql",), ("0002_index.notx.sql",)]

    def test_lets_racing_processes_apply_once(self, urls: PgUrls, folder: Path) -> None:
        done: list[str] = []
        racers = [threading.Thread(target=lambda: done.extend(migrate(urls.owner, folder))) for _ in range(4)]

        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()

        assert done == ["0001_place.sql"]

    def test_undoes_the_whole_file_that_fails(self, urls: PgUrls, folder: Path) -> None:
        (folder / "0002_wrong.sql").write_text("create table half (id int);\nselect 1 / 0;")

        with pytest.raises(psycopg.errors.DivisionByZero):
            migrate(urls.owner, folder)

        assert rows(urls.app, "select to_regclass('half'), to_regclass('place') is not null") == [(None, True)]
        assert pending(urls.app, folder) == ["0002_wrong.sql"]

    def test_refuses_a_file_that_was_changed(self, urls: PgUrls, folder: Path) -> None:
        migrate(urls.owner, folder)
        (folder / "0001_place.sql").write_text(FIRST + "-- a word more")

        with pytest.raises(ChangedMigration):
            migrate(urls.owner, folder)

    def test_of_an_older_version_leaves_a_newer_schema_alone(self, urls: PgUrls, folder: Path) -> None:
        (folder / "0002_more.sql").write_text("create table more (id int)")
        migrate(urls.owner, folder)
        (folder / "0002_more.sql").unlink()

        assert migrate(urls.owner, folder) == []

    def test_makes_everything_the_owners_whoever_connects(self, urls: PgUrls, folder: Path) -> None:
        migrate(urls.admin, folder)

        owners = rows(urls.app, "select distinct tableowner from pg_tables where schemaname = 'public'")
        assert owners == [("boshu_owner",)]

    def test_is_unavailable_when_nobody_listens(self, folder: Path) -> None:
        with pytest.raises(Unavailable):
            migrate("postgresql://nobody@127.0.0.1:1/none", folder)


class TestRights:
    @pytest.fixture
    def app(self, urls: PgUrls, folder: Path) -> str:
        (folder / "0002_journal.sql").write_text(PARTITIONED)
        migrate(urls.owner, folder)
        with psycopg.connect(urls.app) as connection:
            connection.execute("select add_partition(10)")
            connection.execute("insert into journal (id, at) values (1, 1), (2, 11)")
        return urls.app

    @pytest.mark.parametrize(
        "forbidden",
        [
            "update journal set id = 9",
            "delete from journal",
            "truncate journal",
            "update journal_1 set id = 9",
            "delete from journal_1",
            "delete from journal_10",
            "insert into journal_10 (id, at) values (1, 12)",
            "drop table journal_10",
            "alter table journal detach partition journal_1",
            "delete from schema_migration",
            "create table own (id int)",
            "create temporary table journal_copy as select 1; alter table journal owner to boshu_app",
        ],
    )
    def test_let_the_application_only_add_to_a_journal_and_its_partitions(self, app: str, forbidden: LiteralString) -> None:
        with psycopg.connect(app) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(forbidden)

    def test_let_it_read_and_add_through_the_table(self, app: str) -> None:
        assert rows(app, "select id from journal order by id") == [(1,), (2,)]
