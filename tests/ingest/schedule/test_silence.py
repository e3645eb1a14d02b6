"""Silence told to the pipeline: a space becomes unknown, its stay suspect, and comes back by itself."""

from datetime import UTC, datetime, timedelta

import pytest

from core.kit.clock import FixedClock
from core.kit.db import Database
from ingest.pipeline import Pipeline
from ingest.schedule import silence
from ingest.schedule.job import Work
from tests.ingest import town
from tests.ingest.town import MAGNET, VIDEO, Town

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
INTERVAL = timedelta(seconds=900)
LOOK = timedelta(seconds=10)


@pytest.fixture
def clock() -> FixedClock:
    """Return a clock that is moved by hand."""
    return FixedClock(AT)


@pytest.fixture
def work(own_database: Database, clock: FixedClock) -> Work:
    """Return a town of silent devices."""
    town.build(own_database)
    return Work(own_database, Pipeline(own_database), clock=clock)


def watch_until(work: Work, at: datetime) -> str:
    """Look every ten seconds, as the job does, until an instant; return what the last look said."""
    said = ""
    assert isinstance(work.clock, FixedClock)
    while work.clock.at < at:
        work.clock.advance(min(LOOK, at - work.clock.at))
        said = silence.watch(work)
    return said


def state(work: Work, code: str, number: int) -> tuple[str, datetime, bool]:
    """Return state, its beginning, and whether the stay is suspect, of a space."""
    with work.database.transaction() as tx:
        row = tx.row("select state, since, is_suspect from timeline where subject_id = %(id)s", id=town.space_id(code, number))
    assert row is not None
    return row["state"], row["since"], row["is_suspect"]


def messages(work: Work) -> int:
    """Count the messages of our own clock."""
    with work.database.transaction() as tx:
        return int(tx.value("select count(*) from inbound_message where transport = 'system'"))


class TestWatch:
    def test_makes_the_space_of_a_silent_sensor_unknown(self, work: Work) -> None:
        say = Town()
        work.pipeline.take([say.sensor(1, AT, occupied=True)])

        watch_until(work, AT + 3 * INTERVAL + LOOK)  # listening began with the first look
        assert state(work, MAGNET, 1)[0] == "occupied"
        assert watch_until(work, AT + 3 * INTERVAL + 2 * LOOK) == "1 devices silent, 0 back"

        assert state(work, MAGNET, 1)[0] == "unknown"
        assert messages(work) == 1
        assert silence.watch(work) == "0 devices silent, 0 back"
        assert messages(work) == 1

    def test_lets_it_come_back(self, work: Work, clock: FixedClock) -> None:
        say = Town()
        work.pipeline.take([say.sensor(1, AT, occupied=True)])
        back_at = AT + 3 * INTERVAL + timedelta(minutes=1)
        watch_until(work, back_at)

        work.pipeline.take([say.sensor(1, back_at, occupied=True, repeat=True)])
        clock.advance(LOOK)

        assert silence.watch(work) == "0 devices silent, 1 back"
        assert state(work, MAGNET, 1)[0] == "occupied"
        watch_until(work, back_at + 3 * INTERVAL + timedelta(seconds=20))
        assert state(work, MAGNET, 1)[0] == "unknown"
        assert messages(work) == 2

    def test_tells_every_space_of_a_pole(self, work: Work) -> None:
        say = Town()
        work.pipeline.take([say.pole(number, AT, occupied=False) for number in range(1, town.SPACES + 1)])

        watch_until(work, AT + 3 * INTERVAL + 2 * LOOK)

        assert {state(work, VIDEO, number)[0] for number in range(1, town.SPACES + 1)} == {"unknown"}
        assert messages(work) == town.SPACES

    def test_tells_again_what_was_not_marked(self, work: Work) -> None:
        """We die after telling and before marking: the pipeline knows what it is told twice."""
        say = Town()
        work.pipeline.take([say.sensor(1, AT, occupied=True)])
        watch_until(work, AT + 3 * INTERVAL + 2 * LOOK)
        before = state(work, MAGNET, 1)
        with work.database.transaction() as tx:
            tx.run("update device_state set silent_since = null")

        assert silence.watch(work) == "1 devices silent, 0 back"
        assert state(work, MAGNET, 1) == before

    def test_holds_its_own_absence_against_nobody(self, work: Work, clock: FixedClock) -> None:
        say = Town()
        work.pipeline.take([say.sensor(1, AT, occupied=True)])
        watch_until(work, AT + timedelta(minutes=1))
        clock.advance(timedelta(hours=9))

        assert silence.watch(work) == "0 devices silent, 0 back"
        assert state(work, MAGNET, 1)[0] == "occupied"
