"""Texts of tariffs, and the way from a text to a version that may be assigned."""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from core.access.actors import Actor
from core.billing import calendar, tariffs
from core.billing.calendar import Day, DayType
from core.billing.tariffs import Draft, State
from core.kit.db import Tx
from core.kit.ids import derived_id
from core.kit.listing import Asked

AT: Final = datetime(2026, 11, 20, 1, tzinfo=UTC)
"""Nine in the morning of the city, a Friday."""

TEXT: Final = """
form: 1
code: {code}
title: {{zh: 示例, en: Sample}}
time_zone: Asia/Shanghai
currency: CNY
day_types: [workday, weekend, holiday]
vehicles: [small, large]
seconds: kept
settings: {{units_at_midnight: run_on, tiers_again: each_visit, tier_clock: charged_in_band, leaving_on_edge: half_open}}
{on_change}plans:
  - name: always
    bands:
      - name: all_day
        windows: [{{from: "00:00", to: "24:00"}}]
        charge:
          kind: units
          rounding: up
          tiers:
            - {{unit_min: 60, price_fen: {fen}}}
"""
FREE_ONCE: Final = """
    free:
      - name: short
        kind: threshold
        minutes: 15
        bound: inclusive
        of: elapsed
        each: stay
        frequency: once_a_day
        counts_for_tiers: false
"""
"""What may follow it: a quarter of an hour, once a day."""


def text(*, code: str = "sample", fen: int = 500, more: str = "", on_change: str = "pin_at_entry") -> str:
    """Return a tariff of one price a started hour, at any time of any day; what a change means is left open where empty."""
    return TEXT.format(code=code, fen=fen, on_change=f"on_change: {on_change}\n" if on_change else "") + more


def draft(rules_text: str) -> Draft:
    """Return a draft of a text."""
    return Draft(organisation_id=derived_id("organisation", "upkeep"), rules_text=rules_text, note="for a test")


def checked(
    tx: Tx,
    by: Actor,
    *,
    code: str = "sample",
    fen: int = 500,
    more: str = "",
    on_change: str = "pin_at_entry",
    at: datetime = AT,
) -> UUID:
    """Write a draft and check it; return its version, which waits for approval."""
    tariffs.check(
        tx, [tariffs.write(tx, draft(text(code=code, fen=fen, more=more, on_change=on_change)), by=by, at=at)], by=by, at=at
    )
    rows = tariffs.TARIFFS.rows(tx, Asked(), at=at)
    (found,) = [row["edition_id"] for row in rows if row["code"] == code and row["state"] == State.CHECKED]
    assert isinstance(found, UUID)
    return found


def approved(
    tx: Tx,
    writer: Actor,
    approver: Actor,
    *,
    code: str = "sample",
    fen: int = 500,
    more: str = "",
    on_change: str = "pin_at_entry",
) -> UUID:
    """Return a version that somebody wrote and somebody else approved."""
    key = checked(tx, writer, code=code, fen=fen, more=more, on_change=on_change)
    tariffs.approve(tx, [key], reason="a new tariff", by=approver, at=AT)
    return key


def publish_year(tx: Tx, year: int = 2026) -> None:
    """Publish a year of workdays."""
    calendar.open_for(tx, jurisdiction="town", name="镇", name_en="Town")
    first, end = calendar.year_of(year)
    days = [Day(first + timedelta(days=n), DayType.WORKING) for n in range((end - first).days)]
    calendar.publish(tx, days, jurisdiction="town", source="gazette", by=None, at=datetime(year - 1, 11, 10, tzinfo=UTC))
