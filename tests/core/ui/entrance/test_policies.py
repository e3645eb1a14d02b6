"""Every address and every callback, asked by everybody: who is let in is who the policy names."""

import dash
import pytest
from flask import Flask
from werkzeug.routing import Rule

from app import create_app
from callbacks import edge
from core.access.permissions import Permission
from core.access.roles import OF_SCREENS, PERMISSIONS, RoleCode
from core.kit.db import Database
from core.settings import Settings
from core.ui.entrance import policies
from core.ui.entrance.policies import ROUTES, Open
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
    return create_app(Settings(database_url=database.url))


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
    built = rule.build({name: VALUES[name] for name in rule.arguments})
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
        """What was made for somebody is kept by no cache; every answer has a number."""
        for rule in house.url_map.iter_rules():
            if ROUTES[rule.rule] in {Open.EVERYBODY, Open.OWN_KEY} or "suites" in rule.rule or "GET" not in (rule.methods or ()):
                continue
            answer = who.ask("GET", path_of(rule))
            answer.close()

            assert answer.headers["Cache-Control"] == "no-store", rule.rule
            assert answer.headers["X-Request-Id"]


class TestForms:
    @pytest.mark.parametrize(
        "how",
        [
            {"with_token": False},
            {"with_token": False, "content_type": "text/plain"},
            {"with_token": False, "content_type": "multipart/form-data"},
            {"with_token": False, "content_type": "application/x-www-form-urlencoded"},
            {"token": "0" * 64},
            {"origin": "https://elsewhere.example"},
            {"origin": "null"},
            {"fetch_site": "cross-site"},
            {"fetch_site": "same-site"},
        ],
        ids=str,
    )
    def test_of_others_change_nothing(self, house: Flask, who: Knocker, how: dict[str, object]) -> None:
        headers = {}
        if not how.get("with_token", True):
            headers["X-CSRFToken"] = ""
        if "token" in how:
            headers["X-CSRFToken"] = str(how["token"])
        if "origin" in how:
            headers["Origin"] = str(how["origin"])
        if "fetch_site" in how:
            headers["Sec-Fetch-Site"] = str(how["fetch_site"])
        for rule in house.url_map.iter_rules():
            if "POST" in (rule.methods or ()) and ROUTES[rule.rule] is not Open.OWN_KEY:
                answer = who.client.post(path_of(rule), headers=headers, data=b"a=b", content_type=how.get("content_type"))

                assert answer.status_code in SHUT, rule.rule

    def test_change_nothing_by_looking(self, house: Flask) -> None:
        """What changes something takes no GET."""
        for rule in ("/sign-out", "/account/end", "/screen/beat"):
            methods = {method for each in house.url_map.iter_rules() if each.rule == rule for method in each.methods or ()}

            assert "GET" not in methods


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
