"""
Narrowing: a transaction that sees some sites and no others, whatever it asks.

The schema `scope` holds a view of the same name beside every table, of some sites alone where it belongs to sites
(migration 0381). A narrowed transaction looks nowhere else, so that no statement has to know who reads, and none can
forget it. It cannot write.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final
from uuid import UUID

from core.kit.db import Database, Tx

REMAKE: Final = "select make_scope()"
"""After a migration: the views show the columns that tables have now."""
_NARROW: Final = "select set_config('boshu.sites', %(sites)s, %(is_local)s), set_config('search_path', 'scope', %(is_local)s)"


def narrow(tx: Tx, sites: Sequence[UUID]) -> None:
    """Let a transaction see these sites alone, until it ends."""
    tx.run(_NARROW, sites=_array(sites), is_local=True)


class Narrowed(Database):
    """A pool of connections on which every transaction sees some sites and no others."""

    def __init__(self, url: str, sites: Sequence[UUID], *, pool_size: int = 2, statement_s: int = 5, name: str = "boshu") -> None:
        """Make the pool, as of `Database`; `sites` are what is seen."""
        super().__init__(url, pool_size=pool_size, statement_s=statement_s, name=name)
        self._sites = _array(sites)

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Open a transaction that sees the sites."""
        with super().transaction() as tx:
            tx.run(_NARROW, sites=self._sites, is_local=True)
            yield tx

    @contextmanager
    def autocommit(self) -> Iterator[Tx]:
        """Open a connection on which every statement commits by itself, and sees the sites; it stays so in this pool."""
        with super().autocommit() as tx:
            tx.run(_NARROW, sites=self._sites, is_local=False)
            yield tx


def _array(sites: Sequence[UUID]) -> str:
    return "{" + ",".join(str(site_id) for site_id in sites) + "}"
