"""Caps: what some bands cost at most together, counted as a stay goes on. Amounts are grains."""

from typing import Protocol

from core.billing.rules.plans import EVERY_DAY, Cap
from core.billing.rules.programs import DayBook
from core.billing.rules.readings import Each


class Amount(Protocol):
    """A line as a cap sees it."""

    @property
    def from_ms(self) -> int:
        """Return when it begins."""

    @property
    def unit_n(self) -> int:
        """Return how many units it has."""

    @property
    def unit_ms(self) -> int:
        """Return how long a unit is."""

    @property
    def grains(self) -> int:
        """Return what it costs."""


class Meter:
    """One cap during one stay."""

    __slots__ = ("_index", "_is_counted", "_key", "_left", "_limits", "cap")

    def __init__(self, cap: Cap, whole: int) -> None:
        """Begin with nothing spent; `whole` grains are a fen."""
        self.cap, self._key, self._index, self._left = cap, -1, -1, 0
        self._is_counted = cap.per in {Each.HOURS, Each.PERIOD}
        self._limits = cap.billed_ms or tuple(fen * whole for fen in cap.fen)

    def allow(self, key: int, grains: int, unit_ms: int, unit_n: int) -> int:
        """
        Return how much of an amount the cap leaves in a window, and take it off what is left there.

        Windows of hours and periods are counted from entry, days and visits as they come.
        """
        if key != self._key:
            self._key = key
            self._index = key if self._is_counted else self._index + 1
            self._left = self._limits[min(self._index, len(self._limits) - 1)]
        if self.cap.billed_ms:
            allowed_n = min(unit_n, self._left // unit_ms)
            self._left -= allowed_n * unit_ms
            return grains * allowed_n // unit_n if unit_n else 0
        allowed = min(grains, self._left)
        self._left -= allowed
        return allowed


class Meters:
    """All caps of a variant during one stay; one that comes first leaves the others what it allows."""

    __slots__ = ("_book", "_entry", "_meters")

    def __init__(self, caps: tuple[Cap, ...], whole: int, book: DayBook, entry_ms: int) -> None:
        """Begin with nothing spent."""
        self._meters = [Meter(cap, whole) for cap in caps]
        self._book, self._entry = book, entry_ms

    def __bool__(self) -> bool:
        """Say whether there is any cap."""
        return bool(self._meters)

    def allow(self, amount: Amount, number: int, visit_n: int, period_n: int) -> int:
        """Return what all caps leave of an amount in a band; a negative number belongs to all bands."""
        grains = amount.grains
        for meter in self._meters:
            cap = meter.cap
            if number >= 0 and number not in cap.bands:
                continue
            if cap.days != EVERY_DAY and not cap.days.holds(self._book.kind(self._book.days.ordinal(amount.from_ms))):
                continue
            key = self._window(cap, amount.from_ms, visit_n, period_n)
            grains = meter.allow(key, grains, amount.unit_ms, amount.unit_n)
        return grains

    def _window(self, cap: Cap, at: int, visit_n: int, period_n: int) -> int:
        if cap.per is Each.VISIT:
            return visit_n
        if cap.per is Each.DAY:
            return self._book.days.ordinal(at)
        if cap.per is Each.HOURS:
            return (at - self._entry) // cap.hours_ms
        return period_n if cap.per is Each.PERIOD else 0

    def cuts(self, from_ms: int, to_ms: int, ordinal: int) -> list[int]:
        """List where windows of days and hours end within a time that begins on a day, in order."""
        cuts = set()
        for meter in self._meters:
            if meter.cap.per is Each.DAY:
                after = ordinal + 1
                while (cut_ms := self._book.days.midnight(after)) < to_ms:
                    cuts.add(cut_ms)
                    after += 1
            elif meter.cap.per is Each.HOURS:
                hours_ms = meter.cap.hours_ms
                first = (from_ms - self._entry) // hours_ms + 1
                cuts.update(range(self._entry + first * hours_ms, to_ms, hours_ms))
        return sorted(cut_ms for cut_ms in cuts if cut_ms > from_ms)
