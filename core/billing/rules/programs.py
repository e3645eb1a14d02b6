"""Programs: the bands of each day as instants, worked out once for a plan and a calendar."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NamedTuple

from core.billing.rules.days import DAY_MIN, Calendar, CityDays, Kind, Unpriceable, kind_of
from core.billing.rules.plans import Slot
from core.billing.rules.readings import Overnight

_KEPT: Final = 4_096


class NoRule(Unpriceable):
    """
    Some minutes of a day have no band, or two; a checked tariff never comes here.

    `about` is the type of the day and its weekday, and the date where the bands are those of the day itself.
    """


class Part(NamedTuple):
    """A band of a day, in minutes of the day."""

    from_min: int
    to_min: int
    band: int


class Piece(NamedTuple):
    """A band of a day, as instants in milliseconds, [from, to)."""

    from_ms: int
    to_ms: int
    band: int


Program = tuple[Piece, ...]


def parts_of(slots: tuple[Slot, ...], overnight: Overnight, before: Kind, kind: Kind) -> list[Part]:
    """Lay the slots on a day of a kind after a day of another one; in order, still with gaps or overlaps if there are any."""
    parts = []
    for slot in slots:
        if slot.from_min < slot.to_min:
            if slot.days.holds(kind):
                parts.append(Part(slot.from_min, slot.to_min, slot.band))
            continue
        if slot.days.holds(kind) and slot.from_min < DAY_MIN:
            parts.append(Part(slot.from_min, DAY_MIN, slot.band))
        if slot.to_min > 0 and slot.days.holds(kind if overnight is Overnight.OWN_DAY else before):
            parts.append(Part(0, slot.to_min, slot.band))
    return sorted(parts)


def holes_of(parts: list[Part]) -> Iterator[tuple[int, int, tuple[int, ...]]]:
    """Name the minutes, [from, to), that have no band, or two: with the bands that meet there."""
    at = 0
    last: Part | None = None
    for part in parts:
        if part.from_min > at:
            yield at, part.from_min, ()
        elif last is not None and part.from_min < at:
            yield part.from_min, min(at, part.to_min), (last.band, part.band)
        if part.to_min >= at:
            at, last = part.to_min, part
    if at < DAY_MIN:
        yield at, DAY_MIN, ()


class DayBook:
    """
    The programs of a plan under one calendar. With a fixed kind every day has the bands of that kind of day.

    `kept` is a place for whoever walks through it to keep what stays the same under this calendar.

    Raises, from each method:
        UnknownDay: the calendar has no such day.
        NoRule: the plan has no band for a minute.
    """

    __slots__ = ("_calendar", "_fixed", "_kinds", "_overnight", "_programs", "_slots", "days", "kept")

    def __init__(
        self, days: CityDays, slots: tuple[Slot, ...], overnight: Overnight, calendar: Calendar, fixed: Kind | None = None
    ) -> None:
        """Begin with an empty book."""
        self.days, self._slots, self._overnight, self._calendar, self._fixed = days, slots, overnight, calendar, fixed
        self._programs: dict[int, Program] = {}
        self._kinds: dict[int, Kind] = {}
        self.kept: dict[tuple[int, int, int], Any] = {}

    def kind(self, ordinal: int) -> Kind:
        """Return the kind of a day, as the plan sees it."""
        if self._fixed is not None:
            return self._fixed
        found = self._kinds.get(ordinal)
        if found is None:
            if len(self._kinds) >= _KEPT:
                self._kinds.clear()
            found = self._kinds[ordinal] = kind_of(ordinal, self._calendar)
        return found

    def program(self, ordinal: int) -> Program:
        """Return the bands of a day, which join from its beginning to the next day's."""
        found = self._programs.get(ordinal)
        if found is None:
            if len(self._programs) >= _KEPT:
                self._programs.clear()
            found = self._programs[ordinal] = self._made(ordinal)
        return found

    def _made(self, ordinal: int) -> Program:
        kind = self.kind(ordinal)
        before = kind if self._overnight is Overnight.OWN_DAY else self.kind(ordinal - 1)
        parts = parts_of(self._slots, self._overnight, before, kind)
        if next(holes_of(parts), None) is not None:
            on = date.fromordinal(ordinal).isoformat() if self._fixed is None else ""
            raise NoRule(f"{kind.day_type} {kind.weekday} {on}".rstrip())
        edges = [self.days.clock_time(ordinal, part.from_min) for part in parts]
        edges[0] = self.days.midnight(ordinal)
        edges.append(self.days.midnight(ordinal + 1))
        pieces = (Piece(edges[k], edges[k + 1], part.band) for k, part in enumerate(parts))
        return tuple(piece for piece in pieces if piece.from_ms < piece.to_ms)

    def visit(self, at_ms: int, ordinal: int, until_ms: int, *, runs_on: bool) -> tuple[int, int, int]:
        """
        Return the band of an instant of a day, where its visit ends, and on which day that is.

        A band that goes on after midnight is one visit where `runs_on`; nothing is looked for behind `until_ms`.
        """
        program = self.program(ordinal)
        k = 0
        while program[k].to_ms <= at_ms:
            k += 1
        band, ends_ms = program[k].band, program[k].to_ms
        while k + 1 < len(program) and program[k + 1].band == band:
            k += 1
            ends_ms = program[k].to_ms
        while runs_on and k + 1 == len(program) and ends_ms < until_ms:
            ordinal += 1
            program, k = self.program(ordinal), -1
            while k + 1 < len(program) and program[k + 1].band == band:
                k += 1
                ends_ms = program[k].to_ms
            if k < 0:
                ordinal -= 1
                break
        return band, ends_ms, ordinal
