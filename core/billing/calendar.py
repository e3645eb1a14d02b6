"""
Calendar: what kind of day each day is, by law of a jurisdiction.

A calendar comes in versions: what is published at once. A day nobody published is unknown, and nothing is priced by it. What
is published later prices what is asked later; what was priced keeps its lines. Tables calendar, calendar_version,
calendar_change, calendar_day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from core.access.actors import Actor
from core.billing.rules.days import UnknownDay
from core.kit.db import Tx
from core.kit.errors import Changed, Refused
from core.kit.listing import Order, Relation
from core.kit.locale import Lazy, Text, _, _l
from core.kit.sql import named

SQL = named("billing/calendar")

DAYS: Final = Relation(
    SQL["day_rows"],
    key="day_key",
    columns=frozenset(
        {"day", "weekday", "day_type", "name", "name_en", "source", "reason", "version", "published_at", "published_by"}
    ),
    order=(Order("day", is_falling=True),),
)
OPERATOR: Final = "operator"
"""The source of what people here publish."""
DEMO: Final = "demo calendar of Jiangzhou"
"""The source of what the demo city publishes."""
SOURCES: Final[dict[str, Text]] = {OPERATOR: _l("An operator"), DEMO: _l("Demo calendar of Jiangzhou")}
"""What people call the sources of the product itself; a library is called by its own name."""
MOST_VERSIONS: Final = 50
MOST_DAYS: Final = 20_000
"""Days that are published or read at once: half a century."""


class DayType(StrEnum):
    """What a day is to tariffs; a swapped working day is a weekend worked off for a holiday."""

    WORKING = "working"
    WEEKEND = "weekend"
    SHORT_HOLIDAY = "short_holiday"
    LONG_HOLIDAY = "long_holiday"
    SWAPPED_WORKING = "swapped_working"

    @property
    def label(self) -> Lazy:
        """Return what operators call it."""
        return _LABELS[self]


_LABELS: Final = {
    DayType.WORKING: _l("Working day"),
    DayType.WEEKEND: _l("Weekend"),
    DayType.SHORT_HOLIDAY: _l("Short holiday"),
    DayType.LONG_HOLIDAY: _l("Long holiday"),
    DayType.SWAPPED_WORKING: _l("Swapped working day"),
}
KINDS: Final[dict[str, Lazy]] = {kind.value: kind.label for kind in DayType}


class NoCalendar(Refused):
    """There is no calendar of this jurisdiction, or none is in use."""


class DayTwice(Refused):
    """One publication says two things of a day."""


@dataclass(frozen=True, slots=True)
class Day:
    """What is published of one day; the names are those of a holiday, where it has one."""

    day: date
    day_type: DayType
    name: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """One publication, as far as it changed the days that were asked for."""

    version: int
    source: str
    reason: str
    published_at: datetime
    published_by: str | None
    day_n: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days as a version says; `version` is 0 where nothing was published yet."""

    jurisdiction: str
    name: str
    name_en: str
    version: int
    days: Mapping[date, Day]

    def day_type(self, on: date) -> DayType:
        """
        Return what kind of day a day is.

        Raises:
            UnknownDay: nobody published it; nothing is priced by a guess.
        """
        known = self.days.get(on)
        if known is None:
            raise UnknownDay(on.isoformat())
        return known.day_type


