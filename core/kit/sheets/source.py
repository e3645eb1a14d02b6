"""
Source: the rows of a list as cells, read one after another by a cursor of the server, so that a million need no memory.

The database itself turns values into cells (words, masks, yuan, city time): so a CSV goes through no Python but a loop.
"""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from psycopg import sql

from core.kit.clock import city_zone
from core.kit.copying import Block, copy_out
from core.kit.db import Row, Tx
from core.kit.listing import Asked, AtHand, Relation
from core.kit.locale import Language, _, current
from core.kit.masks import Mask, masked
from core.kit.sheets.guard import CODES, MARK, guarded
from core.kit.sheets.sheet import EVERY, Cell, Column, Kind

FETCH: Final = 2_000
"""Rows of one trip to the server."""
TEXT_MOST: Final = 32_000
"""Letters of a cell; spreadsheets hold 32,767."""
FEN: Final = 100
_PERCENT: Final = 100

_MASKS: Final = {
    # as core.kit.masks.masked
    Mask.PLATE: "rpad(left({0}, {1}), length({0}), '*')",
    Mask.PHONE: (
        "case when length({0}) > 7 then left({0}, 3) || repeat('*', length({0}) - 7) || right({0}, 4) "
        "else left({0}, (length({0}) > 1)::integer) || repeat('*', length({0}) - (length({0}) > 1)::integer) end"
    ),
    Mask.NAME: "left({0}, (length({0}) > 1)::integer) || repeat('*', length({0}) - (length({0}) > 1)::integer)",
}
_PLATE_HEAD: Final = "least(5 + (strpos({0}, '·') > 0)::integer, greatest(1, length({0}) - 2))"


@dataclass(frozen=True, slots=True)
class Source:
    """The rows that hold what was asked; `given` are the values of the list's statement."""

    tx: Tx
    relation: Relation | AtHand
    asked: Asked
    columns: tuple[Column, ...]
    given: Mapping[str, object] = field(default_factory=dict)

    def count(self) -> int:
        """Return how many rows there are."""
        return self.relation.count(self.tx, self.asked, **self.given)

    def totals(self) -> dict[str, int]:
        """Return the sums of the columns that have one, as the database has them: fen, unscaled."""
        fields = [column.field for column in self.columns if column.is_summed]
        if not fields:
            return {}
        if isinstance(self.relation, AtHand):
            found = self.relation.every_row(self.tx, self.asked, **self.given)
            return {name: sum(row[name] for row in found if row[name] is not None) for name in fields}
        names = [sql.Identifier(name) for name in fields]
        statement, values = self.relation.select(sql.SQL(", ").join(names), self.asked)
        sums = sql.SQL(", ").join(sql.SQL("coalesce(sum({}), 0)").format(name) for name in names)
        summed = sql.SQL("select {} from ({}) as summed").format(sums, statement).as_string(self.tx.raw)
        (found_sums,) = self.tx.tuples(summed, **self.given, **values)
        return dict(zip(fields, found_sums, strict=True))

    def rows(self) -> Generator[tuple[Cell, ...], None, None]:
        """Yield the rows as cells with types. Close it: a cursor that is left to the collector waits for its own connection."""
        if isinstance(self.relation, AtHand):
            yield from (
                tuple(_cell(column, row) for column in self.columns)
                for row in self.relation.every_row(self.tx, self.asked, **self.given)
            )
            return
        statement, values = self._select(self.relation, _CELLS)
        with self.tx.raw.cursor("sheet") as cursor:
            cursor.itersize = FETCH
            yield from cursor.execute(statement, values)

    def blocks(self) -> Generator[Block, None, None]:
        """Yield the rows as lines of CSV, guarded, `EVERY` at a time. Close it, too."""
        if isinstance(self.relation, AtHand):
            rows = iter(self.relation.every_row(self.tx, self.asked, **self.given))
            while some := list(islice(rows, EVERY)):
                lines = [line([_text(column, row) for column in self.columns]) for row in some]
                yield Block(b"".join(lines), len(lines))
            return
        statement, values = self._select(self.relation, _TEXTS)
        yield from copy_out(self.tx, f"copy ({statement}) to stdout (format csv)", most=EVERY, **values)

    def _select(self, relation: Relation, how: "_How") -> tuple[str, dict[str, object]]:
        there = self._fields(relation)
        values: dict[str, object] = {"sheet_zone": city_zone().key}
        cells = [_expression(column, there, number, how, values) for number, column in enumerate(self.columns)]
        statement, asked = relation.select(sql.SQL(", ").join(cells), self.asked)
        return statement.as_string(self.tx.raw), {**self.given, **asked, **values}

    def _fields(self, relation: Relation) -> frozenset[str]:
        """Return the names of all columns of the statement."""
        nothing = sql.SQL("select * from ({}) as listed where false").format(sql.SQL(relation.statement)).as_string(self.tx.raw)
        with self.tx.raw.cursor() as cursor:
            cursor.execute(nothing, dict(self.given))
            return frozenset(column.name for column in cursor.description or ())


@dataclass(frozen=True, slots=True)
class _How:
    """How the database writes each kind of cell; `{0}` is the value."""

    kinds: Mapping[Kind, str]
    is_guarded: bool


