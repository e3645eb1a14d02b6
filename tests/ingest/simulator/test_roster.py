"""The demo city's collectors come to their shifts, and only there."""

from datetime import UTC, datetime, timedelta

import pytest

from core.insight import collectors
from core.kit.db import Database, Tx
from ingest.simulator import city, roster

BORN = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)
TOMORROW = datetime(2026, 11, 21, tzinfo=UTC)
"""Eight in the morning of the city, an hour into the first shift."""


@pytest.fixture(scope="module")
def people(database: Database) -> Database:
    """Return a small city with its staff."""
    city.build(database, seed=7, berths=120, at=BORN)
    return database


def attend_until(tx: Tx, at: datetime) -> None:
    """Let them come and go every ten minutes for three hours."""
    for back in range(18, -1, -1):
        roster.attend(tx, at=at - timedelta(minutes=10) * back)


class TestAttend:
    def test_brings_nearly_all_of_them_mostly_in_time(self, people: Database) -> None:
        with people.transaction() as tx:
            attend_until(tx, TOMORROW)
            now = collectors.shifts(tx, at=TOMORROW)
            later = collectors.shifts(tx, at=TOMORROW + timedelta(hours=12))

        assert 0.85 < now.signed_in / now.scheduled <= 1
        assert 0.8 < now.in_time / now.due < 1
        assert later.scheduled > 0
        assert later.signed_in == 0, "nobody has signed in to what has not begun"

    def test_sends_them_home(self, people: Database) -> None:
        with people.transaction() as tx:
            attend_until(tx, TOMORROW + timedelta(hours=7, minutes=30))
            open_n = tx.value(
                "select count(*) from duty where signed_in_at is not null and signed_out_at is null and planned_to <= %(at)s",
                at=TOMORROW + timedelta(hours=6),
            )

        assert open_n == 0

    def test_plans_the_days_ahead(self, people: Database) -> None:
        at = BORN + timedelta(days=20)
        with people.transaction() as tx:
            roster.attend(tx, at=at)

            assert collectors.shifts(tx, at=at + timedelta(days=4)).planned > 0

    def test_changes_nothing_when_repeated(self, people: Database) -> None:
        with people.transaction() as tx:
            roster.attend(tx, at=TOMORROW)

            assert roster.attend(tx, at=TOMORROW) == (0, 0)

    def test_leaves_a_real_city_alone(self, own_database: Database) -> None:
        with own_database.transaction() as tx:
            assert roster.attend(tx, at=BORN) == (0, 0)
