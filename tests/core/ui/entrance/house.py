"""A whole application to knock at, and who knocks."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.access import screens
from core.access.roles import RoleCode
from core.kit.clock import utc_now
from core.kit.db import Database
from core.kit.errors import Unavailable
from core.kit.ids import uuid7
from core.ui.entrance.cookies import form_token_of
from tests.core.access.people import PASSWORD, a_user, login_of
from tests.fixtures.visitors import sign_in

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)

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


class Counted:
    """A database that counts how often it is asked, and can be away."""

    def __init__(self, database: Database) -> None:
        self.asked_n, self.is_away, self._database = 0, False, database

    def transaction(self) -> object:
        self.asked_n += 1
        if self.is_away:
            raise Unavailable("away")
        return self._database.transaction()


def is_inside(client: FlaskClient) -> bool:
    """Tell whether a browser is let in behind the gate."""
    return client.get("/inside").status_code == 200


def a_login(database: Database, *role_codes: RoleCode, password: str | None = PASSWORD, is_demo: bool = False) -> tuple[UUID, str]:
    """Return somebody new and his login."""
    with database.transaction() as tx:
        user_id = a_user(tx, *role_codes, at=AT, password=password, is_demo=is_demo)
        return user_id, login_of(tx, user_id)
