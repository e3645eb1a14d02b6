"""
Plans: a tariff made ready to price. Values alone; prices are whole fen, times whole milliseconds or minutes of the day.

A *tariff* has *plans*; the first one whose condition a stay meets prices it. A plan cuts the day into *bands*, each with
*rates* made of *tiers*; beside them stand free times, caps, factors and the *settings* that say how the text is read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from core.billing.rules.days import CityDays, Kind, Unpriceable, Weekday
from core.billing.rules.readings import Each, FreeKind, Frequency, Of, Reading, Rounding
from core.kit.money import Fen

FOREVER: Final = 1 << 62
"""Longer than any stay, in milliseconds; a unit of this length is charged once."""

Value = bool | int | str


class NoPlan(Unpriceable):
    """No plan of the tariff prices such a stay."""


class NotAllowed(Unpriceable):
    """The tariff allows no parking then; `about` names the band."""


class MissingAttribute(Unpriceable):
    """The tariff asks something about the stay that was not told, or was told as something else."""


class DayRule(NamedTuple):
    """Days that something holds on: of these types, these weekdays, this season; None stands for all."""

    day_types: frozenset[str] | None = None
    weekdays: frozenset[Weekday] | None = None
    season: tuple[int, int] | None = None

    def holds(self, kind: Kind) -> bool:
        """Say whether it holds on a day of a kind; a season runs from its first to its last day, over the new year or not."""
        if self.day_types is not None and kind.day_type not in self.day_types:
            return False
        if self.weekdays is not None and kind.weekday not in self.weekdays:
            return False
        if self.season is None:
            return True
        first, last = self.season
        return first <= kind.month_day <= last if first <= last else not last < kind.month_day < first


EVERY_DAY: Final = DayRule()


class Question(NamedTuple):
    """One question about an attribute: is one of these values, or lies in [low, high)."""

    name: str
    values: frozenset[Value] | None
    low: int | None = None
    high: int | None = None

    def is_met(self, value: Value) -> bool:
        """Say whether a value meets it."""
        if self.values is not None:
            return value in self.values
        number = int(value)
        return (self.low is None or number >= self.low) and (self.high is None or number < self.high)


class Condition(NamedTuple):
    """When a part holds. Entry times are minutes of the day, [from, to), over midnight or not."""

    vehicles: frozenset[str] | None = None
    zones: frozenset[str] | None = None
    questions: tuple[Question, ...] = ()
    entry: tuple[int, int] | None = None
    days: DayRule = EVERY_DAY

    @property
    def asks_the_moment(self) -> bool:
        """Say whether it depends on when the stay began."""
        return self.entry is not None or self.days != EVERY_DAY


class Tier(NamedTuple):
    """Units of one price, up to a position of the tier clock. `fen` is the price of a unit; it may be below zero in steps."""

    until_ms: int
    unit_ms: int
    fen: int
    rule: str


class Rate(NamedTuple):
    """
    Tiers one after the other; the last goes on for ever. A last unit begun for no longer than the tolerance costs nothing.

    The units of a table lie where the tier clock puts them: one that was begun before is not begun again.
    """

    rounding: Rounding
    tolerance_ms: int
    tiers: tuple[Tier, ...]
    is_table: bool = False


class Band(NamedTuple):
    """A part of the day with its price: the cheapest of its rates; no rate is free, or no parking where it is forbidden."""

    name: str
    rule: str
    rates: tuple[Rate, ...]
    is_forbidden: bool = False


class Slot(NamedTuple):
    """Where a band lies on some days, in minutes of the day; from after to: over midnight."""

    days: DayRule
    from_min: int
    to_min: int
    band: int


class Free(NamedTuple):
    """A free time; an inclusive bound is still free."""

    name: str
    rule: str
    when: Condition
    kind: FreeKind
    ms: int
    is_inclusive: bool
    of: Of
    each: Each
    frequency: Frequency
    counts_for_tiers: bool


class Cap(NamedTuple):
    """
    The most that some bands cost together. Windows of `per` count from 0; the last limit holds for all later ones.

    `billed_ms` limits billed time instead of money.
    """

    rule: str
    when: Condition
    per: Each
    hours_ms: int
    fen: tuple[int, ...]
    billed_ms: tuple[int, ...]
    bands: frozenset[int]
    days: DayRule


class Factor(NamedTuple):
    """A per cent of the price, or as many times as an attribute says; before or after the caps."""

    name: str
    rule: str
    when: Condition
    percent: int
    times: str
    is_before_caps: bool


class Period(NamedTuple):
    """
    After how long the whole rule begins again: hours from entry, or a clock time of some days. A full one may have a price.

    Where the plan is chosen again, the rest is another stay.
    """

    hours_ms: int
    clock_min: int
    days: DayRule
    full_fen: int | None
    rule: str
    is_plan_again: bool = False


class AfterMax(StrEnum):
    """What follows the longest stay: it costs no more, it costs on and is told, or it costs extra."""

    STOP = "stop"
    CHARGE_ON = "charge_on"
    PENALTY = "penalty"


class MaxStay(NamedTuple):
    """The longest stay, and what follows."""

    ms: int
    then: AfterMax
    penalty: Rate | None
    rule: str


class Idle(NamedTuple):
    """What a place costs when charging has ended, after some time to drive away; at most so much."""

    grace_ms: int
    rate: Rate
    cap_fen: int | None
    rule: str


@dataclass(frozen=True, slots=True)
class Plan:
    """One plan for one zone and one class of vehicles."""

    name: str
    rule: str
    when: Condition
    days: CityDays
    slots: tuple[Slot, ...]
    bands: tuple[Band, ...]
    reading: Reading
    period: Period | None
    frees: tuple[Free, ...]
    caps: tuple[Cap, ...]
    factors: tuple[Factor, ...]
    minimum_fen: Fen
    max_stay: MaxStay | None
    idle: Idle | None


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a tariff may ask about a stay; without `absent` it must be told."""

    kind: type[bool] | type[int] | type[str]
    absent: Value | None


class Pause(NamedTuple):
    """
    A time of a stay, [from, to), that costs nothing for a reason beside the tariff; the name goes to its line.

    Whether it moves the tiers on, and whether it counts where the length of the stay decides.
    """

    from_ms: int
    to_ms: int
    name: str
    is_counted: bool
    is_stay: bool


@dataclass(frozen=True, slots=True)
class Stay:
    """
    A stay to price: from entry to exit, in milliseconds.

    `used_free_ms` tells, by name, what free time the vehicle had before on this day; `charging_ended_ms` when its battery was
    full. Pauses come in order and do not overlap.
    """

    entry_ms: int
    exit_ms: int
    vehicle: str
    zone: str = ""
    attrs: Mapping[str, Value] = field(default_factory=dict)
    used_free_ms: Mapping[str, int] = field(default_factory=dict)
    charging_ended_ms: int | None = None
    pauses: tuple[Pause, ...] = ()
    has_free_time: bool = True
