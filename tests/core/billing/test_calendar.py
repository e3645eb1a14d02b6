"""The calendar: versions of what was published, no guess about what was not, and the past as it was said then."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.roles import RoleCode
from core.access.scopes import EVERYTHING
from core.billing import calendar
from core.billing.calendar import DAYS, Day, DayType, Draft
from core.billing.rules.days import UnknownDay
from core.kit.db import Tx
from core.kit.errors import Changed
from core.kit.listing import Asked
from core.kit.locale import Language, use
from tests.core.access.people import a_user

AT = datetime(2027, 11, 10, tzinfo=UTC)
LEAP = date(2028, 2, 29)


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Speak English."""
    with use(Language.EN):
        yield


@pytest.fixture
def town(tx: Tx) -> str:
    """Return the jurisdiction of a town whose calendar is in use, and empty."""
    calendar.open_for(tx, jurisdiction="town", name="镇", name_en="Town")
    return "town"


@pytest.fixture
def actor(tx: Tx) -> Actor:
    """Return who publishes."""
    return Actor(a_user(tx, RoleCode.FINANCE, at=AT, password=None), frozenset(Permission), name="Somebody", scope=EVERYTHING)


def publish(tx: Tx, *days: Day, at: datetime = AT) -> int | None:
    """Publish days of the town by the product's word."""
    return calendar.publish(tx, days, jurisdiction="town", source="gazette", by=None, at=at)


def said(tx: Tx, on: date, version: int | None = None) -> str:
    """Return what is said of a day, by a version or now."""
    return calendar.read(tx, from_on=on, to_on=on + timedelta(days=1), version=version).day_type(on)


def draft(on: date = LEAP, day_type: DayType = DayType.SHORT_HOLIDAY, reason: str = "Notice 7") -> Draft:
    """Return a day as somebody types it."""
    return Draft(day=on, day_type=day_type, reason=reason)


class TestPublish:
    def test_makes_a_version_of_what_is_new_alone(self, tx: Tx, town: str) -> None:
        assert publish(tx, Day(LEAP, DayType.WORKING), Day(date(2028, 3, 1), DayType.WORKING)) == 1
        assert publish(tx, Day(LEAP, DayType.WORKING)) is None
        assert publish(tx, Day(LEAP, DayType.SHORT_HOLIDAY, "闰日", "Leap day"), Day(date(2028, 3, 1), DayType.WORKING)) == 2

        assert [(each.version, each.day_n) for each in calendar.list_versions(tx, year=2028)] == [(2, 1), (1, 2)]

    def test_keeps_what_each_version_said(self, tx: Tx, town: str) -> None:
        """What was priced by a version is priced by it again."""
        publish(tx, Day(LEAP, DayType.WORKING))
        publish(tx, Day(LEAP, DayType.LONG_HOLIDAY))

        assert [said(tx, LEAP, version) for version in (1, 2, None)] == ["working", "long_holiday", "long_holiday"]

    def test_refuses_two_words_about_one_day(self, tx: Tx, town: str) -> None:
        with pytest.raises(calendar.DayTwice):
            publish(tx, Day(LEAP, DayType.WORKING), Day(LEAP, DayType.WEEKEND))

    def test_refuses_a_jurisdiction_without_calendar(self, tx: Tx) -> None:
        with pytest.raises(calendar.NoCalendar):
            publish(tx, Day(LEAP, DayType.WORKING))


class TestRead:
    def test_refuses_a_day_nobody_published(self, tx: Tx, town: str) -> None:
        publish(tx, Day(LEAP, DayType.WORKING))

        with pytest.raises(UnknownDay, match="2028-03-01"):
            said(tx, date(2028, 3, 1))
        with pytest.raises(UnknownDay):
            said(tx, LEAP, version=0)

    def test_knows_one_calendar_at_a_time(self, tx: Tx, town: str) -> None:
        publish(tx, Day(LEAP, DayType.WORKING))
        calendar.open_for(tx, jurisdiction="city", name="市", name_en="City")

        assert calendar.used(tx) == "city"
        with pytest.raises(UnknownDay):
            said(tx, LEAP)


class TestAdd:
    def test_publishes_the_rows_of_a_file_as_one_version(self, tx: Tx, town: str, actor: Actor) -> None:
        for month in (1, 2, 3):
            calendar.add(tx, draft(date(2028, month, 1)), by=actor, at=AT)

        (version,) = calendar.list_versions(tx, year=2028)
        assert (version.version, version.day_n, version.reason, version.published_by) == (1, 3, "Notice 7", "Somebody")

    def test_tells_who_said_it_and_why(self, tx: Tx, town: str, actor: Actor) -> None:
        calendar.add(tx, draft(), by=actor, at=AT)

        (row,) = DAYS.rows(tx, Asked())
        assert (row["day_key"], row["weekday"], row["day_type"], row["reason"]) == ("2028-02-29", "2", "short_holiday", "Notice 7")


class TestChange:
    def test_is_a_new_version_by_whoever_saw_the_last(self, tx: Tx, town: str, actor: Actor) -> None:
        publish(tx, Day(LEAP, DayType.WORKING))
        calendar.change(tx, "2028-02-29", draft(), version=1, by=actor, at=AT)

        assert said(tx, LEAP) == "short_holiday"
        with pytest.raises(Changed):
            calendar.change(tx, "2028-02-29", draft(day_type=DayType.WEEKEND), version=1, by=actor, at=AT)

    def test_of_a_day_nobody_published_is_refused(self, tx: Tx, town: str, actor: Actor) -> None:
        with pytest.raises(Changed):
            calendar.change(tx, "2028-02-29", draft(), version=1, by=actor, at=AT)


class TestCountUnknown:
    def test_knows_leap_years(self, tx: Tx, town: str) -> None:
        publish(tx, Day(LEAP, DayType.WORKING))

        assert calendar.count_unknown(tx, jurisdiction=town, year=2028) == 365
        assert calendar.count_unknown(tx, jurisdiction=town, year=2027) == 365
