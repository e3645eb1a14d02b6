"""
Every address and every callback, asked by everybody: who is let in is who the policy names (A-01).

What is new and named nowhere fails here.
"""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import dash
import orjson
import pytest
from flask import Flask
from werkzeug.routing import Rule

from app import create_app
from callbacks import edge
from core.access import screens
from core.access.permissions import Permission
from core.access.roles import OF_SCREENS, PERMISSIONS, RoleCode
from core.access.screens import Call
from core.kit.clock import utc_now
from core.kit.db import Database
from core.settings import Settings
from core.ui.entrance import policies
from core.ui.entrance.policies import ROUTES, Open
from core.ui.entrance.rates import Rates
from tests.core.ui.entrance.house import ANONYMOUS, KNOCKERS, SCREEN, Knocker, knocker

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
SHUT = {401, 403}
VALUES = {
    "filename": "css/base.css",
    "link": "nothing",
    "package_name": "dash",
    "fingerprinted_path": "dcc/dash_core_components.js",
    "path": "devices/detectors",
    "rest": "nothing",
    "site": "s",
    "gateway": "g",
    "device": "d",
    "kind": "alive",
}


@pytest.fixture(scope="module")
def house(database: Database) -> Flask:
    """Return the whole application."""
    server = create_app(Settings(database_url=database.url))
    everybody = Rates(a_second=1e6, at_once=1e6)  # the matrix asks faster than anybody clicks
    server.extensions["boshu-gate"] = replace(server.extensions["boshu-gate"], rates=everybody)
    return server


@pytest.fixture(scope="module", params=KNOCKERS)
def who(request: pytest.FixtureRequest, house: Flask, database: Database) -> Knocker:
    """Return each of those who may knock."""
    return knocker(house, database, request.param)


def held(name: str) -> frozenset[Permission]:
    if name == SCREEN:
        return OF_SCREENS
    return frozenset() if name == ANONYMOUS else PERMISSIONS[RoleCode(name)]


def is_welcome(name: str, rule: str, method: str) -> bool:
    """Say independently of the gate who is let in."""
    need = ROUTES[rule]
    if rule == "/live/stream" and method != "OPTIONS":
        need = Permission.WALL_VIEW  # its first topic is the wall
    if isinstance(need, Permission):
        return need in held(name)
    if need is Open.PAGE:
        page = Permission.WALL_VIEW if rule == "/" else Permission.DEVICES_VIEW
        return page in held(name)
    return {
        Open.EVERYBODY: True,
        Open.ENTRANCE: True,
        Open.OWN_KEY: True,
        Open.KNOWN: name != ANONYMOUS,
        Open.USERS: name not in {ANONYMOUS, SCREEN},
        Open.SCREENS: name == SCREEN,
        Open.CALLBACK: name != ANONYMOUS,
    }[need]


def path_of(rule: Rule) -> str:
    nobodys = UUID(int=7)  # what an id names is asked behind the gate
    built = rule.build({name: VALUES.get(name, nobodys) for name in rule.arguments})
    assert built is not None
    return str(built[1])


