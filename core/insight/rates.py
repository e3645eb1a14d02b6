"""Rates: six shares with the targets they are held against. A rate is computed from sums, never from rates."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from core.insight import collection, collectors, takings
from core.insight.collection import Share
from core.insight.kpis import KPIS, target_pct
from core.insight.takings import Tile
from core.kit.db import Tx


@dataclass(frozen=True, slots=True)
class Reach:
    """
    How far back figures are there.

    `facts_on` is the first city day whose facts are all there (None: nothing is missing), `opening_on` the first of the
    days before it whose figures were brought over without facts (None: there are none).
    """

    facts_on: date | None
    opening_on: date | None

    def covers(self, on: date) -> bool:
        """Tell whether the figures of a day and of all after it are there."""
        return self.facts_on is None or self.facts_on <= on or (self.opening_on is not None and self.opening_on <= on)

    def is_opening(self, on: date) -> bool:
        """Tell whether the figures of a day were brought over without facts."""
        return self.opening_on is not None and self.facts_on is not None and self.opening_on <= on < self.facts_on


def rates(tx: Tx, *, at: datetime, reach: Reach, sensors: tuple[int, int] | None) -> Tile:
    """Return the six rates; None where figures are missing. `sensors`: how many are online, of how many."""
    shifts = collectors.shifts(tx, at=at)
    online = _row("sensors_online", None, None) if sensors is None else _row("sensors_online", *sensors)
    return {
        "rows": [
            _of_bills("collection_rate", collection.collected(tx, at=at), reach),
            _of_bills("refusal_rate", collection.refused(tx, at=at), reach),
            _of_bills("recovery_rate", collection.recovered(tx, at=at), reach),
            online,
            _row("sign_in_rate", shifts.in_time, shifts.due) if shifts.planned else _row("sign_in_rate", None, None),
            _cash(tx, at),
        ]
    }


def _of_bills(kpi: str, share: Share, reach: Reach) -> dict[str, Any]:
    if not reach.covers(share.from_on):
        return _row(kpi, None, None)
    return _row(kpi, share.n, share.of, is_opening=reach.is_opening(share.from_on))


def _cash(tx: Tx, at: datetime) -> dict[str, Any]:
    """Return the share of cash in what was received since midnight."""
    by_channel = {row["channel"]: row["fen"] for row in takings.payment_mix(tx, at=at)["rows"]}
    return _row("cash_share", by_channel.get("cash", 0), sum(by_channel.values()))


def _row(kpi: str, n: int | None, of: int | None, *, is_opening: bool = False) -> dict[str, Any]:
    aim = KPIS[kpi].aim
    assert aim is not None  # every rate shown here is held against a target
    return {
        "kpi": kpi,
        "pct": None if n is None or of is None else takings.ratio_pct(n, of),
        "target_pct": target_pct(kpi),
        "better": aim.better,
        "n": n,
        "of": of,
        "opening": is_opening,
    }
