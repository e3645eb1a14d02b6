"""
Stories: what each source tells of one berth over a period, and where two stories cannot both be true.

A source tells a state until its next word; from its last word before a silence on it tells nothing. Periods are half-open.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Final, NamedTuple

TAKEN: Final = "occupied"
FREE: Final = "free"
SILENT: Final = "silent"
UNKNOWN: Final = "unknown"

DIFFER_AFTER: Final = timedelta(minutes=5)
"""How long sensor and camera may differ before somebody looks (wall.md 4.4)."""
NO_ORDER_AFTER: Final = timedelta(minutes=10)
GHOST_AFTER: Final = timedelta(minutes=15)
NO_PLATE_AFTER: Final = timedelta(minutes=30)
SILENCE_FROM: Final = timedelta(minutes=1)
READ_HOLDS: Final = timedelta(minutes=2)
"""A plate read this long before the arrival announced it: no contradiction."""


class Source(StrEnum):
    """Whose story it is."""

    MAGNET = "magnet"
    VIDEO = "video"
    ORDER = "order"


class Kind(StrEnum):
    """Why two stories differ."""

    SENSOR_SILENT = "sensor_silent"
    VIDEO_ONLY = "video_only"
    MAGNET_ONLY = "magnet_only"
    NO_ORDER = "no_order"
    NO_PLATE = "no_plate"
    GHOST_ORDER = "ghost_order"
    READ_ON_FREE = "read_on_free"
    TWO_ORDERS = "two_orders"


class Word(NamedTuple):
    """What one device said."""

    at: datetime
    is_taken: bool
    device: str
    plate: str | None = None


class Period(NamedTuple):
    """A half-open period."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of one state in one story; `device` told it last, None where it comes from the books."""

    state: str
    starts_at: datetime
    ends_at: datetime
    device: str | None = None
    plate: str | None = None

    @property
    def length(self) -> timedelta:
        """Return how long it is."""
        return self.ends_at - self.starts_at


@dataclass(frozen=True, slots=True)
class Order:
    """A stay as the books have it; plate None: nobody has read it."""

    starts_at: datetime
    ends_at: datetime | None
    plate: str | None


class Gap(NamedTuple):
    """A stretch in which stories differ, of whom, and which device is meant."""

    starts_at: datetime
    ends_at: datetime
    kind: Kind
    sources: tuple[Source, ...]
    device: str | None = None


def story(words: Sequence[Word], silences: Sequence[Period], kept: Sequence[Stretch], period: Period) -> list[Stretch]:
    """
    Return what a source tells over a period without a hole, oldest first.

    `words` in their order, the newest before the period included; before the first word `kept`, stretches from the books,
    is told where there are any.
    """
    first_at = words[0].at if words else period.ends_at
    told = [_cut(one, Period(period.starts_at, min(first_at, period.ends_at))) for one in kept]
    ends = [*(word.at for word in words[1:]), period.ends_at][: len(words)]
    told += [
        _cut(Stretch(TAKEN if word.is_taken else FREE, word.at, end, word.device, word.plate), period)
        for word, end in zip(words, ends, strict=True)
    ]
    whole = _filled([one for one in told if one.length > timedelta(0)], period)
    for silence in silences:
        whole = [piece for one in whole for piece in _silenced(one, silence)]
    return _joined(whole)


def gaps(
    stories: dict[Source, list[Stretch]], orders: Sequence[Order], reads_on_free: Iterable[datetime], period: Period, *, names: bool
) -> list[Gap]:
    """
    Return where the stories cannot all be true, oldest first.

    `stories` holds the sources that are installed; `names` tells that only collectors can put a plate to a vehicle here.
    """
    found = [
        Gap(one.starts_at, one.ends_at, Kind.SENSOR_SILENT, (source,), one.device)
        for source, told in stories.items()
        for one in told
        if one.state == SILENT and one.length >= SILENCE_FROM
    ]
    found += _differences(stories)
    found += _unordered(stories, orders, period)
    found += [gap for order in orders for gap in _nameless(order, period) if names]
    found += _ghosts(stories, orders, period)
    found += _double(orders, period)
    found += [Gap(at, min(at + READ_HOLDS, period.ends_at), Kind.READ_ON_FREE, tuple(stories)) for at in reads_on_free]
    return sorted(found)


def _differences(stories: dict[Source, list[Stretch]]) -> Iterator[Gap]:
    """Yield where the camera sees a vehicle and the sensor none, and the reverse."""
    sources = (Source.MAGNET, Source.VIDEO)
    if not all(source in stories for source in sources):
        return
    for states, kind in (((FREE, TAKEN), Kind.VIDEO_ONLY), ((TAKEN, FREE), Kind.MAGNET_ONLY)):
        told = [_where(stories[source], state) for source, state in zip(sources, states, strict=True)]
        for both in _common(*told):
            if both.ends_at - both.starts_at > DIFFER_AFTER:
                yield Gap(*both, kind, sources)