class TestRoutes:
    def test_name_every_address_and_no_other(self, house: Flask) -> None:
        """An address without a policy is closed, and fails here."""
        assert {rule.rule for rule in house.url_map.iter_rules()} == set(ROUTES)

    def test_let_in_whom_the_policy_names_and_nobody_else(self, house: Flask, who: Knocker) -> None:
        wrong = []
        for rule in house.url_map.iter_rules():
            for method in sorted(set(METHODS) & set(rule.methods or ())):
                if ROUTES[rule.rule] in {Open.OWN_KEY, Open.CALLBACK}:
                    continue  # devices sign their messages, and each callback has a policy of its own
                if rule.rule in {"/sign-out", "/account/password"}:
                    continue  # they would end the session of all that follows
                answer = who.ask(method, path_of(rule))
                is_sent_away = answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in")
                is_shut = answer.status_code in SHUT or is_sent_away
                is_form_without_session = rule.rule.startswith("/sign-in") and method == "POST" and who.name == ANONYMOUS
                answer.close()
                if is_shut == is_welcome(who.name, rule.rule, method) and not is_form_without_session:
                    wrong.append((who.name, method, rule.rule, answer.status_code))

        assert wrong == []

    def test_keep_nothing_for_others(self, house: Flask, who: Knocker) -> None:
        """W-11: what was made for somebody is kept by no cache; every answer has a number."""
        for rule in house.url_map.iter_rules():
            if ROUTES[rule.rule] in {Open.EVERYBODY, Open.OWN_KEY} or "suites" in rule.rule or "GET" not in (rule.methods or ()):
                continue
            answer = who.ask("GET", path_of(rule))
            answer.close()

            assert answer.headers["Cache-Control"] == "no-store", rule.rule
            assert answer.headers["X-Request-Id"]

    @pytest.mark.parametrize(
        ("address", "kept"),
        [
            ("css/base.css?m=1", "public, max-age=31536000, immutable"),
            ("css/base.css", "no-cache"),
            ("vendor/fonts.css", "public, max-age=86400"),
        ],
    )
    def test_let_browsers_keep_files_whose_address_changes_with_them(self, house: Flask, address: str, kept: str) -> None:
        """A page has more than a hundred of them; asked for again at every page they cost more than the page."""
        answer = house.test_client().get(f"/assets/{address}")
        answer.close()

        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, kept)


TYPES = (None, "text/plain", "multipart/form-data", "application/x-www-form-urlencoded", "application/json")
FOREIGN: dict[str, dict[str, str]] = {
    "no token": {"X-CSRFToken": ""},
    "another token": {"X-CSRFToken": "0" * 64},
    "another site": {"Origin": "https://elsewhere.example"},
    "another port": {"Origin": "http://localhost:8051"},
    "a name below": {"Origin": "http://below.localhost"},
    "a page without an origin": {"Origin": "null"},
    "cross-site": {"Sec-Fetch-Site": "cross-site"},
    "same-site": {"Sec-Fetch-Site": "same-site"},
}


class TestForms:
    @pytest.mark.parametrize("how", FOREIGN)
    @pytest.mark.parametrize("name", [RoleCode.MANAGER, SCREEN, ANONYMOUS])
    def test_of_others_change_nothing(self, house: Flask, database: Database, name: str, how: str) -> None:
        """A-07: forty kinds of request to every address that changes something; its sender's rights do not count."""
        client = knocker(house, database, name).client
        for rule in house.url_map.iter_rules():
            if "POST" in (rule.methods or ()) and ROUTES[rule.rule] is not Open.OWN_KEY:
                for content_type in TYPES:
                    answer = client.post(path_of(rule), headers=FOREIGN[how], data=b"a=b", content_type=content_type)

                    assert answer.status_code in SHUT, (rule.rule, content_type)

    def test_change_nothing_by_looking(self, house: Flask) -> None:
        """What changes something takes no GET."""
        for rule in ("/sign-out", "/account/end", "/screen/beat"):
            methods = {method for each in house.url_map.iter_rules() if each.rule == rule for method in each.methods or ()}

            assert "GET" not in methods


class TestStrangers:
    @pytest.mark.parametrize(
        "path",
        [
            "/_dash-layout", "/_dash-dependencies", "/_reload-hash", "/_mcp", "/_dash-update-component", "/_alive_x", "/nothing",
            "/_dash-component-suites/dash/deps/react.js", "/dispatch", "/devices/detectors", "/live/stream", "/metrics",
        ],
    )  # fmt: skip
    def test_see_nothing_of_the_screens(self, house: Flask, path: str) -> None:
        """W-09."""
        answer = house.test_client().get(path)

        assert answer.status_code in {302, 401, 403, 404, 405}
        assert "props" not in answer.text


