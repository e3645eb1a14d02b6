"""What stands in a sheet: its head, its columns, and what was written."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from core.kit.clock import city_zone
from core.kit.locale import _
from core.kit.masks import Mask

Cell = object
"""None, a text, a whole number, a float, a bool as text, a date, or an instant in city time without zone."""

Tick = Callable[[int], None]
"""Told after so many rows; it raises to stop the writing."""

EVERY: Final = 5_000
"""Rows between two ticks."""


class Kind(StrEnum):
    """What a cell holds, and so how it is written."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    MONEY = "money"
    """Fen in the database; yuan with two places in a file."""
    SHARE = "share"
    """Per cent."""
    MOMENT = "moment"
    """An instant, in the city's time."""
    DATE = "date"
    YES_NO = "yes_no"


NUMERIC: Final = frozenset({Kind.WHOLE, Kind.NUMBER, Kind.MONEY, Kind.SHARE})


@dataclass(frozen=True, slots=True)
class Column:
    """
    One column.

    Args:
        field: the name of the value in a row.
        title: what stands above it, in the reader's language.
        kind: what it holds.
        words: what values are called.
        english: the field that an English reader is shown instead, where it holds something.
        personal: what it tells of a person; written in part. None: nothing, or it is revealed.
        unit: what follows a number; it stands in the title.
        scale: what a number is divided by.
        places: so many of them behind the point.
        width: letters that fit.
        is_summed: whether its sum makes sense.
    """

    field: str
    title: str
    kind: Kind = Kind.TEXT
    words: Mapping[str, str] | None = None
    english: str = ""
    personal: Mask | None = None
    unit: str = ""
    scale: int = 1
    places: int = 0
    width: int = 14
    is_summed: bool = False

    @property
    def full_title(self) -> str:
        """Return the title with the unit."""
        return f"{self.title} ({self.unit})" if self.unit else self.title


@dataclass(frozen=True, slots=True)
class Head:
    """
    What every file says of itself, so that it can be understood and traced when it is found years later.

    Args:
        title: what it is a list of.
        company: whose.
        user: for whom it was made; it stands across every page of a PDF.
        made_at: when.
        snapshot_id: the export's own id, by which the audit knows it.
        filters: what was asked, in words.
        period: the time it speaks of, in words.
        version: of the definitions.
        definitions: what its words mean.
        is_revealed: whether personal data stand in full.
    """

    title: str
    company: str
    user: str
    made_at: datetime
    snapshot_id: str
    filters: tuple[tuple[str, str], ...] = ()
    period: str = ""
    version: str = ""
    definitions: tuple[tuple[str, str], ...] = ()
    is_revealed: bool = False

    def lines(self, *, row_n: int) -> Iterator[tuple[str, str]]:
        """Yield what is known before the rows are written, a name and a value each."""
        zone = city_zone()
        yield _("Title"), self.title
        yield _("Company"), self.company
        if self.period:
            yield _("Period"), self.period
        yield _("Time zone"), zone.key
        yield _("Money"), _("yuan, two places")
        yield _("Made at"), self.made_at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
        yield _("Made for"), self.user
        yield _("Personal data"), _("in full") if self.is_revealed else _("in part")
        yield _("Definitions"), self.version
        yield _("Export"), self.snapshot_id
        yield from ((_("Filter: %(name)s", name=name), value) for name, value in self.filters or ((_("none"), _("all rows")),))
        yield _("Rows"), str(row_n)


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows were written, and the hash over them that stands in the file."""

    row_n: int
    data_sha256: bytes


def unique(columns: tuple[Column, ...]) -> list[str]:
    """Return titles that differ, as spreadsheets need them."""
    titles: list[str] = []
    for column in columns:
        title, number = column.full_title, 2
        while title in titles:
            title, number = f"{column.full_title} {number}", number + 1
        titles.append(title)
    return titles
