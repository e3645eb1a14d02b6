"""
Previews: a tariff as pictures, before anybody pays by it: its bands over a day, its price over the length of a stay, samples.

Everything is worked out by the engine that prices stays; nothing is drawn here. What cannot be priced says why. Instants and
lengths are milliseconds, times of a day minutes after midnight, amounts whole minor units of the tariff's currency.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product
from typing import Final

from core.billing import phrases
from core.billing.language import Tariff, sentence_of
from core.billing.rules.days import DAY_MS, MINUTE_MS, Calendar, Unpriceable
from core.billing.rules.plans import FOREVER, Stay
from core.billing.rules.pricing import Compiled, Line, charge
from core.billing.rules.readings import Rounding
from core.billing.rules.settlements import NOTHING, Circumstances, Version, settle
from core.billing.rules.terms import CouponKind
from core.billing.strips import Strip, Subject, strips_of
from core.kit.locale import Lazy, _, _l

MOST_POINTS: Final = 400
"""Points of a curve; a price that moves more often is drawn as a slope through as many points at even distances."""
_MARKS: Final = 6
_MOST_MARKS: Final = 5
"""Steps along the axes of a curve: of lengths, and at most of amounts."""
_SEARCHED_DAYS: Final = 400
_HOUR_MS: Final = 60 * MINUTE_MS
_Cost = tuple[int, int]
"""What is due, and how much of the price was paid."""


@dataclass(frozen=True, slots=True)
class Point:
    """From this length on, until the next point, so much is due for a stay, after so much that was paid; None: no price."""

    after_ms: int
    fen: int | None
    paid_fen: int
    price: str
    paid: str


@dataclass(frozen=True, slots=True)
class Curve:
    """
    What is due over the length of a stay. An exact one has a point wherever that changes; `why` tells what has no price.

    `lengths` and `amounts` are what stands at the axes, `payments` when something was paid: a value and its words.
    """

    until_ms: int
    points: tuple[Point, ...]
    lengths: tuple[tuple[int, str], ...]
    amounts: tuple[tuple[int, str], ...]
    payments: tuple[tuple[int, str], ...]
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
    currency: str,
    versions: Sequence[Version],
    calendar: Calendar,
    stay: Stay,
    beside: Circumstances = NOTHING,
    *,
    until_ms: int = DAY_MS,
) -> Curve:
    """
    Return what is due for a stay by its length, with a point wherever that changes, to the millisecond.

    A payment counts from when it was made; one that was made after the stay counts from its end.
    """
    said: list[str] = []

    def cost(after_ms: int) -> _Cost | None:
        at_ms = stay.entry_ms + after_ms
        made = tuple(one for one in beside.payments if min(one.at_ms, stay.exit_ms) <= at_ms)
        try:
            found = settle(versions, replace(stay, exit_ms=at_ms), calendar, replace(beside, payments=made))
        except Unpriceable as error:
            said.append(sentence_of(error))
            return None
        return int(found.due_fen), int(found.net_fen - found.due_fen)

    edges = _edges(versions, calendar, replace(stay, exit_ms=stay.entry_ms + until_ms), beside)
    found = None if edges is None else _steps(cost, edges, until_ms)
    is_exact = found is not None
    if found is None:
        step_ms = max(1, until_ms // MOST_POINTS)
        found = [(at_ms, cost(at_ms)) for at_ms in range(0, until_ms + 1, step_ms)]
    top = max((sum(fen) for _at, fen in found if fen is not None), default=0)
    return Curve(
        until_ms,
        tuple(_point(after_ms, fen, currency) for after_ms, fen in found),
        tuple((at_ms, phrases.length(at_ms) if at_ms else "0") for at_ms in range(0, until_ms + 1, max(1, until_ms // _MARKS))),
        tuple((fen, phrases.amount(fen, currency)) for fen in _marks(top)),
        tuple(_paid(stay, beside, until_ms, currency)),
        is_exact,
        said[0] if said else "",
    )


def _point(after_ms: int, cost: _Cost | None, currency: str) -> Point:
    due, paid = cost or (None, 0)
    return Point(after_ms, due, paid, _price(due, currency), _price(paid, currency) if paid else "")


def _paid(stay: Stay, beside: Circumstances, until_ms: int, currency: str) -> Iterator[tuple[int, str]]:
    """Say when what was paid, as far as it is drawn."""
    for payment in sorted(beside.payments):
        after_ms = max(0, min(payment.at_ms, stay.exit_ms) - stay.entry_ms)
        if after_ms <= until_ms:
            yield after_ms, _("paid %(money)s", money=phrases.amount(payment.fen, currency))


def _marks(most: int) -> range:
    """Return even amounts for an axis: round steps from nothing to at least the most."""
    step = next(
        unit * factor for unit in (10**power for power in range(16)) for factor in (1, 2, 5) if unit * factor * _MOST_MARKS >= most
    )
    return range(0, max(step, -(-most // step) * step) + 1, step)


def _edges(versions: Sequence[Version], calendar: Calendar, stay: Stay, beside: Circumstances) -> list[int] | None:
    """
    List lengths at which the price may change: ends of units, bands and free times; None: it moves all the time.

    Shorter stays are asked as well, since a longer one may cost a whole period in one line; and all of them before payments too.
    """
    until_ms = stay.exit_ms - stay.entry_ms
    edges = {0, until_ms, *range(0, until_ms, _HOUR_MS), *_turns(versions, stay, beside)}
    lengths = {until_ms, max(0, until_ms - 1), *range(0, until_ms, 2 * _HOUR_MS)}
    for long_ms, told in product(lengths, {beside.payments: beside, (): replace(beside, payments=())}.values()):
        found = _ends(versions, calendar, replace(stay, exit_ms=stay.entry_ms + long_ms), told)
        if found is None:
            return None
        edges |= found
    minutes = [coupon.value * MINUTE_MS for coupon in beside.coupons if coupon.kind is CouponKind.MINUTES]
    edges |= {edge + ms for edge in edges for ms in minutes}
    return sorted({at for edge in edges for at in (edge - 1, edge, edge + 1) if 0 <= at <= until_ms})


def _ends(versions: Sequence[Version], calendar: Calendar, stay: Stay, beside: Circumstances) -> set[int] | None:
    """Return the ends of units and free times of one stay, as lengths; None: its price moves all the time."""
    try:
        lines, variant = settle(versions, stay, calendar, beside).lines, versions[0].compiled.variant(stay, calendar)
    except Unpriceable:
        return set()
    spans = [(line.from_ms - stay.entry_ms, line.to_ms - stay.entry_ms, _unit_ms(line)) for line in lines]
    unit_n = sum((to_ms - from_ms) // unit_ms for from_ms, to_ms, unit_ms in spans)
    if unit_n > MOST_POINTS or any(rate.rounding is Rounding.EXACT for band in variant.bands for rate in band.rates):
        return None
    ends = {free.ms for free in (*variant.thresholds, *variant.deductions)}
    for from_ms, to_ms, unit_ms in spans:
        ends |= {to_ms, *range(from_ms, to_ms, unit_ms)}
    return ends


def _turns(versions: Sequence[Version], stay: Stay, beside: Circumstances) -> Iterator[int]:
    """List lengths at which something begins or ends beside the bands: versions, passes, inner lots, payments with their grace."""
    after = versions[0].compiled.terms.after_payment
    yield from (version.from_ms - stay.entry_ms for version in versions)
    yield from (edge - stay.entry_ms for span in (*beside.covered, *beside.inner) for edge in span)
    for payment in beside.payments:
        paid_ms = payment.at_ms - stay.entry_ms
        yield from (paid_ms, paid_ms + (after.grace_ms if after else 0))


def _unit_ms(line: Line) -> int:
    """Return after how long a line goes on costing; what costs nothing or once never does."""
    return line.unit_ms if line.unit_ms and line.before_fen else FOREVER


def _steps(cost: Callable[[int], _Cost | None], edges: Sequence[int], until_ms: int) -> list[tuple[int, _Cost | None]] | None:
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
    at_ms = arrivals[0].at_ms
    drawn = curve(tariff.currency, [Version(0, compiled)], calendar, subject.stay(at_ms, at_ms + DAY_MS))
    return Preview(strips, drawn, samples(tariff, compiled, calendar, arrivals, subject), "")
