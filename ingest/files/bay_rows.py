"""Bays in files: lines that say where a space is and which street it belongs to, understood by a mapping."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import Field, model_validator

from core.kit.locale import _
from ingest.files.lines import BadRow, Cells, Lines, short
from ingest.files.mapping import AreaMap, Column, ColumnSet, FileMap, Part, SiteMap
from ingest.files.places import Bay, Point

LONGEST_CODE: Final = 40
LONGEST_NAME: Final = 120

_NOT_CODE: Final = re.compile(r"[^A-Za-z0-9_]+", re.ASCII)
_PAIR: Final = re.compile(r"\(?\s*(-?\d{1,3}(?:\.\d+)?)\s*,\s*(-?\d{1,3}(?:\.\d+)?)\s*\)?", re.ASCII)


class SitePattern(Part):
    """A site made for each name that stands in a column; `{}` is that name, in `code` with blanks and signs as dashes."""

    code: str
    name: str
    name_en: str
    without: str = "?"
    area: str
    kind: Literal["on_street", "off_street"] = "on_street"
    opened_on: date

    def site(self, name: str) -> SiteMap:
        """
        Return the site of a name; an empty one is called `without`.

        Raises:
            BadRow: the name makes no code.
        """
        told = name or self.without
        code = self.code.format(_NOT_CODE.sub("-", told).strip("-"))
        if len(code) > LONGEST_CODE or len(told) > LONGEST_NAME or not told.isprintable():
            raise BadRow(_("%(name)s is no name of a site.", name=short(told)))
        return SiteMap(
            code=code,
            name=self.name.format(told),
            name_en=self.name_en.format(told),
            area=self.area,
            kind=self.kind,
            opened_on=self.opened_on,
        )

    def must_fit(self, areas: dict[str, AreaMap]) -> None:
        """
        Check that the area is described.

        Raises:
            ValueError: it is not.
        """
        if self.area not in areas:
            raise ValueError(f"areas that are not described: {self.area}")


class Bounds(Part):
    """Where coordinates can be, degrees: others are left out, the space stays."""

    west: float = Field(-180, ge=-180, le=180)
    south: float = Field(-90, ge=-90, le=90)
    east: float = Field(180, ge=-180, le=180)
    north: float = Field(90, ge=-90, le=90)

    def point(self, text: str) -> Point | None:
        """Return the point of a text of latitude and longitude; None where it tells none or one outside."""
        found = _PAIR.fullmatch(text)
        if found is None:
            return None
        lat, lon = float(found[1]), float(found[2])
        return (lon, lat) if self.west <= lon <= self.east and self.south <= lat <= self.north else None


class BayColumns(ColumnSet):
    """The columns of bays; `point` holds latitude and longitude."""

    space: Column
    site: Column
    point: Column | None = None


class BayMap(FileMap):
    """How files of bays are read: a space a row, at the site that another column names."""

    KIND = "bays"
    columns: BayColumns
    bounds: Bounds = Bounds()
    site: SitePattern

    @property
    def columns_read(self) -> dict[str, Column]:
        """Return the columns that are read, by what they mean."""
        return self.columns.named()

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        self.site.must_fit(self.areas)
        return self


@dataclass(frozen=True, slots=True)
class BayRow:
    """One understood bay; misplaced: its coordinates cannot be true and were left out."""

    line_no: int
    bay: Bay
    is_repeat: bool
    is_misplaced: bool


class BayFile(Lines[BayRow]):
    """A file of bays; the first row of a space counts."""

    def __init__(self, path: Path, mapping: BayMap) -> None:
        """Open the file."""
        super().__init__(path, mapping, self._understood)
        self._bays = mapping
        self._sites: dict[str, SiteMap] = {}
        self._told: set[tuple[str, str]] = set()

    def _understood(self, cells: Cells) -> BayRow:
        values = cells.values
        code, name = code_of(values["space"]), values["site"]
        site = self._sites.get(name) or self._sites.setdefault(name, self._bays.site.site(name))
        point = self._bays.bounds.point(values.get("point", ""))
        is_repeat = (site.code, code) in self._told
        self._told.add((site.code, code))
        return BayRow(cells.line_no, Bay(site, code, point), is_repeat, bool(values.get("point")) and point is None)


def code_of(text: str) -> str:
    """
    Return the code of a space.

    Raises:
        BadRow: none, or one that is too long or cannot be printed.
    """
    if not text or len(text) > LONGEST_CODE or not text.isprintable():
        raise BadRow(_("%(text)s is no code of a space.", text=short(text) or _("(empty)")))
    return text
