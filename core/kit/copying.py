"""
Copying out: the rows of a statement as the database writes them, in blocks of many.

psycopg hands over a row at a time, and the way of each through Python takes longer than the row took to be made. Here whatever
has arrived is taken at once.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Final

import psycopg
from psycopg import generators, waiting
from psycopg.abc import PQGen
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult

from core.kit.db import Tx

_TAKE_WHAT_IS_THERE: Final = 1


@dataclass(frozen=True, slots=True)
class Block:
    """Rows as the database wrote them, and how many they are."""

    data: bytes | bytearray
    row_n: int


def copy_out(tx: Tx, statement: str, /, *, most: int, **params: object) -> Generator[Block, None, None]:
    """
    Yield what `copy (…) to stdout` writes, `most` rows a time. Close it: a copy that is left in the middle is cancelled then.

    Raises:
        psycopg.Error: as of any statement.
    """
    raw = tx.raw
    tx.value("select 1")  # begins the transaction, where nothing did before
    raw.pgconn.send_query(psycopg.ClientCursor(raw).mogrify(statement, params).encode())
    started = raw.wait(generators.execute(raw.pgconn))[-1]
    if started.status != ExecStatus.COPY_OUT:
        raise error_from_result(started)
    ended: PGresult | None = None
    try:
        while ended is None:
            block, ended = raw.wait(_block(raw.pgconn, most))
            if block.row_n:
                yield block
    finally:
        if ended is None and not raw.closed:
            _stop(raw, most)
    if ended.status != ExecStatus.COMMAND_OK:
        raise error_from_result(ended)


def _block(pgconn: PGconn, most: int) -> PQGen[tuple[Block, PGresult | None]]:
    """Take rows until there are enough of them; return them, and what the database said at the end of all."""
    data, row_n = bytearray(), 0
    take = pgconn.get_copy_data
    while row_n < most:
        size, row = take(_TAKE_WHAT_IS_THERE)
        if size > 0:
            data += row
            row_n += 1
        elif size == 0:
            while not (yield waiting.Wait.R):
                continue
            pgconn.consume_input()
        else:
            return Block(data, row_n), (yield from generators.fetch_many(pgconn))[-1]
    return Block(data, row_n), None


def _stop(raw: psycopg.Connection[Any], most: int) -> None:
    """End a copy that nobody reads any more; the connection can be used again, its transaction cannot."""
    raw.cancel()
    ended: PGresult | None = None
    while ended is None:
        _rest, ended = raw.wait(_block(raw.pgconn, most))
