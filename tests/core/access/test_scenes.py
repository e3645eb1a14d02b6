"""A scene is a kind of picture over a part of the city; screens show it, and hear when it is another."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from core.access import scenes, screens
from core.access.actors import Actor, ActorKind
from core.access.permissions import Permission
from core.access.scenes import Draft, Kind, Light
from core.access.scopes import EVERYTHING, Scope
from core.access.screens import Call
from core.kit.db import Tx
from core.kit.errors import Changed
from core.kit.ids import uuid7
from core.kit.locale import Language, use
from tests.core.access.people import a_user
from tests.core.access.test_scopes import a_site, an_organisation

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)


@pytest.fixture
def keeper(tx: Tx) -> Actor:
    """Return somebody who keeps walls."""
    return Actor(a_user(tx, at=AT, password=None), frozenset({Permission.SCREENS_MANAGE}))


def a_screen(tx: Tx, keeper: Actor, *scene_ids: UUID, area_ids: tuple[UUID, ...] = ()) -> Actor:
    """Return a screen with a browser that shows scenes."""
    draft = screens.Draft(name=uuid7().hex, scene_ids=list(scene_ids), area_ids=list(area_ids))
    screen_id = screens.register(tx, draft, by=keeper, at=AT)
    link = screens.make_link(tx, screen_id=screen_id, at=AT)
    bound = screens.bind(tx, link=link, address="", agent="", at=AT)
    found = None if bound is None else screens.find_by_token(tx, token=bound[1])
    assert found is not None
    return found


class TestRegister:
    def test_keeps_what_a_form_tells(self, tx: Tx, keeper: Actor) -> None:
        organisation = an_organisation(tx)
        district_id, site_id = (a_site(tx, organisation) for _n in range(2))  # each in a district of the same number
        draft = Draft(
            name="鼓楼", name_en="Gulou", kind=Kind.MONEY, area_ids=[district_id], site_ids=[site_id], light=Light.NIGHT, lasts_s=20
        )
        scene_id = scenes.register(tx, draft, by=keeper, at=AT)

        row = scenes.SCENES.find(tx, [scene_id])[0]

        assert (row["name"], row["kind"], row["light"], row["lasts_s"], row["part"], row["screen_n"]) == (
            "鼓楼", "money", "night", 20, "A、S", 0
        )  # fmt: skip

    def test_leaves_each_scene_a_name_of_its_own(self, tx: Tx, keeper: Actor) -> None:
        scenes.register(tx, Draft(name="Gulou", kind=Kind.MAP), by=keeper, at=AT)

        with pytest.raises(scenes.NameTaken) as refused:
            scenes.register(tx, Draft(name="Gulou", kind=Kind.MONEY), by=keeper, at=AT)

        assert refused.value.field == "name"


class TestChange:
    def test_is_heard_by_the_screens_that_show_it_and_no_others(self, tx: Tx, keeper: Actor) -> None:
        scene_id, other_id = (scenes.register(tx, Draft(name=name, kind=Kind.MAP), by=keeper, at=AT) for name in ("one", "two"))
        shows, shows_not = a_screen(tx, keeper, other_id, scene_id), a_screen(tx, keeper, other_id)

        scenes.change(tx, scene_id, Draft(name="one", kind=Kind.MONEY), version=1, by=keeper, at=AT)

        told = screens.list_calls(tx, screen_ids=[shows.id, shows_not.id], at=AT)
        assert [(one.screen_id, one.call) for one in told] == [(shows.id, Call.SETTINGS)]
        with pytest.raises(Changed):
            scenes.change(tx, scene_id, Draft(name="one", kind=Kind.MAP), version=1, by=keeper, at=AT)


class TestClose:
    def test_waits_until_no_screen_shows_it(self, tx: Tx, keeper: Actor) -> None:
        scene_id = scenes.register(tx, Draft(name="one", kind=Kind.MAP), by=keeper, at=AT)
        shows = a_screen(tx, keeper, scene_id)

        with pytest.raises(scenes.StillShown, match="1 screens"):
            scenes.close(tx, [scene_id], at=AT)

        screens.revoke(tx, screen_id=shows.id, at=AT)
        assert scenes.close(tx, [scene_id], at=AT) == 1
        assert scenes.list_choices(tx) == []
        assert scenes.reopen(tx, [scene_id], at=AT) == 1
        assert scenes.list_choices(tx) == [(str(scene_id), "one")]

    def test_leaves_names_in_the_readers_language(self, tx: Tx, keeper: Actor) -> None:
        scenes.register(tx, Draft(name="鼓楼", name_en="Gulou", kind=Kind.MAP), by=keeper, at=AT)

        assert [name for _key, name in scenes.list_choices(tx)] == ["Gulou"]
        with use(Language.ZH_CN):
            assert [name for _key, name in scenes.list_choices(tx)] == ["鼓楼"]


class TestShown:
    def test_is_nothing_but_an_overview_where_nobody_chose(self, tx: Tx, keeper: Actor) -> None:
        told = scenes.list_shown(tx, screen=a_screen(tx, keeper), scene_id=None)

        assert [(one["id"], one["kind"], one["part"], one["name"]) for one in told] == [("", "overview", "", "")]

    def test_names_the_part_of_the_city_that_a_screen_sees(self, tx: Tx, keeper: Actor) -> None:
        district_id = a_site(tx, an_organisation(tx))  # in a district of the same number

        told = scenes.list_shown(tx, screen=a_screen(tx, keeper, area_ids=(district_id,)), scene_id=None)

        assert [(one["name"], one["part"]) for one in told] == [("A", "")]

    def test_is_in_the_order_of_the_screen_and_asks_for_a_part_where_there_is_one(self, tx: Tx, keeper: Actor) -> None:
        whole = scenes.register(tx, Draft(name="whole", kind=Kind.MAP, language=Language.EN, lasts_s=20), by=keeper, at=AT)
        part = scenes.register(tx, Draft(name="part", kind=Kind.MONEY, area_ids=[uuid7()]), by=keeper, at=AT)

        told = scenes.list_shown(tx, screen=a_screen(tx, keeper, part, whole, part), scene_id=None)

        assert [(one["id"], one["part"], one["lang"], one["lasts_s"]) for one in told] == [
            (str(part), str(part), "", 60), (str(whole), "", "en", 20), ("", "", "", 60)
        ]  # fmt: skip

    def test_is_for_everybody_the_one_that_is_asked_for(self, tx: Tx, keeper: Actor) -> None:
        scene_id = scenes.register(tx, Draft(name="one", kind=Kind.MAP), by=keeper, at=AT)

        assert [one["name"] for one in scenes.list_shown(tx, screen=None, scene_id=scene_id)] == ["one", ""]
        assert [one["name"] for one in scenes.list_shown(tx, screen=None, scene_id=uuid7())] == [""]


class TestScope:
    def test_is_what_was_named_and_everything_else_where_nothing_was(self, tx: Tx, keeper: Actor) -> None:
        district_id = uuid7()
        whole = scenes.register(tx, Draft(name="whole", kind=Kind.MAP), by=keeper, at=AT)
        part = scenes.register(tx, Draft(name="part", kind=Kind.MAP, area_ids=[district_id]), by=keeper, at=AT)

        assert scenes.scope_of(tx, whole) == EVERYTHING
        assert scenes.scope_of(tx, part) == Scope(area_ids=frozenset({district_id}))
        with pytest.raises(scenes.NoSuchScene):
            scenes.scope_of(tx, uuid7())

    def test_of_a_screen_comes_with_its_token(self, tx: Tx, keeper: Actor) -> None:
        district_id = uuid7()

        assert a_screen(tx, keeper, area_ids=(district_id,)).scope == Scope(area_ids=frozenset({district_id}))
        assert a_screen(tx, keeper).kind is ActorKind.SCREEN
