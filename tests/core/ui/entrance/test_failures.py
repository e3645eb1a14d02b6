"""Whatever goes wrong, its reader sees a calm sentence and a number, and nothing of how the product is made (W-08)."""

import json
import random
import re
from collections.abc import Iterator
from typing import Any

import dash
import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from app import create_app
from core.access.roles import RoleCode
from core.kit.db import Database
from core.kit.errors import Unavailable
from core.settings import Settings
from tests.fixtures.visitors import sign_in

PROVOKED = 1_000
SEED = 8
TELLTALE = re.compile(
    r"Traceback|File \"|line \d+, in |psycopg|sqlalchemy|\bselect\b.+\bfrom\b|\.py\b|/site-packages|/(?:usr|root|home|work|opt)/"
    r"|werkzeug|gunicorn|python/|flask|dash/|PostgreSQL|\b\d+\.\d+\.\d+\b|<class |object at 0x",
    re.IGNORECASE,
)
"""A trace, a statement, a path of a file, a version."""
NUMBER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
CALLBACKS = "/_dash-update-component"


class BrokenError(Exception):
    """For the test: a bug whose words must not be told."""


@pytest.fixture(scope="module")
def application(database: Database) -> Flask:
    """Return the whole application, in which some addresses stumble."""
    application = create_app(Settings(database_url=database.url))
    stumbling = {
        rule.endpoint for rule in application.url_map.iter_rules() if rule.rule in {"/account", "/search", "/live/kpis.json"}
    }

    def stumble(**_path: str) -> str:
        message = 'File "/usr/lib/boshu/core/money.py", line 7: psycopg said: select plate from stay; PostgreSQL 18.6'
        raise BrokenError(message)

    for endpoint in stumbling:
        application.view_functions[endpoint] = stumble
    return application


@pytest.fixture(scope="module")
def client(application: Flask, database: Database) -> Iterator[FlaskClient]:
    """Return the browser of somebody of the command center."""
    with application.test_client() as client:
        sign_in(database).enter(client)
        yield client


def garbage(luck: random.Random) -> Any:  # anything JSON can say
    """Return a value that no callback expects."""
    return luck.choice(
        [
            None, True, -1, 1e308, "", "' or 1=1; --", "\x00", "../../etc/passwd", "{{7*7}}", "${jndi:ldap://x}", [], {}, [[]],
            {"startRow": "x"}, {"startRow": -1, "endRow": 2}, {"startRow": 0, "endRow": 9, "sortModel": [{"colId": "x"}]},
            {"filterModel": {"'": {"type": "equals", "filter": 1}}, "startRow": 0, "endRow": 1}, "x" * 5_000, {"text": 1},
        ]
    )  # fmt: skip


def provoke(client: FlaskClient, application: Flask, luck: random.Random) -> TestResponse:
    """Send one request that nobody foresaw."""
    way = luck.randrange(6)
    if way == 0:
        return client.get("/account" if luck.random() < 0.5 else "/live/kpis.json")
    if way == 1:
        return client.get("/" + luck.choice(["nowhere", "devices/nothing", "%00", "%2e%2e/etc", "a" * 900, "dispatch/x.php"]))
    if way == 2:
        rule = luck.choice(
            [rule.rule for rule in application.url_map.iter_rules() if "<" not in rule.rule and rule.rule != "/live/stream"]
        )
        return client.open(rule, method=luck.choice(["PUT", "DELETE", "PATCH", "TRACE"]))
    if way == 3:
        body = luck.choice([b"{", b"\xff\xfe", b"[" * 500, b'{"output": 1}', b"null", b""])
        return client.post(CALLBACKS, data=body, content_type="application/json")
    if way == 4:
        path = luck.choice(["/live/wall.json", "/live/berths.bin", "/live/replay.bin", "/dispatch", "/"])
        return client.get(path, query_string={luck.choice(["at", "from", "to", "lang"]): str(garbage(luck))[:200]})
    return client.post(CALLBACKS, json=call(luck.choice(list(callbacks())), luck))


