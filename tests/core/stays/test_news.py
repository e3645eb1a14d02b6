"""News are heard when, and only when, their transaction has committed."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from core.kit.db import Database, Tx
from core.kit.ids import uuid7
from core.stays import news
from core.stays.news import Happening
from ingest.pipeline import Pipeline
from tests.ingest import town
from tests.ingest.town import Town

AT = datetime(2026, 11, 20, 4, tzinfo=UTC)
ONE = Happening(1_763_000_000_000, "s-1", uuid7(), "occupied", "m1", None)


def heard(listener: "psycopg.Connection[tuple[object, ...]]") -> list[tuple[str, str]]:
    """Return what was told since the last time."""
    return [(note.channel, note.payload) for note in listener.notifies(timeout=0.2)]


@pytest.fixture
def listener(database: Database) -> "psycopg.Connection[tuple[object, ...]]":
    """Return a connection that listens on both channels."""
    connection = psycopg.connect(database.url, autocommit=True)
    connection.execute("listen boshu_states")
    connection.execute("listen boshu_happenings")
    return connection


class TestTellStates:
    def test_reaches_a_listener_after_the_commit(
        self, database: Database, listener: "psycopg.Connection[tuple[object, ...]]"
    ) -> None:
        states = [(uuid7(), state) for state in ("free", "occupied", "unknown", "reserved")]

        with database.transaction() as tx:
            news.tell_states(tx, states)
            assert heard(listener) == []

        assert [read for _channel, note in heard(listener) for read in news.read_states(note)] == states

    def test_holds_a_whole_city_in_notes_that_fit(
        self, database: Database, listener: "psycopg.Connection[tuple[object, ...]]"
    ) -> None:
        states = [(UUID(int=number), "free") for number in range(1, 2_401)]

        with database.transaction() as tx:
            news.tell_states(tx, states)

        notes = heard(listener)
        assert all(len(note) < 8_000 for _channel, note in notes)
        assert [read for _channel, note in notes for read in news.read_states(note)] == states

    def test_is_silent_when_the_transaction_fails(
        self, database: Database, listener: "psycopg.Connection[tuple[object, ...]]"
    ) -> None:
        with database.engine.connect() as connection, connection.begin() as transaction:
            news.tell_states(Tx(connection), [(uuid7(), "free")])
            transaction.rollback()

        assert heard(listener) == []


class TestTellHappenings:
    def test_tells_the_newest_only(self, database: Database, listener: "psycopg.Connection[tuple[object, ...]]") -> None:
        many = [ONE._replace(at_ms=ONE.at_ms + number) for number in range(100)]

        with database.transaction() as tx:
            news.tell_happenings(tx, reversed(many))

        ((channel, note),) = heard(listener)
        assert channel == news.HAPPENINGS
        assert news.read_happenings(note) == many[-news.MOST_HAPPENINGS :]


class TestPipeline:
    def test_tells_what_changed_and_not_what_was_told_again(self, own_database: Database) -> None:
        town.build(own_database)
        pipeline, speaker = Pipeline(own_database), Town()
        pipeline.take([speaker.sensor(1, AT, occupied=False, repeat=True)])
        with psycopg.connect(own_database.url, autocommit=True) as listener:
            listener.execute("listen boshu_states")
            listener.execute("listen boshu_happenings")

            pipeline.take([speaker.sensor(1, AT + timedelta(minutes=1), occupied=True)])
            changed = heard(listener)
            pipeline.take([speaker.sensor(1, AT + timedelta(minutes=2), occupied=True, repeat=True)])

            assert heard(listener) == []
        space_id = town.space_id(town.MAGNET, 1)
        told = dict(changed)
        assert news.read_states(told[news.STATES]) == [(space_id, "occupied")]
        (happening,) = news.read_happenings(told[news.HAPPENINGS])
        assert (happening.site, happening.subject_id, happening.kind, happening.device) == (town.MAGNET, space_id, "occupied", "m1")