class TestScreens:
    def test_are_shown_out_of_a_stream_within_ten_seconds(self, house: Flask, database: Database) -> None:
        """A-09; that they may call no callback and read no page but the wall stands in the matrix above."""
        screen = knocker(house, database, SCREEN)
        stream = iter(screen.ask("GET", "/live/wall").response)
        next(stream)
        token = screen.client.get_cookie("boshu-screen")
        assert token is not None
        with database.transaction() as tx:
            actor = screens.find_by_token(tx, token=token.value)
            assert actor is not None
            screens.revoke(tx, screen_id=actor.id, at=utc_now())

        began = time.monotonic()
        for _frame in stream:
            assert time.monotonic() - began <= 10

    def test_hear_alone_what_they_are_called_to_do(self, house: Flask, database: Database) -> None:
        one, other = (knocker(house, database, SCREEN) for _n in range(2))
        streams = [opened(each) for each in (one, other)]
        call_message(database, one)

        (told,), nothing = calls_of(streams[0]), calls_of(streams[1], until_s=1)

        assert (told["call"], told["text"]) == ("message", "Fire drill")
        assert nothing == []

    def test_hear_it_again_after_a_stream_that_broke_until_they_say_so(self, house: Flask, database: Database) -> None:
        screen = knocker(house, database, SCREEN)
        broken = opened(screen)
        call_message(database, screen)
        (lost,) = calls_of(broken)  # written to a line that nobody reads any more

        stream = opened(screen)
        (told,) = calls_of(stream)
        answers = [screen.ask("POST", "/screen/heard", body={"call": told["id"]}).json for _n in range(2)]

        assert told == lost
        assert calls_of(stream, until_s=1) == [], "each stream tells it once"
        assert answers == [{"obey": True}, {"obey": False}]
        until = time.monotonic() + 10
        while calls_of(opened(screen), until_s=1):
            assert time.monotonic() < until

    def test_cannot_say_that_they_heard_what_is_no_call(self, house: Flask, database: Database) -> None:
        screen = knocker(house, database, SCREEN)

        for said in ("{}", "[]", '{"call": "7"}'):
            assert screen.ask("POST", "/screen/heard", body=json.loads(said)).status_code == 400, said


def opened(screen: Knocker) -> Iterator[bytes]:
    """Return a screen's stream that began."""
    stream = screen.ask("GET", "/live/wall").iter_encoded()
    next(stream)
    return stream


def call_message(database: Database, screen: Knocker) -> None:
    """Call a screen to show a message."""
    token = screen.client.get_cookie("boshu-screen")
    assert token is not None
    with database.transaction() as tx:
        actor = screens.find_by_token(tx, token=token.value)
        assert actor is not None
        screens.call(tx, [actor.id], Call.MESSAGE, "Fire drill", by=None, at=utc_now())


def calls_of(stream: Iterator[bytes], until_s: float = 10) -> list[dict[str, str]]:
    """Return the calls of the next frame that has any; none when there was no such frame for a while."""
    until = time.monotonic() + until_s
    while time.monotonic() < until:
        if told := re.findall(rb"event: call\ndata: (.+)\n\n", next(stream)):
            return [orjson.loads(each) for each in told]
    return []


NOTHING_DONE = {"/screen/beat", "/screen/heard", "/_dash-update-component", "/sign-in/password", "/sign-in/code"}
"""
A sign of life; a call heard, which was noted when somebody called; callbacks, which tell the audit one by one
(tests/callbacks/test_edge.py); and steps of signing in that nobody began here (test_routes goes through them).
"""


class TestAudit:
    def test_knows_of_every_change_and_every_denial(self, house: Flask, database: Database) -> None:
        """O-04: who, when, what, how it ended, from where, by which request; asked by one who may and one who may not."""
        silent = []
        for name in (RoleCode.COMMAND_CENTER, SCREEN):
            for rule in house.url_map.iter_rules():
                if "POST" not in (rule.methods or ()) or rule.rule in NOTHING_DONE or ROUTES[rule.rule] is Open.OWN_KEY:
                    continue
                answer = knocker(house, database, name).ask("POST", path_of(rule))
                with database.transaction() as tx:
                    row = tx.row(NOTED, number=answer.headers["X-Request-Id"])
                if row is None or not all((row["noted_at"], row["action"], row["outcome"], row["address"])):
                    silent.append((name, rule.rule, answer.status_code))

        assert silent == []


