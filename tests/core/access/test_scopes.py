"""Scope: what is outside is not there."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from core.access import scopes, sessions
from core.access.roles import OwnRights
from core.access.scopes import EVERYTHING, NOTHING, Scope
from core.access.sessions import Stage
from core.kit.db import Tx
from core.kit.ids import uuid7
from core.places import organisations
from core.places.organisations import Organisation, OrganisationKind
from tests.core.access.people import a_user

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)
ADD_SITE = """
with a as (
    insert into area (area_id, level, code, name, name_en) values (%(site)s, 'district', %(code)s, 'A', 'A') returning area_id
)
insert into site (site_id, code, organisation_id, area_id, kind, mode, name, name_en, time_zone, opened_on)
select %(site)s, %(code)s, %(organisation)s, area_id, 'off_street', 'gate', 'S', 'S', 'Asia/Shanghai', '2026-01-01' from a
"""


def an_organisation(tx: Tx, parent: UUID | None = None) -> UUID:
    organisation_id = uuid7()
    organisations.add(tx, [Organisation(organisation_id, parent, OrganisationKind.BRANCH, "O", "O")])
    return organisation_id


def a_site(tx: Tx, organisation: UUID) -> UUID:
    site_id = uuid7()
    tx.run(ADD_SITE, site=site_id, code=site_id.hex, organisation=organisation)
    return site_id


class TestScope:
    def test_is_nothing_by_default(self, tx: Tx) -> None:
        a_site(tx, an_organisation(tx))

        assert NOTHING.sites(tx) == []
        assert scopes.get_scope(tx, user_id=uuid7()) == NOTHING

    def test_of_an_organisation_has_those_below_it_and_no_others(self, tx: Tx) -> None:
        top, stranger = an_organisation(tx), an_organisation(tx)
        branch = an_organisation(tx, top)
        mine = [a_site(tx, top), a_site(tx, branch), a_site(tx, an_organisation(tx, branch))]
        a_site(tx, stranger)

        assert Scope(organisation_ids=frozenset({top})).sites(tx) == sorted(mine)
        assert len(Scope(organisation_ids=frozenset({branch})).sites(tx)) == 2

    def test_of_an_area_has_what_lies_in_it_and_below(self, tx: Tx) -> None:
        organisation = an_organisation(tx)
        inner, other = a_site(tx, organisation), a_site(tx, organisation)  # each in a district of the same number
        city = uuid7()
        tx.run("insert into area (area_id, level, code, name, name_en) values (%(id)s, 'city', 'C', 'C', 'C')", id=city)
        tx.run("update area set parent_id = %(city)s where area_id = %(inner)s", city=city, inner=inner)

        assert Scope(area_ids=frozenset({city})).sites(tx) == [inner]
        assert scopes.part_of([city], [other]).sites(tx) == sorted([inner, other])
        assert scopes.part_of([], []) == EVERYTHING

    def test_of_sites_has_these(self, tx: Tx) -> None:
        organisation = an_organisation(tx)
        mine, other = a_site(tx, organisation), a_site(tx, organisation)
        scope = Scope(site_ids=frozenset({mine}))

        scope.require(tx, site_id=mine)

        for site_id in (other, uuid7()):
            with pytest.raises(scopes.OutOfScope, match="no such site"):
                scope.require(tx, site_id=site_id)

    def test_of_everything_has_what_comes_later_as_well(self, tx: Tx) -> None:
        site_id = a_site(tx, an_organisation(tx))

        EVERYTHING.require(tx, site_id=site_id)


class TestGrant:
    def test_replaces_what_was_granted(self, tx: Tx) -> None:
        organisation = an_organisation(tx)
        scope = Scope(organisation_ids=frozenset({organisation}), site_ids=frozenset({a_site(tx, organisation)}))
        user_id = a_user(tx, at=AT, scope=EVERYTHING)

        scopes.grant(tx, user_id=user_id, scope=scope, by=None, at=AT)

        assert scopes.get_scope(tx, user_id=user_id) == scope

    def test_ends_the_sessions_that_saw_something_else(self, tx: Tx) -> None:
        user_id = a_user(tx, at=AT, scope=EVERYTHING)
        token = sessions.begin(tx, user_id=user_id, stage=Stage.OPEN, address="", agent="", at=AT)

        scopes.grant(tx, user_id=user_id, scope=EVERYTHING, by=None, at=AT)
        assert sessions.find(tx, token=token, at=AT) is not None

        scopes.grant(tx, user_id=user_id, scope=NOTHING, by=None, at=AT)
        assert sessions.find(tx, token=token, at=AT) is None

    def test_is_not_for_oneself(self, tx: Tx) -> None:
        user_id = a_user(tx, at=AT)

        with pytest.raises(OwnRights):
            scopes.grant(tx, user_id=user_id, scope=EVERYTHING, by=user_id, at=AT)
