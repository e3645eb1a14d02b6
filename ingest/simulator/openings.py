"""
Opening balances: the years before the first fact, brought over as figures alone, as a city that changes systems would.

Each day is a day of the simulator (a working one, or one off) made larger or smaller: by weekday, season, holiday, growth,
and chance drawn from the seed. Money comes in as the drivers of those days pay, so bills, payments and arrears of all
days agree. Every day is marked in `rollup_opening`: nothing of it can be counted anew, and comparisons say so.
Amounts are whole fen, hours are UTC hours. Tables hour_rollup, day_rollup, month_rollup, collection_rollup.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from core.billing.calendar import DayType
from core.kit.clock import city_date, city_day
from core.stays.past import PastStay, PastUnknown
from ingest.simulator import holidays
from ingest.simulator.days import Calendar
from ingest.simulator.demand import MONDAY_TO_SUNDAY
from ingest.simulator.places import Site

ORIGIN: Final = "opening"
Counts = NDArray[np.int64]

_GROWTH: Final = 0.91
"""What a year earlier saw, as a share."""
_SEASON: Final = (0.97, 0.86, 0.98, 1.02, 1.03, 1.00, 0.95, 0.94, 1.02, 1.04, 1.01, 1.05)
"""January to December."""
_LONG_HOLIDAY: Final = {"shopping": 1.06, "leisure": 1.15, "station": 1.18}
"""Long holidays fill what people travel and go out to; elsewhere they are quieter than a day off."""
_QUIET: Final = 0.85
_NOISE: Final = 0.05
_HOURS: Final = 24
_CLASSES: Final = ("small", "large", "motor", "other")
SAMPLE: Final = (date(2026, 3, 11), date(2026, 3, 14))
"""A Wednesday and a Saturday without any holiday near: what the simulator makes of them is the pattern."""
_LATE: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Pattern:
    """
    One sample day of each kind (0 working, 1 off), by site.

    entries, exits: by kind, site, hour of the city, class. seconds: by kind, site, hour; occupied and unknown.
    stays: by kind, site, class; seconds stayed, fen never paid, bills nobody paid in time. payments: one row a cell, see
    `_PAYMENT`; money: fen paid, fen of it that went into the bill, payments, payers in time.
    """

    entries: Counts
    exits: Counts
    seconds: Counts
    stays: Counts
    payments: Counts
    money: Counts
    channels: tuple[str, ...]


_KIND, _SITE, _BACK, _IS_LATE, _CHANNEL, _CLASS, _HOUR = range(7)
"""Columns of `payments`: days between departure and payment, hour of the payment."""
_PAID, _USED, _PAYMENTS, _PAYERS = range(4)


class Told(Protocol):
    """Who can tell the stays and the unknown runs of a site and day."""

    def stays(self, site: Site, day: date, /) -> Iterable[PastStay]:
        """Yield the stays that began in a day."""

    def unknowns(self, site: Site, day: date, /) -> Iterable[PastUnknown]:
        """Yield the runs of a day in which nobody knew of a space."""


def pattern(calendar: Calendar, past: Told) -> Pattern:
    """Return what the sample days hold; `past` knows them, and what was paid afterwards."""
    sites = calendar.city.sites
    shape = (2, len(sites))
    entries = np.zeros((*shape, _HOURS, len(_CLASSES)), dtype=np.int64)
    exits, seconds = np.zeros_like(entries), np.zeros((*shape, _HOURS, 2), dtype=np.int64)
    stayed = np.zeros((*shape, len(_CLASSES), 3), dtype=np.int64)
    cells: dict[tuple[Any, ...], Counter[int]] = {}
    for kind, day in enumerate(SAMPLE):
        for index, site in enumerate(sites):
            for stay in past.stays(site, day):
                which = _CLASSES.index(stay.vehicle_class)
                entries[kind, index, _hour_of(stay.started_at, calendar), which] += 1
                exits[kind, index, _hour_of(stay.ended_at, calendar), which] += 1
                stayed[kind, index, which, 0] += int((stay.ended_at - stay.started_at).total_seconds())
                stayed[kind, index, which, 1:] += _pay(stay, (kind, index, which), cells, calendar)
                _clip(seconds[kind, index, :, 0], stay.started_at, stay.ended_at, calendar)
            for run in past.unknowns(site, day):
                _clip(seconds[kind, index, :, 1], run.started_at, run.ended_at, calendar)
    return _packed(entries, exits, seconds, stayed, cells)


def _packed(entries: Counts, exits: Counts, seconds: Counts, stayed: Counts, cells: dict[tuple[Any, ...], Counter[int]]) -> Pattern:
    channels = tuple(sorted({key[_CHANNEL] for key in cells}))
    keys = [(*key[:_CHANNEL], channels.index(key[_CHANNEL]), *key[_CHANNEL + 1 :]) for key in cells]
    payments = np.array(keys, dtype=np.int64).reshape(-1, 7)
    money = np.array([[cell[column] for column in range(4)] for cell in cells.values()], dtype=np.int64).reshape(-1, 4)
    return Pattern(entries, exits, seconds, stayed, payments, money, channels)


def _pay(
    stay: PastStay, where: tuple[int, int, int], cells: dict[tuple[Any, ...], Counter[int]], calendar: Calendar
) -> tuple[int, int]:
    """Add the payments of a stay to their cells; return what is never paid, and 1 if nothing was paid in time."""
    kind, index, which = where
    left, has_paid = stay.gross_fen or 0, not stay.gross_fen
    for paid in sorted(stay.payments, key=lambda one: one.paid_at):
        is_late = paid.paid_at >= stay.ended_at + _LATE
        back = (city_date(paid.paid_at) - city_date(stay.ended_at)).days
        used = min(left, paid.fen)
        left -= used
        cell = cells.setdefault((kind, index, back, int(is_late), paid.channel, which, _hour_of(paid.paid_at, calendar)), Counter())
        cell.update({_PAID: paid.fen, _USED: used, _PAYMENTS: 1, _PAYERS: int(not is_late and not has_paid)})
        has_paid = has_paid or not is_late
    return left, int(not has_paid)


def _clip(hours: Counts, starts_at: datetime, ends_at: datetime, calendar: Calendar) -> None:
    """Add the seconds of a run to the hours of the city's day it touches."""
    at = starts_at
    while at < ends_at:
        next_at = min(at.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1), ends_at)
        hours[_hour_of(at, calendar)] += int((next_at - at).total_seconds())
        at = next_at


