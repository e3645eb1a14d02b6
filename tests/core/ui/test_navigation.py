"""Navigation leads to every page its reader may see, in a fixed order, and to no other."""

from collections.abc import Iterator

import dash
import pytest

from core.access.permissions import Permission
from core.kit.locale import Language, use
from core.ui import navigation
from core.ui.navigation import Area, Group, Link

PAGES = (
    ("/", Permission.WALL_VIEW, None, None, None),
    ("/parking/stays", Permission.STAYS_VIEW, "stays", 1, "Stays"),
    ("/parking/zones", Permission.PLACES_VIEW, "places", 3, "Zones"),
    ("/parking/roads", Permission.PLACES_VIEW, "places", 2, "Roads"),
    ("/parking/lists", Permission.VEHICLES_VIEW, "vehicles", None, "Lists"),
    ("/system/users", Permission.USERS_MANAGE, "people", 1, "Users"),
)


@pytest.fixture(autouse=True)
def registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let some pages be registered, and English be spoken."""
    pages = {
        path: {"path": path, "needs": need, "group": group, "order": order, "label": label}
        for path, need, group, order, label in PAGES
    }
    monkeypatch.setattr(dash, "page_registry", pages)
    with use(Language.EN):
        yield


class TestListAreas:
    def test_names_those_with_a_page_for_the_reader_and_their_first_page(self) -> None:
        held = {Permission.PLACES_VIEW, Permission.USERS_MANAGE}

        assert navigation.list_areas(held) == [(Area.PARKING, "/parking/roads"), (Area.SYSTEM, "/system/users")]

    def test_names_none_for_who_may_nothing(self) -> None:
        assert navigation.list_areas(frozenset()) == []


class TestListSide:
    def test_groups_the_pages_in_their_order(self) -> None:
        side = navigation.list_side(Area.PARKING, frozenset(Permission), path="/parking/zones")

        assert [heading for heading, _links in side] == ["Stays and passages", "Sites and berths", "Vehicles and lists"]
        assert [link.href for _heading, links in side for link in links] == [
            "/parking/stays", "/parking/roads", "/parking/zones", "/parking/lists",
        ]  # fmt: skip
        assert [link.href for _heading, links in side for link in links if link.is_current] == ["/parking/zones"]

    def test_leaves_out_what_the_reader_may_not_see(self) -> None:
        (places,) = navigation.list_side(Area.PARKING, {Permission.PLACES_VIEW}, path="/parking/zones")

        assert [link.label for link in places[1]] == ["Roads", "Zones"]

    def test_is_empty_where_one_page_is_all(self) -> None:
        assert navigation.list_side(Area.PARKING, {Permission.STAYS_VIEW}, path="/parking/stays") == []

    def test_knows_every_group_in_both_languages(self) -> None:
        said = []
        for language in Language:
            with use(language):
                said.append([group.label for group in Group])

        assert all(english != chinese for english, chinese in zip(*said, strict=True))


class TestListWay:
    def test_leads_from_the_area_over_the_group_to_the_page(self) -> None:
        way = navigation.list_way(Area.PARKING, frozenset(Permission), path="/parking/roads")

        assert way == [
            Link("/parking/stays", "Parking"), Link("", "Sites and berths"), Link("/parking/roads", "Roads", is_current=True),
        ]  # fmt: skip

    def test_leads_nowhere_for_a_page_without_a_name(self) -> None:
        assert navigation.list_way(Area.WALL, frozenset(Permission), path="/") == []


class TestLeadsTo:
    def test_knows_pages_and_rights(self) -> None:
        assert navigation.leads_to("/parking/roads", {Permission.PLACES_VIEW})
        assert not navigation.leads_to("/parking/roads", {Permission.STAYS_VIEW})
        assert not navigation.leads_to("/parking/nowhere", frozenset(Permission))


class TestMaySearch:
    def test_needs_something_that_could_be_found(self) -> None:
        assert navigation.may_search({Permission.STAYS_VIEW})
        assert not navigation.may_search({Permission.RIGHTS_GRANT, Permission.AUDIT_READ})


class TestAreaOf:
    @pytest.mark.parametrize(
        ("path", "area"), [("/", Area.WALL), ("/parking/roads", Area.PARKING), ("/wall", None), ("/nowhere/x", None)]
    )
    def test_follows_from_the_first_step(self, path: str, area: Area | None) -> None:
        assert navigation.area_of(path) is area
