"""The calendar is kept ahead of the clock, and people's word stands."""

from datetime import UTC, date, datetime

import pytest

from core.billing import calendar
from core.billing.calendar import Day, DayType
from core.kit.clock import FixedClock
from core.kit.db import Database
from core.upkeep import alarms
from ingest.pipeline import Pipeline
from ingest.schedule.calendar import extend
from ingest.schedule.job import Work
from ingest.simulator import holidays

AUTUMN = datetime(2024, 11, 20, tzinfo=UTC)
LATE = datetime(2031, 11, 20, tzinfo=UTC)


@pytest.fixture
def work(own_database: Database) -> Work:
    """Return an empty city on an autumn day."""
    return Work(own_database, Pipeline(own_database), clock=FixedClock(AUTUMN))


def unknown(work: Work, year: int) -> int:
    """Count the days of a year that the calendar in use does not know."""
    with work.database.transaction() as tx:
        return calendar.count_unknown(tx, jurisdiction=calendar.used(tx), year=year)


def missing(work: Work, at: datetime) -> list[tuple[int, int]]:
    """Return the years an alarm tells of, with their days."""
    with work.database.transaction() as tx:
        alarms.judge(tx, limits=alarms.limits(tx), at=at)
        rows = tx.rows("select detail from alarm where rule = 'calendar_unknown' and cleared_at is null order by detail -> 'year'")
    return [(row["detail"]["year"], row["detail"]["n"]) for row in rows]


class TestExtend:
    def test_publishes_what_the_state_published(self, work: Work) -> None:
        assert extend(work) == "2 years published"
        assert extend(work) == "0 years published"

        assert (unknown(work, 2024), unknown(work, 2025), unknown(work, 2026)) == (0, 0, 365)

    def test_knows_every_year_of_the_demo_city(self, work: Work) -> None:
        with work.database.transaction() as tx:
            holidays.open_calendar(tx, first=2024, last=2024, at=AUTUMN)
        assert isinstance(work.clock, FixedClock)
        work.clock.at = LATE

        assert extend(work) == "2 years published"
        assert (unknown(work, 2031), unknown(work, 2032)) == (0, 0)

    def test_leaves_a_year_to_people_who_began_it(self, work: Work) -> None:
        day = Day(date(2025, 1, 1), DayType.LONG_HOLIDAY)
        with work.database.transaction() as tx:
            calendar.publish(tx, [day], jurisdiction="cn", source="operator", by=None, at=AUTUMN)

        assert extend(work) == "1 years published"
        assert unknown(work, 2025) == 364


class TestAlarm:
    def test_rings_in_autumn_for_a_year_nobody_published(self, work: Work) -> None:
        assert missing(work, AUTUMN) == []  # a calendar that nobody began is not needed
        extend(work)

        assert missing(work, datetime(2025, 10, 1, tzinfo=UTC)) == []
        assert missing(work, datetime(2025, 11, 20, tzinfo=UTC)) == [(2026, 365)]
        assert missing(work, datetime(2026, 2, 1, tzinfo=UTC)) == [(2026, 334)]