NOTED = "select noted_at, action, outcome, address from audit_entry where request_id = %(number)s"


class TestCallbacks:
    def test_have_a_permission_each(self, house: Flask) -> None:
        """What is not guarded is Dash's own page switch, and part of it runs in the browser alone."""
        world = house.extensions["boshu-edge"]
        outputs = set(dash.get_app().callback_map)
        in_the_browser = {each["output"] for each in dash.get_app()._callback_list if each.get("clientside_function")}

        assert {each for each in outputs - set(world.needed) - in_the_browser if "_pages_content" not in each} == set()

    def test_open_to_whom_they_name_and_nobody_else(self, house: Flask, who: Knocker) -> None:
        world = house.extensions["boshu-edge"]
        wrong = []
        for output, permission in world.needed.items():
            is_let_in = passes(house, who, output)
            if is_let_in != (permission in held(who.name)):
                wrong.append((who.name, output))

        assert wrong == []

    @pytest.mark.parametrize("output", ["nothing.children", "", "..", "insight-wall-nothing.data"])
    def test_that_do_not_exist_are_closed(self, house: Flask, who: Knocker, output: str) -> None:
        assert not passes(house, who, output)

    def test_of_the_page_switch_open_the_pages_one_may_see(self, house: Flask, who: Knocker) -> None:
        for page in dash.page_registry.values():
            inputs = [{"id": "_pages_location", "property": "pathname", "value": page["path"]}]

            is_let_in = passes(house, who, ".._pages_content.children..._pages_store.data..", inputs)

            assert is_let_in == (page["needs"] in held(who.name)), page["path"]

    @pytest.mark.parametrize(
        "inputs", [None, [], {}, [{"property": "pathname"}], [{"property": "pathname", "value": 7}], [[[]]], "x"]
    )
    def test_of_the_page_switch_take_no_nonsense(self, house: Flask, who: Knocker, inputs: object) -> None:
        assert not passes(house, who, ".._pages_content.children..._pages_store.data..", inputs)


def passes(house: Flask, who: Knocker, output: str, inputs: object = None) -> bool:
    """Tell whether a callback's gate lets somebody pass; what stands behind it is not asked."""
    body = {"output": output, "inputs": inputs if inputs is not None else []}
    with house.test_request_context("/_dash-update-component", method="POST", json=body, environ_overrides=_environment(who)):
        return house.preprocess_request() is None


def _environment(who: Knocker) -> dict[str, str]:
    """Return what a browser's own headers are in a request."""
    cookies = [who.client.get_cookie(name) for name in ("boshu-session", "boshu-screen", "_csrf_token")]
    sent = "; ".join(f"{cookie.key}={cookie.value}" for cookie in cookies if cookie is not None)
    return {"HTTP_COOKIE": sent, **{key: value for key, value in who.client.environ_base.items() if key == "HTTP_X_CSRFTOKEN"}}


class TestNeedOfPage:
    def test_is_what_the_page_says(self, house: Flask) -> None:
        assert policies.need_of_page("/") is Permission.WALL_VIEW
        assert policies.need_of_page("/dispatch/") is Permission.DISPATCH_VIEW
        assert policies.need_of_page("/nothing") is None

    def test_is_said_by_every_page(self, house: Flask) -> None:
        assert [page["path"] for page in dash.page_registry.values() if page.get("needs") not in set(Permission)] == []


def test_the_edge_knows_who_asks(house: Flask) -> None:
    """Outside of a request nobody asks, and nobody may do anything."""
    assert edge.actor().permissions == frozenset()
