"""The roles are made where they may be, and the server is what the product promises."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from core.kit import roles
from core.kit.embedded_pg import ADMIN, EmbeddedPg, PgUrls
from core.kit.ids import uuid7


@pytest.fixture
def bare(run_folder: Path) -> Iterator[EmbeddedPg]:
    """Return a server without the roles, as an operator's own would be."""
    server = EmbeddedPg(run_folder / f"bare-{uuid7().hex}", {"shared_buffers": "'16MB'"})
    server.start()
    with psycopg.connect(server.url(ADMIN, "postgres"), autocommit=True) as admin:
        admin.execute("drop database boshu")
        admin.execute("drop role boshu_owner")
        admin.execute("drop role boshu_app")
        admin.execute("create role operator login password 'operator' createrole")
        admin.execute("create role guest login password 'guest'")
        admin.execute("create database city owner operator")
    yield server
    server.stop("immediate")
    shutil.rmtree(server.folder)


def url_of(server: EmbeddedPg, role: str) -> str:
    port = (server.folder / "port").read_text()
    return f"postgresql://{role}:{role}@127.0.0.1:{port}/city"


class TestBecomeOwner:
    def test_makes_both_roles_for_an_operator_who_may(self, bare: EmbeddedPg) -> None:
        with psycopg.connect(url_of(bare, "operator"), autocommit=True) as connection:
            roles.become_owner(connection, app_password="secret")
            connection.execute("create table journal (id int)")
            connection.execute("grant select on journal to boshu_app")

        port = (bare.folder / "port").read_text()
        with psycopg.connect(f"postgresql://boshu_app:secret@127.0.0.1:{port}/city") as connection:
            assert connection.execute("select count(*) from journal").fetchone() == (0,)
            assert roles.complaints(connection) == []

    def test_refuses_in_a_sentence_where_it_may_not(self, bare: EmbeddedPg) -> None:
        with (
            psycopg.connect(url_of(bare, "guest"), autocommit=True) as connection,
            pytest.raises(roles.MissingRole, match="boshu_owner"),
        ):
            roles.become_owner(connection)

    def test_refuses_a_stranger_to_the_owner(self, bare: EmbeddedPg) -> None:
        with psycopg.connect(bare.url(ADMIN, "city"), autocommit=True) as admin:
            roles.become_owner(admin)

        with psycopg.connect(url_of(bare, "guest"), autocommit=True) as connection, pytest.raises(roles.MissingRole):
            roles.become_owner(connection)


class TestComplaints:
    def test_has_none_about_the_application_role_of_our_own_server(self, empty_database: Callable[[], PgUrls]) -> None:
        with psycopg.connect(empty_database().app) as connection:
            assert roles.complaints(connection) == []

    @pytest.mark.parametrize("which", ["admin", "owner"])
    def test_names_a_role_that_could_change_the_ledger(self, empty_database: Callable[[], PgUrls], which: str) -> None:
        with psycopg.connect(getattr(empty_database(), which)) as connection:
            assert len(roles.complaints(connection)) == 1

    def test_names_a_session_that_does_not_wait_for_the_disk(self, empty_database: Callable[[], PgUrls]) -> None:
        with psycopg.connect(empty_database().app) as connection:
            connection.execute(sql.SQL("set synchronous_commit = off"))

            assert len(roles.complaints(connection)) == 1
