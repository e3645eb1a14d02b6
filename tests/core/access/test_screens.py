"""Wall screens look and do nothing else, until they are revoked."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from pydantic import ValidationError

from core.access import screens
from core.access.actors import Actor, ActorKind
from core.access.beats import Beat
from core.access.permissions import Permission
from core.access.scopes import EVERYTHING, Scope
from core.access.screens import Call, Draft, Layout, Message, Turn
from core.kit.db import Row, Tx
from core.kit.errors import Changed
from core.kit.ids import uuid7
from core.kit.listing import Asked, Condition, Is
from core.kit.locale import Language
from tests.core.access.people import a_user
from tests.core.access.test_scopes import a_site, an_organisation

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reading:
    """A look at the register."""

    at: datetime


def a_link(tx: Tx, name: str = "hall") -> str:
    return screens.make_link(tx, screen_id=screens.add(tx, name=name, by=None, at=AT), at=AT)


def bound(tx: Tx, link: str, at: datetime = AT) -> str | None:
    found = screens.bind(tx, link=link, address="192.0.2.20", agent="a screen", at=at)
    return None if found is None else found[1]


def a_keeper(tx: Tx) -> Actor:
    """Return somebody who keeps screens."""
    return Actor(a_user(tx, at=AT, password=None), frozenset({Permission.SCREENS_MANAGE}))


def state_of(tx: Tx, screen_id: UUID, at: datetime = AT) -> str:
    return str(row_of(tx, screen_id, at)["state"])


def row_of(tx: Tx, screen_id: UUID, at: datetime = AT) -> Row:
    """Return a screen as its register shows it."""
    return screens.SCREENS.find(tx, [screen_id], **screens.given(Reading(at)))[0]


class TestLink:
    def test_binds_one_browser_once(self, tx: Tx) -> None:
        link = a_link(tx)

        assert bound(tx, link) is not None
        assert bound(tx, link) is None

    def test_ends_after_a_day_and_with_the_next_one(self, tx: Tx) -> None:
        screen_id = screens.add(tx, name="hall", by=None, at=AT)
        first, second = (screens.make_link(tx, screen_id=screen_id, at=AT) for _n in range(2))

        assert bound(tx, first) is None
        assert bound(tx, second, AT + timedelta(hours=24)) is None
        assert bound(tx, second, AT + timedelta(hours=23)) is not None

    def test_is_not_stored(self, tx: Tx) -> None:
        link = a_link(tx)

        assert tx.value("select count(*) from wall_screen as s where s::text like %(link)s", link=f"%{link}%") == 0

    def test_is_for_screens_that_exist(self, tx: Tx) -> None:
        with pytest.raises(screens.NoSuchScreen):
            screens.make_link(tx, screen_id=uuid7(), at=AT)
        with pytest.raises(screens.NameTaken):
            [screens.add(tx, name="hall", by=None, at=AT) for _n in range(2)]


class TestToken:
    def test_lets_look_at_the_wall_and_nothing_else_for_ever(self, tx: Tx) -> None:
        token = bound(tx, a_link(tx))
        assert token is not None

        actor = screens.find_by_token(tx, token=token)

        assert actor is not None
        assert (actor.kind, actor.permissions) == (ActorKind.SCREEN, frozenset({Permission.WALL_VIEW}))

    def test_of_a_screen_bound_anew_lets_the_old_browser_go(self, tx: Tx) -> None:
        old = bound(tx, a_link(tx))
        screen_id = screens.find_id(tx, name="hall")
        assert screen_id is not None
        new = bound(tx, screens.make_link(tx, screen_id=screen_id, at=AT))
        assert old is not None
        assert new is not None

        assert screens.find_by_token(tx, token=old) is None
        assert screens.find_by_token(tx, token=new) is not None

    @pytest.mark.parametrize("token", ["", "x", "é", "\udcff"])
    def test_that_nobody_gave_opens_nothing(self, tx: Tx, token: str) -> None:
        a_link(tx)

        assert screens.find_by_token(tx, token=token) is None


class TestRevoke:
    def test_ends_token_and_link(self, tx: Tx) -> None:
        token = bound(tx, a_link(tx))
        screen_id = screens.find_id(tx, name="hall")
        assert token is not None
        assert screen_id is not None
        link = screens.make_link(tx, screen_id=screen_id, at=AT)

        assert screens.revoke(tx, screen_id=screen_id, at=AT)

        assert screens.find_by_token(tx, token=token) is None
        assert bound(tx, link) is None
        assert screens.list_let_in(tx, screen_ids=[screen_id]) == {}
        assert not screens.revoke(tx, screen_id=screen_id, at=AT)


class TestBeat:
    def test_tells_how_the_screen_is(self, tx: Tx) -> None:
        screen_id = screens.add(tx, name="hall", by=None, at=AT)

        scene_id, drawn_at = uuid7(), AT - timedelta(seconds=2)
        told = Beat("1a2b", 84, scene_id, "3840x2160", drawn_at)

        screens.beat(tx, screen_id=screen_id, told=told, at=AT)

        row = tx.row("select last_seen_at, build, heap_mb, scene_id, viewport, picture_at from wall_screen")
        assert row == {
            "last_seen_at": AT, "build": "1a2b", "heap_mb": 84, "scene_id": scene_id, "viewport": "3840x2160",
            "picture_at": drawn_at,
        }  # fmt: skip

    def test_keeps_the_last_picture_of_a_screen_that_sees_none_and_none_of_the_future(self, tx: Tx) -> None:
        screen_id = screens.add(tx, name="hall", by=None, at=AT)

        screens.beat(tx, screen_id=screen_id, told=Beat("1a2b", None, picture_at=AT + timedelta(days=1)), at=AT)
        screens.beat(tx, screen_id=screen_id, told=Beat("1a2b", None), at=AT + timedelta(minutes=1))

        assert tx.value("select picture_at from wall_screen") == AT


class TestSettings:
    def test_are_those_of_the_form_by_the_words_of_an_address(self, tx: Tx) -> None:
        draft = Draft(
            name="hall", language=Language.ZH_CN, is_loud=False, volume_pct=40, quiet="22:00-07:00", reload_time="04:30",
            layout=Layout.THREE,
        )  # fmt: skip
        screen_id = screens.register(tx, draft, by=a_keeper(tx), at=AT)

        told = screens.settings_of(tx, screen_id=screen_id)

        assert told == {
            "sound": "off", "volume": "40", "quiet": "22:00-07:00", "reload": "04:30", "lang": "zh", "layout": "5760x1080"
        }  # fmt: skip

    def test_are_nothing_where_all_is_as_usual(self, tx: Tx) -> None:
        assert screens.settings_of(tx, screen_id=screens.add(tx, name="hall", by=None, at=AT)) == {}
        assert screens.settings_of(tx, screen_id=uuid7()) == {}

    @pytest.mark.parametrize(
        "wrong", [{"quiet": "25:00-07:00"}, {"reload_time": "4:30"}, {"volume_pct": 101}, {"seat_cm": 1}, {"name": " "}]
    )
    def test_are_what_a_screen_understands(self, wrong: dict[str, object]) -> None:
        with pytest.raises(ValidationError):
            Draft.model_validate({"name": "hall", **wrong})

    def test_are_changed_by_whoever_read_the_newest(self, tx: Tx) -> None:
        by, screen_id = a_keeper(tx), screens.add(tx, name="hall", by=None, at=AT)
        screens.change(tx, screen_id, Draft(name="lobby", volume_pct=10), version=1, by=by, at=AT)

        with pytest.raises(Changed):
            screens.change(tx, screen_id, Draft(name="hall"), version=1, by=by, at=AT)

        assert screens.settings_of(tx, screen_id=screen_id) == {"volume": "10"}

    def test_leave_each_screen_a_name_of_its_own(self, tx: Tx) -> None:
        by, screen_id = a_keeper(tx), screens.add(tx, name="hall", by=None, at=AT)
        screens.add(tx, name="lobby", by=None, at=AT)

        with pytest.raises(screens.NameTaken) as refused:
            screens.change(tx, screen_id, Draft(name="lobby"), version=1, by=by, at=AT)
        assert refused.value.field == "name"
        with pytest.raises(screens.NameTaken):
            screens.register(tx, Draft(name="lobby"), by=by, at=AT)


class TestCall:
    def test_is_told_each_screen_in_order(self, tx: Tx) -> None:
        by, scene_id = a_keeper(tx), uuid7()
        hall, lobby = (screens.add(tx, name=name, by=None, at=AT) for name in ("hall", "lobby"))
        for screen_id in (hall, lobby):
            bound(tx, screens.make_link(tx, screen_id=screen_id, at=AT))

        assert screens.reload(tx, [hall, lobby], by=by, at=AT) == 2
        assert screens.show_message(tx, [hall], by=by, at=AT, draft=Message(text="Fire drill at 15:00")) == 1
        assert screens.show_scene(tx, [hall], by=by, at=AT, draft=Turn(scene_id=scene_id)) == 1

        told = screens.list_calls(tx, screen_ids=[hall], at=AT)
        assert [(one.call, one.text) for one in told] == [
            (Call.RELOAD, ""), (Call.MESSAGE, "Fire drill at 15:00"), (Call.SCENE, str(scene_id))
        ]  # fmt: skip
        assert len(screens.list_calls(tx, screen_ids=[lobby], at=AT)) == 1

    def test_waits_until_the_screen_itself_says_that_it_heard_it(self, tx: Tx) -> None:
        hall, lobby = (screens.add(tx, name=name, by=None, at=AT) for name in ("hall", "lobby"))
        bound(tx, screens.make_link(tx, screen_id=hall, at=AT))
        screens.reload(tx, [hall], by=a_keeper(tx), at=AT)
        (waits,) = screens.list_calls(tx, screen_ids=[hall], at=AT)

        assert not screens.hear(tx, screen_id=lobby, call_id=waits.id, at=AT)
        assert screens.list_calls(tx, screen_ids=[hall], at=AT) == [waits]
        assert screens.hear(tx, screen_id=hall, call_id=waits.id, at=AT)
        assert not screens.hear(tx, screen_id=hall, call_id=waits.id, at=AT), "another browser of the screen was first"
        assert screens.list_calls(tx, screen_ids=[hall], at=AT) == []

    def test_is_not_for_screens_without_a_browser(self, tx: Tx) -> None:
        assert screens.reload(tx, [screens.add(tx, name="hall", by=None, at=AT)], by=a_keeper(tx), at=AT) == 0

    def test_is_forgotten_by_a_screen_that_comes_late(self, tx: Tx) -> None:
        screen_id = screens.add(tx, name="hall", by=None, at=AT)
        bound(tx, screens.make_link(tx, screen_id=screen_id, at=AT))
        screens.reload(tx, [screen_id], by=a_keeper(tx), at=AT)

        (missed,) = screens.list_calls(tx, screen_ids=[screen_id], at=AT)
        late = AT + screens.CALL_LASTS
        assert screens.list_calls(tx, screen_ids=[screen_id], at=late) == []
        assert not screens.hear(tx, screen_id=screen_id, call_id=missed.id, at=late)

    def test_comes_with_other_settings(self, tx: Tx) -> None:
        screen_id = screens.add(tx, name="hall", by=None, at=AT)
        bound(tx, screens.make_link(tx, screen_id=screen_id, at=AT))

        screens.change(tx, screen_id, Draft(name="hall", volume_pct=5), version=1, by=a_keeper(tx), at=AT)

        assert [one.call for one in screens.list_calls(tx, screen_ids=[screen_id], at=AT)] == [Call.SETTINGS]


class TestScreens:
    def test_tell_their_state(self, tx: Tx) -> None:
        screen_id = screens.add(tx, name="hall", by=None, at=AT)
        assert state_of(tx, screen_id) == "unbound"

        link = screens.link_anew(tx, [screen_id], at=AT)
        assert state_of(tx, screen_id) == "linked"

        assert bound(tx, link.path.rpartition("/")[2]) is not None
        assert state_of(tx, screen_id) == "live"
        assert state_of(tx, screen_id, AT + timedelta(minutes=3)) == "lost"

        assert screens.revoke_all(tx, [screen_id], at=AT) == 1
        assert state_of(tx, screen_id) == "revoked"
        with pytest.raises(screens.NoSuchScreen):
            screens.link_anew(tx, [screen_id], at=AT)

    def test_are_found_by_what_is_listed(self, tx: Tx) -> None:
        for name in ("hall", "lobby"):
            screens.add(tx, name=name, by=None, at=AT)
        asked = Asked(conditions=(Condition("state", Is.EQUAL, "unbound"), Condition("name", Is.CONTAINS, "lob")))

        assert [row["name"] for row in screens.SCREENS.rows(tx, asked, **screens.given(Reading(AT)))] == ["lobby"]

    @pytest.mark.parametrize(
        ("seat_cm", "reads"), [(None, "unknown"), (500, "all"), (600, "figures"), (1_000, "headlines"), (1_500, "nothing")]
    )
    def test_tell_what_is_read_from_the_farthest_seat(self, tx: Tx, seat_cm: int | None, reads: str) -> None:
        """A picture of 110 inches: every word is read at 5 m, at 10 m the headlines alone."""
        screen_id = screens.register(tx, Draft(name="hall", picture_cm=137, seat_cm=seat_cm), by=a_keeper(tx), at=AT)

        assert row_of(tx, screen_id)["reads"] == reads
        assert row_of(tx, screen_id)["reads_to_m"] == Decimal("5.0")

    def test_see_what_their_record_names(self, tx: Tx) -> None:
        organisation = an_organisation(tx)
        district_id, site_id = (a_site(tx, organisation) for _n in range(2))  # each in a district of the same number
        part, whole = Draft(name="hall", area_ids=[district_id], site_ids=[site_id]), Draft(name="lobby")
        ids = [screens.register(tx, draft, by=a_keeper(tx), at=AT) for draft in (part, whole)]

        seen = screens.list_let_in(tx, screen_ids=ids)

        assert seen == {ids[0]: Scope(area_ids=frozenset(part.area_ids), site_ids=frozenset(part.site_ids)), ids[1]: EVERYTHING}
        assert [row_of(tx, screen_id)["part_en"] for screen_id in ids] == ["A, S", ""]
