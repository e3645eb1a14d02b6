"""Downloads: one's own file, once it is there, and nobody else's; pictures by their own address alone (F-03)."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.access import actors, exports
from core.access.exports import Made, Shape
from core.access.roles import RoleCode
from core.access.scopes import Scope
from core.kit.clock import FixedClock, utc_now
from core.kit.db import Database, Tx
from core.kit.errors import Refused
from core.kit.ids import uuid7
from core.kit.listing import Asked
from core.kit.locale import Language
from core.kit.secrets import Keys
from core.ui import downloads, entrance
from core.ui.entrance import policies
from tests.core.places.estate import a_site
from tests.fixtures.visitors import Visitor, sign_in

CLOCK = FixedClock(utc_now())
FRAME = "ab" * 32


STEPS = ["..", "%2e%2e", "..%2f", "%252e%252e", "..\\", "..%5c", "....//", "%c0%ae%c0%ae", ".%00.", "%2f"]
NAMES = [
    "etc/passwd", "pyproject.toml", "x.file", "%00", "C:%2fboot.ini", "file:", "~root", ".", "*", "a/b", "aa", "..", "-", "v1..",
    "v1.a.b",
]  # fmt: skip
WAYS_OUT = [f"{step * (1 + place % 4)}{name}" for step in STEPS for place, name in enumerate(NAMES)]
assert len(WAYS_OUT) == 150


class NoPicture(Refused):
    """There is none of this site."""


def _find(_tx: Tx, site_id: UUID, frame: bytes, sites: list[UUID]) -> bytes:
    """Find a picture for everybody who may see its site."""
    if site_id not in sites:
        raise NoPicture("none")
    assert frame.hex() == FRAME
    return b"\xff\xd8\xff of a car"


@pytest.fixture(scope="module")
def enter(
    database: Database, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Callable[[Visitor], FlaskClient]]:
    """Return what gives a visitor a browser at an application with downloads."""
    server = Flask(__name__)
    entrance.register(server, database=database, clock=CLOCK, is_https=False)
    server.config["folder"] = tmp_path_factory.mktemp("exports")
    downloads.register(server, database=database, folder=server.config["folder"], picture=_find, clock=CLOCK)

    @server.get("/give/<site>")
    def give(site: str) -> str:
        return downloads.picture(UUID(site), FRAME)

    policy = {**policies.ROUTES, "/give/<site>": policies.Open.USERS}

    def browse(visitor: Visitor) -> FlaskClient:
        client = server.test_client()
        visitor.enter(client)
        return client

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(policies, "ROUTES", policy)
        patch.setattr(downloads, "keys", lambda: Keys(server.config["folder"] / "keys"))
        yield browse


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


def asked(database: Database, visitor: Visitor) -> UUID:
    """Ask for a file that nobody makes."""
    with database.transaction() as tx:
        owner = actors.find_by_user(tx, user_id=visitor.user_id)
        assert owner is not None
        return exports.ask(
            tx, register="places/roads", asked=Asked(), columns=["code"], shape=Shape.XLSX, language=Language.EN, by=owner,
            at=CLOCK.now(),
        )  # fmt: skip


class TestNews:
    def test_tells_everybody_how_far_his_own_files_are(self, database: Database, enter: Callable[[Visitor], FlaskClient]) -> None:
        owner, other = sign_in(database), sign_in(database)
        client = enter(owner)
        done, waiting = a_file(database, client.application.config["folder"], owner), asked(database, owner)

        told = client.get("/exports/news.json").get_json()

        assert {one["id"]: (one["state"], one["shape"], one["done_pct"]) for one in told} == {
            str(waiting): ("waiting", "xlsx", None), str(done): ("done", "csv", 100),
        }  # fmt: skip
        assert {"title", "row_n", "row_total", "detail"} < set(told[0])
        assert enter(other).get("/exports/news.json").get_json() == []
        client = enter(owner)
        client.post(f"/exports/{waiting}/cancel")
        assert {one["state"] for one in client.get("/exports/news.json").get_json()} == {"done", "cancelled"}

    def test_is_not_for_who_may_not_export(self, database: Database, enter: Callable[[Visitor], FlaskClient]) -> None:
        assert enter(sign_in(database, RoleCode.SYSTEM_ADMINISTRATOR)).get("/exports/news.json").status_code == 403


class TestCancel:
    def test_ends_ones_own_and_tells_the_audit(self, database: Database, enter: Callable[[Visitor], FlaskClient]) -> None:
        owner, other = sign_in(database), sign_in(database)
        export_id = asked(database, owner)
        address = f"/exports/{export_id}/cancel"

        assert enter(other).post(address).status_code == 404
        assert enter(owner).post(address, headers={"X-CSRFToken": "guess"}).status_code == 403  # a page of somebody else's sent it
        assert enter(owner).post(address).status_code == 204
        assert enter(owner).post(address).status_code == 404  # it is over

        with database.transaction() as tx:
            noted = tx.value(
                "select count(*) from audit_entry where subject = %(subject)s and action = 'exports.cancel' and outcome = 'done'",
                subject=f"export {export_id}",
            )
        assert noted == 1


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

        assert {client.get(f"/exports/{name}/file").status_code for name in WAYS_OUT} <= {308, 404}


class TestPicture:
    def test_is_shown_to_whom_its_address_was_given(self, database: Database, enter: Callable[[Visitor], FlaskClient]) -> None:
        with database.transaction() as tx:
            site = a_site(tx, "E-01")
        client = enter(sign_in(database))

        answer = client.get(client.get(f"/give/{site}").text)

        assert (answer.status_code, answer.data) == (200, b"\xff\xd8\xff of a car")
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"] == "inline; filename=abababababab.jpg"
        assert answer.headers["Cache-Control"] == "no-store"

    def test_is_shown_to_nobody_else_nor_for_ever(self, database: Database, enter: Callable[[Visitor], FlaskClient]) -> None:
        with database.transaction() as tx:
            site = a_site(tx, "E-02")
        client, other = enter(sign_in(database)), enter(sign_in(database))
        link = client.get(f"/give/{site}").text

        assert other.get(link).status_code == 404
        assert client.application.test_client().get(link).status_code == 401
        assert client.get(link[:-4] + "AAA=").status_code == 404
        at = CLOCK.at
        CLOCK.advance(downloads.LINK)
        assert client.get(link).status_code == 404
        CLOCK.at = at

    def test_of_a_foreign_site_is_not_there(self, database: Database, enter: Callable[[Visitor], FlaskClient]) -> None:
        with database.transaction() as tx:
            site, other = a_site(tx, "E-03"), a_site(tx, "E-04")
        client = enter(sign_in(database, scope=Scope(site_ids=frozenset({other}))))

        assert client.get(client.get(f"/give/{site}").text).status_code == 404

    def test_is_reached_by_no_name(self, database: Database, enter: Callable[[Visitor], FlaskClient]) -> None:
        client = enter(sign_in(database))

        assert {client.get(f"/pictures/{name}").status_code for name in WAYS_OUT} <= {308, 404}
