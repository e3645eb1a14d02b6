"""
Bring a database to the newest schema: plain `.sql` files in order, forward only.

A file is applied once, whole, in one transaction; its checksum is kept and a file that was changed later is refused.
`NNNN_noun.notx.sql` runs statement by statement outside a transaction, for `create index concurrently`, and must bear
being run again. What the application role may do stands in the files themselves (`core.kit.roles`).
"""

import hashlib
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, LiteralString

import psycopg

from core.kit import narrowing, roles
from core.kit.errors import Refused, Unavailable
from core.kit.locale import _
from core.kit.log import get_logger
from core.kit.sql import ROOT, statements

FOLDER: Final = ROOT / "migrations"

_LOCK: Final = 0x626F_7368_75
_WAIT_S: Final = 0.2
_log = get_logger(__name__)

_TABLE: Final[tuple[LiteralString, ...]] = (
    """
    create table schema_migration (
        name text primary key,
        sha256 text not null,
        applied_at timestamptz not null,
        took_ms bigint not null
    )
    """,
    f"grant select on schema_migration to {roles.APP}",
)
_DONE: LiteralString = """
    insert into schema_migration (name, sha256, applied_at, took_ms) values (%s, %s, statement_timestamp(), %s)
"""


class ChangedMigration(Refused):
    """A migration was edited after it was applied."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file of the folder."""

    name: str
    script: str

    @property
    def sha256(self) -> str:
        """Return the checksum of the text, the same whatever the line ends are."""
        return hashlib.sha256(self.script.encode()).hexdigest()

    @property
    def is_transactional(self) -> bool:
        """Tell whether the file runs in one transaction."""
        return not self.name.endswith(".notx.sql")


def migrate(url: str, folder: Path | None = None, *, app_password: str | None = None) -> list[str]:
    """
    Apply what is missing and return the names of the files applied; any number of processes may call it at once.

    Raises:
        ChangedMigration: a file differs from what was applied.
        roles.MissingRole: a role is missing and may not be made.
        Unavailable: the database is away.
    """
    files = _files(folder or FOLDER)
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=5, application_name="boshu migrate")
    except psycopg.OperationalError as error:
        raise Unavailable(_("The database does not answer.")) from error
    with connection:
        _wait_for_turn(connection)
        roles.become_owner(connection, app_password)
        if _missing(connection):
            for statement in _TABLE:
                connection.execute(statement)
        todo = _todo(connection, files)
        for file in todo:
            _apply(connection, file)
        if todo and connection.execute("select to_regproc('make_scope')").fetchone() != (None,):
            connection.execute(narrowing.REMAKE)
    return [file.name for file in todo]


@cache
def names() -> tuple[str, ...]:
    """Return the names of all files of this build."""
    return tuple(file.name for file in _files(FOLDER))


def pending(url: str, folder: Path | None = None) -> list[str]:
    """Return the files not applied yet; needs no more than the application role."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        files = _files(folder or FOLDER)
        return [file.name for file in (files if _missing(connection) else _todo(connection, files))]


def _files(folder: Path) -> list[Migration]:
    return [Migration(file.name, file.read_text("utf-8")) for file in sorted(folder.glob("[0-9]*.sql"))]


def _wait_for_turn(connection: psycopg.Connection[Any]) -> None:
    """
    Take the lock by asking again and again.

    A session that waits inside pg_advisory_lock() holds a snapshot, and `create index concurrently` of the one that
    has the lock would wait for it for ever. The lock ends with the connection.
    """
    while connection.execute("select pg_try_advisory_lock(%s)", (_LOCK,)).fetchone() != (True,):
        time.sleep(_WAIT_S)


def _missing(connection: psycopg.Connection[Any]) -> bool:
    return connection.execute("select to_regclass('schema_migration')").fetchone() == (None,)


def _todo(connection: psycopg.Connection[Any], files: list[Migration]) -> list[Migration]:
    """Return the files to apply. Files applied by a newer version are no concern of this one, which must run beside it."""
    applied = dict(connection.execute("select name, sha256 from schema_migration").fetchall())
    for file in files:
        if applied.get(file.name, file.sha256) != file.sha256:
            raise ChangedMigration(_("Migration %(name)s was changed after it was applied.", name=file.name))
    return [file for file in files if file.name not in applied]


def _apply(connection: psycopg.Connection[Any], file: Migration) -> None:
    began = time.monotonic()
    if file.is_transactional:
        with connection.transaction():
            connection.execute("set local lock_timeout = '10s'")
            connection.execute("set local citus.multi_shard_modify_mode = 'sequential'")  # plain PostgreSQL takes it, too
            _run(connection, file, began)
    else:
        _run(connection, file, began)
    _log.info("Applied a migration.", migration=file.name, took_ms=_ms_since(began))


def _run(connection: psycopg.Connection[Any], file: Migration, began: float) -> None:
    """Send one statement at a time: Citus refuses several in one string. Without values a per cent sign is plain."""
    for statement in statements(file.script):
        connection.execute(statement)
    connection.execute(_DONE, (file.name, file.sha256, _ms_since(began)))


def _ms_since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
