"""
Compaction: deltas become rollups.

Tables hour_delta, day_delta, length_delta, collection_delta, the rollup of each, month_rollup and site_voice.

A figure at any moment is rollup plus delta; compaction moves amounts from one to the other in a single statement, so
a reader never sees them twice or not at all, and a writer never waits for it.
"""

from datetime import date
from typing import Final

from core.kit.db import Tx
from core.kit.sql import named

SQL = named("upkeep/compaction")

LOCK: Final = 0x626F_7368_7501
"""Advisory lock of everything that moves rollups; writers of deltas do not take it."""


def compact(tx: Tx) -> int:
    """Move all deltas that are committed into the rollups; return how many rows, 0 also where another one is at it."""
    if not tx.value(SQL["try_lock"], key=LOCK):
        return 0
    return int(tx.value(SQL["compact"]))


def refresh_months(tx: Tx, *, from_on: date, to_on: date) -> int:
    """
    Count months anew from compacted days; return how many rows were wrong, which is 0 unless somebody wrote past us.

    `from_on` and `to_on` are firsts of a month, half-open.
    """
    assert from_on.day == to_on.day == 1
    tx.run(SQL["lock"], key=LOCK)
    return tx.run(SQL["refresh_months"], from_on=from_on, to_on=to_on)
