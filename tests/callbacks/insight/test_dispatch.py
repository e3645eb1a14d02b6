"""The callbacks of the dispatch map, called as functions: a berth now and in the past, the queue page by page."""

import itertools
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dash.development.base_component import Component
from flask import Flask, g
from psycopg.types.json import Jsonb

from callbacks import edge
from callbacks.insight import dispatch
from core.access import actors
from core.access.roles import RoleCode
from core.access.scopes import EVERYTHING, Scope
from core.kit.clock import FixedClock, utc_now
from core.kit.db import Database
from core.kit.ids import uuid7
from core.stays import evidence
from core.stays import pictures as kept
from core.stays.evidence import Beside
from core.ui import downloads, formats
from core.upkeep import acknowledgements
from ingest.pipeline import Pipeline
from tests.core.stays.gallery import a_clerk, a_kept, an_upload
from tests.fixtures.visitors import sign_in
from tests.ingest import town
from tests.ingest.town import MAGNET, VIDEO, Town

NOW = utc_now().replace(microsecond=0)
PLATE, MASKED = "江A12345", "江A·123**"
STORM_N = 97
LANES = ("Sensor", "Video", "Order")

Enter = Callable[..., None]


def ago(minutes: float) -> datetime:
    """Return an instant before the test's now."""
    return NOW - timedelta(minutes=minutes)


@pytest.fixture(scope="module")
def city(database: Database) -> Database:
    """Return a street on which a car stands since an hour; its plate was read, half an hour before it the space was free."""
    town.build(database)
    say, pipeline = Town(), Pipeline(database)
    pipeline.take([say.sensor(1, ago(90), occupied=False), say.sensor(1, ago(60), occupied=True), say.collector(1, ago(50), PLATE)])
    pipeline.take([say.sensor(1, ago(1), occupied=True, repeat=True)])
    return database


@pytest.fixture
def alarms(city: Database) -> Iterator[list[str]]:
    """Return a storm: one urgent alarm, ninety important ones, some ordinary ones, in the order of the queue."""
    priorities = [1, *[2] * 90, *[3] * (STORM_N - 91)]
    storm = [(str(uuid7()), priority, ago(10) - timedelta(seconds=number)) for number, priority in enumerate(priorities)]
    with city.transaction() as tx:
        for alarm_id, priority, raised_at in storm:
            tx.run(
                "insert into alarm (alarm_id, rule, priority, site_id, subject_id, raised_at, detail) "
                "values (%(id)s, 'overstay', %(p)s, %(s)s, %(id)s, %(at)s, %(d)s)",
                id=alarm_id, p=priority, s=town.site_id(MAGNET), at=raised_at,
                d=Jsonb({"space": "001", "since": ago(60).isoformat(), "n": 1}),
            )  # fmt: skip
    yield [alarm_id for alarm_id, _, _ in storm]
    with city.transaction() as tx:
        tx.run("update alarm set cleared_at = raised_at")


@pytest.fixture
def enter(city: Database, tmp_path: Path) -> Iterator[Enter]:
    """Return what lets somebody in, until the test ends."""
    server = Flask(__name__)
    edge.register(server, database=city, clock=FixedClock(NOW))
    downloads.register(server, database=city, folder=tmp_path, picture=kept.show, clock=FixedClock(NOW))
    with server.test_request_context():

        def of(*roles: RoleCode, scope: Scope = EVERYTHING) -> None:
            token = sign_in(city, *roles, scope=scope).token
            with city.transaction() as tx:
                g.actor = actors.find_by_token(tx, token=token, at=NOW, is_seen=True)

        yield of


@pytest.fixture
def dispatcher(enter: Enter) -> None:
    """Let a dispatcher in who sees the whole city."""
    enter(RoleCode.DISPATCHER)


def asked(space: str = "001", *, site: str = MAGNET, at: datetime | None = None) -> dispatch.Asked:
    """Return the question for a berth, in English."""
    return {"site": site, "space": space, "at": None if at is None else at.isoformat(), "lang": "en", "n": 7}


