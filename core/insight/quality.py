"""
Quality: whether what is known of a site can be relied upon. Timely, complete, once, by a right clock, and covering its berths.

Tables event, device_gap, device_health, device_state, occupancy_interval, timeline, dead_letter. A site that reported nothing
has no delay and no timely share; a lot has no coverage of berths. Both are None, never zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from core.insight import barriers, takings, windows
from core.insight.barriers import Hand
from core.insight.takings import ratio_pct
from core.kit import clock
from core.kit.db import Row, Tx
from core.kit.errors import Refused
from core.kit.listing import AtHand, Order
from core.kit.locale import Lazy, _, _l
from core.kit.periods import Period
from core.kit.sql import named

SQL = named("insight/quality")

SKEW_MS: Final = 30_000
"""From so far off on a clock is corrected; the same as of the rules of clocks."""
MOST_LETTERS: Final = 50


class Span(StrEnum):
    """Over which time quality is told."""

    TODAY = "today"
    WEEK = "week"

    @property
    def label(self) -> Lazy:
        """Return what people call it."""
        return _SPANS[self]


_SPANS: Final = {Span.TODAY: _l("Today"), Span.WEEK: _l("7 days")}


class NoSuchSite(Refused):
    """No site has this code."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message that could not be understood, and why."""

    received_at: datetime
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One site: its quality of the last seven city days, the newest first, what could not be understood, who opened by hand."""

    days: tuple[Row, ...]
    letters: tuple[Letter, ...]
    hands: tuple[Hand, ...]


def period(span: Span, *, at: datetime) -> Period:
    """Return the time a span covers: since midnight of the city, or since midnight six days before."""
    on = clock.city_date(at)
    first = on if span is Span.TODAY else on - timedelta(days=6)
    return Period(clock.city_day(first)[0], at)


def list_qualities(tx: Tx, *, span: Span, at: datetime) -> list[Row]:
    """
    Return the quality of every site in use.

    Columns: site, names, district; report_n, timely_pct, delay_p50_ms, delay_p95_ms; missing_n; message_n, duplicate_n; skewed_n,
    offset_ms (the largest of its devices); coverage_pct; dead_letter_n.
    """
    return _read(tx, period(span, at=at))


def count_strangers(tx: Tx, *, span: Span, at: datetime) -> int:
    """Return how many messages could not be understood and named no site of ours."""
    asked = period(span, at=at)
    return int(tx.value(SQL["count_strangers"], from_at=asked.starts_at, to_at=asked.ends_at))


def list_within(tx: Tx, *, sites: Sequence[UUID], span: str, at: datetime) -> list[Row]:
    """Return the quality of some sites over a span, over today where there is no such span. Columns: as `list_qualities`."""
    own = set(sites)
    asked = Span(span) if span in set(Span) else Span.TODAY
    return [row for row in list_qualities(tx, span=asked, at=at) if row["site_id"] in own]


QUALITIES: Final = AtHand(
    list_within,
    key="site_id",
    columns=frozenset(
        {"site", "district", "report_n", "timely_pct", "delay_p50_ms", "delay_p95_ms", "missing_n", "duplicate_n", "skewed_n",
         "offset_ms", "coverage_pct", "dead_letter_n"}
    ),
    order=(Order("district"), Order("site")),
)  # fmt: skip


def get_sheet(tx: Tx, *, site: str, at: datetime) -> Sheet:
    """
    Return one site day by day.

    Raises:
        NoSuchSite: no site has this code.
    """
    site_id = tx.value(SQL["site_of"], site=site)
    if site_id is None:
        raise NoSuchSite(_("This site is not known."))
    week = period(Span.WEEK, at=at)
    letters = tx.rows(SQL["list_letters"], site=site, from_at=week.starts_at, to_at=week.ends_at, most=MOST_LETTERS)
    hands = barriers.list_hands(tx, site_id=site_id, asked=week)
    return Sheet(tuple(_days(tx, site_id, at=at)), tuple(Letter(**row) for row in letters), hands)


def _days(tx: Tx, site_id: UUID, *, at: datetime) -> list[Row]:
    today = clock.city_date(at)
    days = []
    for back in range(7):
        on = today - timedelta(days=back)
        starts_at, ends_at = clock.city_day(on)
        days += [{"on": on, **row} for row in _read(tx, Period(starts_at, min(ends_at, at)), site_id=site_id)]
    return days


def _read(tx: Tx, asked: Period, *, site_id: UUID | None = None) -> list[Row]:
    given = {"from_at": asked.starts_at, "to_at": asked.ends_at, "day": clock.city_date(asked.ends_at)}
    rows = tx.rows(SQL["list_qualities"], **given, only_site_id=site_id, skew_ms=SKEW_MS)
    heard = takings.heard(tx, windows.window(asked.starts_at, asked.ends_at))
    return [_judged(row, is_known=row["report_n"] > 0 or row["site"] in heard) for row in rows]


def _judged(row: Row, *, is_known: bool) -> Row:
    """Add the shares; of a time in which nobody counted anything at a site the coverage is not known."""
    service_s = (row["service_s"] or 0) if is_known else 0
    return {
        **row,
        "timely_pct": ratio_pct(row["report_n"] - row["late_n"], row["report_n"]),
        "coverage_pct": ratio_pct(max(service_s - row["unknown_s"], 0), service_s),
    }
