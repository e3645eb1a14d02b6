"""The edge: what is not guarded is closed, a click is one transaction, a refusal is a notice."""

from collections.abc import Callable, Iterator

import pytest
from dash import Dash, Input, Output, State, html
from flask import Flask
from flask.testing import FlaskClient
from psycopg.errors import DivisionByZero, InsufficientPrivilege

from callbacks import edge
from core.access.permissions import Permission
from core.kit.clock import FixedClock, utc_now
from core.kit.db import Database, Row
from core.kit.errors import Refused, Unavailable
from core.kit.live import headers
from tests.fixtures.visitors import sign_in

ENDPOINT = "/_dash-update-component"
AT = utc_now()


class NoSuchBerth(Refused):
    """For the test."""


def answer(clicks: int, text: str) -> str:
    """Answer, or refuse."""
    if text == "refuse":
        raise NoSuchBerth("There is no such berth.")
    if text == "write":
        with edge.action() as act:
            act.tell("registry", before={"version": 1}, after={"version": 2}, reason="a test")
    if text == "stumble":
        with edge.action() as act:
            act.tx.run("select 1 / 0")
    return f"{text} {clicks}"


@pytest.fixture(scope="module", autouse=True)
def guarded() -> Iterator[Callable[[int, str], str]]:
    """Declare one callback, seen by no application but ours."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edge, "_declared", [])
        yield edge.guarded(
            Permission.WALL_VIEW,
            Output("test-edge-answer", "children"),
            Input("test-edge-ask", "n_clicks"),
            State("test-edge-text", "value"),
        )(answer)


@pytest.fixture(scope="module")
def client(database: Database) -> Iterator[FlaskClient]:
    """Return a visitor of a small application with one guarded and one open callback."""
    server = Flask(__name__)
    server.testing = True  # a bug is raised, not answered
    headers.register(server, script_hashes=lambda: ())
    edge.register(server, database=database, clock=FixedClock(AT))
    screens = Dash(__name__, server=server)  # type: ignore[arg-type]  # Dash names only what it makes itself
    screens.layout = html.Div()

    @screens.callback(Output("test-edge-open", "children"), Input("test-edge-ask", "n_clicks"))
    def forgotten(clicks: int) -> str:
        return f"open {clicks}"

    edge.wire(screens)
    with server.test_client() as client:
        sign_in(database).enter(client)
        client.get("/")
        yield client


def ask(output: str, text: str = "hello") -> dict[str, object]:
    """Return the body the page framework sends for a click."""
    identity, field = output.rsplit(".", 1)
    return {
        "output": output,
        "outputs": {"id": identity, "property": field},
        "inputs": [{"id": "test-edge-ask", "property": "n_clicks", "value": 1}],
        "state": [{"id": "test-edge-text", "property": "value", "value": text}],
        "changedPropIds": ["test-edge-ask.n_clicks"],
    }


class TestGate:
    def test_opens_to_what_is_guarded(self, client: FlaskClient) -> None:
        response = client.post(ENDPOINT, json=ask("test-edge-answer.children"))

        assert response.get_json()["response"] == {"test-edge-answer": {"children": "hello 1"}}

    @pytest.mark.parametrize(
        "output", ["test-edge-open.children", "nothing.children", "..", "", ".._pages_content.children...x.y.."]
    )
    def test_is_closed_to_everything_else(self, client: FlaskClient, output: str) -> None:
        assert client.post(ENDPOINT, json={**ask("a.b"), "output": output}).status_code == 403

    @pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"output": 7}'])
    def test_is_closed_to_what_it_cannot_read(self, client: FlaskClient, body: bytes) -> None:
        assert client.post(ENDPOINT, data=body, content_type="application/json").status_code == 403

    def test_keeps_out_the_pages_of_others(self, client: FlaskClient) -> None:
        response = client.post(ENDPOINT, json=ask("test-edge-answer.children"), headers={"Sec-Fetch-Site": "cross-site"})

        assert response.status_code == 403


class TestGuarded:
    def test_returns_the_function_itself(self, guarded: Callable[[int, str], str]) -> None:
        assert guarded is answer

    def test_shows_a_refusal_as_the_notice_and_changes_nothing(self, client: FlaskClient) -> None:
        response = client.post(ENDPOINT, json=ask("test-edge-answer.children", "refuse"))

        assert response.get_json()["sideUpdate"] == {edge.NOTICE: {"children": "There is no such berth."}}
        assert "response" not in response.get_json() or response.get_json()["response"] == {}


class TestAudit:
    def test_notes_a_refusal_with_its_reason(self, client: FlaskClient, database: Database) -> None:
        client.post(ENDPOINT, json=ask("test-edge-answer.children", "refuse"))

        row = newest(database)
        assert (row["action"].rpartition(".")[2], row["outcome"], row["reason"]) == ("answer", "refused", "There is no such berth.")
        assert row["actor_name"] == "Visitor"
        assert row["request_id"] is not None

    def test_notes_what_was_denied(self, client: FlaskClient, database: Database) -> None:
        client.post(ENDPOINT, json=ask("test-edge-open.children"))

        # not one of ours, so its name is somebody else's text
        row = newest(database)
        assert (row["action"], row["outcome"], row["subject"]) == ("callback", "denied", "unknown")

    def test_notes_a_write_in_the_transaction_that_does_it(self, client: FlaskClient, database: Database) -> None:
        client.post(ENDPOINT, json=ask("test-edge-answer.children", "write"))

        row = newest(database)
        assert (row["outcome"], row["subject"], row["reason"]) == ("done", "registry", "a test")
        assert (row["value_before"], row["value_after"]) == ({"version": 1}, {"version": 2})

    def test_notes_a_write_that_a_bug_stopped(self, client: FlaskClient, database: Database) -> None:
        with pytest.raises(DivisionByZero):
            client.post(ENDPOINT, json=ask("test-edge-answer.children", "stumble"))

        assert newest(database)["outcome"] == "failed"

    def test_notes_nothing_of_what_is_only_looked_at(self, client: FlaskClient, database: Database) -> None:
        before = newest(database)

        client.post(ENDPOINT, json=ask("test-edge-answer.children"))

        assert newest(database) == before


def newest(database: Database) -> Row:
    """Return the newest entry of the audit."""
    with database.transaction() as tx:
        row = tx.row("select * from audit_entry order by entry_id desc limit 1")
    assert row is not None
    return row


class TestAction:
    def test_is_one_transaction(self, client: FlaskClient, database: Database) -> None:
        with client.application.app_context():
            with pytest.raises(DivisionByZero), edge.action() as act:
                act.tx.run(
                    "with raised as (update registry_version set version = version + 1 returning 1) select 1 / 0 from raised"
                )
            with edge.action() as act:
                kept = act.tx.value("select version from registry_version")

        assert (kept, act.at) == (1, AT)

    def test_reading_changes_nothing(self, client: FlaskClient) -> None:
        refused = (Unavailable, InsufficientPrivilege)  # who sees a part of the city alone reads views
        with client.application.app_context(), pytest.raises(refused), edge.reading() as act:
            act.tx.run("update registry_version set version = version + 1")


class TestGiven:
    def test_asks_for_what_is_missing(self) -> None:
        assert edge.given(" 0217 ", "Type a number.") == "0217"
        with pytest.raises(edge.NothingGiven, match="Type a number"):
            edge.given("  ", "Type a number.")
