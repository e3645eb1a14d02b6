"""
Narrowing: a transaction that sees some sites and no others, whatever it asks.

The schema `scope` holds a view of the same name beside every table, of some sites alone where it belongs to sites
(migration 0381). A narrowed transaction looks nowhere else, so that no statement has to know who reads, and none can
forget it. It cannot write.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

import psycopg
import sqlalchemy

from core.kit.db import Database, Tx

REMAKE: Final = "select make_scope()"
"""After a migration: the views show the columns that tables have now."""
_NARROW: Final = "select set_config('boshu.sites', %(sites)s, %(is_local)s), set_config('search_path', 'scope', %(is_local)s)"


def narrow(tx: Tx, sites: Sequence[UUID]) -> None:
    """Let a transaction see these sites alone, until it ends."""
    tx.run(_NARROW, sites=_array(sites), is_local=True)


class Narrowed(Database):
    """A pool of connections that see some sites and no others."""

    def __init__(
        self,
        url: str,
        sites: Sequence[UUID],
        *,
        pool_size: int = 2,
        statement_s: int = 60,
        name: str = "boshu",
        options: Mapping[str, str] | None = None,
    ) -> None:
        """Make the pool, as of `Database`; `sites` are what is seen."""
        super().__init__(url, pool_size=pool_size, statement_s=statement_s, name=name, options=options)
        seen = _array(sites)

        def look(raw: psycopg.Connection[Any], _record: object) -> None:
            """Narrow a new connection, once for all its transactions."""
            raw.execute(_NARROW, {"sites": seen, "is_local": False})
            raw.commit()

        sqlalchemy.event.listen(self.engine, "connect", look)


def _array(sites: Sequence[UUID]) -> str:
    return "{" + ",".join(str(site_id) for site_id in sites) + "}"
