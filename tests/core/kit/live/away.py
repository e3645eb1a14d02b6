"""Take a real database away."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import sqlalchemy
from psycopg import sql

from core.kit.db import Database
from core.kit.embedded_pg import ADMIN, EmbeddedPg


@contextmanager
def closed(server: EmbeddedPg, database: Database) -> Iterator[None]:
    """Close the database to everybody for the length of the block, as a server that restarts does."""
    name = sqlalchemy.make_url(database.url).database or ""
    with psycopg.connect(server.url(ADMIN, "postgres"), autocommit=True) as admin:
        admin.execute(sql.SQL("alter database {} with allow_connections false").format(sql.Identifier(name)))
        admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,))
        yield
        admin.execute(sql.SQL("alter database {} with allow_connections true").format(sql.Identifier(name)))
