"""A wall screen is bound by its link once, takes over what people set on it, and tells that it lives."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.access import screens
from core.access.actors import Actor
from core.access.roles import RoleCode
from core.access.screens import Draft
from core.kit.clock import FixedClock
from core.kit.db import Database
from core.kit.locale import Language
from tests.core.ui.entrance.house import AT, a_login, is_inside


class TestWalls:
    def test_is_bound_by_a_link_once_and_looks_until_it_is_revoked(
        self, client: FlaskClient, house: Flask, database: Database
    ) -> None:
        with database.transaction() as tx:
            screen_id = screens.add(tx, name="hall", by=None, at=AT)
            link = screens.make_link(tx, screen_id=screen_id, at=AT)

        assert client.get(f"/screen/{link}").headers["Location"] == "/"
        assert is_inside(client)
        assert house.test_client().get(f"/screen/{link}").status_code == 410
        assert client.get(f"/screen/{link}").headers["Location"] == "/"
        assert client.get("/account").status_code == 403

        with database.transaction() as tx:
            screens.revoke(tx, screen_id=screen_id, at=AT)
        assert not is_inside(client)

    def test_takes_over_what_people_set_on_it(self, client: FlaskClient, database: Database) -> None:
        keeper = Actor(a_login(database, RoleCode.SYSTEM_ADMINISTRATOR)[0], frozenset())
        with database.transaction() as tx:
            draft = Draft(name="gate hall", is_loud=False, language=Language.EN)
            screen_id = screens.register(tx, draft, by=keeper, at=AT)
            link = screens.make_link(tx, screen_id=screen_id, at=AT)
        client.get(f"/screen/{link}")
        token, kept, language = (client.get_cookie(name) for name in ("_csrf_token", "boshu-screen-set", "boshu-lang"))
        assert token is not None
        assert kept is not None
        assert language is not None
        assert (unquote(unquote(kept.value)), language.value) == ("sound=off&lang=en", "en")

        with database.transaction() as tx:
            screens.change(tx, screen_id, Draft(name="gate hall", quiet="22:00-07:00"), version=1, by=keeper, at=AT)
        client.post("/screen/beat", json={}, headers={"X-CSRFToken": token.value})

        kept = client.get_cookie("boshu-screen-set")
        assert kept is not None
        assert unquote(unquote(kept.value)) == "quiet=22:00-07:00"

    def test_outlives_the_night(self, client: FlaskClient, database: Database, clock: FixedClock) -> None:
        with database.transaction() as tx:
            link = screens.make_link(tx, screen_id=screens.add(tx, name="lobby", by=None, at=AT), at=AT)
        client.get(f"/screen/{link}")

        clock.advance(timedelta(days=200))

        assert is_inside(client)

    @pytest.mark.parametrize("told", [{"version": "1", "heap_mb": 84, "scene": "/"}, {}, [], {"heap_mb": "x"}, {"heap_mb": 10**12}])
    def test_tells_that_it_lives(self, client: FlaskClient, database: Database, clock: FixedClock, told: object) -> None:
        with database.transaction() as tx:
            screen_id = screens.add(tx, name=f"beat {told}", by=None, at=AT)
            link = screens.make_link(tx, screen_id=screen_id, at=AT)
        client.get(f"/screen/{link}")
        clock.advance(timedelta(seconds=60))
        token = client.get_cookie("_csrf_token")
        assert token is not None

        assert client.post("/screen/beat", json=told, headers={"X-CSRFToken": token.value}).status_code == 204

        with database.transaction() as tx:
            assert tx.value("select last_seen_at from wall_screen where screen_id = %(id)s", id=screen_id) == clock.at
