"""One writer at a time for the facts of one site: ingest, the doors, jobs and people take the same lock."""

from collections.abc import Iterable
from uuid import UUID

from core.kit.db import Tx
from core.kit.sql import named

SQL = named("stays/locks")


def lock_sites(tx: Tx, site_ids: Iterable[UUID]) -> None:
    """Hold the locks of these sites until the transaction ends; always in the same order, so that nobody deadlocks."""
    keys = sorted({int.from_bytes(site_id.bytes[:8], "big", signed=True) for site_id in site_ids})
    tx.run(SQL["lock_sites"], keys=keys)
