"""
How many come, when, and for how long, by what a place lives from.

Hours and lengths are fitted to the records of nine Chinese lots (Feng et al., PewLSTM, IJCAI 2020: 223,502 stays of
1 minute to 72 hours in Ningbo and Changsha, 2017 to 2019): arrivals per thousand by hour of a working day, and the
median and the spread of the logarithm of the length. One lot stands for one class; shopping is the mean of two.
Streets are shorter: their medians follow paid time at kerbs in Charlottesville (30 and 67 minutes) and El Paso (half
below 30 minutes). How many come is set so that the city fills as its wall was drawn: a quarter at night, three quarters
before noon.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.places.sites import SiteKind
from ingest.simulator import holidays
from ingest.simulator.places import Site

_LOT_1: Final = (3, 4, 2, 1, 1, 1, 20, 96, 86, 86, 52, 98, 158, 61, 62, 44, 32, 30, 59, 61, 19, 12, 6, 5)
_LOT_3: Final = (15, 13, 10, 7, 6, 5, 4, 11, 46, 51, 45, 51, 61, 59, 66, 68, 85, 88, 124, 73, 45, 27, 21, 18)
_LOT_5: Final = (10, 7, 4, 2, 1, 1, 2, 28, 129, 55, 64, 62, 73, 86, 81, 67, 57, 44, 45, 50, 51, 41, 26, 16)
_LOT_6: Final = (0, 0, 0, 0, 0, 0, 20, 47, 113, 132, 121, 82, 54, 44, 59, 81, 83, 72, 53, 28, 9, 1, 0, 0)
_LOT_7: Final = (0, 0, 0, 0, 0, 3, 50, 126, 206, 169, 116, 54, 24, 25, 45, 56, 57, 47, 20, 4, 1, 0, 0, 0)
_LOT_8: Final = (0, 0, 0, 0, 0, 0, 1, 4, 39, 104, 133, 108, 90, 103, 120, 113, 97, 60, 20, 6, 1, 1, 0, 0)
_LOT_9: Final = (2, 1, 1, 0, 5, 40, 79, 99, 114, 116, 97, 67, 41, 30, 34, 41, 50, 55, 54, 38, 16, 10, 5, 3)
_LOT_10: Final = (15, 8, 5, 4, 3, 2, 3, 48, 104, 100, 79, 48, 33, 37, 86, 77, 51, 53, 64, 46, 40, 39, 30, 22)


@dataclass(frozen=True, slots=True)
class Demand:
    """
    What one class of places lives from.

    by_hour: arrivals per thousand in each hour of the day. median_min, spread: of the log-normal length in a lot.
    a_day: vehicles that want a berth on a working day, per berth, on the street and in a lot. off: factor on days off.
    by_night: share of berths taken at four in the morning.
    """

    by_hour: tuple[int, ...]
    median_min: float
    spread: float
    street_a_day: float
    lot_a_day: float
    off: float
    by_night: float


CLASSES: Final = {
    "shopping": Demand(tuple(a + b for a, b in zip(_LOT_3, _LOT_8, strict=True)), 53, 0.95, 9.2, 5.5, 1.16, 0.22),
    "office": Demand(_LOT_5, 209, 1.30, 5.6, 2.8, 0.55, 0.20),
    "homes": Demand(_LOT_10, 177, 1.46, 3.1, 2.0, 0.95, 0.58),
    "hospital": Demand(_LOT_7, 36, 0.66, 13.0, 9.0, 0.70, 0.24),
    "station": Demand(_LOT_1, 120, 1.35, 4.4, 3.6, 1.10, 0.30),
    "leisure": Demand(_LOT_3, 94, 1.36, 5.2, 3.8, 1.25, 0.16),
    "campus": Demand(_LOT_6, 35, 0.70, 9.0, 5.0, 0.60, 0.22),
    "street": Demand(_LOT_9, 42, 1.26, 7.4, 5.0, 0.92, 0.34),
}
STREET_LENGTH: Final = 0.8
"""Stays at a kerb are shorter than stays in a lot."""
MONDAY_TO_SUNDAY: Final = (0.97, 0.97, 0.97, 0.98, 1.03, 1.05, 1.00)


def expected(site: Site, day: date) -> float:
    """Return how many vehicles want to park there in the day that begins at four in the morning."""
    demand = CLASSES[site.demand]
    a_day = demand.street_a_day if site.kind is SiteKind.ON_STREET else demand.lot_a_day
    kind_of_day = demand.off if holidays.is_off(day) else 1.0
    return a_day * site.capacity * kind_of_day * MONDAY_TO_SUNDAY[day.weekday()]


def most_expected(site: Site) -> float:
    """Return more than ever want to park there in a day, but for chance."""
    demand = CLASSES[site.demand]
    return max(demand.street_a_day, demand.lot_a_day) * site.capacity * max(demand.off, 1.0) * max(MONDAY_TO_SUNDAY)


def arrival_seconds(site: Site, count: int, luck: np.random.Generator) -> NDArray[np.int64]:
    """Return when they come: sorted seconds after four in the morning."""
    weights = np.roll(np.array(CLASSES[site.demand].by_hour, dtype=np.float64), -DAY_STARTS_HOUR)
    hours = luck.choice(24, size=count, p=weights / weights.sum())
    return np.sort(hours * 3_600 + luck.integers(0, 3_600, size=count))


def lengths(site: Site, count: int, luck: np.random.Generator) -> NDArray[np.int64]:
    """Return how long they mean to stay, whole seconds, from two minutes to fourteen hours."""
    demand = CLASSES[site.demand]
    factor = STREET_LENGTH if site.kind is SiteKind.ON_STREET else 1.0
    drawn = luck.lognormal(np.log(demand.median_min * 60 * factor), demand.spread, size=count)
    return np.clip(drawn, SHORTEST_S, LONGEST_S).astype(np.int64)


def home_seconds(count: int, luck: np.random.Generator) -> NDArray[np.int64]:
    """Return when visitors go home at the latest, seconds after four in the morning: between ten and midnight, mostly."""
    return luck.normal(HOME_S, HOME_SPREAD_S, size=count).astype(np.int64)


DAY_STARTS_HOUR: Final = 4
"""The simulator's day begins when the city is stillest: whoever stands then stays the night."""
SHORTEST_S: Final = 120
LONGEST_S: Final = 14 * 3_600
HOME_S: Final = (22 * 60 + 20 - DAY_STARTS_HOUR * 60) * 60
HOME_SPREAD_S: Final = 5_400
