"""The calendar in the words of a tariff."""

from dataclasses import dataclass
from datetime import date

import pytest

from core.billing.calendar import DayType
from core.billing.rules.day_names import NAMES, NamedDays
from core.billing.rules.days import UnknownDay

ON = date(2026, 10, 1)


@dataclass(frozen=True)
class Always:
    """A calendar of one kind of days."""

    kind: str

    def day_type(self, on: date) -> str:
        """Return the one kind."""
        return self.kind


class TestDayType:
    def test_knows_every_kind_of_the_calendar(self) -> None:
        assert set(NAMES) == {kind.value for kind in DayType}

    @pytest.mark.parametrize(
        ("kind", "plain", "exact"),
        [
            ("working", "workday", "workday"),
            ("swapped_working", "workday", "workday"),
            ("weekend", "weekend", "weekend"),
            ("short_holiday", "holiday", "holiday"),
            ("long_holiday", "holiday", "golden_week"),
        ],
    )
    def test_takes_the_most_exact_name_a_tariff_knows(self, kind: str, plain: str, exact: str) -> None:
        words = ["workday", "weekend", "holiday"]

        assert NamedDays.of(Always(kind), words).day_type(ON) == plain
        assert NamedDays.of(Always(kind), [*words, "golden_week"]).day_type(ON) == exact

    def test_guesses_nothing_for_a_kind_the_tariff_does_not_know(self) -> None:
        with pytest.raises(UnknownDay):
            NamedDays.of(Always("long_holiday"), ["workday", "weekend"]).day_type(ON)
