"""
Open transactions on PostgreSQL.

SQLAlchemy keeps the pool and the transaction; statements run on psycopg underneath, with `%(name)s` values. Errors of
a statement are psycopg's (`psycopg.errors.UniqueViolation`), except that a database which is away, overloaded or
cancelled the work becomes `Unavailable`: nothing was committed, the same work may be tried again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, TypeVar, cast

import psycopg
import sqlalchemy
from psycopg.abc import PQGen
from psycopg.rows import dict_row
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from core.kit import deadlines
from core.kit.arrays import use_arrays
from core.kit.errors import Refused, Unavailable
from core.kit.locale import _

R = TypeVar("R")
Row = dict[str, Any]  # a row of any statement; its column types are known to the statement only

CONNECT_S: Final = 3
LOCK_MS: Final = 10_000
_GRACE_S: Final = 1.0
"""How much longer than the server's own bound we wait for a statement."""
_AWAY: Final = ("08", "53", "57", "58")
"""Classes of SQLSTATE: connection lost, out of resources, stopped by operator or server, errors of the machine."""
_AGAIN: Final = frozenset({"25006", "40001", "40P01", "55P03"})
"""A standby after a fail-over, a serialization failure, a deadlock, a lock that was not to be had in time."""


@dataclass(frozen=True, slots=True)
class Tx:
    """One open transaction."""

    sa: sqlalchemy.Connection

    @property
    def raw(self) -> psycopg.Connection[Any]:
        """Return the psycopg connection: for COPY, pipelines, LISTEN."""
        return cast("psycopg.Connection[Any]", self.sa.connection.dbapi_connection)  # the dialect is psycopg by construction

    def value(self, sql: str, /, **params: object) -> Any:  # the type is known to the statement only
        """Return the first column of the first row; None where no row comes back."""
        with self.raw.cursor() as cursor:
            row = cursor.execute(sql, params).fetchone()
        return row[0] if row else None

    def row(self, sql: str, /, **params: object) -> Row | None:
        """Return the first row by column names; None where no row comes back."""
        with self.raw.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(sql, params).fetchone()

    def rows(self, sql: str, /, **params: object) -> list[Row]:
        """Return all rows by column names; the statement bears the limit."""
        with self.raw.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(sql, params).fetchall()

    def tuples(self, sql: str, /, **params: object) -> list[tuple[Any, ...]]:
        """Return all rows as tuples, for the thousands a second of ingest; the statement bears the limit."""
        with self.raw.cursor() as cursor:
            return cursor.execute(sql, params).fetchall()

    def run(self, sql: str, /, **params: object) -> int:
        """Run a statement; return the number of rows it touched."""
        with self.raw.cursor() as cursor:
            return cursor.execute(sql, params).rowcount

    def copy_in(self, statement: str, rows: Iterable[Sequence[object]], types: Sequence[str] | None = None) -> None:
        """
        Send rows by COPY, the fastest way in: `copy staging (a, b) from stdin`.

        `types` names the PostgreSQL types of the columns; needed only with `(format binary)`.
        """
        with self.raw.cursor() as cursor, cursor.copy(statement) as copy:
            if types is not None:
                copy.set_types(types)
            for row in rows:
                copy.write_row(row)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo only what the block did when it raises."""
        with self.sa.begin_nested():
            yield

    @contextmanager
    def unless_taken(self, taken: Refused) -> Iterator[None]:
        """
        Undo the block and refuse when it writes what only one may have, and somebody has it.

        Raises:
            Refused: just the one given.
        """
        try:
            with self.savepoint():
                yield
        except psycopg.errors.UniqueViolation as error:
            raise taken from error


class _Punctual(psycopg.Connection[Any]):
    """A connection that waits for an answer as long as a statement may take, or a request, and then breaks itself."""

    statement_s: float = 60

    def wait(self, gen: PQGen[R], interval: float = 0.1, timeout: float | None = None) -> R:
        """
        Wait for the server.

        Raises:
            OperationalError: it did not answer in time; what became of the statement is not known.
        """
        left_s = deadlines.left_s()
        longest_s = self.statement_s + _GRACE_S if left_s is None else min(self.statement_s + _GRACE_S, left_s)
        if timeout is not None and timeout <= longest_s:  # somebody who waits for a notification, and knows how long
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, longest_s)
        except psycopg.errors._WaitTimeout as late:  # what wait raises; it has no public name
            self.pgconn.finish()
            raise psycopg.OperationalError("the server did not answer in time") from late


class Database:
    """A pool of connections to one database."""

    def __init__(
        self, url: str, *, pool_size: int = 8, statement_s: int = 60, name: str = "boshu", options: Mapping[str, str] | None = None
    ) -> None:
        """
        Make the pool; connect when first asked.

        `statement_s` bounds one statement in seconds, `name` is shown in pg_stat_activity, `options` are further
        settings of the session.
        """
        session = {
            "timezone": "UTC",
            "statement_timeout": f"{statement_s * 1000}",
            "lock_timeout": f"{LOCK_MS}",
            "idle_in_transaction_session_timeout": f"{max(statement_s, 60) * 1000}",
            **(options or {}),
        }
        self.url = url
        self.engine = sqlalchemy.create_engine(
            sqlalchemy.make_url(url).set(drivername="postgresql+psycopg"),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=CONNECT_S,
            pool_recycle=1800,
            pool_pre_ping=True,
            isolation_level="READ COMMITTED",
            connect_args={
                "connect_timeout": CONNECT_S,
                "application_name": name,
                "keepalives_idle": 10,
                "tcp_user_timeout": 10_000,
                "options": " ".join(f"-c {key}={value}" for key, value in session.items()),
            },
        )
        sqlalchemy.event.listen(
            self.engine, "do_connect", lambda _dialect, _record, args, words: _connected(statement_s, args, words)
        )
        sqlalchemy.event.listen(self.engine, "connect", lambda raw, _record: use_arrays(raw))
        self._autocommit = self.engine.execution_options(isolation_level="AUTOCOMMIT")

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """
        Open a READ COMMITTED transaction; commit on leaving, roll back on any exception.

        Raises:
            Unavailable: the database is away, or stopped the work; nothing was committed, unless the connection
                broke during the commit itself, which a repeatable write survives.
        """
        with _outside_world(), self.engine.connect() as connection, _broken_is_dropped(connection), connection.begin():
            yield Tx(connection)

    @contextmanager
    def autocommit(self) -> Iterator[Tx]:
        """
        Open a connection on which every statement commits by itself: LISTEN, advisory locks, maintenance.

        Raises:
            Unavailable: as in `transaction`.
        """
        with _outside_world(), self._autocommit.connect() as connection, _broken_is_dropped(connection):
            yield Tx(connection)

    def close(self) -> None:
        """Close the connections that are not in use; the pool can be used again."""
        self.engine.dispose()


def _connected(statement_s: float, args: Sequence[Any], words: Mapping[str, Any]) -> _Punctual:
    """Open a connection; not for a request that has no time left."""
    if deadlines.left_s() == 0:
        raise psycopg.OperationalError("no time is left to connect")
    connection = _Punctual.connect(*args, **words)
    connection.statement_s = statement_s
    return connection


@contextmanager
def _outside_world() -> Iterator[None]:
    """Turn what the outside world did to us into Unavailable; let every other error pass."""
    try:
        yield
    except NoConnectionFree as error:
        raise Unavailable(_("The database has no connection free.")) from error
    except psycopg.Error as error:
        if _is_away(error):
            raise Unavailable(_("The database does not answer.")) from error
        raise
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.Error) and _is_away(error.orig):
            raise Unavailable(_("The database does not answer.")) from error
        raise


@contextmanager
def _broken_is_dropped(connection: sqlalchemy.Connection) -> Iterator[None]:
    """Take a connection that broke out of the pool; psycopg raised, so SQLAlchemy has not seen it."""
    raw = cast("psycopg.Connection[Any]", connection.connection.dbapi_connection)
    try:
        yield
    except psycopg.Error:
        if raw.broken or raw.closed:
            connection.invalidate()
        raise


def _is_away(error: psycopg.Error) -> bool:
    """Tell whether an error speaks of the outside world; a lost connection has no SQLSTATE."""
    state = error.sqlstate
    if state is None:
        return isinstance(error, psycopg.OperationalError)
    return state in _AGAIN or state.startswith(_AWAY)
