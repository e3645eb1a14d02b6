"""Payments at meters in files: lines that say what was paid where and how long it lasts, understood by a mapping."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from core.kit.locale import _
from core.kit.money import Fen
from ingest.files.bay_rows import Bounds, code_of
from ingest.files.lines import BadRow, Cells, Lines, short
from ingest.files.mapping import Column, ColumnSet, FileMap, Part, SiteMap, must_describe
from ingest.files.places import Bay
from ingest.files.rows import MOST_FEN, amount_of
from ingest.files.times import Times

_LENGTH: Final = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)", re.ASCII)


class MeterColumns(ColumnSet):
    """
    The columns of payments.

    `ends` is when the paid time ends, `bought` how much of it this payment bought, `left` how much was left on the meter
    right after the payment; lengths as hours:minutes:seconds.
    """

    meter: Column
    kind: Column
    ends: Column
    bought: Column
    left: Column
    total: Column
    status: Column
    method: Column
    lat: Column | None = None
    lon: Column | None = None


class Method(Part):
    """What a word for the way of paying means: a channel, or why such a row is no payment of a driver."""

    channel: Literal["cash", "unstated"] | None = None
    refused: str | None = Field(None, max_length=80)

    @model_validator(mode="after")
    def _is_one_of_the_two(self) -> Self:
        if (self.channel is None) == (self.refused is None):
            raise ValueError("a method has a channel or a reason to refuse it, one of the two")
        return self


class MeterMap(FileMap):
    """
    How files of payments at meters are read: one site, a space for each meter of a single space.

    Amounts are decimal units of `currency`; they enter the books only where the city's money is the same. `statuses`
    says of each word whether the payment stands, or why not.
    """

    KIND = "meters"
    columns: MeterColumns
    adds_up: tuple[Column, ...] = ()
    currency: str = Field(pattern="^[A-Z]{3}$")
    single: str
    bounds: Bounds = Bounds()
    statuses: dict[str, str | None]
    methods: dict[str, Method]
    longest_h: int = Field(24, ge=1, le=240)
    site: SiteMap

    @property
    def columns_read(self) -> dict[str, Column]:
        """Return the columns that are read, by what they mean."""
        return self.columns.named() | {f"part {number}": column for number, column in enumerate(self.adds_up, start=1)}

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        must_describe(self.areas, {"site": self.site})
        return self


@dataclass(frozen=True, slots=True)
class MeterRow:
    """
    One understood payment: paid at an instant for `[starts_at, ends_at)`, in minor units of the mapping's currency.

    The paid time is no stay that anybody saw. `is_single`: the meter has one space.
    """

    line_no: int
    bay: Bay
    is_single: bool
    paid_at: datetime
    starts_at: datetime
    ends_at: datetime
    minor: Fen
    channel: str
    key: str
    repeat_n: int

    @property
    def source_row(self) -> str:
        """Return the natural key of the row: its values and which of the equal rows it is, never its place in the file."""
        return f"{self.key}#{self.repeat_n}"


class MeterFile(Lines[MeterRow]):
    """A file of payments. Equal rows are told apart by counting them, so one key a row stays in memory."""

    def __init__(self, path: Path, mapping: MeterMap, *, at: datetime) -> None:
        """Open the file; a payment whose time ends after `at` is refused."""
        super().__init__(path, mapping, self._understood)
        self._meters = mapping
        self._times = Times(mapping, at=at)
        self._seen: Counter[str] = Counter()

    def _understood(self, cells: Cells) -> MeterRow:
        values = cells.values
        meter, method = code_of(values["meter"]), self._method(values)
        ends_at = self._times.read(values["ends"], series=meter).at
        bought, left = self._length(values["bought"]), self._length(values["left"])
        minor = self._amount(values)
        key = "/".join((meter, ends_at.isoformat(), str(bought), str(left), str(minor), values["status"], values["method"]))
        self._seen[key] += 1
        return MeterRow(
            line_no=cells.line_no,
            bay=Bay(self._meters.site, meter, self._meters.bounds.point(f"{values.get('lat', '')}, {values.get('lon', '')}")),
            is_single=values["kind"] == self._meters.single,
            paid_at=ends_at - left,
            starts_at=ends_at - bought,
            ends_at=ends_at,
            minor=minor,
            channel=method,
            key=key,
            repeat_n=self._seen[key],
        )

    def _method(self, values: dict[str, str]) -> str:
        """Return the channel; a row that is no payment says so."""
        status, word = values["status"], values["method"]
        if status not in self._meters.statuses:
            raise BadRow(_("Status %(status)s is not in the mapping.", status=short(status)))
        method = self._meters.methods.get(word)
        if method is None:
            raise BadRow(_("Way of paying %(word)s is not in the mapping.", word=short(word)))
        why_not = self._meters.statuses[status] or method.refused
        if why_not is not None or method.channel is None:
            raise BadRow(_("No payment: %(reason)s.", reason=why_not))
        return method.channel

    def _amount(self, values: dict[str, str]) -> Fen:
        total = amount_of(values["total"], "yuan")
        if total <= 0:
            raise BadRow(_("No payment: nothing was paid."))
        if total > MOST_FEN:
            raise BadRow(_("%(text)s is more than anybody pays at a meter.", text=short(values["total"])))
        parts = [amount_of(value, "yuan") for name, value in values.items() if name.startswith("part ")]
        if parts and sum(parts) != total:
            told = {"sum": Decimal(sum(parts)).scaleb(-2), "total": Decimal(total).scaleb(-2)}
            raise BadRow(_("The parts add up to %(sum)s, not to %(total)s.", **told))
        return total

    def _length(self, text: str) -> timedelta:
        found = _LENGTH.fullmatch(text)
        length = found and timedelta(hours=int(found[1]), minutes=int(found[2]), seconds=int(found[3]))
        if length is None or length > timedelta(hours=self._meters.longest_h):
            raise BadRow(_("%(text)s is no length of time.", text=short(text) or _("(empty)")))
        return length
