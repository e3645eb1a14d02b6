"""
Rebuild: the figures of one city day counted anew from facts, compared, and where they are wrong put right.

Tables stay, occupancy_interval, charge_order, payment, transfer against hour_figure, day_figure, length_figure,
collection_figure. Days in rollup_opening have figures without facts: they are never touched.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from core.kit.clock import city_day, city_zone
from core.kit.db import Row, Tx
from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.sql import named

SQL = named("upkeep/rebuild")

MOST: Final = 10_000
"""Wrong rows of one kind that are looked at in one run."""


class FiguresWithoutFacts(Refused):
    """The figures of this day came without facts, so nothing can be counted anew."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """
    What figures lack of their facts, row by row; a negative amount is what they have too much.

    hours: rows of hour_delta. days: rows of day_delta, payments without the class of the vehicle. lengths: rows of
    length_delta. collections: rows of collection_delta, of the bills of the day.
    """

    hours: tuple[Row, ...]
    days: tuple[Row, ...]
    lengths: tuple[Row, ...] = ()
    collections: tuple[Row, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is wrong."""
        return bool(self.hours or self.days or self.lengths or self.collections)


def compare(tx: Tx, *, on: date, site_id: UUID | None = None) -> Lacking:
    """
    Return what the figures of a city day lack, of one site or of all; sites whose figures have no facts are left out.

    Each kind is compared in one statement, so writers may go on: they write a fact and its figure at once. A UTC hour
    belongs to the city day it begins in; this wants a city zone of whole hours, as the hours of the rollup do.
    """
    from_at, to_at = city_day(on)
    scope = {"day": on, "from_at": from_at, "to_at": to_at, "site_id": site_id, "most": MOST}
    return Lacking(
        hours=tuple(tx.rows(SQL["list_wrong_hours"], **scope)),
        days=tuple(tx.rows(SQL["list_wrong_days"], **scope)),
        lengths=tuple(tx.rows(SQL["list_wrong_lengths"], **scope)),
        collections=tuple(tx.rows(SQL["list_wrong_collections"], zone=city_zone().key, **scope)),
    )


def mend(tx: Tx, *, on: date, site_id: UUID) -> Lacking:
    """
    Put the figures of one site and city day right by deltas; return what they lacked.

    Raises:
        FiguresWithoutFacts: the day came as an opening balance or as migrated history.
    """
    if tx.value(SQL["is_opening"], site_id=site_id, day=on):
        raise FiguresWithoutFacts(_("The figures of %(day)s came without facts and cannot be counted anew.", day=on.isoformat()))
    lacking = compare(tx, on=on, site_id=site_id)
    for hour in lacking.hours:
        tx.run(SQL["add_hour"], **hour)
    for day in lacking.days:
        tx.run(SQL["add_day"], day=on, **day)
    for length in lacking.lengths:
        tx.run(SQL["add_length"], day=on, **length)
    for collection in lacking.collections:
        tx.run(SQL["add_collection"], closed_on=on, **collection)
    return lacking
