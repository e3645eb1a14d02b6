"""A wall turns from scene to scene on one page, tells each part of the city its own figures, and leaves all for what is urgent."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from playwright.sync_api import Browser

from core.access import scenes, screens
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.scenes import Draft, Kind
from core.kit.clock import utc_now
from core.kit.db import Database
from tests.browser.conftest import Feed, Web
from tests.browser.screen import Screen, screen_of, until
from tests.browser.test_wall import Alarm, standing
from tests.core.access.people import a_user

A_TURN_S = 30
GULOU = "鼓楼区"
STANDS = "document.querySelector('.wall').className.match(/wall--of-(\\w+)/)[1]"
NODES = "document.querySelectorAll('*').length"
BERTHS = """
    select count(*) from space join site using (site_id) join area using (area_id)
    where area.name = %(area)s and site.kind = 'on_street' and space.in_service_to is null
"""


@pytest.fixture(scope="module", autouse=True)
def city_at_work(feed: Feed, web: Web) -> None:
    """Let the city live."""


@pytest.fixture(scope="module")
def keeper(demo_city: Database) -> Actor:
    """Return somebody who keeps walls."""
    with demo_city.transaction() as tx:
        return Actor(a_user(tx, at=utc_now(), password=None), frozenset({Permission.SCREENS_MANAGE}))


@pytest.fixture(scope="module")
def gulou(demo_city: Database) -> UUID:
    """Return the district of the middle."""
    with demo_city.transaction() as tx:
        found: UUID = tx.value("select area_id from area where name = %(name)s", name=GULOU)
    return found


@pytest.fixture(scope="module")
def made(demo_city: Database, keeper: Actor, gulou: UUID) -> dict[Kind, UUID]:
    """Return a scene of every kind, all but the large map of a district, that stands for as short as one may."""
    with demo_city.transaction() as tx:
        return {
            kind: scenes.register(
                tx,
                Draft(name=kind, kind=kind, area_ids=[] if kind is Kind.MAP else [gulou], lasts_s=10),
                by=keeper,
                at=utc_now(),
            )
            for kind in Kind
        }


@pytest.fixture
def hung(demo_city: Database, keeper: Actor, chromium: Browser, web: Web, made: dict[Kind, UUID]) -> Iterator[Screen]:
    """Return a wall screen that shows the large map of the city and the takings of a district by turns."""
    with demo_city.transaction() as tx:
        at = utc_now()
        draft = screens.Draft(name=f"hall {at}", scene_ids=[made[Kind.MAP], made[Kind.MONEY]], is_loud=False)
        link = screens.make_link(tx, screen_id=screens.register(tx, draft, by=keeper, at=at), at=at)
    context = chromium.new_context(viewport={"width": 1920, "height": 1080}, locale="zh-CN")
    screen = screen_of(context, web.url)
    screen.open(f"{web.url}/screen/{link}")
    yield screen
    context.close()


def stands(screen: Screen, kind: Kind) -> bool:
    """Tell whether a kind of scene stands."""
    return bool(screen.page.evaluate(STANDS) == kind)


class TestCarousel:
    def test_turns_on_one_page_to_the_figures_of_the_part_and_back(self, hung: Screen, demo_city: Database) -> None:
        with demo_city.transaction() as tx:
            berths = tx.value(BERTHS, area=GULOU)
        hung.page.evaluate("window.unloaded = false")
        assert stands(hung, Kind.MAP)
        every = hung.shown()

        until(lambda: stands(hung, Kind.MONEY), A_TURN_S)
        part, before = hung.shown(), hung.page.evaluate(NODES)
        until(lambda: stands(hung, Kind.MAP), A_TURN_S)
        again = hung.shown()
        until(lambda: stands(hung, Kind.MONEY), A_TURN_S)

        assert int(every["tiles"]["berths"]["total"].replace(",", "")) > berths
        assert part["tiles"]["berths"]["total"] == f"{berths:,}"
        assert again["tiles"]["berths"]["total"] == every["tiles"]["berths"]["total"]
        assert hung.page.evaluate("window.unloaded") is False
        assert abs(hung.page.evaluate(NODES) - before) <= 0.02 * before
        assert hung.text(".head__scene--shown") == "money"

    def test_loads_the_page_for_a_scene_in_another_language_alone(
        self, hung: Screen, demo_city: Database, keeper: Actor, made: dict[Kind, UUID]
    ) -> None:
        draft = Draft(name="english", kind=Kind.MONEY, language="en", lasts_s=120)
        with demo_city.transaction() as tx:
            english = scenes.register(tx, draft, by=keeper, at=utc_now())
            screen_id = tx.value("select screen_id from wall_screen order by created_at desc limit 1")
            screens.show_scene(tx, [screen_id], by=keeper, at=utc_now(), draft=screens.Turn(scene_id=english))
        assert hung.page.get_attribute(".wall", "data-lang") == "zh"

        hung.page.wait_for_url("**lang=en", timeout=2_000 * A_TURN_S)
        hung.page.wait_for_selector(".wall[data-lang=en]:not(.wall--loading)", timeout=1_000 * A_TURN_S)
        until(lambda: stands(hung, Kind.MONEY), A_TURN_S)
        hung.page.evaluate("window.unloaded = false")
        with demo_city.transaction() as tx:
            screens.show_scene(tx, [screen_id], by=keeper, at=utc_now(), draft=screens.Turn(scene_id=made[Kind.MAP]))
        hung.page.wait_for_url("**lang=zh", timeout=2_000 * A_TURN_S)
        hung.page.wait_for_selector(".wall[data-lang=zh]:not(.wall--loading)", timeout=1_000 * A_TURN_S)
        until(lambda: stands(hung, Kind.MAP), A_TURN_S)

        assert hung.page.evaluate("window.unloaded") is None, "the words are the server's"
        assert hung.complained == []

    def test_leaves_all_for_what_is_urgent_and_goes_on_after_it(self, hung: Screen, demo_city: Database) -> None:
        until(lambda: stands(hung, Kind.MONEY), A_TURN_S)

        with standing(demo_city, Alarm("gateway_silent", "DH-12", n=48)):
            until(lambda: stands(hung, Kind.OVERVIEW), A_TURN_S)
            hung.page.wait_for_selector(".banner--alarm:not([hidden])")
            hung.page.wait_for_timeout(12_000)  # longer than any of its scenes stands
            assert stands(hung, Kind.OVERVIEW)

    def test_shows_what_it_is_called_to_show(
        self, hung: Screen, demo_city: Database, keeper: Actor, made: dict[Kind, UUID]
    ) -> None:
        with demo_city.transaction() as tx:
            screen_id = tx.value("select screen_id from wall_screen order by created_at desc limit 1")
            screens.show_scene(tx, [screen_id], by=keeper, at=utc_now(), draft=screens.Turn(scene_id=made[Kind.ALARMS]))

        until(lambda: stands(hung, Kind.ALARMS), A_TURN_S)
        assert hung.text(".head__scene--shown") == "alarms"

    def test_tells_what_it_shows(self, hung: Screen, demo_city: Database, made: dict[Kind, UUID]) -> None:
        hung.page.evaluate("window.boshu.beat()")

        with demo_city.transaction() as tx:
            row = tx.row("select scene_id, viewport, picture_at from wall_screen order by created_at desc limit 1")
        assert row is not None
        assert row["scene_id"] in {made[Kind.MAP], made[Kind.MONEY]}
        assert row["viewport"] == "1920x1080"
        assert (utc_now() - row["picture_at"]).total_seconds() < 30
