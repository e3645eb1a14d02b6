"""The pages of the entrance, gone through as people go through them."""

import html
import re
from datetime import timedelta
from uuid import UUID

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from callbacks import edge
from core.access import users
from core.access.roles import RoleCode
from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.live import headers
from core.ui.entrance import routes
from tests.core.access.people import PASSWORD
from tests.core.ui.entrance.house import AT, a_login, is_inside

CSRF = re.compile(r'name="csrf" value="([0-9a-f]{64})"')
SECRET = re.compile(r'entrance__secret num"><a href="[^"]*secret=([A-Z2-7]+)')
_LEADS = (
    "https://", "HTTPS://", "ftp://", "file:///", "http:///", "https:\\\\", "//\\", "//\u2215", "//user:word@", "https://parking@",
    "\u3000//", "\u00a0//", "/\r//", "\v//", "\f/\\", "vbscript:", "blob:https://", "mailto:a@", "about:", "//%0d%0a",
)  # fmt: skip
ELSEWHERE = [
    "https://elsewhere.example/",
    "//elsewhere.example",
    "///elsewhere.example",
    "////elsewhere.example/a",
    "/\\elsewhere.example",
    "\\\\elsewhere.example",
    "\\/elsewhere.example",
    "/\t/elsewhere.example",
    "/\n/elsewhere.example",
    "\x00//elsewhere.example",
    " //elsewhere.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "http:elsewhere.example",
    "elsewhere.example",
    "/ok\r\nSet-Cookie: a=b",
    "/\x7f//x\\y",
    "https:/elsewhere.example",
    "//user@elsewhere.example",
    "//elsewhere%2eexample",
    "/\\\\elsewhere.example/..",
    "x" * 3_000,
    "/" + "x" * 3_000,
    *(f"{lead}elsewhere.example{tail}" for lead in _LEADS for tail in ("", "/a?b=c")),
]


