"""
Openings: figures of days that came without facts, from a system used before. They are marked, and never counted anew.

Tables hour_rollup, day_rollup, collection_rollup, rollup_opening. What the figures of a day are made of is
the caller's to answer for; that no day of facts is written over, the keys of the rollups see to.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from core.kit.db import Tx
from core.kit.sql import named

SQL = named("upkeep/openings")

Row = Sequence[object]

_HOUR: Final = ("uuid", "timestamptz", *("int8",) * 5)
_DAY: Final = ("uuid", "date", *("text",) * 4, *("int8",) * 9)
_COLLECTION: Final = ("uuid", "date", "date", "bool", *("int8",) * 4)
_MARK: Final = ("uuid", "date", "text")


@dataclass(frozen=True, slots=True)
class Figures:
    """Rows as the tables have them, columns in the tables' order."""

    hours: Iterable[Row]
    days: Iterable[Row]
    collections: Iterable[Row]
    marks: Iterable[Row]


def bring(tx: Tx, figures: Figures) -> None:
    """
    Write the figures of some days, and mark these.

    Raises:
        psycopg.errors.UniqueViolation: a day has figures already.
    """
    tx.copy_in(SQL["copy_marks"], figures.marks, _MARK)
    tx.copy_in(SQL["copy_hours"], figures.hours, _HOUR)
    tx.copy_in(SQL["copy_days"], figures.days, _DAY)
    tx.copy_in(SQL["copy_collections"], figures.collections, _COLLECTION)
    tx.run(SQL["give_voices"])
