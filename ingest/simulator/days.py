"""
Who parked where on one day: visits drawn from the seed, each day and each site apart from every other.

A day runs from four in the morning to four in the morning. Who stands at four was drawn for that hour by itself: a
resident of that spot, who came in the evening before and leaves in the morning after. Between two such hours the spots
are filled by those who arrive, as long as one is free; who finds none drives on. So any day can be made without the
days before it, history and live traffic agree, and no spot ever holds two. A lot has as many spots as it holds cars.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from core.places.sites import SiteMode
from ingest.simulator import demand, payers
from ingest.simulator.payers import Intent
from ingest.simulator.places import Layout, Site

GAP_S: Final = 60
"""Least time between one vehicle leaving a spot and the next one taking it."""
_LAST_CALL_S: Final = 900
"""Visitors are gone so long before four."""
_RESIDENTS_A_SPOT: Final = 3
_FLEET: Final = 4
"""Visitors the city has for each who may come on the busiest day."""
_STAYS_ON: Final = 0.01
"""Share of those who, every other night, do not move for a day and a night."""
_NEVER: Final = 1 << 60
_RETURNS: Final = 0.12
_AWAY_S: Final = 1_800
"""Share of visitors who come to the same place again the same day, and how long they are away at least."""
ROUND_S: Final = 600
"""A patrol vehicle comes by every ten minutes."""
_SPOT_S: Final = 5
"""From one spot to the next it takes so long."""
_SEEN_AFTER_S: Final = 20
"""A vehicle that came this short a time ago may still be manoeuvring."""


@dataclass(frozen=True, slots=True)
class Visit:
    """
    One vehicle on one spot, as it truly was. Instants are whole seconds since 1970.

    `read_s` is when the plate was first read; None where nobody ever did. `intent` says how its driver pays.
    """

    site: int
    spot: int
    vehicle: int
    in_s: int
    out_s: int
    read_s: int | None
    intent: Intent


@dataclass(frozen=True, slots=True)
class _Night:
    """Who stands on each spot at four: seconds before and after it, which resident, and who does not move that day."""

    stands: NDArray[np.bool_]
    came_s: NDArray[np.int64]
    leaves_s: NDArray[np.int64]
    resident: NDArray[np.int64]
    stays_on: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one city: its layout and its zone."""

    city: Layout
    zone: ZoneInfo

    def starts_s(self, day: date) -> int:
        """Return when a day begins, at four in the morning."""
        return int(datetime.combine(day, time(demand.DAY_STARTS_HOUR), tzinfo=self.zone).timestamp())

    def day_at(self, at_s: int) -> date:
        """Return the day an instant belongs to; before four it is yesterday's."""
        day = datetime.fromtimestamp(at_s, tz=self.zone).date()
        return day if at_s >= self.starts_s(day) else day - timedelta(days=1)

    def visits(self, site: Site, day: date) -> tuple[Visit, ...]:
        """Return the visits that begin at a site in a day, by arrival; some end in the next or the one after."""
        return _visits(self, site, day)


@lru_cache(maxsize=320)  # six days of the whole city, some 60 MB
def _visits(days: Calendar, site: Site, day: date) -> tuple[Visit, ...]:
    luck = _luck(days.city.seed, day, site.index, 1)
    stands = [*_night_visits(days, site, day), *_day_visits(days, site, day, luck)]
    stands.sort(key=lambda stand: stand[1:])
    return tuple(_with_intents(site, stands, luck))


_Stand = tuple[int, int, int, int]
"""Vehicle, arrival, departure, spot."""


def _luck(seed: int, day: date, index: int, purpose: int) -> np.random.Generator:
    return np.random.default_rng([seed, day.toordinal(), index, purpose])