class Draft(BaseModel):
    """A day as a form or a file tells it."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    day: Annotated[date, Field(ge=date(2000, 1, 1), lt=date(2100, 1, 1))]
    day_type: DayType
    name: Annotated[str, StringConstraints(max_length=40)] = ""
    name_en: Annotated[str, StringConstraints(max_length=60)] = ""
    reason: Annotated[str, StringConstraints(min_length=2, max_length=200)]


def open_for(tx: Tx, *, jurisdiction: str, name: str, name_en: str) -> None:
    """Open the calendar of a jurisdiction, unless it is open, and know days by it from now on."""
    tx.run(SQL["open_calendar"], jurisdiction=jurisdiction, name=name, name_en=name_en)
    tx.run(SQL["rest_others"], jurisdiction=jurisdiction)
    tx.run(SQL["use_calendar"], jurisdiction=jurisdiction)


def publish(
    tx: Tx, days: Sequence[Day], *, jurisdiction: str, source: str, reason: str = "", by: UUID | None, at: datetime
) -> int | None:
    """
    Publish days; return their version, or None where nothing of them is new.

    What one person publishes at one instant is one version, as the rows of a file are.

    Raises:
        NoCalendar: the jurisdiction has none.
        DayTwice: it says two things of one day.
    """
    assert len(days) <= MOST_DAYS, "a publication of more days than anybody reads"
    held = tx.value(SQL["lock_calendar"], jurisdiction=jurisdiction)
    if held is None:
        raise NoCalendar(_("There is no calendar of %(jurisdiction)s.", jurisdiction=jurisdiction))
    found = tx.rows(SQL["list_news"], jurisdiction=jurisdiction, rows=orjson.dumps(days).decode(), most=MOST_DAYS)
    news = [Day(**row) for row in found]
    if not news:
        return None
    version = tx.value(SQL["find_same"], jurisdiction=jurisdiction, version=held, at=at, by=by)
    if version is None:
        version = held + 1
        tx.run(SQL["add_version"], jurisdiction=jurisdiction, version=version, source=source, reason=reason, at=at, by=by)
        tx.run(SQL["raise_version"], jurisdiction=jurisdiction, version=version)
    given = {"jurisdiction": jurisdiction, "version": version, "rows": orjson.dumps(news).decode()}
    with tx.unless_taken(DayTwice(_("One day stands there twice."), field="day")):
        tx.run(SQL["add_changes"], **given)
    tx.run(SQL["put_days"], **given)
    return int(version)


def add(tx: Tx, draft: Draft, *, by: Actor, at: datetime) -> str:
    """
    Publish one day of the calendar in use, known before or not; return its key.

    Raises:
        NoCalendar, DayTwice: as in `publish`.
    """
    day = Day(draft.day, draft.day_type, draft.name, draft.name_en)
    publish(tx, [day], jurisdiction=used(tx), source=OPERATOR, reason=draft.reason, by=by.id, at=at)
    return draft.day.isoformat()


def change(tx: Tx, key: str, draft: Draft, *, version: int, by: Actor, at: datetime) -> None:
    """
    Publish anew what a day is.

    Raises:
        Changed: somebody did meanwhile.
        NoCalendar: no calendar is in use.
    """
    on = date.fromisoformat(key)
    known = tx.rows(SQL["list_days"], jurisdiction=used(tx), from_on=on, to_on=_after(on), most=1)
    if not known or known[0]["version"] != version:
        raise Changed
    add(tx, draft.model_copy(update={"day": on}), by=by, at=at)


def used(tx: Tx) -> str:
    """
    Return the jurisdiction by whose calendar days are known here.

    Raises:
        NoCalendar: none is in use.
    """
    row = tx.row(SQL["find_used"])
    if row is None:
        raise NoCalendar(_("No calendar is in use."))
    return str(row["jurisdiction"])


def read(tx: Tx, *, from_on: date, to_on: date, version: int | None = None, jurisdiction: str | None = None) -> Calendar:
    """
    Return the days of a period of the calendar in use, or of another one, as it is now or as a version said.

    Raises:
        NoCalendar: none is in use, or there is none of the jurisdiction.
    """
    row = tx.row(SQL["find_used"]) if jurisdiction is None else tx.row(SQL["find_calendar"], jurisdiction=jurisdiction)
    if row is None:
        raise NoCalendar(_("No calendar is in use."))
    given = {"jurisdiction": row["jurisdiction"], "from_on": from_on, "to_on": to_on, "most": MOST_DAYS}
    if version is None:
        found = tx.rows(SQL["list_days"], **given)
    else:
        found = tx.rows(SQL["list_days_of_version"], version=version, **given)
    days = {each["day"]: Day(each["day"], DayType(each["day_type"]), each["name"], each["name_en"]) for each in found}
    return Calendar(row["jurisdiction"], row["name"], row["name_en"], row["version"] if version is None else version, days)


def list_versions(tx: Tx, *, year: int) -> list[Version]:
    """List the newest publications about days of a year, the newest first."""
    first, end = year_of(year)
    found = tx.rows(SQL["list_versions"], jurisdiction=used(tx), from_on=first, to_on=end, most=MOST_VERSIONS)
    return [Version(**row) for row in found]


def count_unknown(tx: Tx, *, jurisdiction: str, year: int) -> int:
    """Count the days of a year that nobody published."""
    first, end = year_of(year)
    return (end - first).days - int(tx.value(SQL["count_days"], jurisdiction=jurisdiction, from_on=first, to_on=end))


def year_of(year: int) -> tuple[date, date]:
    """Return the half-open period of a year."""
    return date(year, 1, 1), date(year + 1, 1, 1)


def _after(on: date) -> date:
    return date.fromordinal(on.toordinal() + 1)