def _unordered(stories: dict[Source, list[Stretch]], orders: Sequence[Order], period: Period) -> Iterator[Gap]:
    """Yield where a source sees a vehicle and the books know of none."""
    booked = [_of(order, period) for order in orders]
    for source, told in stories.items():
        for alone in _without(_where(told, TAKEN), booked):
            if alone.ends_at - alone.starts_at > NO_ORDER_AFTER:
                yield Gap(*alone, Kind.NO_ORDER, (source, Source.ORDER))


def _nameless(order: Order, period: Period) -> Iterator[Gap]:
    """Yield the part of a stay in which somebody should have read the plate by then."""
    cut = _of(order, period)
    if order.plate is None and cut.ends_at - order.starts_at >= NO_PLATE_AFTER:
        yield Gap(max(cut.starts_at, order.starts_at + NO_PLATE_AFTER), cut.ends_at, Kind.NO_PLATE, (Source.ORDER,))


def _ghosts(stories: dict[Source, list[Stretch]], orders: Sequence[Order], period: Period) -> Iterator[Gap]:
    """Yield where an order runs while every source says free."""
    if not stories:
        return
    running = [_of(order, period) for order in orders]
    for told in stories.values():
        running = list(_common(running, _where(told, FREE)))
    for alone in running:
        if alone.ends_at - alone.starts_at > GHOST_AFTER:
            yield Gap(*alone, Kind.GHOST_ORDER, (*stories, Source.ORDER))


def _double(orders: Sequence[Order], period: Period) -> Iterator[Gap]:
    """Yield where two orders run at once."""
    for first, second in pairwise(sorted(orders, key=lambda order: order.starts_at)):
        for both in _common([_of(first, period)], [_of(second, period)]):
            yield Gap(*both, Kind.TWO_ORDERS, (Source.ORDER,))


def _of(order: Order, period: Period) -> Period:
    return Period(max(order.starts_at, period.starts_at), min(order.ends_at or period.ends_at, period.ends_at))


def _where(told: Iterable[Stretch], state: str) -> list[Period]:
    return [Period(one.starts_at, one.ends_at) for one in told if one.state == state]


def _common(some: Iterable[Period], others: Sequence[Period]) -> Iterator[Period]:
    """Yield what periods of two lists have in common."""
    for one in some:
        for other in others:
            both = Period(max(one.starts_at, other.starts_at), min(one.ends_at, other.ends_at))
            if both.starts_at < both.ends_at:
                yield both


def _without(some: Iterable[Period], others: Iterable[Period]) -> list[Period]:
    """Return what is left of periods when others are taken out."""
    left = list(some)
    for other in others:
        left = [piece for one in left for piece in _rest(one, other)]
    return left


def _rest(one: Period, other: Period) -> Iterator[Period]:
    for piece in (Period(one.starts_at, min(one.ends_at, other.starts_at)), Period(max(one.starts_at, other.ends_at), one.ends_at)):
        if piece.starts_at < piece.ends_at:
            yield piece


def _cut(one: Stretch, period: Period) -> Stretch:
    """Return a stretch clipped to a period; of no length where they do not meet."""
    starts_at = min(max(one.starts_at, period.starts_at), period.ends_at)
    return replace(one, starts_at=starts_at, ends_at=max(starts_at, min(one.ends_at, period.ends_at)))


def _filled(told: Sequence[Stretch], period: Period) -> list[Stretch]:
    """Return stretches with unknown ones where nothing was told."""
    whole, at = [], period.starts_at
    for one in told:
        if one.starts_at > at:
            whole.append(Stretch(UNKNOWN, at, one.starts_at))
        whole.append(one)
        at = one.ends_at
    if at < period.ends_at:
        whole.append(Stretch(UNKNOWN, at, period.ends_at))
    return whole


def _silenced(one: Stretch, silence: Period) -> Iterator[Stretch]:
    """Yield a stretch with the part in which its source was silent."""
    both = Period(max(one.starts_at, silence.starts_at), min(one.ends_at, silence.ends_at))
    if both.starts_at >= both.ends_at:
        yield one
        return
    if one.starts_at < both.starts_at:
        yield replace(one, ends_at=both.starts_at)
    yield replace(one, state=SILENT, starts_at=both.starts_at, ends_at=both.ends_at, plate=None)
    if both.ends_at < one.ends_at:
        yield replace(one, starts_at=both.ends_at)


def _joined(told: Iterable[Stretch]) -> list[Stretch]:
    """Return stretches with equal neighbours made one; a plate read on the way belongs to the whole."""
    whole: list[Stretch] = []
    for one in told:
        last = whole[-1] if whole else None
        if last is not None and last.state == one.state:
            whole[-1] = replace(last, ends_at=one.ends_at, device=one.device or last.device, plate=last.plate or one.plate)
        else:
            whole.append(one)
    return whole
