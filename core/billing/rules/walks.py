"""
Walks: follow a stay through the bands of its plan and write down what each part costs. Instants are milliseconds.

A stay is walked period by period and, within one, visit by visit: a visit is the time spent in one band without a break.
"""

from operator import itemgetter
from typing import Final, NamedTuple

from core.billing.rules.caps import Meters
from core.billing.rules.counts import Run, count
from core.billing.rules.plans import FOREVER, Free, NotAllowed, Pause, Period, Stay
from core.billing.rules.programs import DayBook
from core.billing.rules.readings import BandEdge, Each, Early, Frequency, Leaving, Midnight, Of, TierClock, TiersAgain
from core.billing.rules.variants import ReadyBand, ReadyRate, Variant

_GRAINS: Final = itemgetter(4)
_KEPT: Final = 16_384


class Raw(NamedTuple):
    """A line in grains: before the caps, and after them."""

    from_ms: int
    to_ms: int
    band: str
    unit_n: int
    unit_ms: int
    unit_fen: int
    rule: str
    before: int
    grains: int


class Kept(NamedTuple):
    """A visit worked out before: its lines, where it ends, on which day that is, and how long it was charged."""

    lines: tuple[Raw, ...]
    ends_ms: int
    ordinal: int
    charged_ms: int


def period_end(period: Period, book: DayBook, began_ms: int, at_ms: int, exit_ms: int) -> int:
    """Return where a period that began at an instant ends, behind another; behind the exit days are not looked at."""
    if period.hours_ms:
        return began_ms + period.hours_ms
    ordinal = book.days.ordinal(at_ms)
    while True:
        ends_ms = book.days.clock_time(ordinal, period.clock_min)
        if ends_ms > at_ms and (ends_ms >= exit_ms or period.days.holds(book.kind(ordinal))):
            return ends_ms
        ordinal += 1