def callbacks() -> list[dict[str, Any]]:
    """List the callbacks of the application by output, inputs and state."""
    return [
        {"output": output, "inputs": told["inputs"], "state": told["state"]}
        for output, told in dash.get_app().callback_map.items()
        if not output.startswith("..")
    ]


def call(callback: dict[str, Any], luck: random.Random) -> dict[str, Any]:
    """Return a call of a callback whose values are garbage."""
    identity, _dot, field = callback["output"].rpartition(".")
    return {
        "output": callback["output"],
        "outputs": {"id": identity, "property": field},
        "changedPropIds": [],
        **{part: [{**wire, "value": garbage(luck)} for wire in callback[part]] for part in ("inputs", "state")},
    }


class TestEveryAnswer:
    def test_tells_nothing_of_how_the_product_is_made(self, application: Flask, client: FlaskClient) -> None:
        """W-08: a thousand provoked errors, no trace, statement, path or version; the number is on each."""
        luck = random.Random(SEED)
        provoked: dict[int, int] = {}
        for _n in range(PROVOKED):
            answer = provoke(client, application, luck)
            body = b"" if answer.is_streamed and answer.status_code == 200 else answer.data
            text = body.decode("utf-8", "replace")
            if answer.status_code >= 400:
                provoked[answer.status_code] = provoked.get(answer.status_code, 0) + 1
                assert not TELLTALE.search(text), (answer.request.path, answer.status_code, TELLTALE.search(text), text[:400])
                assert NUMBER.fullmatch(answer.headers["X-Request-Id"])
            answer.close()

        print(provoked)
        assert provoked[500] > 100
        assert provoked[404] > 50
        assert sum(provoked.values()) > PROVOKED / 2

    def test_finds_a_trace_where_there_is_one(self) -> None:
        """The control: the pattern knows what it looks for."""
        said = ("Traceback (most recent call last)", 'File "core/x.py"', "SELECT a FROM b", "Werkzeug/3.1.2", "PostgreSQL 18")

        assert all(TELLTALE.search(text) for text in said)


class TestBug:
    def test_is_logged_under_the_number_that_is_shown(self, client: FlaskClient) -> None:
        with capture_logs() as logs:
            answer = client.get("/account")

        (told,) = [line for line in logs if line["event"] == "A request failed."]
        assert answer.status_code == 500
        assert str(told["number"]) == answer.headers["X-Request-Id"]
        assert str(told["number"]) in answer.text
        assert isinstance(told["exc_info"], BrokenError)

    def test_is_told_machines_as_json(self, client: FlaskClient) -> None:
        answer = client.get("/live/kpis.json")

        assert json.loads(answer.data)["number"] == answer.headers["X-Request-Id"]

    def test_is_told_scripts_in_a_sentence(self, client: FlaskClient) -> None:
        answer = client.get("/search?text=00&lang=en")

        assert (answer.status_code, answer.mimetype) == (500, "text/plain")


class TestPage:
    def test_says_in_the_frame_what_its_reader_may_not_see(self, application: Flask, database: Database) -> None:
        client = application.test_client()
        sign_in(database, RoleCode.FINANCE).enter(client)
        answer = client.get("/dispatch?lang=en")

        assert answer.status_code == 403
        assert "You may not see this page" in answer.text
        assert 'class="desk__area" href="/"' in answer.text
        assert 'href="/dispatch"' not in answer.text

    def test_says_in_the_frame_that_there_is_none(self, client: FlaskClient) -> None:
        answer = client.get("/devices/nowhere?lang=en")

        assert answer.status_code == 404
        assert "There is no such page" in answer.text
        assert 'class="desk__area" href="/dispatch"' in answer.text

    def test_gives_strangers_nothing_but_the_entrance(self, application: Flask) -> None:
        answer = application.test_client().get("/devices/nowhere")

        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in")


class TestAway:
    def test_is_no_bug(self, application: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
        def away() -> str:
            raise Unavailable("The database does not answer.")

        monkeypatch.setitem(application.view_functions, "search", away)
        with capture_logs() as logs:
            answer = client.get("/search?text=00")

        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        assert [line for line in logs if line["event"] == "A request failed."] == []