_TEXTS: Final = _How(
    {
        Kind.WHOLE: "{0}",
        Kind.NUMBER: "round({0}::numeric / {1}, {2})",
        Kind.MONEY: "{0}::float8 / 100",  # exact to the fen up to 90 billion yuan, and four times as quick as numeric
        Kind.SHARE: "round({0}::numeric / {1}, {2})",
        Kind.MOMENT: "date_trunc('second', {0} at time zone %(sheet_zone)s)",
        Kind.DATE: "{0}::date",
    },
    is_guarded=True,
)
_CELLS: Final = _How(
    {
        Kind.WHOLE: "{0}",
        Kind.NUMBER: "({0}::numeric / {1})::float8",
        Kind.MONEY: "{0}::float8 / 100",
        Kind.SHARE: "{0}::float8 / {1} / 100",
        Kind.MOMENT: "date_trunc('second', {0} at time zone %(sheet_zone)s)",
        Kind.DATE: "{0}::date",
    },
    is_guarded=False,
)


_AT_OFFSET: Final = "({0} at time zone {1}::interval - interval '0.5 second')::timestamp(0)"
"""City time cut to the second, by arithmetic alone: rounding half a second earlier is cutting."""


@cache
def _offset_s(zone: ZoneInfo) -> float | None:
    """Return by how much a zone is ahead of UTC; None where it changed in this century or will."""
    months = (datetime(2000 + number // 12, number % 12 + 1, 1, tzinfo=UTC) for number in range(1_200))
    offsets = {at.astimezone(zone).utcoffset() for at in months}
    only = offsets.pop()
    return only.total_seconds() if only is not None and not offsets else None


def _expression(column: Column, there: frozenset[str], number: int, how: _How, values: dict[str, object]) -> sql.Composable:
    value: sql.Composable = sql.Identifier(column.field)
    if column.kind is Kind.MOMENT and how.is_guarded and (offset_s := _offset_s(city_zone())) is not None:
        return sql.SQL(_AT_OFFSET).format(value, sql.Literal(f"{offset_s} seconds"))
    if column.kind in how.kinds:
        return sql.SQL(how.kinds[column.kind]).format(value, sql.Literal(column.scale), sql.Literal(column.places))
    if column.kind is Kind.YES_NO:
        values |= {"sheet_yes": _("Yes"), "sheet_no": _("No")}
        return sql.SQL("case when {0} then %(sheet_yes)s when not {0} then %(sheet_no)s end").format(value)
    text: sql.Composable = sql.SQL("{}::text").format(value)
    if column.english in there and current() is Language.EN:
        text = sql.SQL("coalesce(nullif({}::text, ''), {})").format(sql.Identifier(column.english), text)
    if column.words:
        return _worded(text, column.words, number, how, values)
    return _written(text, column.personal, how)


def _written(text: sql.Composable, personal: Mask | None, how: _How) -> sql.Composable:
    """Return the expression of a text: in part where it tells of a person, and as it may stand in the file."""
    shown = text if personal is None else sql.SQL(_MASKS[personal]).format(text, sql.SQL(_PLATE_HEAD).format(text))
    if not how.is_guarded:
        return sql.SQL("left({}, {})").format(shown, sql.Literal(TEXT_MOST))
    codes = sql.SQL(", ").join(sql.Literal(code) for code in CODES)
    # a mask leaves the first letter, so the text itself is looked at, and what is long to work out is worked out once
    return sql.SQL("case when ascii({0}) in ({1}) then {2} || {3} else {3} end").format(text, codes, sql.Literal(MARK), shown)


def _worded(
    text: sql.Composable, words: Mapping[str, str], number: int, how: _How, values: dict[str, object]
) -> sql.Composable:  # fmt: skip
    """Return the expression of a value's word; a value without one stays."""
    cases = []
    for place, (value, word) in enumerate(words.items()):
        names = (f"sheet_{number}_{place}_value", f"sheet_{number}_{place}_word")
        values |= dict(zip(names, (value, guarded(word) if how.is_guarded else word), strict=True))
        cases.append(sql.SQL("when {}::text then {}").format(*(sql.Placeholder(name) for name in names)))
    return sql.SQL("case {0} {1} else {2} end").format(text, sql.SQL(" ").join(cases), _written(text, None, how))


def _cell(column: Column, row: Row) -> Cell:
    """Return a value of a row at hand as a cell; the same as the database's own."""
    value: Any = row[column.field]
    if value is None:
        return None
    match column.kind:
        case Kind.MONEY:
            return float(value) / FEN
        case Kind.NUMBER:
            return float(value) / column.scale
        case Kind.SHARE:
            return float(value) / column.scale / _PERCENT
        case Kind.MOMENT:
            return _in_city(value)
        case Kind.YES_NO:
            return _("Yes") if value else _("No")
        case Kind.WHOLE | Kind.DATE:
            return value
    english = row.get(column.english) if column.english and current() is Language.EN else None
    text = (column.words or {}).get(str(value), str(english or value))
    return (masked(text, column.personal) or "" if column.personal else text)[:TEXT_MOST]


def _text(column: Column, row: Row) -> str | None:
    value = row[column.field]
    if value is None:
        return None
    match column.kind:
        case Kind.MONEY:
            return f"{value / FEN:.15g}"
        case Kind.NUMBER | Kind.SHARE:
            return f"{Decimal(value) / column.scale:.{column.places}f}"
        case Kind.WHOLE | Kind.DATE | Kind.MOMENT:
            return str(_cell(column, row))
    return guarded(str(_cell(column, row)))


def line(texts: Sequence[str | None]) -> bytes:
    """Return a line of CSV as the database writes it: what needs quotes has them, what is not known is nothing."""
    return (",".join("" if text is None else _quoted(text) or '""' for text in texts) + "\n").encode()


def _quoted(text: str) -> str:
    is_plain = not any(letter in text for letter in ',"\r\n')
    return text if is_plain else '"' + text.replace('"', '""') + '"'


def _in_city(at: datetime) -> datetime:
    return at.astimezone(city_zone()).replace(tzinfo=None, microsecond=0)
