"""Guests are shown out within seconds, by one question for all, and stay while nobody can be asked."""

import pytest

from core.access import scopes, screens, sessions
from core.access.actors import Actor, ActorKind
from core.access.permissions import Permission
from core.access.scopes import EVERYTHING, Scope
from core.access.sessions import Ended, Stage
from core.access.sights import Sight
from core.kit.clock import FixedClock, utc_now
from core.kit.db import Database
from core.kit.ids import uuid7
from core.ui.entrance.guests import Guests
from tests.core.access.people import a_user
from tests.core.access.test_scopes import a_site, an_organisation
from tests.core.ui.entrance.house import Counted

AT = utc_now()


@pytest.fixture
def counted(database: Database) -> Counted:
    return Counted(database)


@pytest.fixture
def guests(counted: Counted) -> Guests:
    return Guests(counted, FixedClock(AT), every_s=0.0)  # type: ignore[arg-type]  # all that guests need of a database


def a_guest(database: Database) -> Actor:
    with database.transaction() as tx:
        user_id = a_user(tx, at=AT, password=None)
        token = sessions.begin(tx, user_id=user_id, stage=Stage.OPEN, address="", agent="", at=AT)
        session = sessions.find(tx, token=token, at=AT)
    assert session is not None
    return Actor(user_id, frozenset(), session_id=session.session_id)


class TestGuests:
    def test_are_shown_out_when_their_session_is_over(self, database: Database, guests: Guests) -> None:
        one, other = a_guest(database), a_guest(database)
        assert guests.is_let_in(one)
        assert guests.is_let_in(other)
        assert one.session_id is not None

        with database.transaction() as tx:
            sessions.end(tx, session_id=one.session_id, user_id=one.id, why=Ended.REVOKED, at=AT)

        assert not guests.is_let_in(one)
        assert guests.is_let_in(other)

    def test_are_shown_out_when_their_screen_is_revoked(self, database: Database, guests: Guests) -> None:
        with database.transaction() as tx:
            screen_id = screens.add(tx, name=uuid7().hex, by=None, at=AT)
        screen = Actor(screen_id, frozenset(), kind=ActorKind.SCREEN)
        assert guests.is_let_in(screen)

        with database.transaction() as tx:
            screens.revoke(tx, screen_id=screen_id, at=AT)

        assert not guests.is_let_in(screen)

    def test_of_a_screen_that_sees_something_else_begin_anew(self, database: Database, guests: Guests) -> None:
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

    def test_whose_part_of_the_city_grew_begin_anew(self, database: Database, guests: Guests) -> None:
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

    def test_stay_while_the_database_is_away(self, database: Database, guests: Guests, counted: Counted) -> None:
        one = a_guest(database)
        assert guests.is_let_in(one)
        counted.is_away = True

        assert guests.is_let_in(one)

    def test_cost_one_question_whatever_their_number(self, database: Database, guests: Guests, counted: Counted) -> None:
        guests.every_s = 3_600.0
        crowd = [a_guest(database)] * 400

        assert all(guests.is_let_in(one) for one in crowd)
        assert counted.asked_n == 1
