"""
P6: a million rows of twelve columns. CSV against a bare COPY, XLSX against pandas, all in one run; memory, progress and cancel.

What pandas takes for a million rows is worked out from fewer: it takes as long for each row.
"""

import resource
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pandas as pd
import pytest

from core.kit.db import Database, Tx
from core.kit.listing import Asked, Order, Relation
from core.kit.masks import Mask
from core.kit.sheets import as_csv, as_xlsx
from core.kit.sheets.sheet import Column, Head, Kind
from core.kit.sheets.source import Source

ROWS: Final = 1_000_000
PANDAS_ROWS: Final = 50_000
ROUNDS: Final = 3
COPY_SHARE: Final = 0.7
PANDAS_TIMES: Final = 5.0
MEMORY_MB: Final = 100
SHADOW = """
    create unlogged table listed as
    select
        n as stay_no, 'HZ-' || lpad((n %% 1000)::text, 4, '0') as site, '浙A' || lpad((n %% 99999)::text, 5, '0') as plate,
        (array['paid', 'open', 'waived'])[1 + n %% 3] as state, (n %% 977 * 25)::bigint as due_fen,
        (n %% 911 * 25)::bigint as paid_fen, timestamptz '2026-01-01' + n * interval '7 seconds' as entered_at,
        timestamptz '2026-01-01' + n * interval '7 seconds' + (n %% 300) * interval '1 minute' as left_at,
        (n %% 300)::int as stay_min,
        'Zhongshan Road ' || n %% 377 as road, 'berth ' || n %% 2400 as berth, (n %% 7 = 0) as is_amended
    from generate_series(1, %(rows)s) as n
"""
FIELDS = "stay_no, site, plate, state, due_fen, paid_fen, entered_at, left_at, stay_min, road, berth, is_amended"
NAMES = frozenset(FIELDS.split(", "))
RELATION = Relation(f"select {FIELDS} from listed", key="stay_no", columns=NAMES, order=(Order("stay_no"),))
COLUMNS = (
    Column("stay_no", "Stay", Kind.WHOLE), Column("site", "Site"), Column("plate", "Plate", personal=Mask.PLATE),
    Column("state", "State", words={"paid": "paid up", "open": "in arrears", "waived": "waived"}),
    Column("due_fen", "Due", Kind.MONEY, is_summed=True), Column("paid_fen", "Paid", Kind.MONEY, is_summed=True),
    Column("entered_at", "Entered", Kind.MOMENT), Column("left_at", "Left", Kind.MOMENT), Column("stay_min", "Minutes", Kind.WHOLE),
    Column("road", "Road"), Column("berth", "Berth"), Column("is_amended", "Amended", Kind.YES_NO),
)  # fmt: skip
HEAD = Head("Stays", "Boshu", "Somebody", datetime(2026, 11, 22, tzinfo=UTC), "bench")


@pytest.fixture
def tx(own_database: Database) -> Iterator[Tx]:
    """Yield a transaction with a million rows."""
    with own_database.transaction() as tx:
        tx.run("set local statement_timeout = 0")
        tx.run("set local idle_in_transaction_session_timeout = 0")
        tx.run(SHADOW.replace("create unlogged table", "create temporary table"), rows=ROWS)
        tx.run("create unique index on listed (stay_no)")
        tx.run("analyze listed")
        yield tx


def copied(tx: Tx, path: Path) -> float:
    """Copy the bare rows into a file; return the seconds."""
    begun = time.monotonic()
    bare = f"copy (select {FIELDS} from listed order by stay_no) to stdout (format csv)"
    with path.open("wb") as file, tx.raw.cursor() as cursor, cursor.copy(bare.encode()) as copy:
        for block in copy:
            file.write(block)
    return time.monotonic() - begun


def peak_mb() -> float:
    """Return the most memory this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bench_export(tx: Tx, tmp_path: Path) -> None:
    """Write the same rows four ways."""
    source, ticks = Source(tx, RELATION, Asked(), COLUMNS), list[int]()
    before_mb = peak_mb()
    ratios = []
    for number in range(ROUNDS):
        copy_s = copied(tx, tmp_path / "copy.csv")
        begun = time.monotonic()
        written = as_csv.write(tmp_path / "list.csv", source, HEAD, row_n=ROWS, tick=ticks.append)
        csv_s = time.monotonic() - begun
        assert written.row_n == ROWS
        ratios.append(copy_s / csv_s)
        print(f"\nround {number}: COPY {ROWS / copy_s:,.0f} rows/s, CSV {ROWS / csv_s:,.0f} rows/s")
    begun = time.monotonic()
    as_xlsx.bulk(tmp_path / "list.xlsx", source, HEAD, row_n=ROWS, tick=ticks.append)
    xlsx_s = time.monotonic() - begun
    added_mb = peak_mb() - before_mb
    assert ticks[0] > 0
    assert ticks[-1] == ROWS
    frame = pd.DataFrame(tx.rows(f"select {FIELDS} from listed limit {PANDAS_ROWS}"))
    for name in ("entered_at", "left_at"):
        frame[name] = frame[name].dt.tz_localize(None)
    begun = time.monotonic()
    frame.to_excel(tmp_path / "pandas.xlsx", engine="openpyxl", index=False)
    pandas_s = (time.monotonic() - begun) / PANDAS_ROWS * ROWS
    share, times = statistics.median(ratios), pandas_s / xlsx_s
    print(f"CSV {share:.0%} of COPY (at least {COPY_SHARE:.0%})")
    print(f"XLSX {ROWS / xlsx_s:,.0f} rows/s, {times:.1f} × pandas.to_excel (at least {PANDAS_TIMES:.0f})")
    print(f"memory added {added_mb:.0f} MB (at most {MEMORY_MB})")
    assert share >= COPY_SHARE
    assert times >= PANDAS_TIMES
    assert added_mb <= MEMORY_MB
