"""The gate shows out within seconds, and lets look on while the database is away."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from callbacks import edge
from core.access import roles, scopes, sessions, users
from core.access.permissions import Permission
from core.access.roles import RoleCode
from core.access.scopes import NOTHING
from core.access.sessions import Ended, Stage
from core.kit.clock import FixedClock, utc_now
from core.kit.db import Database, Tx
from core.ui.entrance import policies
from core.ui.entrance.policies import Open
from tests.core.access.people import a_user
from tests.core.ui.entrance.house import SCREEN, Counted, knocker
from tests.fixtures.visitors import sign_in

AT = utc_now()


ENDINGS: dict[str, Callable[[Tx, UUID, UUID], object]] = {
    "signed out": lambda tx, user_id, _by: sessions.end_all(tx, user_id=user_id, why=Ended.SIGNED_OUT, at=AT),
    "revoked": lambda tx, user_id, _by: sessions.end_all(tx, user_id=user_id, why=Ended.REVOKED, at=AT),
    "disabled": lambda tx, user_id, by: users.disable(tx, user_id=user_id, by=by, at=AT),
    "new code": lambda tx, user_id, _by: users.issue_code(tx, user_id=user_id, at=AT),
    "another role": lambda tx, user_id, by: roles.grant(tx, user_id=user_id, role_codes=[RoleCode.FINANCE], by=by, at=AT),
    "another scope": lambda tx, user_id, by: scopes.grant(tx, user_id=user_id, scope=NOTHING, by=by, at=AT),
}


class TestGate:
    def test_lets_look_on_while_the_database_is_away_and_change_nothing(
        self, database: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(policies, "ROUTES", {**policies.ROUTES, "/inside": Permission.WALL_VIEW, "/closed": Open.USERS})
        counted = Counted(database)
        house = Flask(__name__, static_folder=None)
        edge.register(house, database=counted, clock=FixedClock(utc_now()))  # type: ignore[arg-type]  # all the gate needs
        house.add_url_rule("/inside", "inside", lambda: "wall", methods=["GET", "POST"])
        house.add_url_rule("/forgotten", "forgotten", lambda: "open")
        known, stranger = house.test_client(), house.test_client()
        sign_in(database).enter(known)
        stranger.set_cookie("boshu-session", "made up", domain="localhost")
        assert [known.get("/inside").status_code, known.post("/inside").status_code] == [200, 200]
        assert known.get("/forgotten").status_code == 403

        counted.is_away = True

        assert [known.get("/inside").status_code, known.post("/inside").status_code] == [200, 503]
        assert stranger.get("/inside").status_code == 503

    def test_lets_no_page_keep_a_session_open_by_itself(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(policies, "ROUTES", {**policies.ROUTES, "/inside": Open.KNOWN})
        house, clock = Flask(__name__, static_folder=None), FixedClock(AT)
        edge.register(house, database=database, clock=clock)
        house.add_url_rule("/live/wall", "wall", lambda: "wall")
        house.add_url_rule("/inside", "inside", lambda: "inside")
        with database.transaction() as tx:
            user_id = a_user(tx, RoleCode.DISPATCHER, at=AT, password=None)
            token = sessions.begin(tx, user_id=user_id, stage=Stage.OPEN, address="", agent="", at=AT)
        client = house.test_client()
        client.set_cookie("boshu-session", token, domain="localhost")

        def looks_on(minutes: int, *paths: str) -> list[int]:
            clock.advance(timedelta(minutes=minutes))
            return [client.get(path).status_code for path in paths]

        assert looks_on(20, "/inside", "/live/wall", "/session") == [200, 200, 204]
        assert looks_on(20, "/live/wall", "/session") == [200, 204]
        assert looks_on(10, "/live/wall", "/session") == [401, 401]

    @pytest.mark.parametrize("how", ENDINGS)
    def test_ends_a_session_within_the_next_request(self, database: Database, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
        """A-06: in every process that serves, here two of them."""
        monkeypatch.setattr(policies, "ROUTES", {**policies.ROUTES, "/inside": Permission.WALL_VIEW})
        clock, visitor, clients = FixedClock(utc_now()), sign_in(database), []
        for _n in range(2):
            house = Flask(__name__, static_folder=None)
            edge.register(house, database=database, clock=clock)
            house.add_url_rule("/inside", view_func=lambda: "wall")
            clients.append(house.test_client())
            visitor.enter(clients[-1])
        assert [client.get("/inside").status_code for client in clients] == [200, 200]

        with database.transaction() as tx:
            ENDINGS[how](tx, visitor.user_id, a_user(tx, at=AT, password=None))
        clock.advance(timedelta(milliseconds=1))

        assert [client.get("/inside").status_code for client in clients] == [401, 401]

    def test_lets_nobody_click_faster_than_twenty_times_a_second(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        """W-06: whoever does is told when to try again; others and wall screens go on."""
        monkeypatch.setattr(policies, "ROUTES", {**policies.ROUTES, "/inside": Open.CALLBACK})
        house = Flask(__name__, static_folder=None)
        edge.register(house, database=database, clock=FixedClock(utc_now()))
        house.add_url_rule("/inside", "inside", lambda: "done", methods=["POST"])
        busy, other, screen = house.test_client(), house.test_client(), knocker(house, database, SCREEN).client
        sign_in(database).enter(busy)
        sign_in(database).enter(other)
        house.extensions["boshu-gate"].rates._clock = lambda: 0.0

        answers = [busy.post("/inside") for _n in range(60)]

        assert [answer.status_code for answer in answers] == [200] * 40 + [429] * 20
        assert answers[-1].headers["Retry-After"] == "1"
        assert other.post("/inside").status_code == 200
        assert {screen.post("/inside").status_code for _n in range(60)} == {200}
