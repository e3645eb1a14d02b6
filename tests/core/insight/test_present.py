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
from core.access import scenes, scopes, screens
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
from tests.core.access.people import a_user
from tests.core.kit.live.test_hub import until
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


@pytest.fixture(scope="module")
def scene(web: Flask, database: Database) -> UUID:
    """Return a scene that shows our site and the lot, which is theirs."""
    return a_scene(database, town.site_id(MAGNET), town.site_id(town.LOT))


def a_scene(database: Database, *site_ids: UUID) -> UUID:
    """Return a scene of some sites."""
    with database.transaction() as tx:
        keeper = Actor(a_user(tx, at=AT, password=None), frozenset({Permission.SCREENS_MANAGE}))
        draft = scenes.Draft(name=str(len(site_ids)), kind=scenes.Kind.OVERVIEW, site_ids=list(site_ids))
        return scenes.register(tx, draft, by=keeper, at=AT)


class TestScene:
    def test_chooses_from_what_its_reader_sees(self, ours: FlaskClient, everybody: FlaskClient, scene: UUID) -> None:
        mine, alone = (ours.get(path).json for path in (f"/live/wall.json?scene={scene}", "/live/wall.json"))
        every = everybody.get(f"/live/wall.json?scene={scene}").json
        assert mine is not None
        assert every is not None
        assert alone is not None

        assert mine["tiles"]["berths"] == alone["tiles"]["berths"]
        assert {code for code, *_load in every["tiles"]["map"]["lots"]} == {THEIRS + town.LOT}
        assert {code for code, *_load in every["tiles"]["map"]["segments"]} == {MAGNET}

    def test_has_a_part_of_every_sum(self, everybody: FlaskClient, database: Database, scene: UUID) -> None:
        rest = a_scene(database, town.site_id(town.VIDEO))
        part, other, whole = (
            everybody.get(path).json or {}
            for path in (f"/live/wall.json?scene={scene}", f"/live/wall.json?scene={rest}", "/live/wall.json")
        )

        for tile, figure in (("berths", "total"), ("berths", "occupied"), ("stays_today", "n"), ("received_today", "fen")):
            n, rest_n, all_n = (told["tiles"][tile][figure] or 0 for told in (part, other, whole))
            assert n + rest_n == all_n, (tile, figure)
        with database.transaction() as tx:
            spaces = "select count(*) from space where site_id = any(%(sites)s) and in_service_to is null"
            assert part["tiles"]["berths"]["total"] == tx.value(spaces, sites=[town.site_id(MAGNET)])

    @pytest.mark.parametrize(
        "path",
        ["/live/wall.json?", f"/live/wall.json?{PAST}&", "/live/places.json?", "/live/stream?topics=wall&"],
        ids=["now", "a past moment", "places", "stream"],
    )
    def test_tells_of_its_sites_alone_by_every_route(self, everybody: FlaskClient, scene: UUID, path: str) -> None:
        told = body_of(everybody, f"{path}scene={scene}")

        assert (MAGNET in told, THEIRS + town.LOT in told) == (True, True)
        assert THEIRS in body_of(everybody, path)
        assert THEIRS + town.VIDEO not in told

    def test_does_not_hide_what_is_urgent_elsewhere(self, everybody: FlaskClient, scene: UUID, database: Database) -> None:
        with database.transaction() as tx:
            tx.run(
                "insert into alarm (alarm_id, rule, priority, site_id, subject_id, raised_at, detail) "
                "values (%(id)s, 'gateway_silent', 1, %(site)s, %(site)s, now() - interval '1 minute', '{}')",
                id=derived_id("urgent"),
                site=town.site_id(town.VIDEO),
            )

        told = body_of(everybody, f"/live/wall.json?scene={scene}")
        until(lambda: str(derived_id("urgent")) in body_of(everybody, f"/live/stream?topics=headline&scene={scene}"))

        assert str(derived_id("urgent")) not in told

    @pytest.mark.parametrize("wrong", ["x", "01a20612-b52a-7804-b661-8bbcbeb17d1c"])
    def test_that_nobody_made_is_refused(self, everybody: FlaskClient, wrong: str) -> None:
        for path in ("/live/wall.json", "/live/stream", "/live/places.json", f"/live/wall.json?{PAST}"):
            assert everybody.get(f"{path}{'&' if '?' in path else '?'}scene={wrong}").status_code == 400

    def test_is_within_what_a_screen_sees(self, web: Flask, database: Database, scene: UUID) -> None:
        with database.transaction() as tx:
            keeper = Actor(a_user(tx, at=AT, password=None), frozenset({Permission.SCREENS_MANAGE}))
            draft = screens.Draft(name="hall", site_ids=[town.site_id(MAGNET)], scene_ids=[scene])
            link = screens.make_link(tx, screen_id=screens.register(tx, draft, by=keeper, at=utc_now()), at=utc_now())
        with web.test_client() as wall:
            wall.get(f"/screen/{link}")

            told = [one["name"] for one in wall.get("/screen/scenes").json or []]
            assert told == ["2", OURS]
            for path in ("/live/wall.json", "/live/places.json", f"/live/wall.json?{PAST}"):
                for asked in ("", f"scene={scene}"):
                    assert THEIRS not in body_of(wall, f"{path}{'&' if '?' in path else '?'}{asked}")


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
