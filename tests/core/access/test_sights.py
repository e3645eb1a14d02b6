"""A scene chooses from what somebody sees, and never adds to it."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from core.access import scenes
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.scenes import Draft, Kind
from core.access.scopes import EVERYTHING, NOTHING, Scope
from core.access.sights import Sight
from core.kit.db import Tx
from core.kit.ids import uuid7
from tests.core.access.people import a_user
from tests.core.access.test_scopes import a_site, an_organisation

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)


def a_scene(tx: Tx, *site_ids: UUID) -> UUID:
    keeper = Actor(a_user(tx, at=AT, password=None), frozenset({Permission.SCREENS_MANAGE}))
    return scenes.register(tx, Draft(name=uuid7().hex[-16:], kind=Kind.MAP, site_ids=list(site_ids)), by=keeper, at=AT)


class TestSight:
    def test_is_the_whole_city_only_where_nothing_narrows_it(self, tx: Tx) -> None:
        site_id = a_site(tx, an_organisation(tx))

        assert Sight(EVERYTHING).sites(tx) is None
        assert Sight(EVERYTHING, a_scene(tx)).sites(tx) is None
        assert Sight(EVERYTHING, a_scene(tx, site_id)).sites(tx) == (site_id,)
        assert Sight(NOTHING).sites(tx) == ()

    def test_is_what_scope_and_scene_have_in_common(self, tx: Tx) -> None:
        organisation = an_organisation(tx)
        mine, both, others = (a_site(tx, organisation) for _n in range(3))
        scope = Scope(site_ids=frozenset({mine, both}))

        assert Sight(scope, a_scene(tx, both, others)).sites(tx) == (both,)
        assert Sight(scope, a_scene(tx, others)).sites(tx) == ()
        assert Sight(scope, a_scene(tx)).sites(tx) == tuple(sorted([mine, both]))

    def test_has_a_site_that_came_later(self, tx: Tx) -> None:
        organisation = an_organisation(tx)
        sight = Sight(Scope(organisation_ids=frozenset({organisation})))
        first = a_site(tx, organisation)
        assert sight.sites(tx) == (first,)

        later = a_site(tx, organisation)

        assert sight.sites(tx) == tuple(sorted([first, later]))

    def test_of_a_scene_that_nobody_made_is_refused(self, tx: Tx) -> None:
        with pytest.raises(scenes.NoSuchScene):
            Sight(EVERYTHING, uuid7()).sites(tx)
