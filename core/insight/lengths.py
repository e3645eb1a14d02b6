"""Lengths: how long the stays that ended since midnight had lasted. Tables length_figure, stay."""

from datetime import datetime
from itertools import accumulate, pairwise
from typing import Any, Final

from core.insight.takings import Tile, ratio_pct
from core.kit import clock
from core.kit.db import Row, Tx
from core.kit.sql import named

SQL = named("insight/lengths")

EDGES_MIN: Final = (0, 15, 30, 60, 120, 240)
"""Where the bands begin, minutes; the last one has no end."""


def durations_today(tx: Tx, *, at: datetime, is_known: bool) -> Tile:
    """
    Return the stays that ended since midnight by their length, and the median in whole minutes.

    Stays whose length nobody knows (quality C) are left out. None stands where nothing was counted and nobody vouches
    for zero.
    """
    on = clock.city_date(at)
    rows = tx.rows(SQL["lengths"], day=on, at=at, day_ends_at=clock.city_day(on)[1])
    n = sum(row["n"] for row in rows)
    if not n and not is_known:
        return {"bands": [], "median_min": None, "n": None}
    return {"bands": [_band(rows, *edges, n) for edges in pairwise((*EDGES_MIN, None))], "median_min": _median(rows, n), "n": n}


def _band(rows: list[Row], from_min: int | None, upto_min: int | None, n: int) -> dict[str, Any]:
    """Count the stays of at least `from_min` and less than `upto_min` minutes."""
    assert from_min is not None  # only the end of the last band is open
    held = sum(row["n"] for row in rows if from_min <= row["minutes"] and (upto_min is None or row["minutes"] < upto_min))
    return {"upto_min": upto_min, "n": held, "pct": ratio_pct(held, n)}


def _median(rows: list[Row], n: int) -> int | None:
    """Return the least length that half of the stays do not exceed; rows are in order."""
    reached = accumulate(row["n"] for row in rows)
    return next((int(row["minutes"]) for row, so_far in zip(rows, reached, strict=True) if 2 * so_far >= n), None)
