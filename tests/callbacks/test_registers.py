"""Registers: every part of every register is open to who may use it, and closed to everybody else."""

import importlib
import json
import pkgutil
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

import callbacks
from app import create_app
from core.access.permissions import Permission
from core.access.roles import PERMISSIONS, RoleCode
from core.kit.db import Database
from core.settings import Settings
from core.ui import register
from core.ui.register import Register
from core.ui.register.parts import need_of, part, purposes
from tests.architecture import tree
from tests.fixtures.visitors import sign_in

Someone = tuple[Callable[[], FlaskClient], frozenset[Permission]]
"""Who makes browsers of somebody, a fresh one for each register, and what he may do."""

ENDPOINT = "/_dash-update-component"
ROWS = {"startRow": 0, "endRow": 100, "sortModel": [], "filterModel": {}}


@pytest.fixture(scope="module")
def application(database: Database) -> Flask:
    """Return the application with all its pages."""
    made = create_app(Settings(database_url=database.url))
    made.testing = True  # a bug is raised, not answered
    return made


@pytest.fixture(scope="module")
def registers(application: Flask) -> list[Register]:
    """Return every register of the product."""
    assert application is not None
    return [each for each in register.everything() if not each.name.startswith("library/")]


def visitor_of(application: Flask, database: Database, *roles: RoleCode) -> FlaskClient:
    """Return the browser of somebody with roles."""
    client = application.test_client()
    sign_in(database, *roles).enter(client)
    return client


def wire(each: Register, name: str, prop: str, value: object, **more: str) -> dict[str, object]:
    """Return one end of a callback as the browser sends it."""
    return {"id": part(each, name, **more), "property": prop, "value": value}


def pattern(name: str, prop: str, **more: object) -> str:
    """Return the output of a callback of a pattern as the browser sends it."""
    return f"{json.dumps({'register': ['MATCH'], 'part': name, **more}, sort_keys=True, separators=(',', ':'))}.{prop}"


def ask(client: FlaskClient, each: Register, purpose: str, told: object = None, *, says: Register | None = None) -> int:
    """Ask a register for something; return the status of the answer. `says` is another register, for who lies."""
    body = {
        "output": pattern("told", "data", of=["MATCH"]),
        "outputs": {"id": part(says or each, "told", of=purpose), "property": "data"},
        "inputs": [wire(each, "ask", "data", told, of=purpose)],
        "state": [wire(each, "lang", "data", "en")],
        "changedPropIds": [],
    }
    return client.post(ENDPOINT, json=body).status_code


def list_rows(client: FlaskClient, each: Register) -> tuple[int, object]:
    """Ask a register for its first rows."""
    body = {
        "output": f"..{pattern('grid', 'getRowsResponse')}...{pattern('count', 'data')}..",
        "outputs": [
            {"id": part(each, "grid"), "property": "getRowsResponse"},
            {"id": part(each, "count"), "property": "data"},
        ],
        "inputs": [wire(each, "grid", "getRowsRequest", ROWS)],
        "state": [wire(each, "state", "data", {"q": {}}), wire(each, "count", "data", None), wire(each, "lang", "data", "en")],
        "changedPropIds": [],
    }
    answer = client.post(ENDPOINT, json=body)
    return answer.status_code, answer.get_json() if answer.status_code == 200 else None


@pytest.fixture(scope="module", params=[*RoleCode, None], ids=str)
def someone(request: pytest.FixtureRequest, application: Flask, database: Database) -> Iterator[Someone]:
    """Return each role, and nobody."""
    role = request.param
    if role is None:
        yield application.test_client, frozenset()
    else:
        yield lambda: visitor_of(application, database, role), PERMISSIONS[role]


class TestMatrix:
    def test_every_purpose_is_open_to_who_may_and_closed_to_others(self, someone: Someone, registers: list[Register]) -> None:
        enter, permissions = someone
        wrong = []
        for each in registers:
            client = enter()
            for purpose in purposes(each):
                needed = need_of(each.name, purpose)
                assert needed is not None
                status = ask(client, each, purpose)
                if status not in ({200} if needed <= permissions else {401, 403}):
                    wrong.append((each.name, purpose, status))

        assert wrong == []

    def test_rows_come_to_who_may_see_them(self, someone: Someone, registers: list[Register]) -> None:
        enter, permissions = someone

        for each in registers:
            status, answer = list_rows(enter(), each)

            assert (status == 200) == (each.view in permissions), each.name
            if status == 200:
                assert "getRowsResponse" in json.dumps(answer), each.name

    def test_nobody_asks_one_register_in_the_name_of_another(
        self, application: Flask, database: Database, registers: list[Register]
    ) -> None:
        client = visitor_of(application, database, RoleCode.MANAGER)
        first, second = registers[:2]

        assert ask(client, first, "views", says=second) == 403

    def test_what_waits_for_a_proof_is_not_told_as_done(self, application: Flask, database: Database) -> None:
        rights = register.find("access/rights")
        assert rights is not None
        client = application.test_client()
        security = sign_in(database, RoleCode.SECURITY_ADMINISTRATOR)
        security.enter(client)
        with database.transaction() as tx:
            tx.run("update session set confirmed_at = started_at - interval '1 day' where user_id = %(id)s", id=security.user_id)

        assert ask(client, rights, "save", {"key": str(security.user_id), "values": {}, "version": 1}) == 200

        with database.transaction() as tx:
            assert tx.value("select count(*) from audit_entry where actor_id = %(id)s", id=security.user_id) == 0

    @pytest.mark.parametrize("purpose", ["", "nothing", "action:nothing", "rows"])
    def test_what_nobody_declared_is_closed(
        self, application: Flask, database: Database, registers: list[Register], purpose: str
    ) -> None:
        assert ask(visitor_of(application, database, RoleCode.MANAGER), registers[0], purpose or "?") == 403


class TestDeclarations:
    def test_a_register_has_a_page_of_its_name(self, registers: list[Register]) -> None:
        pages = {path.with_suffix("").relative_to("pages").as_posix() for path in tree.below("pages")}

        assert [each.name for each in registers if each.name not in pages] == []

    def test_every_declaration_is_imported_by_the_worker_of_exports(self) -> None:
        for found in pkgutil.walk_packages(callbacks.__path__, "callbacks."):
            importlib.import_module(found.name)

        assert register.find("places/roads") is not None

    def test_roads_are_declared_in_sixty_lines(self) -> None:
        text = (tree.ROOT / "callbacks/places/roads.py").read_text(encoding="utf-8")
        roads = register.find("places/roads")
        assert roads is not None

        assert len(text.splitlines()) <= 60
        assert len(roads.columns) >= 10
        assert roads.form is not None
        assert len(roads.actions) == 2
