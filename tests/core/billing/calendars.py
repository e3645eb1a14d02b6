"""Calendars for tests of prices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from core.billing.rules.days import UnknownDay


@dataclass(frozen=True, slots=True)
class Weeks:
    """Saturdays and Sundays are weekend, all else is workday, but for the days named; only known years, where they are named."""

    named: Mapping[date, str] = field(default_factory=dict)
    known: frozenset[int] | None = None

    def day_type(self, on: date) -> str:
        if self.known is not None and on.year not in self.known:
            raise UnknownDay(on.isoformat())
        return self.named.get(on) or ("weekend" if on.weekday() >= 5 else "workday")
