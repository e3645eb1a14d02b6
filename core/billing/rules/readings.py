"""Readings: the choices that the text of a tariff may leave open, and that somebody has to make. Values alone."""

from enum import StrEnum
from typing import NamedTuple


class Rounding(StrEnum):
    """What an incomplete unit costs: a whole one, nothing, whichever is nearer, or its exact share."""

    UP = "up"
    DOWN = "down"
    NEAREST = "nearest"
    EXACT = "exact"


class BandEdge(StrEnum):
    """What becomes of a unit in progress where a band ends."""

    CUT = "cut"
    FINISH = "finish"
    CARRY = "carry"


class Midnight(StrEnum):
    """Whether units are counted through midnight or anew from it."""

    CUT = "cut"
    RUN_ON = "run_on"


class TiersAgain(StrEnum):
    """When the first tier comes again; it always does when the whole rule begins again."""

    NEVER = "never"
    EACH_VISIT = "each_visit"
    EACH_DAY = "each_day"


class TierClock(StrEnum):
    """What moves a stay through the tiers."""

    ELAPSED = "elapsed"
    CHARGED = "charged"
    CHARGED_IN_BAND = "charged_in_band"
    BILLED_IN_BAND = "billed_in_band"


class DayTypeBy(StrEnum):
    """Whose day type holds: of each minute, of the entry or of the exit."""

    MINUTE = "minute"
    ENTRY = "entry"
    EXIT = "exit"


class Overnight(StrEnum):
    """Whose day type holds for the morning half of a window over midnight."""

    OWN_DAY = "own_day"
    EVENING_DAY = "evening_day"


class Early(StrEnum):
    """From when somebody is charged who comes before the charged hours."""

    FROM_WINDOW = "from_window"
    FROM_ENTRY = "from_entry"


class Leaving(StrEnum):
    """Whether the instant of leaving opens a band that begins just then."""

    HALF_OPEN = "half_open"
    CLOSED = "closed"


class Seconds(StrEnum):
    """Whether seconds of entry and exit count or are cut off."""

    KEPT = "kept"
    CUT_OFF = "cut_off"


class Each(StrEnum):
    """What a free time or a sum belongs to."""

    STAY = "stay"
    PERIOD = "period"
    DAY = "day"
    VISIT = "visit"
    HOURS = "hours"


class Of(StrEnum):
    """Which minutes are meant: all since entry, or only those that are charged."""

    ELAPSED = "elapsed"
    CHARGED = "charged"


class FreeKind(StrEnum):
    """A free time that ends when it is passed, or one that is always taken off."""

    THRESHOLD = "threshold"
    DEDUCT = "deduct"


class Frequency(StrEnum):
    """How often a vehicle gets a free time."""

    EVERY_STAY = "every_stay"
    ONCE_A_DAY = "once_a_day"


class RoundAt(StrEnum):
    """Where money is rounded."""

    LINE = "line"
    TOTAL = "total"


class MoneyMode(StrEnum):
    """How money is rounded."""

    HALF_UP = "half_up"
    UP = "up"
    DOWN = "down"


class Money(NamedTuple):
    """To what an amount is rounded, how and where."""

    to_fen: int
    mode: MoneyMode
    at: RoundAt


class Reading(NamedTuple):
    """How the text of a tariff is read, one value for each thing it may leave open."""

    seconds: Seconds
    day_type_by: DayTypeBy
    overnight: Overnight
    band_edge: BandEdge
    midnight: Midnight
    tiers_again: TiersAgain
    tier_clock: TierClock
    early: Early
    leaving: Leaving
    money: Money
