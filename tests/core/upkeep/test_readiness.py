"""Ready is who has all that the product needs; what is missing is named, and what cannot be seen is unknown (O-07)."""

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from core.kit.broker_accounts import COLLECTOR
from core.kit.db import Database
from core.kit.embedded_broker import EmbeddedBroker
from core.kit.embedded_pg import PgUrls
from core.upkeep import readiness
from core.upkeep.readiness import Part, State, States, Surroundings, Watch

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)
NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


@pytest.fixture(scope="module")
def all_there(database: Database, broker: EmbeddedBroker) -> Surroundings:
    """Return a product that lacks nothing."""
    run_a_job(database, at=AT - timedelta(seconds=20))
    return Surroundings(database, broker.url(COLLECTOR), Path("/"), 0, lambda: True)


def run_a_job(database: Database, *, at: datetime) -> None:
    with database.transaction() as tx:
        tx.run("insert into job_run (job, slot, runner, state, started_at) values ('one', %(at)s, 'r', 'done', %(at)s)", at=at)


def missing(at_hand: Surroundings, *, at: datetime = AT) -> dict[Part, State]:
    return lacking(readiness.look(at_hand, at=at))


def lacking(states: States) -> dict[Part, State]:
    assert set(states) == set(Part)
    return {part: state for part, state in states.items() if state is not State.OK}


class TestLook:
    def test_finds_nothing_missing_where_all_is_there(self, all_there: Surroundings) -> None:
        assert missing(all_there) == {}

    def test_misses_a_database(self, all_there: Surroundings) -> None:
        away = dataclasses.replace(all_there, database=Database(NOWHERE, pool_size=1))

        assert missing(away) == {Part.DATABASE: State.MISSING, Part.SCHEMA: State.UNKNOWN, Part.JOBS: State.UNKNOWN}

    def test_misses_a_migration(self, all_there: Surroundings, database_urls: PgUrls) -> None:
        with psycopg.connect(database_urls.owner, autocommit=True) as owner:
            owner.execute("update schema_migration set name = '9999_next.sql' where name = '0001_place.sql'")
            try:
                assert missing(all_there) == {Part.SCHEMA: State.MISSING, Part.JOBS: State.UNKNOWN}
            finally:
                owner.execute("update schema_migration set name = '0001_place.sql' where name = '9999_next.sql'")

    def test_bears_a_database_of_the_next_version(self, all_there: Surroundings, database_urls: PgUrls) -> None:
        with psycopg.connect(database_urls.owner, autocommit=True) as owner:
            owner.execute("insert into schema_migration values ('9999_next.sql', '', %s, 1)", (AT,))

        assert missing(all_there) == {}

    def test_misses_a_broker(self, all_there: Surroundings) -> None:
        assert missing(dataclasses.replace(all_there, mqtt_url="mqtt://127.0.0.1:1")) == {Part.BROKER: State.MISSING}
        assert missing(dataclasses.replace(all_there, mqtt_url=None)) == {Part.BROKER: State.UNKNOWN}

    def test_misses_space_on_the_disk(self, all_there: Surroundings) -> None:
        assert missing(dataclasses.replace(all_there, floor_mb=10**12)) == {Part.DISK: State.MISSING}
        assert missing(dataclasses.replace(all_there, folder=Path("/nowhere"))) == {Part.DISK: State.UNKNOWN}

    def test_misses_the_live_picture(self, all_there: Surroundings) -> None:
        assert missing(dataclasses.replace(all_there, is_live=lambda: False)) == {Part.LIVE: State.MISSING}

    def test_misses_a_runner_of_jobs_a_minute_after_its_last(self, all_there: Surroundings) -> None:
        assert missing(all_there, at=AT + timedelta(seconds=39)) == {}
        assert missing(all_there, at=AT + timedelta(seconds=40)) == {Part.JOBS: State.MISSING}


class TestWatch:
    def test_does_not_look_anew_for_everybody_who_asks(self, all_there: Surroundings) -> None:
        answers = iter([True])
        watch = Watch(dataclasses.replace(all_there, is_live=lambda: next(answers)))

        assert [lacking(watch.states(at=AT)) for _n in range(20)] == [{}] * 20
