"""The search of the head finds for each reader what he may see, and leads him where he may go."""

import importlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import dash
import pytest
from flask import Flask
from flask.testing import FlaskClient

from callbacks import edge, search
from core.access import scopes
from core.access.permissions import Permission
from core.access.roles import RoleCode
from core.access.scopes import Scope
from core.insight.dispatch.search import Hit, HitKind
from core.kit.clock import FixedClock, utc_now
from core.kit.db import Database
from core.ui import register as registers
from tests.architecture import tree
from tests.core.insight import facts
from tests.fixtures.visitors import sign_in

UNTIL = utc_now().replace(microsecond=0)
PAGES = {
    "/dispatch": Permission.DISPATCH_VIEW,
    "/parking/stays": Permission.STAYS_VIEW,
    "/parking/sites": Permission.PLACES_VIEW,
    "/parking/berths": Permission.PLACES_VIEW,
    "/devices/inventory": Permission.DEVICES_VIEW,
}


@pytest.fixture(scope="module")
def city(database: Database) -> Database:
    """Return a database with the small city and a day of its past."""
    facts.fill(database, until=UNTIL, days=1)
    return database


@pytest.fixture(scope="module")
def enter(city: Database) -> Iterator[Callable[..., FlaskClient]]:
    """Return what lets somebody of a role in."""
    server = Flask(__name__)
    edge.register(server, database=city, clock=FixedClock(UNTIL + timedelta(seconds=1)))
    search.register(server)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dash, "page_registry", {path: {"path": path, "needs": need} for path, need in PAGES.items()})

        def of(*roles: RoleCode, scope: Scope | None = None) -> FlaskClient:
            visitor = sign_in(city, *roles, scope=scope or scopes.EVERYTHING)
            client = server.test_client()
            visitor.enter(client)
            return client

        yield of


@pytest.fixture(scope="module")
def stay(city: Database) -> dict[str, Any]:
    """Return a stay that is over, with its order."""
    with city.transaction() as tx:
        row = tx.row(
            "select s.plate, o.order_id, site.code as site from stay as s "
            "join charge_order as o using (site_id, stay_id) join site using (site_id) "
            "where s.ended_at is not null and s.plate is not null order by s.started_at desc limit 1"
        )
    assert row is not None
    return row


def found(client: FlaskClient, text: str) -> list[dict[str, Any]]:
    """Return the hits of a text."""
    answer = client.get("/search", query_string={"text": text, "lang": "en"})
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    hits: list[dict[str, Any]] = answer.json["hits"]
    return hits


class TestAnswer:
    def test_leads_finance_from_a_plate_to_its_stays(self, enter: Callable[..., FlaskClient], stay: dict[str, Any]) -> None:
        hits = found(enter(RoleCode.FINANCE), stay["plate"])

        assert {hit["kind"] for hit in hits} == {"plate"}
        assert urlsplit(hits[0]["href"]).path == "/parking/stays"
        assert parse_qs(urlsplit(hits[0]["href"]).query) == {"q.plate": [stay["plate"]], "q.period": ["all"]}

    def test_tells_no_more_of_a_plate_than_was_typed(self, enter: Callable[..., FlaskClient], stay: dict[str, Any]) -> None:
        part = stay["plate"][2:6]
        answer = enter(RoleCode.FINANCE).get("/search", query_string={"text": part})

        assert answer.json is not None
        assert answer.json["hits"]
        assert stay["plate"] not in answer.text

    def test_leads_a_dispatcher_from_a_berth_to_the_map(self, enter: Callable[..., FlaskClient]) -> None:
        hits = [hit for hit in found(enter(RoleCode.DISPATCHER), "GL-03/0002") if hit["kind"] == "berth"]

        assert [hit["href"] for hit in hits] == ["/dispatch?berth=GL-03%2F0002"]

    def test_leads_whom_the_map_is_closed_to_the_lists(self, enter: Callable[..., FlaskClient]) -> None:
        hits = found(enter(RoleCode.FINANCE), "GL-03")

        assert "/parking/sites?q.called=GL-03" in [hit["href"] for hit in hits]
        assert all(not hit["href"].startswith("/dispatch") for hit in hits)

    def test_finds_devices_for_who_may_see_them(self, enter: Callable[..., FlaskClient], city: Database) -> None:
        with city.transaction() as tx:
            code = tx.value("select code from device where kind = 'gateway' limit 1")

        assert f"/devices/inventory?q.code={code}" in [hit["href"] for hit in found(enter(RoleCode.DISPATCHER), code)]
        assert found(enter(RoleCode.FINANCE), code) == []

    def test_finds_nothing_outside_of_the_readers_scope(self, enter: Callable[..., FlaskClient], stay: dict[str, Any]) -> None:
        nobody = enter(RoleCode.DISPATCHER, scope=scopes.NOTHING)

        for text in (stay["plate"], str(stay["order_id"]), stay["site"], "0002", "M0"):
            assert found(nobody, text) == [], text

    @pytest.mark.parametrize("role", [RoleCode.SYSTEM_ADMINISTRATOR, RoleCode.SECURITY_ADMINISTRATOR, RoleCode.AUDIT_ADMINISTRATOR])
    def test_finds_nothing_for_administrators(
        self, enter: Callable[..., FlaskClient], stay: dict[str, Any], role: RoleCode
    ) -> None:
        assert found(enter(role), stay["plate"]) == []

    def test_answers_a_text_too_short_with_nothing(self, enter: Callable[..., FlaskClient]) -> None:
        client = enter(RoleCode.DISPATCHER)

        assert [found(client, text) for text in ("", " ", "0", " 1 ")] == [[], [], [], []]

    def test_is_closed_to_strangers(self, enter: Callable[..., FlaskClient]) -> None:
        client = enter(RoleCode.DISPATCHER)
        client.delete_cookie("boshu-session", domain="localhost")

        assert client.get("/search?text=0002").status_code == 401


class TestHrefOf:
    def test_names_filters_that_the_lists_have(self) -> None:
        for path in tree.below("callbacks"):
            importlib.import_module(tree.module(path))
        filters = {one.path: {each.field for each in one.filters} for one in registers.everything()}

        assert [(path, name) for path, name in search._LISTS.values() if name not in filters[path]] == []

    def test_is_empty_where_the_reader_may_see_no_page_of_it(self, enter: Callable[..., FlaskClient]) -> None:
        hit = Hit(HitKind.DEVICE, "M0001", "", "GL-03", None, None, None, None)

        assert enter is not None  # pages are registered
        assert search.href_of(hit, typed="M0001", held=frozenset({Permission.WALL_VIEW})) == ""
