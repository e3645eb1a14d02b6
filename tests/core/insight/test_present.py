"""Who sees a part of the city is told of nothing else, by whatever route he asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from itertools import islice
from uuid import UUID

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from app import create_app
from callbacks import edge
from core.access import scopes
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.roles import RoleCode
from core.access.scopes import Scope
from core.kit.clock import utc_now
from core.kit.db import Database
from core.kit.ids import derived_id
from core.kit.listing import Asked
from core.settings import Settings
from core.ui import register
from core.ui.register import Reader, asking
from ingest.pipeline import Pipeline
from tests.fixtures.visitors import sign_in
from tests.ingest import town
from tests.ingest.town import MAGNET, Town

OURS, THEIRS = "our-marker", "their-marker"
AT = utc_now().astimezone(UTC).replace(microsecond=0) - timedelta(minutes=40)
PAST = f"at={(AT + timedelta(minutes=30)).strftime('%Y-%m-%dT%H:%M:%SZ')}"


@pytest.fixture(scope="module")
def web(database: Database) -> Flask:
    """Return an application on a town of two organisations; the names of theirs bear a mark, and so do those of ours."""
    town.build(database)
    tell(database)
    with database.transaction() as tx:
        tx.run("insert into organisation (organisation_id, kind, name, name_en) values (%(o)s, 'branch', 'x', 'x')", o=branch())
        tx.run("update site set name = %(mark)s, name_en = %(mark)s, organisation_id = %(o)s where code = %(c)s",
               mark=OURS, o=branch(), c=MAGNET)  # fmt: skip
        tx.run("update site set name = %(mark)s || code, name_en = %(mark)s || code, code = %(mark)s || code "
               "where code <> %(c)s", mark=THEIRS, c=MAGNET)  # fmt: skip
        tx.run("update device set code = %(mark)s || code where site_id <> %(s)s", mark=THEIRS, s=town.site_id(MAGNET))
        tx.run("update space set code = %(mark)s || code where site_id <> %(s)s", mark=THEIRS, s=town.site_id(MAGNET))
        tx.run("update registry_version set version = version + 1")
    return create_app(Settings(database_url=database.url))


def branch() -> UUID:
    """Return the id of our organisation."""
    return derived_id("branch")


def tell(database: Database) -> None:
    """Let cars come and go everywhere, and let them pay."""
    speaker, pipeline = Town(), Pipeline(database)
    pipeline.take([speaker.sensor(number, AT, occupied=False, repeat=True) for number in range(1, 5)])
    later = [AT + timedelta(minutes=minute) for minute in (5, 10, 25)]
    pipeline.take([speaker.sensor(1, later[0], occupied=True), speaker.collector(1, later[1], "江A11111")])
    pipeline.take([speaker.pole(2, later[0], occupied=True, plate="江B22222", colour="blue")])
    pipeline.take([speaker.lane("in", later[0], "江C33333"), speaker.lane("out", later[2], "江C33333")])
    pipeline.take([speaker.pay(town.LOT, later[2], "江C33333", 500, "t-1")])


def seeing(web: Flask, database: Database, scope: Scope) -> FlaskClient:
    """Return the browser of somebody who sees that much."""
    client = web.test_client()
    sign_in(database, RoleCode.COMMAND_CENTER, scope=scope).enter(client)
    return client


@pytest.fixture
def ours(web: Flask, database: Database) -> Iterator[FlaskClient]:
    """Return the browser of somebody who sees what our branch has."""
    with seeing(web, database, Scope(organisation_ids=frozenset({branch()}))) as client:
        yield client


@pytest.fixture
def everybody(web: Flask, database: Database) -> Iterator[FlaskClient]:
    """Return the browser of somebody who sees everything."""
    with seeing(web, database, scopes.EVERYTHING) as client:
        yield client


def body_of(client: FlaskClient, path: str) -> str:
    """Return what is answered; of a stream, the first frames of its topics."""
    answer = client.get(path, buffered=False)
    if answer.mimetype == "text/event-stream":
        return b"".join(islice(answer.response, 2)).decode()  # type: ignore[arg-type]  # the stream yields bytes
    return answer.get_data().decode(errors="replace")


ROUTES = (
    "/live/wall.json",
    f"/live/wall.json?{PAST}",
    "/live/places.json",
    "/live/stream?topics=wall,berths,events",
    "/live/berths.bin",
    f"/live/berths.bin?{PAST}",
)


class TestRegister:
    @pytest.mark.parametrize("path", ROUTES, ids=lambda path: str(path).split("at=")[0])
    def test_tells_of_the_readers_sites_alone(self, ours: FlaskClient, everybody: FlaskClient, path: str) -> None:
        told, all_told = body_of(ours, path), body_of(everybody, path)

        assert THEIRS in all_told
        assert THEIRS not in told

    def test_tells_the_readers_own(self, ours: FlaskClient) -> None:
        assert OURS in body_of(ours, "/live/places.json")
        assert OURS in body_of(ours, "/live/berths.bin")

    def test_counts_the_readers_sites_alone(self, ours: FlaskClient, everybody: FlaskClient) -> None:
        mine, every = (client.get("/live/wall.json").json for client in (ours, everybody))
        assert mine is not None
        assert every is not None

        assert (mine["tiles"]["berths"]["total"], mine["tiles"]["berths"]["occupied"]) == (6, 1)
        assert (every["tiles"]["berths"]["total"], every["tiles"]["berths"]["occupied"]) == (12, 2)

    def test_shows_nothing_to_who_sees_nothing(self, web: Flask, database: Database) -> None:
        with seeing(web, database, scopes.NOTHING) as client:
            assert all(mark not in body_of(client, "/live/places.json") for mark in (OURS, THEIRS))


@contextmanager
def acting(web: Flask, scope: Scope) -> Iterator[None]:
    """Ask as somebody who may do everything, within a part of the city."""
    with web.test_request_context():
        g.actor = Actor(derived_id("actor", "of the branch"), frozenset(Permission), scope=scope)
        yield


LISTS = {
    "insight/stays", "insight/passages", "devices/detectors", "devices/cameras", "devices/sections", "devices/quality",
}  # fmt: skip


class TestLists:
    def test_of_all_registers_tell_of_the_readers_sites_alone(self, web: Flask) -> None:
        told = {}
        for scope in (Scope(organisation_ids=frozenset({branch()})), scopes.EVERYTHING):
            with acting(web, scope), edge.reading() as act:
                reader = Reader(act.tx, act.actor, act.at, act.scope.sites(act.tx))
                told[scope] = {
                    one.name: str(one.relation.rows(act.tx, Asked(), **asking.given(one, reader, {})))
                    for one in register.everything()
                }

        mine, every = told.values()
        assert [name for name, text in mine.items() if THEIRS in text] == []
        assert {name for name, text in every.items() if THEIRS in text} >= LISTS
