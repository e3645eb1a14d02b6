"""The roles are made where they may be, and the server is what the product promises."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from core.kit import roles, safety
from core.kit.embedded_pg import ADMIN, EmbeddedPg, PgUrls
from core.kit.ids import uuid7
from core.kit.locale import current

ROOT = Path(__file__).parents[3]


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


def start_ingest(database_url: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    """Start a process of a production, safe but for its database."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("BOSHU_", "DATABASE_", "MQTT_"))}
    (folder / "data").mkdir(mode=0o700, exist_ok=True)
    given = {
        "DATABASE_URL": database_url,
        "MQTT_URL": "mqtts://ingest:Wb81zRfJ6cUe3hGd@127.0.0.1:1",
        "BOSHU_WEB_ORIGIN": "https://parking.example",
        "BOSHU_WEB_PROXIES": "1",
        "BOSHU_AUDIT_ANCHOR": "/mnt/elsewhere/audit.anchor",
        "BOSHU_DATA_DIR": str(folder / "data"),
        "BOSHU_LANGUAGE": str(current()),
    }
    command = [sys.executable, "-m", "core.kit.cli", "ingest"]
    return subprocess.run(command, cwd=ROOT, env={**own, **given}, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture(scope="module")
def careful(run_folder: Path) -> Iterator[PgUrls]:
    """Return a server as the product starts it; that of the other tests does not wait for the disk."""
    server = EmbeddedPg(run_folder / f"careful-{uuid7().hex}", {"shared_buffers": "'16MB'"})
    yield server.start()
    server.stop("immediate")
    shutil.rmtree(server.folder)


class TestComplaints:
    def test_has_none_about_the_application_role_of_our_own_server(self, careful: PgUrls) -> None:
        with psycopg.connect(careful.app) as connection:
            assert roles.complaints(connection) == []

    @pytest.mark.parametrize("which", ["admin", "owner"])
    def test_names_a_role_that_could_change_the_ledger(self, careful: PgUrls, which: str) -> None:
        with psycopg.connect(getattr(careful, which)) as connection:
            assert len(roles.complaints(connection)) == 1

    @pytest.mark.parametrize("switch", ["fsync", "full_page_writes", "synchronous_commit"])
    def test_names_a_server_that_does_not_write_through(self, run_folder: Path, switch: str) -> None:
        """D-05, beside roles too mighty above and a line without TLS in test_safety."""
        server = EmbeddedPg(run_folder / f"careless-{uuid7().hex}", {"shared_buffers": "'16MB'", switch: "off"})
        urls = server.start()
        with psycopg.connect(urls.app) as connection:
            said, doubts = roles.complaints(connection), roles.doubts(connection)
        refused = start_ingest(urls.app, run_folder)
        server.stop("immediate")
        shutil.rmtree(server.folder)

        assert (len(said), doubts) == (1, [])
        assert switch.partition("_")[0] in said[0]
        assert (refused.returncode, said[0] in refused.stderr) == (safety.EX_CONFIG, True)

    def test_names_a_session_that_does_not_wait_for_the_disk(self, careful: PgUrls) -> None:
        with psycopg.connect(careful.app) as connection:
            connection.execute(sql.SQL("set synchronous_commit = off"))

            assert len(roles.complaints(connection)) == 1
