"""Secrets and people's particulars, sent to every address in every way, are found nowhere afterwards (O-02, A-10)."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import sql

from app import create_app
from core.access import screens, users
from core.access.roles import RoleCode
from core.kit import log
from core.kit.clock import utc_now
from core.kit.db import Database
from core.settings import Settings, settings
from tests.core.access.people import a_user
from tests.core.ui.entrance.house import ANONYMOUS, SCREEN, knocker
from tests.core.ui.entrance.test_policies import path_of
from tests.fixtures.visitors import sign_in

CANARIES = {
    "password": "canary kettle rides 8801",
    "again": "canary kettle rides 8802",
    "code": "884403",
    "one_time_code": "canry-8804x-8804y-8804z",
    "session": "canary-session-token-8805",
    "screen": "canary-screen-link-8806",
    "csrf": "canary-form-token-8807",
    "key": "canary-device-key-8808",
    "authorization": "canary-bearer-8809",
    "id_number": "110101199003078810",
    "plate": "江A88811",
    "phone": "13800138812",
    "card": "6222020200088813",
    "name": "郑八八一四",
    "mail": "canary8815@parking.example",
}
FORM_AGAIN = {"/sign-in"}
"""Shows the name that was typed to who typed it."""
CALLBACK = "/_dash-update-component"


@pytest.fixture
def house(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """Return the whole application, its log at its usual level; the log of the tests comes back afterwards."""
    monkeypatch.setenv("BOSHU_METRICS_KEY", "a key for the figures alone")
    settings.cache_clear()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    log.configure("INFO", process="web")
    yield create_app(Settings(database_url=database.url))
    root.handlers[:] = handlers
    root.setLevel(level)
    settings.cache_clear()


def send_everywhere(house: Flask, client: FlaskClient) -> list[tuple[str, int, str]]:
    """Send the canaries to every address, in every way; return what answered with an error."""
    answers = []
    for rule in house.url_map.iter_rules():
        if rule.rule in {"/sign-out", "/account/password"}:
            continue  # they would end the session of all that follows
        path = path_of(rule)
        for method in sorted({"GET", "POST"} & set(rule.methods or ())):
            for way in ({"data": CANARIES}, {"json": CANARIES}, {"json": {"output": CANARIES["plate"], "inputs": [CANARIES]}}):
                headers = {"Authorization": f"Bearer {CANARIES['authorization']}", "X-Boshu-Key": CANARIES["key"]}
                asked = client.open(path, method=method, query_string=CANARIES, headers=headers, buffered=False, **way)
                if asked.status_code >= 400 and path not in FORM_AGAIN:
                    answers.append((f"{method} {path}", asked.status_code, asked.text))
                asked.close()
    for hidden in CANARIES.values():
        for path in (f"/screen/{hidden}", f"/parking/vehicles/{hidden}", f"/{hidden}", f"/api/v1/{hidden}"):
            asked = client.get(path)
            answers.append((path, asked.status_code, asked.text if asked.status_code >= 400 else ""))
    return answers


def kept(database: Database, canary: str) -> list[str]:
    """List the tables in which a text stands, in whatever column."""
    with database.transaction() as tx:
        names = [row["name"] for row in tx.rows("select tablename as name from pg_tables where schemaname = 'public'")]
        readable = [name for name in names if tx.value("select has_table_privilege(%(name)s, 'select')", name=name)]
        asked = sql.SQL("select exists (select 1 from {} as t where t::text like %s)")
        return [
            name for name in readable if (tx.raw.execute(asked.format(sql.Identifier(name)), [f"%{canary}%"]).fetchone() or [0])[0]
        ]


class TestCanaries:
    @pytest.mark.parametrize("name", [RoleCode.COMMAND_CENTER, SCREEN, ANONYMOUS])
    def test_are_found_nowhere(self, house: Flask, database: Database, capfd: pytest.CaptureFixture[str], name: str) -> None:
        answers = send_everywhere(house, knocker(house, database, name).client)
        figures = house.test_client().get("/metrics", headers={"Authorization": "Bearer a key for the figures alone"})
        said = "".join(capfd.readouterr())

        assert len(answers) > 60
        assert figures.status_code == 200
        for what, canary in CANARIES.items():
            assert [(where, status) for where, status, text in answers if canary in text] == [], what
            assert canary not in said, what
            assert canary not in figures.text, what
            assert kept(database, canary) == [], what

    def test_of_people_who_come_in_are_found_nowhere_either(
        self, house: Flask, database: Database, capfd: pytest.CaptureFixture[str]
    ) -> None:
        """The right password, the right one-time code, the token of a session, the link of a screen."""
        at, password = utc_now(), "eleven quiet herons paint"
        with database.transaction() as tx:
            user_id = a_user(tx, RoleCode.DISPATCHER, at=at, password=None, login="canary-user")
            code = users.issue_code(tx, user_id=user_id, at=at)
            link = screens.make_link(tx, screen_id=screens.add(tx, name="canary wall", by=None, at=at), at=at - timedelta(hours=1))
        visitor, client = sign_in(database), house.test_client()
        visitor.enter(client)
        client.get("/dispatch")
        client.get(f"/screen/{link}")
        newcomer = house.test_client()
        send(newcomer, "/sign-in", login="canary-user", password=code)
        assert send(newcomer, "/sign-in/password", password=password, again=password) == 303
        assert send(house.test_client(), "/sign-in", login="canary-user", password=password) == 303
        said = "".join(capfd.readouterr())

        for secret in (password, code, link, visitor.token):
            assert secret not in said
            assert kept(database, secret) == []


def send(client: FlaskClient, path: str, **fields: str) -> int:
    """Fill in a form of the entrance; return the status of the answer."""
    client.get(path)
    cookie = client.get_cookie("_csrf_token")
    assert cookie is not None
    return client.post(path, data={"csrf": cookie.value, **fields}).status_code
