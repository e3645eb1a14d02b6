"""What the State Council published, against its notices."""

from collections import Counter
from datetime import date

import pytest

from core.billing import published
from core.billing.calendar import DayType
from core.billing.rules.days import UnknownDay


def kinds(year: int) -> dict[date, DayType]:
    """Return the kind of each day of a year."""
    return {day.day: day.day_type for day in published.list_year(year)}


class TestListYear:
    def test_has_every_day_of_a_year_once(self) -> None:
        for year in range(2004, published.last_year() + 1):
            assert len(kinds(year)) == len(published.list_year(year)) == (date(year + 1, 1, 1) - date(year, 1, 1)).days

    def test_tells_the_notice_of_2025(self) -> None:
        """Source: notice of the General Office of the State Council on the holidays of 2025."""
        of_2025 = kinds(2025)

        assert of_2025[date(2025, 1, 1)] is DayType.SHORT_HOLIDAY
        assert {of_2025[date(2025, 1, day)] for day in range(28, 32)} == {DayType.LONG_HOLIDAY}
        assert of_2025[date(2025, 1, 26)] is of_2025[date(2025, 2, 8)] is DayType.SWAPPED_WORKING
        assert {of_2025[date(2025, 10, day)] for day in range(1, 9)} == {DayType.LONG_HOLIDAY}
        assert of_2025[date(2025, 10, 11)] is DayType.SWAPPED_WORKING
        assert of_2025[date(2025, 10, 12)] is DayType.WEEKEND
        assert of_2025[date(2025, 10, 9)] is DayType.WORKING

    def test_counts_days_in_a_row_across_new_year(self) -> None:
        """Two days of December 2007 belong to the holiday of 2008, not to that of January 2007."""
        assert Counter(kinds(2007).values())[DayType.SHORT_HOLIDAY] == 5
        assert kinds(2022)[date(2022, 12, 31)] is DayType.SHORT_HOLIDAY

    @pytest.mark.parametrize("year", [2003, published.last_year() + 1])
    def test_guesses_nothing_of_other_years(self, year: int) -> None:
        assert published.list_year(year) == []


class TestPublishedDays:
    def test_answers_for_days_of_many_years(self) -> None:
        days = published.PublishedDays()

        assert [days.day_type(date(2018, 10, 1)), days.day_type(date(2019, 10, 12)), days.day_type(date(2018, 10, 2))] == [
            DayType.LONG_HOLIDAY,
            DayType.SWAPPED_WORKING,
            DayType.LONG_HOLIDAY,
        ]

    def test_refuses_a_year_nobody_published(self) -> None:
        with pytest.raises(UnknownDay, match="2003-01-01"):
            published.PublishedDays().day_type(date(2003, 1, 1))
