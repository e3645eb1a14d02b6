"""A whole application to knock at, and who knocks."""

from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.access import screens
from core.access.roles import RoleCode
from core.kit.clock import utc_now
from core.kit.db import Database
from core.kit.ids import uuid7
from core.ui.entrance.cookies import form_token_of
from tests.fixtures.visitors import sign_in

ANONYMOUS = "anonymous"
SCREEN = "screen"
KNOCKERS = (*RoleCode, ANONYMOUS, SCREEN)


@dataclass(frozen=True, slots=True)
class Knocker:
    """Somebody with a browser."""

    name: str
    client: FlaskClient

    def ask(self, method: str, path: str, *, body: object = None, with_token: bool = True) -> TestResponse:
        """Send one request; of an answer that never ends, take the head alone."""
        headers = {} if with_token else {"X-CSRFToken": ""}
        return self.client.open(path, method=method, json=body, headers=headers, buffered=False)


def a_screen(database: Database) -> str:
    """Bind a screen; return its token."""
    at = utc_now()
    with database.transaction() as tx:
        screen_id = screens.add(tx, name=uuid7().hex, by=None, at=at)
        bound = screens.bind(tx, link=screens.make_link(tx, screen_id=screen_id, at=at), address="", agent="", at=at)
    assert bound is not None
    return bound[1]


def knocker(server: Flask, database: Database, name: str) -> Knocker:
    """Return somebody who signed in with a role, a wall screen, or a stranger."""
    client = server.test_client()
    if name == SCREEN:
        token = a_screen(database)
        client.set_cookie("boshu-screen", token, domain="localhost")
        client.environ_base["HTTP_X_CSRFTOKEN"] = form_token_of(token)
    elif name != ANONYMOUS:
        sign_in(database, RoleCode(name)).enter(client)
    return Knocker(name, client)
