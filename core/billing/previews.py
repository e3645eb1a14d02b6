"""
Previews: a tariff as pictures, before anybody pays by it: its bands over a day, its price over the length of a stay, samples.

Everything is worked out by the engine that prices stays; nothing is drawn here. What cannot be priced says why. Instants and
lengths are milliseconds, times of a day minutes after midnight, amounts whole minor units of the tariff's currency.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from core.billing import phrases
from core.billing.language import Tariff, sentence_of
from core.billing.rules.days import DAY_MS, MINUTE_MS, Calendar, Unpriceable
from core.billing.rules.plans import FOREVER, Stay
from core.billing.rules.pricing import Compiled, Line, charge
from core.billing.rules.readings import Rounding
from core.billing.strips import Strip, Subject, strips_of
from core.kit.locale import Lazy, _, _l

MOST_POINTS: Final = 400
"""Points of a curve; a price that moves more often is drawn as a slope through as many points at even distances."""
_MARKS: Final = 6
_MOST_MARKS: Final = 5
"""Steps along the axes of a curve: of lengths, and at most of amounts."""
_SEARCHED_DAYS: Final = 400
_HOUR_MS: Final = 60 * MINUTE_MS


@dataclass(frozen=True, slots=True)
class Point:
    """From this length on, until the next point, a stay costs so much; None: it has no price."""

    after_ms: int
    fen: int | None
    price: str


@dataclass(frozen=True, slots=True)
class Curve:
    """
    The price over the length of a stay. An exact one has a point wherever the price changes; `why` tells what has no price.

    `lengths` and `amounts` are what stands at the axes: a value and its words.
    """

    until_ms: int
    points: tuple[Point, ...]
    lengths: tuple[tuple[int, str], ...]
    amounts: tuple[tuple[int, str], ...]
    is_exact: bool
    why: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An arrival that samples are priced for, and what people call it."""

    label: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Cell:
    """What one sample costs; without a price a dash, and why."""

    fen: int | None
    price: str
    why: str


