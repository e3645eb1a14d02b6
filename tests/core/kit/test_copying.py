"""Copying out: every byte the database writes, in blocks; and a connection that can be used again."""

from contextlib import closing
from threading import Timer

import psycopg
import pytest

from core.kit.copying import Block, copy_out
from core.kit.db import Database, Tx

NUMBERS = "copy (select n, repeat('x', %(width)s) from generate_series(1, %(n)s) as n) to stdout (format csv)"


def numbers(tx: Tx, n: int, *, most: int = 100, width: int = 20) -> list[Block]:
    """Copy numbers out."""
    return list(copy_out(tx, NUMBERS, most=most, n=n, width=width))


class TestCopyOut:
    @pytest.mark.parametrize(("n", "sizes"), [(0, []), (99, [99]), (100, [100]), (250, [100, 100, 50])])
    def test_yields_all_rows_in_blocks(self, tx: Tx, n: int, sizes: list[int]) -> None:
        blocks = numbers(tx, n)

        assert [block.row_n for block in blocks] == sizes
        assert b"".join(block.data for block in blocks).decode() == "".join(f"{row},{'x' * 20}\n" for row in range(1, n + 1))
        assert tx.value("select 1") == 1

    def test_waits_for_rows_that_come_slowly(self, tx: Tx) -> None:
        slow = "copy (select n, pg_sleep(0.02) from generate_series(1, 5) as n) to stdout"

        assert [block.row_n for block in copy_out(tx, slow, most=2)] == [2, 2, 1]

    def test_can_be_left_in_the_middle(self, database: Database) -> None:
        with database.transaction() as tx:
            tx.value("select 1")
            with tx.savepoint(), closing(copy_out(tx, NUMBERS, most=10, n=1_000_000, width=200)) as blocks:
                assert next(blocks).row_n == 10
                blocks.close()
                with pytest.raises(psycopg.errors.InFailedSqlTransaction):
                    tx.value("select 1")
                tx.raw.execute("rollback to savepoint sa_savepoint_1")
            assert tx.value("select 2") == 2

    @pytest.mark.parametrize("statement", ["copy (select 1 / 0) to stdout", "copy (select no_such) to stdout"])
    def test_says_what_is_wrong_with_a_statement(self, tx: Tx, statement: str) -> None:
        with pytest.raises((psycopg.errors.DivisionByZero, psycopg.errors.UndefinedColumn)), tx.savepoint():
            list(copy_out(tx, statement, most=10))

        assert tx.value("select 1") == 1

    def test_ends_where_somebody_else_cancels_it(self, tx: Tx) -> None:
        Timer(0.2, tx.raw.cancel).start()

        with pytest.raises(psycopg.errors.QueryCanceled), tx.savepoint():
            list(copy_out(tx, "copy (select n, pg_sleep(0.01) from generate_series(1, 3000) as n) to stdout", most=10))

        assert tx.value("select 1") == 1
