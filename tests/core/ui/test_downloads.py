"""Downloads: one's own file, once it is there, and nobody else's."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.access import actors, exports
from core.access.exports import Made, Shape
from core.access.roles import RoleCode
from core.kit.clock import FixedClock, utc_now
from core.kit.db import Database
from core.kit.ids import uuid7
from core.kit.listing import Asked
from core.kit.locale import Language
from core.ui import downloads, entrance
from tests.fixtures.visitors import Visitor, sign_in

CLOCK = FixedClock(utc_now())


@pytest.fixture(scope="module")
def enter(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Visitor], FlaskClient]:
    """Return what gives a visitor a browser at an application with downloads."""
    server = Flask(__name__)
    entrance.register(server, database=database, clock=CLOCK, is_https=False)
    server.config["folder"] = tmp_path_factory.mktemp("exports")
    downloads.register(server, database=database, folder=server.config["folder"], clock=CLOCK)

    def browse(visitor: Visitor) -> FlaskClient:
        client = server.test_client()
        visitor.enter(client)
        return client

    return browse


def a_file(database: Database, folder: Path, visitor: Visitor) -> UUID:
    """Make a file for somebody."""
    at = CLOCK.now()
    with database.transaction() as tx:
        owner = actors.find_by_user(tx, user_id=visitor.user_id)
        assert owner is not None
        export_id = exports.ask(
            tx, register="places/roads", asked=Asked(), columns=["code"], shape=Shape.CSV, language=Language.EN, by=owner, at=at
        )
        job = exports.claim(tx, at=at)
        assert job is not None
        exports.path_of(folder, export_id).write_bytes(b"code\nE1\n")
        exports.finish(tx, job=job, made=Made("道路 roads.csv", 1, 8, bytes(32)), at=at)
    return export_id


class TestExport:
    def test_is_given_to_its_owner_as_a_file(self, database: Database, enter: Callable[[Visitor], FlaskClient]) -> None:
        owner = sign_in(database)
        client = enter(owner)
        export_id = a_file(database, client.application.config["folder"], owner)

        answer = client.get(f"/exports/{export_id}/file")

        assert (answer.status_code, answer.data) == (200, b"code\nE1\n")
        assert answer.headers["Content-Disposition"].startswith("attachment; filename")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"

    def test_is_not_there_for_anybody_else(self, database: Database, enter: Callable[[Visitor], FlaskClient]) -> None:
        owner, other = sign_in(database), sign_in(database)
        client = enter(other)
        export_id = a_file(database, client.application.config["folder"], owner)

        assert client.get(f"/exports/{export_id}/file").status_code == 404
        assert client.get(f"/exports/{uuid7()}/file").status_code == 404
        assert client.application.test_client().get(f"/exports/{export_id}/file").status_code == 401
        administrator = enter(sign_in(database, RoleCode.SYSTEM_ADMINISTRATOR))
        assert administrator.get(f"/exports/{export_id}/file").status_code == 403

    def test_is_gone_after_a_day(self, database: Database, enter: Callable[[Visitor], FlaskClient]) -> None:
        owner = sign_in(database)
        client = enter(owner)
        at = CLOCK.at
        CLOCK.advance(-exports.KEPT - timedelta(seconds=1))
        export_id = a_file(database, client.application.config["folder"], owner)
        CLOCK.at = at

        assert client.get(f"/exports/{export_id}/file").status_code == 404

    def test_leaves_its_folder_by_no_name(self, database: Database, enter: Callable[[Visitor], FlaskClient]) -> None:
        client = enter(sign_in(database))
        steps = ["..", "%2e%2e", "..%2f", "%252e%252e", "..\\", "..%5c", "....//", "%c0%ae%c0%ae", ".%00.", "/"]
        names = [
            "etc/passwd",
            "pyproject.toml",
            "x.file",
            "%00",
            "C:/boot.ini",
            "file:",
            "~root",
            ".",
            "*",
            "a/b",
            "",
            "..",
            "-",
            "?",
            "#",
        ]
        tried = [f"/exports/{step * (1 + place % 4)}/{name}/file" for step in steps for place, name in enumerate(names)]

        assert len(tried) == 150
        assert {client.get(path).status_code for path in tried} <= {403, 404, 308, 401}