class Walk:
    """One stay on its way; at each of the cuts a visit ends in any case."""

    __slots__ = (
        "_at", "_book", "_breaks", "_entry", "_exempt", "_exit", "_left", "_meters", "_ordinal", "_origin", "_period", "_period_n",
        "_places", "_reading", "_shared", "_stay", "_v", "_visit_n", "lines",
    )  # fmt: skip

    def __init__(self, variant: Variant, book: DayBook, stay: Stay, *, cuts: tuple[int, ...] = ()) -> None:
        """Stand at the entry."""
        self._v, self._book, self._stay, self._reading = variant, book, stay, variant.reading
        self._entry, self._exit = stay.entry_ms, stay.exit_ms
        self._breaks = sorted({*cuts, *(pause.from_ms for pause in stay.pauses)})
        self._at = self._origin = self._entry
        self._ordinal = book.days.ordinal(self._entry)
        self._period, self._period_n, self._visit_n = self._entry, 0, 0
        self._exempt: tuple[int, Free | None] = (0, None)
        self._places: dict[int, int] = {}
        self._shared = 0
        self._left = [self._due_free(free) for free in variant.deductions]
        self._meters = Meters(variant.caps, variant.whole, book, self._entry)
        self.lines: list[Raw] = []

    def go(self) -> list[Raw]:
        """
        Walk to the exit and return the lines.

        Raises:
            UnknownDay: the calendar does not know a day of the stay.
            NotAllowed: the stay touches a band in which nobody may park.
        """
        self._thresholds(Each.STAY, self._entry, self._exit)
        while self._at < self._exit:
            period = self._v.period
            ends_ms = FOREVER if period is None else period_end(period, self._book, self._period, self._at, self._exit)
            self._thresholds(Each.PERIOD, self._period, min(ends_ms, self._exit))
            self._thresholds(Each.DAY, self._at, self._exit)
            if not self._full(ends_ms):
                self._walk(min(ends_ms, self._exit))
            if self._at < self._exit:
                self._begin_period()
        if self._reading.leaving is Leaving.CLOSED:
            self._leave()
        return self.lines

    def _walk(self, limit_ms: int) -> None:
        """Walk through a period; a visit that any stay would have in the same way is worked out once and kept."""
        kept = self._book.kept if self._is_plain() else None
        while self._at < limit_ms:
            if kept is None or self._at == self._period:
                self._go_on(limit_ms)
                continue
            key = (self._v.serial, self._at, self._state())
            found = kept.get(key)
            if found is None:
                began_ms, line_n = self._shared, len(self.lines)
                self._go_on(limit_ms)
                if self._at < limit_ms:
                    self._keep(kept, key, self._shared - began_ms, line_n)
            elif found.ends_ms > limit_ms:
                self._go_on(limit_ms)
            else:
                self._repeat(found)

    def _is_plain(self) -> bool:
        """Say whether nothing but time and place decides what a visit costs."""
        return self._v.is_plain and not self._breaks and self._exempt[1] is None

    def _state(self) -> int:
        """Return how far the tiers have come: any position in the last tier is the same."""
        if self._reading.tiers_again is TiersAgain.EACH_VISIT:
            return 0
        at = self._at - self._origin if self._reading.tier_clock is TierClock.ELAPSED else self._shared
        return min(at, self._v.settled_ms)

    def _keep(self, kept: dict[tuple[int, int, int], Kept], key: tuple[int, int, int], charged_ms: int, line_n: int) -> None:
        if len(kept) >= _KEPT:
            kept.clear()
        kept[key] = Kept(tuple(self.lines[line_n:]), self._at, self._ordinal, charged_ms)

    def _repeat(self, visit: Kept) -> None:
        """Take a visit that was worked out before."""
        self.lines += visit.lines
        self._shared += visit.charged_ms
        is_new_day = visit.ordinal != self._ordinal
        self._at, self._ordinal = visit.ends_ms, visit.ordinal
        if is_new_day and self._reading.tiers_again is TiersAgain.EACH_DAY:
            self._restart_tiers()

    def _go_on(self, limit_ms: int) -> None:
        """Take a pause that begins here, or charge one visit, at most to the limit."""
        for pause in self._stay.pauses:
            if pause.from_ms <= self._at < pause.to_ms:
                self._pause(pause, min(limit_ms, pause.to_ms))
                return
        for break_ms in self._breaks:
            if self._at < break_ms < limit_ms:
                limit_ms = break_ms
                break
        self._visit(limit_ms)

    def _pause(self, pause: Pause, to_ms: int) -> None:
        """Let a pause pass; the tiers stand still in it, unless it counts for them."""
        long_ms = to_ms - self._at
        self._write(Raw(self._at, to_ms, pause.name, 0, 0, 0, pause.name, 0, 0), -1)
        if pause.is_counted:
            self._shared += long_ms
            number = self._book.visit(self._at, self._ordinal, to_ms, runs_on=False)[0]
            self._places[number] = self._places.get(number, 0) + long_ms
        else:
            self._origin += long_ms
        self._move(to_ms, self._ordinal)

    def _begin_period(self) -> None:
        """Begin the whole rule again."""
        self._period, self._period_n = self._at, self._period_n + 1
        self._restart_tiers()
        for k, free in enumerate(self._v.deductions):
            if free.each is Each.PERIOD:
                self._left[k] = free.ms

    def _restart_tiers(self) -> None:
        self._places.clear()
        self._shared, self._origin = 0, self._at

    def _full(self, ends_ms: int) -> bool:
        """Charge the price of a full period in one line, if there is one and the stay goes to its end."""
        period = self._v.period
        if period is None or period.full_fen is None or ends_ms > self._exit:
            return False
        tier_ms, grains = ends_ms - self._at, period.full_fen * self._v.whole
        self._write(Raw(self._at, ends_ms, "", 1, tier_ms, period.full_fen, period.rule, grains, grains), -1)
        self._at = ends_ms
        self._ordinal = self._book.days.ordinal(self._at)
        return True

    # Free times

    def _due_free(self, free: Free) -> int:
        used = self._stay.used_free_ms.get(free.name, 0) if free.frequency is Frequency.ONCE_A_DAY else 0
        return max(0, free.ms - used)

    def _thresholds(self, each: Each, from_ms: int, to_ms: int) -> None:
        """Let a stay, or its part in this period or day, be free if it is no longer than a threshold."""
        for free in self._v.thresholds:
            if free.each is not each:
                continue
            if free.frequency is Frequency.ONCE_A_DAY and self._is_used(free):
                continue
            until_ms = min(to_ms, self._book.days.midnight(self._ordinal + 1)) if each is Each.DAY else to_ms
            long_ms = until_ms - from_ms if free.of is Of.ELAPSED else self._charged(from_ms, until_ms, free.ms)
            long_ms -= sum(
                max(0, min(until_ms, pause.to_ms) - max(from_ms, pause.from_ms)) for pause in self._stay.pauses if not pause.is_stay
            )
            is_free = long_ms < free.ms or (long_ms == free.ms and free.is_inclusive)
            if is_free and until_ms > self._exempt[0]:
                self._exempt = (until_ms, free)

    def _is_used(self, free: Free) -> bool:
        """Say whether the vehicle had a free time before, on the day of its entry; each day of a stay has its own of a day."""
        is_later_day = free.each is Each.DAY and self._ordinal != self._book.days.ordinal(self._entry)
        return not is_later_day and bool(self._stay.used_free_ms.get(free.name))

    def _charged(self, from_ms: int, to_ms: int, enough_ms: int) -> int:
        """Return how much of a time lies in bands that cost something; it stops counting when it is more than enough."""
        at, ordinal, found = from_ms, self._book.days.ordinal(from_ms), 0
        while at < to_ms and found <= enough_ms:
            band, ends_ms, ordinal = self._book.visit(at, ordinal, to_ms, runs_on=False)
            found += (min(ends_ms, to_ms) - at) if self._v.bands[band].rates else 0
            at = ends_ms
            ordinal += at >= self._book.days.midnight(ordinal + 1)
        return found

    # Visits

    def _visit(self, limit_ms: int) -> None:
        """Charge one visit, at most to the limit: the exit or the end of the period."""
        reading, cuts_day = self._reading, self._reading.midnight is Midnight.CUT
        number, ends_ms, ordinal = self._book.visit(self._at, self._ordinal, limit_ms, runs_on=not cuts_day)
        band = self._v.bands[number]
        if band.is_forbidden:
            raise NotAllowed(band.name)
        stop_ms = min(ends_ms, limit_ms)
        if not band.rates and reading.early is Early.FROM_ENTRY and self._at == self._entry and stop_ms < limit_ms:
            number = self._next_band(stop_ms, limit_ms)
            band = self._v.bands[number]
        if reading.tiers_again is TiersAgain.EACH_VISIT and not self._resumes():
            self._restart_tiers()
        self._visit_n += 1
        at = self._give_free(number, band, stop_ms)
        if at < stop_ms and band.rates:
            hard_ms = min(limit_ms, self._book.days.midnight(self._ordinal + 1)) if cuts_day else limit_ms
            at = self._charge(number, band, at, stop_ms, hard_ms if reading.band_edge is BandEdge.FINISH else stop_ms)
        elif at < stop_ms:
            self._write(Raw(at, stop_ms, band.name, 0, 0, 0, band.rule, 0, 0), -1)
            at = stop_ms
        self._move(at, ordinal)

    def _resumes(self) -> bool:
        """Say whether a visit only goes on after a cut or a pause."""
        return bool(self._breaks) and (self._at in self._breaks or any(self._at == pause.to_ms for pause in self._stay.pauses))

    def _next_band(self, at: int, limit_ms: int) -> int:
        ordinal = self._book.days.ordinal(at)
        return self._book.visit(at, ordinal, limit_ms, runs_on=False)[0]

    def _move(self, to_ms: int, ordinal: int) -> None:
        """Go on to an instant, of that day or a later one."""
        self._at = to_ms
        before = self._ordinal
        while to_ms >= self._book.days.midnight(ordinal + 1):
            ordinal += 1
        self._ordinal = ordinal
        if ordinal == before or to_ms >= self._exit:
            return
        if self._reading.tiers_again is TiersAgain.EACH_DAY:
            self._restart_tiers()
        for k, free in enumerate(self._v.deductions):
            if free.each is Each.DAY:
                self._left[k] = free.ms
        if self._v.thresholds:
            self._thresholds(Each.DAY, to_ms, self._exit)

    def _give_free(self, number: int, band: ReadyBand, stop_ms: int) -> int:
        """Give what free time there is at the beginning of a visit; return where it ends."""
        at = self._at
        until_ms, free = self._exempt
        if free is not None and at < until_ms:
            return self._skip(free, number, at, min(until_ms, stop_ms))
        for k, free in enumerate(self._v.deductions):
            left_ms = self._left[k]
            if left_ms <= 0 or at >= stop_ms or (free.of is Of.CHARGED and not band.rates):
                continue
            to_ms = min(at + left_ms, stop_ms)
            self._left[k] -= to_ms - at
            at = self._skip(free, number, at, to_ms)
        return at

    def _skip(self, free: Free, number: int, from_ms: int, to_ms: int) -> int:
        """Write down free time; where it does not count for the tiers, their clock stands still."""
        self._write(Raw(from_ms, to_ms, free.name, 0, 0, 0, free.rule, 0, 0), -1)
        if free.counts_for_tiers:
            self._shared += to_ms - from_ms
            self._places[number] = self._places.get(number, 0) + to_ms - from_ms
        else:
            self._origin += to_ms - from_ms
        return to_ms

    # Charging

    def _charge(self, number: int, band: ReadyBand, at: int, stop_ms: int, reach_ms: int) -> int:
        """Charge a stretch of a band; return where its last unit ends, at most where the stay reaches."""
        clock = self._reading.tier_clock
        if clock is TierClock.ELAPSED:
            position = at - self._origin
        elif clock is TierClock.CHARGED:
            position = self._shared
        else:
            position = self._places.get(number, 0)
        runs = self._cheapest(band.rates, position, stop_ms - at, reach_ms - at)
        for run in runs:
            self._line(number, band, run, at)
        ends_ms = at + runs[-1].to_ms
        self._shared += ends_ms - at
        if clock is TierClock.BILLED_IN_BAND:
            self._places[number] = position + sum(run.unit_n * run.tier.unit_ms or run.to_ms - run.from_ms for run in runs)
        elif clock is TierClock.CHARGED_IN_BAND:
            self._places[number] = position + ends_ms - at
        return ends_ms

    def _cheapest(self, rates: tuple[ReadyRate, ...], position: int, edge: int, reach: int) -> list[Run]:
        runs = count(rates[0], position, edge, reach)
        for rate in rates[1:]:
            others = count(rate, position, edge, reach)
            if sum(map(_GRAINS, others)) < sum(map(_GRAINS, runs)):
                runs = others
        return runs

    def _line(self, number: int, band: ReadyBand, run: Run, at: int) -> None:
        """Write down a run, cut where windows of caps end: a unit belongs to the window it begins in."""
        tier, from_ms, to_ms = run.tier, at + run.from_ms, at + run.to_ms
        left_n, left = run.unit_n, run.grains
        if self._v.has_soft_cuts and run.grains:
            for cut_ms in self._meters.cuts(from_ms, to_ms, self._ordinal):
                part_n = -(-(cut_ms - from_ms) // tier.unit_ms) if left_n else 0
                part_ms = from_ms + part_n * tier.unit_ms if left_n else cut_ms
                if part_ms >= to_ms:
                    break
                part = part_n * tier.grains if left_n else (cut_ms - from_ms) * tier.grains
                self._write(Raw(from_ms, part_ms, band.name, part_n, tier.unit_ms, tier.fen, tier.rule, part, part), number)
                from_ms, left_n, left = part_ms, left_n - part_n, left - part
        self._write(Raw(from_ms, to_ms, band.name, left_n, tier.unit_ms, tier.fen, tier.rule, left, left), number)

    def _write(self, line: Raw, number: int) -> None:
        """Add a line, what the caps leave of it."""
        if self._meters and line.grains > 0:
            line = line._replace(grains=self._meters.allow(line, number, self._visit_n, self._period_n))
        self.lines.append(line)

    def _leave(self) -> None:
        """Open the band that begins at the instant of leaving, as the tariff reads it."""
        program = self._book.program(self._ordinal)
        if self._exit > self._entry and any(piece.from_ms == self._exit for piece in program):
            before = self._book.visit(self._exit - 1, self._book.days.ordinal(self._exit - 1), self._exit, runs_on=False)[0]
            number = next(piece.band for piece in program if piece.from_ms == self._exit)
            if number != before and self._exempt[0] < self._exit:
                self._at = self._exit
                self._visit(self._exit + 1)
