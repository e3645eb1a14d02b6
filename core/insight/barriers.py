"""Barriers: how often they were opened by hand, by whom, and how often for nobody (R16). Table barrier_opening."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from core.insight.takings import ratio_pct
from core.kit.db import Tx
from core.kit.periods import Period
from core.kit.sql import named

SQL = named("insight/barriers")

MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Hand:
    """
    What one guard opened by hand in one hour.

    operator: as the gate names him, None where it does not. idle_n: openings that nobody passed, as far as is known by now.
    all_n: every opening of the site in that hour.
    """

    hour: datetime
    operator: str | None
    manual_n: int
    idle_n: int
    all_n: int

    @property
    def share_pct(self) -> float:
        """Return the share of the hour's openings that he opened by hand, per cent."""
        share = ratio_pct(self.manual_n, self.all_n)
        assert share is not None  # what he opened is among all that was opened
        return share


def list_hands(tx: Tx, *, site_id: UUID, asked: Period) -> tuple[Hand, ...]:
    """Return the newest hours in which somebody opened a barrier of a site by hand, guard by guard."""
    rows = tx.rows(SQL["list_hands"], site_id=site_id, from_at=asked.starts_at, to_at=asked.ends_at, most=MOST)
    return tuple(Hand(**row) for row in rows)