@lru_cache(maxsize=1024)
def _night(seed: int, index: int, spots: int, share: float, day: date) -> _Night:
    """Draw who stands at four in the morning of a day."""
    luck = _luck(seed, day, index, 0)
    came_s = np.clip(luck.normal(-7.0 * 3_600, 2.0 * 3_600, size=spots), -11.5 * 3_600, -1_800)
    leaves_s = np.clip(luck.normal(4.1 * 3_600, 1.4 * 3_600, size=spots), 3_600, 9 * 3_600)
    moves_not = luck.random(spots) < _STAYS_ON
    return _Night(
        luck.random(spots) < share,
        came_s.astype(np.int64),
        leaves_s.astype(np.int64),
        luck.integers(0, _RESIDENTS_A_SPOT, size=spots),
        moves_not if day.toordinal() % 2 == 0 else np.zeros(spots, dtype=np.bool_),
    )


def _nights(days: Calendar, site: Site, day: date) -> tuple[_Night, _Night, _Night, _Night]:
    """Return the nights that begin the day before, the day itself, the next and the one after."""
    share = demand.CLASSES[site.demand].by_night
    one = timedelta(days=1)
    before, own, after, later = (
        _night(days.city.seed, site.index, site.capacity, share, on) for on in (day - one, day, day + one, day + 2 * one)
    )
    return before, own, after, later


def _night_visits(days: Calendar, site: Site, day: date) -> Iterator[_Stand]:
    """Yield the residents who come home in a day."""
    _, own, after, later = _nights(days, site, day)
    next_s = days.starts_s(day + timedelta(days=1))
    later_s = days.starts_s(day + timedelta(days=2))
    comes = after.stands & ~(own.stands & own.stays_on)
    for spot in np.flatnonzero(comes).tolist():
        if spot in _dark(site):
            continue
        stays_on = after.stays_on[spot]
        out_s = later_s + int(later.leaves_s[spot]) if stays_on else next_s + int(after.leaves_s[spot])
        yield _resident(days.city, site, spot, int(after.resident[spot])), next_s + int(after.came_s[spot]), out_s, spot


def _day_visits(days: Calendar, site: Site, day: date, luck: np.random.Generator) -> Iterator[_Stand]:
    """Yield the visitors of a day who find a spot that stays free for as long as they want it."""
    starts_s, next_s = days.starts_s(day), days.starts_s(day + timedelta(days=1))
    free_from, free_until = _free(days, site, day)
    spots = [spot for spot in range(site.capacity) if spot not in _dark(site)]
    count = int(luck.poisson(demand.expected(site, day)))
    arrivals = (starts_s + demand.arrival_seconds(site, count, luck)).tolist()
    lengths = demand.lengths(site, count, luck).tolist()
    homes = (starts_s + demand.home_seconds(count, luck)).tolist()
    first_looks = luck.integers(0, max(len(spots), 1), size=count).tolist()
    fleet = _Fleet(days.city, site, day, luck.random(count).tolist())
    for in_s, length_s, home_s, look in zip(arrivals, lengths, homes, first_looks, strict=True):
        out_s = min(in_s + length_s, max(home_s, in_s + look * 60), next_s - _LAST_CALL_S - look)
        if out_s - in_s < demand.SHORTEST_S:
            continue
        for spot in (*spots[look:], *spots[:look]) if look else spots:
            if free_from[spot] <= in_s and out_s + GAP_S <= free_until[spot]:
                free_from[spot] = out_s + GAP_S
                yield fleet.next(in_s, out_s), in_s, out_s, spot
                break


def _free(days: Calendar, site: Site, day: date) -> tuple[list[int], list[int]]:
    """Return from when and until when each spot is free of residents in a day."""
    starts_s, next_s = days.starts_s(day), days.starts_s(day + timedelta(days=1))
    before, own, after, _ = _nights(days, site, day)
    stood = own.stands | (before.stands & before.stays_on)
    free_from = np.where(stood, starts_s + own.leaves_s + GAP_S, starts_s)
    free_from = np.where(own.stands & own.stays_on, _NEVER, free_from)
    free_until = np.where(after.stands, next_s + after.came_s, _NEVER)
    return free_from.tolist(), free_until.tolist()