def send(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Fill in a form of ours and send it."""
    token = CSRF.search(client.get(path).text)
    return client.post(path, data={"csrf": token[1] if token else "", **fields})


def enter(client: FlaskClient, login: str, password: str = PASSWORD, next_: str = "") -> TestResponse:
    return send(client, "/sign-in", login=login, password=password, next=next_)


def outcomes(database: Database, user_id: UUID | None) -> list[tuple[str, str]]:
    with database.transaction() as tx:
        rows = tx.rows(
            "select action, outcome from audit_entry where actor_id is not distinct from %(id)s order by entry_id", id=user_id
        )
    return [(row["action"], row["outcome"]) for row in rows]


class TestSignIn:
    def test_opens_the_house_and_is_noted(self, client: FlaskClient, database: Database) -> None:
        user_id, login = a_login(database, RoleCode.DISPATCHER)
        assert not is_inside(client)

        answer = enter(client, login, next_="/inside?a=b")

        assert (answer.status_code, answer.headers["Location"]) == (303, "/inside?a=b")
        assert is_inside(client)
        assert outcomes(database, user_id) == [("access.sign_in", "done")]

    def test_says_the_same_of_a_wrong_password_and_a_wrong_name(self, house: Flask, database: Database) -> None:
        """The pages are the same but for what was typed and the token."""
        _id, login = a_login(database)
        said = []
        for name in (login, "n" * len(login)):
            answer = enter(house.test_client(), name, "green kettle rides north")
            said.append((answer.status_code, CSRF.sub("", answer.text.replace(name, "?"))))

        assert said[0] == said[1]
        assert said[0][0] == 422

    def test_gives_a_new_token_and_takes_none_that_was_planted(self, client: FlaskClient, database: Database) -> None:
        """A-05; a second factor, a confirmation and a change of rights bring another token, too."""
        _id, login = a_login(database)
        client.set_cookie("boshu-session", "planted", domain="localhost")

        enter(client, login)

        cookie = client.get_cookie("boshu-session")
        assert cookie is not None
        assert cookie.value != "planted"
        assert (cookie.http_only, cookie.same_site) == (True, "Lax")
        client.set_cookie("boshu-session", "planted", domain="localhost")
        assert not is_inside(client)

    def test_binds_the_cookie_to_the_host_where_people_come_by_https(self, database: Database) -> None:
        server = Flask(__name__, static_folder=None)
        headers.register(server, script_hashes=lambda: (), origin="https://parking.example")
        edge.register(server, database=database, clock=FixedClock(AT), is_https=True)
        _id, login = a_login(database)
        client = server.test_client()
        token = CSRF.search(client.get("/sign-in", base_url="https://parking.example").text)
        assert token is not None

        answer = client.post(
            "/sign-in", base_url="https://parking.example", data={"csrf": token[1], "login": login, "password": PASSWORD}
        )

        kept = [cookie for cookie in answer.headers.getlist("Set-Cookie") if cookie.startswith("__Host-boshu-session=")]
        assert len(kept) == 1
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(kept[0].split("; "))
        assert "Domain" not in kept[0]
        assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")

    def test_stops_guessing(self, client: FlaskClient, database: Database) -> None:
        _id, login = a_login(database)
        statuses = [enter(client, login, f"a wrong password {n}").status_code for n in range(12)]

        assert statuses == [422] * 10 + [429] * 2
        assert enter(client, login).status_code == 429

    @pytest.mark.parametrize("address", ELSEWHERE)
    def test_leads_to_no_other_host(self, address: str) -> None:
        """W-04: over sixty ways to write another host."""
        assert routes.safe_next(address) == ""

    @pytest.mark.parametrize("address", ["/", "/dispatch?at=2026-11-20T14:30&find=a%20b", "/devices/detectors#x", "/a//b"])
    def test_leads_to_pages_of_this_host(self, address: str) -> None:
        assert routes.safe_next(address) == address

    def test_shows_what_was_typed_as_text(self, client: FlaskClient) -> None:
        page = enter(client, '"><script>alert(1)</script>', "x").text

        assert "<script>alert" not in page
        assert html.escape('"><script>', quote=True) in page.replace("&#34;", "&quot;")

    @pytest.mark.parametrize(("asked", "said"), [("/sign-in?lang=zh", "登录"), ("/sign-in?lang=en", "Sign in")])
    def test_speaks_the_readers_language(self, client: FlaskClient, asked: str, said: str) -> None:
        assert said in client.get(asked).text


class TestOneTimeCode:
    def test_leads_to_a_password_and_into_the_house(self, client: FlaskClient, database: Database) -> None:
        user_id, login = a_login(database, RoleCode.DISPATCHER, password=None)
        with database.transaction() as tx:
            code = users.issue_code(tx, user_id=user_id, at=AT)

        answer = enter(client, login, code, next_="/inside")
        assert answer.headers["Location"] == "/sign-in/password?next=/inside"
        assert not is_inside(client)
        weak = send(client, "/sign-in/password", password="password1234", again="password1234", next="/inside")
        other = send(client, "/sign-in/password", password=PASSWORD, again=PASSWORD + "!", next="/inside")
        right = send(client, "/sign-in/password", password=PASSWORD, again=PASSWORD, next="/inside")

        assert (weak.status_code, other.status_code, right.headers["Location"]) == (422, 422, "/inside")
        assert is_inside(client)
        assert outcomes(database, user_id) == [("access.sign_in", "done"), ("access.choose_password", "done")]

    def test_is_needed_before_a_password_is_chosen(self, client: FlaskClient) -> None:
        assert client.get("/sign-in/password").headers["Location"] == "/sign-in"


class TestSecondFactor:
    def test_is_set_up_once_and_asked_for_ever_after(self, client: FlaskClient, database: Database, clock: FixedClock) -> None:
        user_id, login = a_login(database, RoleCode.FINANCE)

        assert enter(client, login).headers["Location"] == "/sign-in/code"
        page = client.get("/sign-in/code").text
        secret = SECRET.search(page)
        assert secret is not None
        assert page.count("<svg") == 1
        assert send(client, "/sign-in/code", code="000000").status_code == 422
        assert not is_inside(client)
        before = client.get_cookie("boshu-session")
        assert send(client, "/sign-in/code", code=pyotp.TOTP(secret[1]).at(clock.at)).status_code == 303
        after = client.get_cookie("boshu-session")
        assert is_inside(client)
        assert before is not None
        assert after is not None
        assert before.value != after.value

        clock.advance(timedelta(minutes=1))
        other = client.application.test_client()
        enter(other, login)
        assert SECRET.search(other.get("/sign-in/code").text) is None
        assert send(other, "/sign-in/code", code=pyotp.TOTP(secret[1]).at(clock.at)).status_code == 303
        assert is_inside(other)
        assert ("access.second_factor", "refused") in outcomes(database, user_id)


class TestSignOut:
    def test_ends_the_session_for_ever(self, client: FlaskClient, database: Database) -> None:
        _id, login = a_login(database)
        enter(client, login)
        kept = client.get_cookie("boshu-session")
        assert kept is not None

        assert send(client, "/account", ignored="").status_code == 405
        token = CSRF.search(client.get("/account").text)
        assert token is not None
        assert client.post("/sign-out", data={"csrf": token[1]}).headers["Location"] == "/sign-in"

        assert client.get_cookie("boshu-session") is None
        client.set_cookie("boshu-session", kept.value, domain="localhost")
        assert not is_inside(client)


class TestAccount:
    def test_shows_where_one_is_signed_in_and_ends_it(self, client: FlaskClient, house: Flask, database: Database) -> None:
        _id, login = a_login(database, RoleCode.DISPATCHER)
        other = house.test_client()
        for browser in (other, client):
            browser.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 Gecko Firefox/140.0"
            enter(browser, login)
        page = client.get("/account").text
        assert page.count("Firefox") == 2
        token = CSRF.search(page)
        assert token is not None

        client.post("/account/end", data={"csrf": token[1], "session": "others"})

        assert not is_inside(other)
        assert is_inside(client)

    def test_ends_no_session_of_others(self, client: FlaskClient, house: Flask, database: Database) -> None:
        other, (victim, login) = house.test_client(), a_login(database)
        enter(other, login)
        with database.transaction() as tx:
            session_id = tx.value("select session_id from session where user_id = %(id)s and ended_at is null", id=victim)
        enter(client, a_login(database)[1])
        token = CSRF.search(client.get("/account").text)
        assert token is not None

        client.post("/account/end", data={"csrf": token[1], "session": str(session_id)})

        assert is_inside(other)


class TestChangePassword:
    def test_needs_its_user_and_ends_every_other_session(
        self, client: FlaskClient, house: Flask, database: Database, clock: FixedClock
    ) -> None:
        (_id, login), other, new = a_login(database), house.test_client(), "seven herons walk slowly"
        for browser in (other, client):
            enter(browser, login)
        clock.advance(timedelta(minutes=6))
        assert post_own(client, "/account/password").headers["Location"] == "/confirm?next=/account"

        assert send(client, "/confirm", password=PASSWORD, next="/account").status_code == 303
        assert post_own(client, "/account/password").headers["Location"] == "/sign-in/password?next=/account"
        assert send(client, "/sign-in/password", password=new, again=new, next="/account").headers["Location"] == "/account"

        assert is_inside(client)
        assert not is_inside(other)
        assert enter(house.test_client(), login).status_code == 422
        assert enter(house.test_client(), login, new).status_code == 303


def post_own(client: FlaskClient, path: str) -> TestResponse:
    """Press a button of one's own page."""
    token = CSRF.search(client.get("/account").text)
    assert token is not None
    return client.post(path, data={"csrf": token[1]})


class TestConfirm:
    def test_needs_the_password_again_and_changes_the_token(self, client: FlaskClient, database: Database) -> None:
        _id, login = a_login(database)
        enter(client, login)
        before = client.get_cookie("boshu-session")

        assert send(client, "/confirm", password="wrong").status_code == 422
        assert send(client, "/confirm", password=PASSWORD, next="/inside").headers["Location"] == "/inside"

        after = client.get_cookie("boshu-session")
        assert before is not None
        assert after is not None
        assert before.value != after.value
        assert is_inside(client)