def texts(drawn: Any) -> list[str]:
    """Return every text of what was drawn, from top to bottom."""
    if isinstance(drawn, Component):
        return texts(getattr(drawn, "children", None))
    if isinstance(drawn, (list, tuple)):
        return [text for piece in drawn for text in texts(piece)]
    return [] if drawn is None else [str(drawn)]


def marked(drawn: Any, name: str) -> list[str]:
    """Return the values of a data attribute, from top to bottom."""
    if isinstance(drawn, (list, tuple)):
        return [value for piece in drawn for value in marked(piece, name)]
    if not isinstance(drawn, Component):
        return []
    own = getattr(drawn, f"data-{name}", None)
    return [*([str(own)] if own is not None else []), *marked(getattr(drawn, "children", None), name)]


def links(drawn: Any) -> list[str]:
    """Return the addresses a part leads to."""
    return [one.href for one in drawn._traverse() if getattr(one, "href", None)]


def facts(drawn: Component) -> dict[str, str]:
    """Return the names of a berth's facts with their values."""
    words = texts(drawn)
    names = ("Plate", "Arrived", "Stayed", "Since", "For", "Price (CNY)", "Paid (CNY)")
    return {name: following for name, following in itertools.pairwise(words) if name in names}


@pytest.mark.usefixtures("dispatcher")
class TestShowBerth:
    def test_tells_who_stands_there_since_when(self) -> None:
        drawn = dispatch.show_berth(asked())

        told = facts(drawn)
        assert (told["Plate"], told["Stayed"]) == (MASKED, "1 h 0 min")
        assert f"{MAGNET} 001" in " ".join(texts(drawn))
        assert getattr(drawn, "data-question") == "7", "the page's script knows by it which answer this is"

    def test_tells_of_a_past_moment_what_was_known_then(self) -> None:
        free = dispatch.show_berth(asked(at=ago(75)))
        taken = dispatch.show_berth(asked(at=ago(30)))

        assert "Plate" not in facts(free)
        assert MASKED not in " ".join(texts(free))
        assert facts(taken)["Stayed"] == "30 min 0 s"

    def test_draws_the_lanes_of_the_day(self) -> None:
        words = texts(dispatch.show_berth(asked()))

        assert words.index("Timeline of the berth") < words.index("occupied")
        assert [word for word in words if word in LANES] == list(LANES)

    def test_says_so_where_there_is_no_such_berth(self) -> None:
        drawn = dispatch.show_berth(asked("999"))

        assert facts(drawn) == {}
        assert len("".join(texts(drawn))) > 0

    def test_shows_what_people_brought_of_the_stay_once_they_had(self, city: Database, tmp_path: Path) -> None:
        with city.transaction() as tx:
            clerk = a_clerk(tx)
            named = an_upload(tx, clerk, into=kept.store(tmp_path.as_uri()), at=ago(20))
            place = Beside(town.site_id(MAGNET), town.space_id(MAGNET, 1), ago(60))
            evidence.bring(tx, [place], [named], reason="seen", by=clerk.id, at=ago(20))

        now, then = dispatch.show_berth(asked()), dispatch.show_berth(asked(at=ago(30)))

        assert [part for part in texts(now) if part.startswith("brought ")] != []
        assert "Somebody" in texts(now)
        assert [link for link in links(now) if link.startswith("/pictures/")] != []
        assert [part for part in texts(then) if part.startswith("brought ")] == links(then) == []

    def test_names_the_device_that_showed_a_car_without_reading_its_plate(self, city: Database, tmp_path: Path) -> None:
        Pipeline(city).take([Town().pole(1, ago(40), occupied=True)])
        with city.transaction() as tx:
            a_kept(tx, town.site_id(VIDEO), into=kept.store(tmp_path.as_uri()), at=ago(40))
            tx.run(
                "insert into evidence (site_id, at, evidence_id, event_id, subject_id, device_id, kind, frame_sha256) "
                "select site_id, at, event_id, event_id, subject_id, device_id, 'view', picture.frame_sha256 "
                "from event inner join picture using (site_id) where subject_id = %(space_id)s",
                space_id=town.space_id(VIDEO, 1),
            )

        words = texts(dispatch.show_berth(asked(site=VIDEO)))

        pictures = words[words.index("Evidence") :]
        assert "Video pole" in pictures, "not the code of its kind"

    def test_speaks_the_language_of_the_page(self) -> None:
        drawn = dispatch.show_berth({**asked(), "lang": "zh"})

        assert "车牌" in texts(drawn)


