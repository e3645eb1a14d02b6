"""
Recorded: what stays of the past cost in truth, against what tariffs ask for them; where the two differ, the reason.

A record tells when somebody came and went as exactly as its clock, often by the minute, and what was paid, often without
whose stay it was. So a difference is told by what it looks like. Instants are ms, amounts whole fen.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from core.billing.rules.days import MINUTE_MS, Calendar, Unpriceable
from core.billing.rules.plans import Stay
from core.billing.rules.settlements import Version, next_change, settle
from core.kit.locale import Lazy, _l

MOST_CHANGES: Final = 200
"""Changes of the price looked through for the length that costs what was recorded; more is no length anybody stays."""


class Reason(StrEnum):
    """Why a recorded amount is not what the tariffs ask."""

    CLOCK = "clock"
    NOTHING = "nothing"
    SHORTER = "shorter"
    LONGER = "longer"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"
    UNPRICED = "unpriced"

    @property
    def label(self) -> Lazy:
        """Return it as a sentence."""
        return _LABELS[self]


_LABELS: Final = {
    Reason.CLOCK: _l("It is the price a little earlier or later, within what the clock of the record leaves open."),
    Reason.NOTHING: _l(
        "Nothing was paid: a pass, a list of free vehicles or a coupon; the record does not tell whose stay it was."
    ),
    Reason.SHORTER: _l("It is the price of a shorter stay: paid before leaving, or a coupon."),
    Reason.LONGER: _l(
        "It is the price of a longer stay: an end noted too early, an older debt paid with it, or a discount not given."
    ),
    Reason.FOREIGN: _l("No stay from then on costs that."),
    Reason.UNKNOWN: _l("The record does not tell the amount."),
    Reason.UNPRICED: _l("The tariff has no price for it."),
}


class Record(NamedTuple):
    """One stay of the past; `fen` is None where the amount is not known. `number` is its place among the records."""

    number: int
    entry_ms: int
    exit_ms: int
    vehicle: str
    fen: int | None


class Difference(NamedTuple):
    """A record whose amount is not what the tariffs ask; `asked_fen` is None where they ask nothing definite."""

    record: Record
    asked_fen: int | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many records there are, and each that differs, in their order."""

    record_n: int
    differences: tuple[Difference, ...]

    @property
    def same_n(self) -> int:
        """Return how many records have just the amount that the tariffs ask."""
        return self.record_n - len(self.differences)

    @property
    def reasons(self) -> Counter[Reason]:
        """Count the differences by reason."""
        return Counter(difference.reason for difference in self.differences)


def compare(
    records: Iterable[Record], versions: Sequence[Version], calendar: Calendar, *, zone: str = "", clock_ms: int = MINUTE_MS
) -> Comparison:
    """
    Price each record by the version that holds at its entry, and compare.

    Versions come in the order they hold, the first one holds from ever; what a change during a stay means is said by them.
    The clock of the records cuts off what is less than `clock_ms`.
    """
    starts = [version.from_ms for version in versions]
    record_n, differences = 0, []
    for record in records:
        record_n += 1
        holding = versions[max(0, bisect_right(starts, record.entry_ms) - 1) :]
        price_of = _pricer(holding, record, calendar, zone)
        try:
            asked = price_of(record.entry_ms, record.exit_ms)
            if asked != record.fen:
                differences.append(Difference(record, asked, _reason(record, asked, price_of, clock_ms)))
        except Unpriceable:
            differences.append(Difference(record, None, Reason.UNPRICED))
    return Comparison(record_n, tuple(differences))


def _pricer(versions: Sequence[Version], record: Record, calendar: Calendar, zone: str) -> Callable[[int, int], int]:
    """Return a function from entry and exit to the price."""

    def price_of(entry_ms: int, exit_ms: int) -> int:
        return settle(versions, Stay(entry_ms, exit_ms, record.vehicle, zone), calendar).gross_fen

    return price_of


def _reason(record: Record, asked: int, price_of: Callable[[int, int], int], clock_ms: int) -> Reason:
    """Say what a difference looks like."""
    if record.fen is None:
        return Reason.UNKNOWN
    if record.fen in _within_clock(record, price_of, clock_ms):
        return Reason.CLOCK
    if record.fen == 0:
        return Reason.NOTHING
    is_shorter = record.fen < asked
    begins, ends = (record.entry_ms, record.exit_ms) if is_shorter else (record.exit_ms, None)
    if not _costs(record.fen, lambda at_ms: price_of(record.entry_ms, at_ms), begins, ends):
        return Reason.FOREIGN
    return Reason.SHORTER if is_shorter else Reason.LONGER


def _within_clock(record: Record, price_of: Callable[[int, int], int], clock_ms: int) -> set[int]:
    """Return what the shortest and the longest stay cost that the clock would tell like this."""
    last_ms = clock_ms - 1
    latest_entry_ms = min(record.entry_ms + last_ms, record.exit_ms)
    return {price_of(latest_entry_ms, record.exit_ms), price_of(record.entry_ms, record.exit_ms + last_ms)}


def _costs(fen: int, price_at: Callable[[int], int], begins_ms: int, ends_ms: int | None) -> bool:
    """Say whether leaving at any instant of a time costs an amount; without an end as far as prices are looked through."""
    at_ms: int | None = begins_ms
    for _change in range(MOST_CHANGES):
        if at_ms is None or (ends_ms is not None and at_ms >= ends_ms):
            return False
        if price_at(at_ms) == fen:
            return True
        at_ms = next_change(price_at, at_ms)
    return False
