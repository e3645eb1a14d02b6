"""Make the monthly partitions that facts are about to need; the database makes them, once a month and process asks."""

from collections.abc import Iterable
from datetime import date, datetime

from core.kit.db import Database

MAKE = "select make_partitions(%(month)s)"


class Partitions:
    """The months known to exist, so that a batch asks only for new ones."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: set[date] = set()

    def ensure(self, moments: Iterable[datetime]) -> None:
        """
        Make the UTC months of these instants, in a transaction of their own.

        Raises:
            Unavailable: the database is away.
        """
        months = {date(at.year, at.month, 1) for at in moments} - self._known
        for month in sorted(months):
            with self._database.transaction() as tx:
                tx.run(MAKE, month=month)
            self._known.add(month)