def _hour_of(at: datetime, calendar: Calendar) -> int:
    return at.astimezone(calendar.zone).hour


@dataclass(frozen=True, slots=True)
class Openings:
    """The figures of the days `[first, end)`, each day apart from every other."""

    calendar: Calendar
    of: Pattern
    first: date
    end: date

    @property
    def sites(self) -> tuple[Site, ...]:
        """Return the sites of the city."""
        return self.calendar.city.sites

    def hours(self, day: date) -> Iterator[tuple[object, ...]]:
        """Yield site, hour, entries, exits, occupied and unknown seconds, fen received."""
        kind, scale = _kind(day), self._scale(day)
        entries, exits = (_scaled(counts[kind], scale).sum(axis=2) for counts in (self.of.entries, self.of.exits))
        seconds = self._seconds(kind, scale)
        received = np.zeros((len(self.sites), _HOURS), dtype=np.int64)
        rows, money = self._payments(day)
        np.add.at(received, (rows[:, _SITE], rows[:, _HOUR]), money[:, _PAID])
        midnight = city_day(day)[0].astimezone(UTC)
        for index, site in enumerate(self.sites):
            for hour in range(_HOURS):
                figures = (
                    int(entries[index, hour]), int(exits[index, hour]), *(int(one) for one in seconds[index, hour]),
                    int(received[index, hour]),
                )  # fmt: skip
                yield (site.site_id, midnight + timedelta(hours=hour), *figures)

    def days(self, day: date) -> Iterator[tuple[object, ...]]:
        """Yield rows of day_rollup: stays and bills by class, then payments by channel and class."""
        kind, scale = _kind(day), self._scale(day)
        entries, exits = (_scaled(counts[kind], scale).sum(axis=1) for counts in (self.of.entries, self.of.exits))
        stay_s = _scaled(self.of.stays[kind, :, :, 0], scale)
        due, _bills = self._bills(day)
        for index, site in enumerate(self.sites):
            for which, name in enumerate(_CLASSES):
                n, fen = int(exits[index, which]), int(due[index, which])
                if n or fen or entries[index, which]:
                    stays = (int(entries[index, which]), n, int(stay_s[index, which]), n)
                    yield (site.site_id, day, "", site.kind.value, name, ORIGIN, *stays, fen, 0, fen, 0, 0)
        yield from self._cash(day)

    def _cash(self, day: date) -> Iterator[tuple[object, ...]]:
        rows, money = self._payments(day)
        size = (len(self.sites), len(self.of.channels), len(_CLASSES))
        fen, n = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        where = (rows[:, _SITE], rows[:, _CHANNEL], rows[:, _CLASS])
        np.add.at(fen, where, money[:, _PAID])
        np.add.at(n, where, money[:, _PAYMENTS])
        for index, channel, which in np.argwhere(fen):
            site = self.sites[index]
            key = (site.site_id, day, self.of.channels[channel], site.kind.value, _CLASSES[which], ORIGIN)
            yield (*key, 0, 0, 0, 0, 0, 0, 0, int(fen[index, channel, which]), int(n[index, channel, which]))

    def collections(self, day: date) -> Iterator[tuple[object, ...]]:
        """Yield rows of collection_rollup: the bills of a day, and what was paid on that day, for whichever bill."""
        found: dict[tuple[int, int, int], list[int]] = {}
        due, bills = self._bills(day)
        for index in range(len(self.sites)):
            found[index, 0, 0] = [int(due[index].sum()), int(bills[index].sum()), 0, 0]
        rows, money = self._payments(day)
        for row, amounts in zip(rows.tolist(), money.tolist(), strict=True):
            sums = found.setdefault((row[_SITE], row[_BACK], row[_IS_LATE]), [0, 0, 0, 0])
            sums[2] += amounts[_USED]
            sums[3] += amounts[_PAYERS]
        for (index, back, is_late), sums in found.items():
            if any(sums):
                yield (self.sites[index].site_id, day - timedelta(days=back), day, bool(is_late), *sums)

    def marks(self, day: date) -> Iterator[tuple[object, ...]]:
        """Yield what marks a day at every site."""
        return ((site.site_id, day, "opening balances of the demo city") for site in self.sites)

    def _bills(self, day: date) -> tuple[Counts, Counts]:
        """Return fen due and number of bills by site and class: what will be paid of them, and what never is."""
        kind, scale = _kind(day), self._scale(day)
        due, bills = (_scaled(self.of.stays[kind, :, :, column], scale) for column in (1, 2))
        mine = self.of.payments[:, _KIND] == kind
        rows, money = self.of.payments[mine], self.of.money[mine]
        scaled = _times(money, scale[rows[:, _SITE]])
        where = (rows[:, _SITE], rows[:, _CLASS])
        np.add.at(due, where, scaled[:, _USED])
        np.add.at(bills, where, scaled[:, _PAYERS])
        return due, bills

    def _payments(self, day: date) -> tuple[Counts, Counts]:
        """Return the cells paid on a day, whenever their bills are of, with their amounts."""
        cells, amounts = [], []
        for back in np.unique(self.of.payments[:, _BACK]).tolist():
            closed_on = day - timedelta(days=back)
            if self.first <= closed_on < self.end:
                mine = (self.of.payments[:, _BACK] == back) & (self.of.payments[:, _KIND] == _kind(closed_on))
                rows = self.of.payments[mine]
                cells.append(rows)
                amounts.append(_times(self.of.money[mine], self._scale(closed_on)[rows[:, _SITE]]))
        return np.concatenate(cells), np.concatenate(amounts)

    def _seconds(self, kind: int, scale: NDArray[np.float64]) -> Counts:
        """Scale what was occupied; no hour holds more than its spaces, and what is unknown does not grow with demand."""
        seconds: Counts = self.of.seconds[kind].copy()
        most = np.array([site.capacity * 3_600 for site in self.sites])[:, None]
        seconds[:, :, 0] = np.minimum(_scaled(seconds[:, :, 0], scale), np.maximum(most - seconds[:, :, 1], 0))
        return seconds

    def _scale(self, day: date) -> NDArray[np.float64]:
        """Return how much more or less a day saw than its sample, by site."""
        kind = _kind(day)
        years = (self.end - day).days / 365
        week = MONDAY_TO_SUNDAY[day.weekday()] / MONDAY_TO_SUNDAY[SAMPLE[kind].weekday()]
        common = week * _SEASON[day.month - 1] / _SEASON[SAMPLE[kind].month - 1] * _GROWTH**years
        luck = np.random.default_rng([self.calendar.city.seed, day.toordinal(), 77])
        chance = np.clip(luck.normal(1.0, _NOISE, size=len(self.sites)), 0.7, 1.3)
        holiday = np.ones(len(self.sites))
        if holidays.day_type(day) is DayType.LONG_HOLIDAY:
            holiday = np.array([_LONG_HOLIDAY.get(site.demand, _QUIET) for site in self.sites])
        scale: NDArray[np.float64] = common * holiday * chance
        return scale


def _kind(day: date) -> int:
    return int(holidays.is_off(day))


def _scaled(counts: Counts, scale: NDArray[np.float64]) -> Counts:
    """Scale counts by site, which is their first axis."""
    return np.rint(counts * scale.reshape(-1, *(1,) * (counts.ndim - 1))).astype(np.int64)


def _times(amounts: Counts, scale: NDArray[np.float64]) -> Counts:
    return np.rint(amounts * scale[:, None]).astype(np.int64)


def months_back(first: date, end: date) -> Iterable[tuple[date, date]]:
    """Yield the months between two days, the newest first, cut at both."""
    while first < end:
        begins = max(first, (end - timedelta(days=1)).replace(day=1))
        yield begins, end
        end = begins
