"""The gate shows out within seconds, and lets look on while the database is away."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from callbacks import edge
from core.access import roles, scopes, screens, sessions, users
from core.access.actors import Actor, ActorKind
from core.access.permissions import Permission
from core.access.roles import RoleCode
from core.access.scopes import EVERYTHING, NOTHING, Scope
from core.access.sessions import Ended, Stage
from core.access.sights import Sight
from core.kit.clock import FixedClock, utc_now
from core.kit.db import Database, Tx
from core.kit.errors import Unavailable
from core.kit.ids import uuid7
from core.ui.entrance import policies
from core.ui.entrance.gate import _Guests
from core.ui.entrance.policies import Open
from tests.core.access.people import a_user
from tests.core.access.test_scopes import a_site, an_organisation
from tests.core.ui.entrance.house import SCREEN, knocker
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


class Counted:
    """A database that counts how often it is asked, and can be away."""

    def __init__(self, database: Database) -> None:
        self.asked_n, self.is_away, self._database = 0, False, database

    def transaction(self) -> object:
        self.asked_n += 1
        if self.is_away:
            raise Unavailable("away")
        return self._database.transaction()


@pytest.fixture
def counted(database: Database) -> Counted:
    return Counted(database)


@pytest.fixture
def guests(counted: Counted) -> _Guests:
    return _Guests(counted, FixedClock(AT), every_s=0.0)  # type: ignore[arg-type]  # all that guests need of a database


def a_guest(database: Database) -> Actor:
    with database.transaction() as tx:
        user_id = a_user(tx, at=AT, password=None)
        token = sessions.begin(tx, user_id=user_id, stage=Stage.OPEN, address="", agent="", at=AT)
        session = sessions.find(tx, token=token, at=AT)
    assert session is not None
    return Actor(user_id, frozenset(), session_id=session.session_id)


class TestGuests:
    def test_are_shown_out_when_their_session_is_over(self, database: Database, guests: _Guests) -> None:
        one, other = a_guest(database), a_guest(database)
        assert guests.is_let_in(one)
        assert guests.is_let_in(other)
        assert one.session_id is not None

        with database.transaction() as tx:
            sessions.end(tx, session_id=one.session_id, user_id=one.id, why=Ended.REVOKED, at=AT)

        assert not guests.is_let_in(one)
        assert guests.is_let_in(other)

    def test_are_shown_out_when_their_screen_is_revoked(self, database: Database, guests: _Guests) -> None:
        with database.transaction() as tx:
            screen_id = screens.add(tx, name=uuid7().hex, by=None, at=AT)
        screen = Actor(screen_id, frozenset(), kind=ActorKind.SCREEN)
        assert guests.is_let_in(screen)

        with database.transaction() as tx:
            screens.revoke(tx, screen_id=screen_id, at=AT)

        assert not guests.is_let_in(screen)

    def test_of_a_screen_that_sees_something_else_begin_anew(self, database: Database, guests: _Guests) -> None:
        with database.transaction() as tx:
            keeper = Actor(a_user(tx, at=AT, password=None), frozenset({Permission.SCREENS_MANAGE}))
            screen_id = screens.register(tx, screens.Draft(name=uuid7().hex), by=keeper, at=AT)
        before = Actor(screen_id, frozenset(), kind=ActorKind.SCREEN, scope=EVERYTHING)
        assert guests.is_let_in(before)
        assert guests.sees(before, {})

        site_id = uuid7()
        with database.transaction() as tx:
            draft = screens.Draft(name=uuid7().hex, site_ids=[site_id])
            screens.change(tx, screen_id, draft, version=1, by=keeper, at=AT)

        assert guests.is_let_in(before)
        assert not guests.sees(before, {})
        assert guests.sees(Actor(screen_id, frozenset(), kind=ActorKind.SCREEN, scope=scopes.part_of([], [site_id])), {})

    def test_whose_part_of_the_city_grew_begin_anew(self, database: Database, guests: _Guests) -> None:
        one = a_guest(database)
        with database.transaction() as tx:
            organisation = an_organisation(tx)
            sight = Sight(Scope(organisation_ids=frozenset({organisation})))
            sites = sight.sites(tx)
        assert guests.is_let_in(one)
        assert guests.sees(one, {sight: sites})

        with database.transaction() as tx:
            a_site(tx, organisation)

        assert guests.is_let_in(one)
        assert not guests.sees(one, {sight: sites})

    def test_stay_while_the_database_is_away(self, database: Database, guests: _Guests, counted: Counted) -> None:
        one = a_guest(database)
        assert guests.is_let_in(one)
        counted.is_away = True

        assert guests.is_let_in(one)

    def test_cost_one_question_whatever_their_number(self, database: Database, guests: _Guests, counted: Counted) -> None:
        guests.every_s = 3_600.0
        crowd = [a_guest(database)] * 400

        assert all(guests.is_let_in(one) for one in crowd)
        assert counted.asked_n == 1


class TestGate:
    def test_lets_look_on_while_the_database_is_away_and_change_nothing(
        self, database: Database, counted: Counted, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(policies, "ROUTES", {**policies.ROUTES, "/inside": Permission.WALL_VIEW, "/closed": Open.USERS})
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