@lru_cache(maxsize=256)
def _dark(site: Site) -> frozenset[int]:
    """Return the spots whose sensor is broken: they are closed until it is replaced."""
    return frozenset(spot for spot, space in enumerate(site.spaces) if space.is_dark)


@lru_cache(maxsize=8)
def _fleet_places(city: Layout) -> tuple[tuple[int, ...], tuple[int, ...], int]:
    """Return where each site's residents begin, where its visitors begin in the day's order, and how many visitors."""
    residents, visitors = [0], [0]
    for site in city.sites:
        residents.append(residents[-1] + _RESIDENTS_A_SPOT * site.capacity)
        visitors.append(visitors[-1] + int(1.5 * demand.most_expected(site)) + 50)
    return tuple(residents), tuple(visitors), visitors[-1] * _FLEET


def _resident(city: Layout, site: Site, spot: int, which: int) -> int:
    return _fleet_places(city)[0][site.index] + spot * _RESIDENTS_A_SPOT + which


class _Fleet:
    """The visitors of one site on one day: no other site sees them that day, some come twice."""

    _MIX: Final = 2_750_159  # a prime, larger than any fleet: coprime to its size

    def __init__(self, city: Layout, site: Site, day: date, chances: Sequence[float]) -> None:
        residents, visitors, self._size = _fleet_places(city)
        self._after = residents[-1]
        self._place = visitors[site.index]
        self._turn = day.toordinal() * 104_729
        self._chances = iter(chances)
        self._left: list[tuple[int, int]] = []

    def next(self, in_s: int, out_s: int) -> int:
        """Return who comes now and stays until then."""
        if next(self._chances) < _RETURNS and self._left and self._left[0][1] + _AWAY_S <= in_s:
            vehicle, _ = self._left.pop(0)
        else:
            vehicle = self._after + (self._place * self._MIX + self._turn) % self._size
            self._place += 1
        self._left.append((vehicle, out_s))
        return vehicle


def _with_intents(site: Site, stands: Sequence[_Stand], luck: np.random.Generator) -> Iterator[Visit]:
    """Yield the visits, with when the plate is read and how the driver pays."""
    came = np.array([stand[1] for stand in stands], dtype=np.int64)
    left = np.array([stand[2] for stand in stands], dtype=np.int64)
    spots = np.array([stand[3] for stand in stands], dtype=np.int64)
    read_s = _rounds(site, came, left, spots) if site.mode is SiteMode.PATROL else _reads(site, came, left, luck)
    intents = payers.intents(site, came, left, read_s, luck)
    for (vehicle, in_s, out_s, spot), read, intent in zip(stands, read_s.tolist(), intents, strict=True):
        yield Visit(site.index, spot, vehicle, in_s, out_s, None if read < 0 else read, intent)


def _reads(site: Site, came: NDArray[np.int64], left: NDArray[np.int64], luck: np.random.Generator) -> NDArray[np.int64]:
    """
    Return when each plate was read, -1 for never.

    Cameras read at once. A collector comes minutes after the sensor calls, seldom too late, and by night at the morning
    round; whoever leaves before is not read.
    """
    if not site.mode.reads_apart:
        return came
    walk_s = np.clip(luck.lognormal(np.log(170), 0.6, size=came.size), 40, 1_500)
    hurried_s = np.minimum(walk_s, (left - came) * luck.uniform(0.35, 0.95, size=came.size))
    after_s = np.where(luck.random(came.size) < 0.94, hurried_s, walk_s * 2.5).astype(np.int64)
    missed = (luck.random(came.size) < 0.008) | (came + after_s >= left - 5)
    return np.where(missed, -1, came + np.maximum(after_s, 5))


def _rounds(site: Site, came: NDArray[np.int64], left: NDArray[np.int64], spots: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return when a patrol vehicle read each plate, -1 for never: it passes every spot at a fixed minute of its round."""
    passes_s = site.index * 97 + spots * _SPOT_S
    rounds = -((passes_s - came - _SEEN_AFTER_S) // ROUND_S)
    read_s = passes_s + rounds * ROUND_S
    return np.where(read_s >= left - 5, -1, read_s)
