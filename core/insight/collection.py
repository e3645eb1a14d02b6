"""
Collection: what was billed, what of it was paid in time, and what came in late. Tables collection_figure, charge_order.

A bill belongs to the day of its departure; it is paid in time within a day. Rates stand on the thirty city days before
yesterday, whose bills have all had their time, so that a rate does not rise by waiting.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from core.insight.takings import Tile
from core.kit import clock
from core.kit.db import Tx
from core.kit.sql import named

SQL = named("insight/collection")

DAYS: Final = timedelta(days=30)
"""How many days of bills a rate stands on."""
MATURE: Final = timedelta(days=1)
"""Yesterday's bills may still be paid in time."""
RECOVERED_WITHIN: Final = timedelta(days=90)
_NOTHING: Final = dict.fromkeys(("receivable_fen", "received_fen", "arrears_fen", "recovered_fen", "discount_fen", "refund_fen"))


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, fen or claims; `from_on` is the first day it stands on."""

    n: int
    of: int
    from_on: date


def month_money(tx: Tx, *, at: datetime, is_known: bool) -> Tile:
    """Return the money of the bills of the month up to an instant, and what came late; all None where facts are missing."""
    on = clock.city_date(at)
    first_on = on.replace(day=1)
    if not is_known:
        return {"from": first_on.isoformat(), **_NOTHING}
    row = tx.row(SQL["month_of_bills"], at=at, day=on, first_on=first_on, day_ends_at=clock.city_day(on)[1])
    assert row is not None  # a row of sums
    return {
        "from": first_on.isoformat(),
        "receivable_fen": row["due_fen"],
        "received_fen": row["received_fen"],
        "arrears_fen": row["due_fen"] - row["paid_fen"],
        "recovered_fen": row["recovered_fen"],
        "discount_fen": row["discount_fen"],
        "refund_fen": 0,  # the books know no refunds yet, so there are none
    }


def collected(tx: Tx, *, at: datetime) -> Share:
    """Return what was paid in time of the bills of thirty days."""
    from_on, row = _bills(tx, clock.city_date(at) - MATURE)
    return Share(row["received_fen"], row["due_fen"], from_on)


def refused(tx: Tx, *, at: datetime) -> Share:
    """Return how many bills of thirty days nobody paid anything of in time."""
    from_on, row = _bills(tx, clock.city_date(at) - MATURE)
    return Share(row["bill_n"] - row["payer_n"], row["bill_n"], from_on)


def recovered(tx: Tx, *, at: datetime) -> Share:
    """Return what came within ninety days of the arrears of thirty days that have all had their ninety days."""
    from_on, row = _bills(tx, clock.city_date(at) - RECOVERED_WITHIN)
    return Share(row["recovered_fen"], row["due_fen"] - row["received_fen"], from_on)


def opening_from(tx: Tx) -> date | None:
    """Return the first day with figures brought over without facts; None where there is none."""
    found: date | None = tx.value(SQL["opening_from"])
    return found


def _bills(tx: Tx, to_on: date) -> tuple[date, dict[str, Any]]:
    """Return the first day and the sums of the bills of the thirty days before a day."""
    from_on = to_on - DAYS
    row = tx.row(SQL["bills_of_days"], from_on=from_on, to_on=to_on, within_days=RECOVERED_WITHIN.days)
    assert row is not None  # a row of sums
    return from_on, row