class TestShowBerthOfAnotherSite:
    def test_is_not_there_for_whom_it_is_out_of_scope(self, enter: Enter) -> None:
        enter(RoleCode.DISPATCHER, scope=Scope(site_ids=frozenset({town.site_id(VIDEO)})))

        assert MASKED not in " ".join(texts(dispatch.show_berth(asked())))


@pytest.mark.usefixtures("dispatcher")
class TestListAlarms:
    def test_says_that_nothing_is_open(self) -> None:
        drawn = dispatch.list_alarms({"lang": "en", "at": None, "skip": 0, "n": 1})

        assert "No alarm is open" in texts(drawn)
        assert marked(drawn, "alarm") == []

    def test_reaches_every_alarm_by_turning_pages(self, alarms: list[str]) -> None:
        reached, skip = [], 0
        for _page in range(10):
            drawn = dispatch.list_alarms({"lang": "en", "at": None, "skip": skip, "n": 1})
            reached += marked(drawn, "alarm")
            further = [int(turn) for turn in marked(drawn, "turn") if int(turn) > skip]
            if not further:
                break
            (skip,) = further

        assert reached == alarms

    def test_counts_exactly_what_it_does_not_list(self, alarms: list[str]) -> None:
        drawn = dispatch.list_alarms({"lang": "en", "at": None, "skip": 40, "n": 1})

        assert len(marked(drawn, "alarm")) == dispatch.MOST_ALARMS < len(alarms)
        assert {"40 before", "40–79 of 90", "Show 17 more of 17"} <= set(texts(drawn))

    def test_turns_back_to_the_last_page_when_the_storm_is_over(self, alarms: list[str]) -> None:
        drawn = dispatch.list_alarms({"lang": "en", "at": None, "skip": 400, "n": 1})

        assert marked(drawn, "alarm") == alarms[80:]

    def test_shows_what_stood_at_a_moment_looked_back_at(self, alarms: list[str]) -> None:
        before = dispatch.list_alarms({"lang": "en", "at": ago(11).isoformat(), "skip": 0, "n": 1})
        after = dispatch.list_alarms({"lang": "en", "at": (ago(10) - timedelta(seconds=1)).isoformat(), "skip": 0, "n": 1})

        assert marked(before, "counts") == ["0,31,6"], "what was raised up to then"
        assert marked(after, "counts") == ["0,90,6"]
        assert len(alarms) == STORM_N

    def test_leads_to_the_berth(self, alarms: list[str]) -> None:
        drawn = dispatch.list_alarms({"lang": "en", "at": None, "skip": 0, "n": 1})

        assert set(marked(drawn, "space")) == {"001"}
        assert set(marked(drawn, "site")) == {MAGNET}
        assert alarms


class TestAcknowledgeAlarm:
    @pytest.mark.usefixtures("dispatcher")
    def test_tells_everybody_who_sees_to_it(self, alarms: list[str]) -> None:
        urgent = alarms[0]

        assert dispatch.acknowledge_alarm({"lang": "en", "alarm": urgent}) == urgent

        drawn = dispatch.list_alarms({"lang": "en", "at": None, "skip": 0, "n": 1})
        assert [text for text in texts(drawn) if text.startswith("Acknowledged ")] == [
            f"Acknowledged {formats.clock(NOW)[:5]} · Visitor"
        ]
        assert marked(drawn, "waits")[:2] == ["no", "yes"]

    def test_is_over_for_whom_it_is_out_of_scope(self, enter: Enter, alarms: list[str]) -> None:
        enter(RoleCode.DISPATCHER, scope=Scope(site_ids=frozenset({town.site_id(VIDEO)})))

        with pytest.raises(acknowledgements.NotStanding):
            dispatch.acknowledge_alarm({"lang": "en", "alarm": alarms[0]})
