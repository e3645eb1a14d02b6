"""Counts in files: lines that say how full a lot was at an instant, understood by a mapping."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from pydantic import Field, model_validator

from core.kit.locale import _
from core.occupancy.rules.counts import Fault, fault_of, free_of
from ingest.files.lines import BadRow, Cells, Lines, short
from ingest.files.mapping import Column, ColumnSet, FileMap, Form, Part, Pattern, SiteMap, must_describe
from ingest.files.times import Moment, Times

MOST_PLACES: Final = 1_000_000
"""More is taken for a wrong column."""

_WHOLE: Final = re.compile(r"[+-]?\d{1,9}(?:\.0+)?", re.ASCII)


class CountColumns(ColumnSet):
    """The columns of counts: of `free`, `inside` and `total` at least what tells the free places."""

    site: Column
    at: Column | None = None
    received: Column | None = None
    free: Column | None = None
    inside: Column | None = None
    total: Column | None = None
    open: Column | None = None


class PathTime(Part):
    """A time told by the path of a file: the groups of a pattern, joined by blanks, read by a form of strptime."""

    pattern: Pattern
    form: Form


class CountMap(FileMap):
    """
    How files of counts are read.

    `sites` are named by what stands in their column, `open` says which words mean open. The instant stands in a column
    or, for files of one instant, in their path. Free places are told, or are the total less those inside.
    """

    KIND = "occupancy"
    columns: CountColumns
    path_time: PathTime | None = None
    open: dict[str, bool] = Field(default_factory=dict)
    sites: dict[str, SiteMap]

    @property
    def columns_read(self) -> dict[str, Column]:
        """Return the columns that are read, by what they mean."""
        return self.columns.named()

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        columns = self.columns
        if (columns.at is None) == (self.path_time is None):
            raise ValueError("the instant stands in a column or in the path, in one of the two")
        if columns.free is None and (columns.total is None or columns.inside is None):
            raise ValueError("free places need a column, or columns for the total and for those inside")
        if columns.open is not None and not self.open:
            raise ValueError("a column that says whether a lot is open needs the words that mean it")
        must_describe(self.areas, self.sites)
        return self


@dataclass(frozen=True, slots=True)
class CountRow:
    """One understood count; `fault` says why it cannot be true, `is_repeat` that the file told it before."""

    line_no: int
    site: str
    at: datetime
    total: int | None
    free: int | None
    inside: int | None
    is_open: bool | None
    received_at: datetime | None
    is_trusted: bool
    is_repeat: bool

    @property
    def fault(self) -> Fault | None:
        """Return what is impossible about it."""
        return fault_of(total=self.total, free=self.free, inside=self.inside)

    @property
    def source_row(self) -> str:
        """Return the natural key of the row: its values, never its place in the file."""
        told = (self.total, self.free, self.inside, self.is_open, self.received_at)
        return "/".join((self.at.isoformat(), *("" if one is None else str(one) for one in told)))


class CountFile(Lines[CountRow]):
    """A file of counts. Equal rows say the same thing twice; a hash a row stays in memory to notice it."""

    def __init__(self, path: Path, mapping: CountMap, *, at: datetime) -> None:
        """Open the file; a count after `at` is refused."""
        super().__init__(path, mapping, self._understood)
        self._counts = mapping
        self._times = Times(mapping, at=at)
        self._path_map = mapping.path_time and mapping.model_copy(update={"times": (mapping.path_time.form,)})
        self._path_times = Times(self._path_map, at=at) if self._path_map else None
        self._told: set[int] = set()

    def _understood(self, cells: Cells) -> CountRow:
        values = cells.values
        site = values["site"]
        if site not in self._counts.sites:
            raise BadRow(_("Site %(site)s is not in the mapping.", site=short(site)))
        told_total, told_free, inside = (_places(values.get(name, "")) for name in ("total", "free", "inside"))
        when, received_at = self._when(cells, site), self._received(values)
        is_open = self._is_open(values)
        is_trusted = not when.is_doubtful and (received_at is None or received_at >= when.at)
        free = free_of(total=told_total, free=told_free, inside=inside)
        row = CountRow(cells.line_no, site, when.at, told_total, free, inside, is_open, received_at, is_trusted, is_repeat=False)
        return self._once(row)

    def _once(self, row: CountRow) -> CountRow:
        """Mark a row that the file told before."""
        mark = hash((row.site, row.at, row.total, row.free, row.inside, row.is_open, row.received_at))
        if mark not in self._told:
            self._told.add(mark)
            return row
        return CountRow(
            row.line_no, row.site, row.at, row.total, row.free, row.inside, row.is_open, row.received_at, row.is_trusted,
            is_repeat=True,
        )  # fmt: skip

    def _when(self, cells: Cells, site: str) -> Moment:
        if self._path_times is None:
            return self._times.read(cells.values["at"], series=site)
        assert self._counts.path_time is not None  # the reader of paths was made from it
        found = re.search(self._counts.path_time.pattern, cells.path)
        if found is None:
            raise BadRow(_("The path %(path)s tells no time.", path=short(cells.path)))
        return self._path_times.read(" ".join(found.groups()), series=site)

    def _received(self, values: dict[str, str]) -> datetime | None:
        text = values.get("received", "")
        return self._times.read(text, series="received").at if text else None

    def _is_open(self, values: dict[str, str]) -> bool | None:
        word = values.get("open", "")
        if not word:
            return None
        if word not in self._counts.open:
            raise BadRow(_("State %(state)s is not in the mapping.", state=short(word)))
        return self._counts.open[word]


def _places(text: str) -> int | None:
    """Return a whole number; an empty cell is unknown, not zero. Numbers that cannot be true are still numbers."""
    if not text:
        return None
    if not _WHOLE.fullmatch(text) or abs(int(float(text))) > MOST_PLACES:
        raise BadRow(_("%(text)s is no number of places.", text=short(text)))
    return int(float(text))
