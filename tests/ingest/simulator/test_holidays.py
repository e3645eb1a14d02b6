"""The demo city's calendar."""

from collections import Counter
from datetime import date

from core.billing.calendar import DayType
from ingest.simulator import holidays


class TestDayType:
    def test_knows_holidays_weekends_and_days_worked_off(self) -> None:
        assert holidays.day_type(date(2026, 10, 1)) is DayType.LONG_HOLIDAY
        assert holidays.day_type(date(2026, 6, 15)) is DayType.SHORT_HOLIDAY
        assert holidays.day_type(date(2026, 9, 27)) is DayType.SWAPPED_WORKING
        assert holidays.day_type(date(2026, 10, 10)) is DayType.SWAPPED_WORKING
        assert holidays.day_type(date(2026, 11, 21)) is DayType.WEEKEND
        assert holidays.day_type(date(2026, 11, 20)) is DayType.WORKING

    def test_works_off_a_weekend_day_before_and_after_each_long_holiday(self) -> None:
        for year in range(2024, 2032):
            counted = Counter(day.day_type for day in holidays.years(year, year))

            assert counted[DayType.LONG_HOLIDAY] == 19
            assert counted[DayType.SWAPPED_WORKING] == 6


class TestYears:
    def test_leaves_no_day_unknown(self) -> None:
        days = [published.day for published in holidays.years(2027, 2028)]

        assert len(days) == len(set(days)) == 365 + 366
