"""Calendars: what kind of day each day is, by law of a jurisdiction. Table calendar_day; a day not in it is unknown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import orjson

from core.kit.db import Tx
from core.kit.sql import named

SQL = named("places/calendars")


class DayType(StrEnum):
    """What a day is to tariffs; a swapped working day is a weekend worked off for a holiday."""

    WORKING = "working"
    WEEKEND = "weekend"
    SHORT_HOLIDAY = "short_holiday"
    LONG_HOLIDAY = "long_holiday"
    SWAPPED_WORKING = "swapped_working"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One published day."""

    jurisdiction: str
    day: date
    day_type: DayType
    source: str


def add(tx: Tx, days: Sequence[CalendarDay]) -> int:
    """Add days; return how many were new. A day published before stays as it is."""
    return tx.run(SQL["add_days"], rows=orjson.dumps(days).decode())
