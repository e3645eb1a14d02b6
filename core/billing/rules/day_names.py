"""
Day names: what a tariff calls the kinds of days that the calendar knows.

A calendar tells short holidays from long ones and weekends that are worked off from others; a tariff may know all of these,
or workdays, weekends and holidays alone. A kind is told by the first of its names that the tariff knows; where it knows none,
nothing is priced on such a day.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from core.billing.rules.days import Calendar, UnknownDay

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "working": ("working", "workday"),
    "swapped_working": ("swapped_working", "working", "workday"),
    "weekend": ("weekend",),
    "short_holiday": ("short_holiday", "holiday"),
    "long_holiday": ("long_holiday", "golden_week", "holiday"),
}
"""By kind of day, the names it may have in a tariff, the most exact one first."""


@dataclass(frozen=True, slots=True)
class NamedDays:
    """A calendar in the words of one tariff."""

    calendar: Calendar
    names: Mapping[str, str]

    @classmethod
    def of(cls, calendar: Calendar, day_types: Collection[str]) -> "NamedDays":
        """Return a calendar in the words of a tariff that knows these types of days."""
        found = {kind: next((name for name in names if name in day_types), "") for kind, names in NAMES.items()}
        return cls(calendar, {kind: name for kind, name in found.items() if name})

    def day_type(self, on: date) -> str:
        """
        Return what the tariff calls a day.

        Raises:
            UnknownDay: the calendar does not know the day, or the tariff no days of its kind.
        """
        name = self.names.get(self.calendar.day_type(on))
        if name is None:
            raise UnknownDay(on.isoformat())
        return name
