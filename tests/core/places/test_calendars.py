"""Calendars: published days stay as they were published."""

from datetime import date

from core.kit.db import Tx
from core.places import calendars
from core.places.calendars import CalendarDay, DayType


class TestAdd:
    def test_keeps_what_was_published_before(self, tx: Tx) -> None:
        day = CalendarDay("town", date(2028, 2, 29), DayType.WORKING, "gazette 1")

        assert calendars.add(tx, [day]) == 1
        assert calendars.add(tx, [CalendarDay("town", day.day, DayType.SHORT_HOLIDAY, "gazette 2")]) == 0

        assert tx.value("select day_type from calendar_day where day = %(day)s", day=day.day) == "working"