@dataclass(frozen=True, slots=True)
class Samples:
    """Prices of usual stays: a column for each arrival, a row for each length."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """All pictures of a tariff for one subject; `why` says what stands in the way of one or all of them."""

    strips: tuple[Strip, ...]
    curve: Curve | None
    samples: Samples | None
    why: str


# The price over the length of a stay


def curve(
    tariff: Tariff, compiled: Compiled, calendar: Calendar, entry_ms: int, subject: Subject, *, until_ms: int = DAY_MS
) -> Curve:
    """Return what a stay costs by its length, with a point wherever that changes, to the millisecond."""
    said: list[str] = []

    def cost(after_ms: int) -> int | None:
        try:
            return int(charge(compiled, subject.stay(entry_ms, entry_ms + after_ms), calendar).gross_fen)
        except Unpriceable as error:
            said.append(sentence_of(error))
            return None

    edges = _edges(compiled, calendar, subject.stay(entry_ms, entry_ms + until_ms))
    found = None if edges is None else _steps(cost, edges, until_ms)
    is_exact = found is not None
    if found is None:
        step_ms = max(1, until_ms // MOST_POINTS)
        found = [(at_ms, cost(at_ms)) for at_ms in range(0, until_ms + 1, step_ms)]
    points = tuple(Point(at_ms, fen, _price(fen, tariff.currency)) for at_ms, fen in found)
    lengths = tuple(
        (at_ms, phrases.length(at_ms) if at_ms else "0") for at_ms in range(0, until_ms + 1, max(1, until_ms // _MARKS))
    )
    amounts = tuple((fen, phrases.amount(fen, tariff.currency)) for fen in _marks(max((fen or 0 for _at, fen in found), default=0)))
    return Curve(until_ms, points, lengths, amounts, is_exact, said[0] if said else "")


def _marks(most: int) -> range:
    """Return even amounts for an axis: round steps from nothing to at least the most."""
    step = next(
        unit * factor for unit in (10**power for power in range(16)) for factor in (1, 2, 5) if unit * factor * _MOST_MARKS >= most
    )
    return range(0, max(step, -(-most // step) * step) + 1, step)


def _edges(compiled: Compiled, calendar: Calendar, stay: Stay) -> list[int] | None:
    """
    List lengths at which the price may change: ends of units, bands and free times; None: it moves all the time.

    Shorter stays are asked as well, since a longer one may cost a whole period in one line.
    """
    until_ms = stay.exit_ms - stay.entry_ms
    edges = {0, until_ms, *range(0, until_ms, _HOUR_MS)}
    for long_ms in {until_ms, max(0, until_ms - 1), *range(0, until_ms, 2 * _HOUR_MS)}:
        asked = replace(stay, exit_ms=stay.entry_ms + long_ms)
        try:
            lines, variant = charge(compiled, asked, calendar).lines, compiled.variant(asked, calendar)
        except Unpriceable:
            continue
        spans = [(line.from_ms - stay.entry_ms, line.to_ms - stay.entry_ms, _unit_ms(line)) for line in lines]
        unit_n = sum((to_ms - from_ms) // unit_ms for from_ms, to_ms, unit_ms in spans)
        if unit_n > MOST_POINTS or any(rate.rounding is Rounding.EXACT for band in variant.bands for rate in band.rates):
            return None
        edges |= {free.ms for free in (*variant.thresholds, *variant.deductions)}
        for from_ms, to_ms, unit_ms in spans:
            edges |= {to_ms, *range(from_ms, to_ms, unit_ms)}
    return sorted({at for edge in edges for at in (edge - 1, edge, edge + 1) if 0 <= at <= until_ms})


def _unit_ms(line: Line) -> int:
    """Return after how long a line goes on costing; what costs nothing or once never does."""
    return line.unit_ms if line.unit_ms and line.before_fen else FOREVER


def _steps(cost: Callable[[int], int | None], edges: Sequence[int], until_ms: int) -> list[tuple[int, int | None]] | None:
    """Find every change between edges, each halved down to the millisecond; None where there are more than can be drawn."""
    at, now = 0, cost(0)
    found = [(at, now)]
    for edge in edges:
        there = cost(edge)
        while there != now:
            same, other = at, edge
            while other - same > 1:
                between = (same + other) >> 1
                same, other = (between, other) if cost(between) == now else (same, between)
            at, now = other, cost(other)
            found.append((at, now))
            if len(found) > MOST_POINTS:
                return None
        at = max(at, edge)
    return [point for point in found if point[0] <= until_ms]


def _price(fen: int | None, currency: str) -> str:
    return "—" if fen is None else phrases.amount(fen, currency)


# Samples


SHORT: Final = (15 * MINUTE_MS, 30 * MINUTE_MS, _HOUR_MS, 2 * _HOUR_MS, 4 * _HOUR_MS, 8 * _HOUR_MS)
LONG: Final = (DAY_MS, 3 * DAY_MS)
NIGHT: Final = (20 * 60, 32 * 60)
"""From eight in the evening to eight in the morning, minutes after the midnight before."""
ARRIVAL: Final = 9 * 60
_OVERNIGHT: Final[Lazy] = _l("Overnight 20:00–08:00")


def entries(tariff: Tariff, compiled: Compiled, calendar: Calendar, on: date) -> list[Entry]:
    """Return arrivals at nine in the morning of the next day of each type that the tariff knows and the calendar has."""
    found: dict[str, Entry] = {}
    for number in range(_SEARCHED_DAYS):
        day = on + timedelta(days=number)
        try:
            name = calendar.day_type(day)
        except Unpriceable:
            continue
        if name not in found:
            at_ms = compiled.days.clock_time(day.toordinal(), ARRIVAL)
            found[name] = Entry(f"{phrases.day_type(name)} {day:%m-%d} {phrases.clock(ARRIVAL)}", at_ms)
        if len(found) == len(tariff.day_types):
            break
    return [found[name] for name in tariff.day_types if name in found]


def samples(tariff: Tariff, compiled: Compiled, calendar: Calendar, arrivals: Sequence[Entry], subject: Subject) -> Samples:
    """Price usual stays for some arrivals; the overnight one begins on the evening of the day of arrival."""

    def cell(from_ms: int, to_ms: int) -> Cell:
        try:
            fen = int(charge(compiled, subject.stay(from_ms, to_ms), calendar).gross_fen)
        except Unpriceable as error:
            return Cell(None, "—", sentence_of(error))
        return Cell(fen, phrases.amount(fen, tariff.currency), "")

    def row(long_ms: int) -> tuple[str, tuple[Cell, ...]]:
        return phrases.length(long_ms), tuple(cell(one.at_ms, one.at_ms + long_ms) for one in arrivals)

    nights = [[compiled.days.clock_time(compiled.days.ordinal(one.at_ms), minute) for minute in NIGHT] for one in arrivals]
    overnight = str(_OVERNIGHT), tuple(cell(evening, morning) for evening, morning in nights)
    rows: Iterable[tuple[str, tuple[Cell, ...]]] = (*map(row, SHORT), overnight, *map(row, LONG))
    return Samples(tuple(one.label for one in arrivals), tuple(rows))


def preview(tariff: Tariff, compiled: Compiled, calendar: Calendar | None, subject: Subject, on: date) -> Preview:
    """Return all pictures of a tariff for a subject, from a day on; the curve begins with the first arrival of the samples."""
    try:
        strips = tuple(strips_of(tariff, compiled, subject))
    except Unpriceable as error:
        return Preview((), None, None, sentence_of(error))
    if calendar is None:
        return Preview(strips, None, None, _("No calendar is in use."))
    arrivals = entries(tariff, compiled, calendar, on)
    if not arrivals:
        return Preview(strips, None, None, _("The calendar knows none of the coming days in the words of this tariff."))
    drawn = curve(tariff, compiled, calendar, arrivals[0].at_ms, subject)
    return Preview(strips, drawn, samples(tariff, compiled, calendar, arrivals, subject), "")
