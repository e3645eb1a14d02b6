"""Snapshots in files: lines that say which state a space had when somebody looked, understood by a mapping."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from core.kit.locale import _
from core.stays.rules.sightings import State
from ingest.files.bay_rows import Bounds, SitePattern, code_of
from ingest.files.lines import BadRow, Cells, Lines, RefusedRow, short
from ingest.files.mapping import Column, ColumnSet, FileMap
from ingest.files.places import Bay
from ingest.files.times import Times, instant_of

KnownSpaces = Mapping[str, tuple[UUID, UUID]]
"""Site and space by the code of a space."""
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)


class SnapshotColumns(ColumnSet):
    """The columns of snapshots: `changed` is when the state began, `taken` when somebody looked."""

    space: Column
    state: Column
    changed: Column
    taken: Column | None = None
    site: Column | None = None
    point: Column | None = None


class SnapshotMap(FileMap):
    """
    How snapshots of sensors are read.

    A state is believed for `holds_min` from when it was looked at, and not at all where it had not changed for
    `stale_h`: such a sensor may be dead. Without a column `taken` somebody looked when the newest change of the file
    had just happened. With `site` the spaces are made from the file, without it the bays must have come before.
    """

    KIND = "snapshots"
    columns: SnapshotColumns
    states: dict[str, Literal["occupied", "free", "unknown"]]
    holds_min: int = Field(5, ge=1, le=1_440)
    stale_h: int = Field(24, ge=1, le=8_760)
    bounds: Bounds = Bounds()
    site: SitePattern | None = None

    @property
    def columns_read(self) -> dict[str, Column]:
        """Return the columns that are read, by what they mean."""
        return self.columns.named()

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if (self.site is None) != (self.columns.site is None):
            raise ValueError("sites come from a column and a pattern together, or from bays that came before")
        if self.site is not None:
            self.site.must_fit(self.areas)
        return self


@dataclass(frozen=True, slots=True)
class SnapshotRow:
    """
    One understood state; `bay` where the file makes its spaces.

    Stale: it had not changed for so long that the sensor may be dead; its state is unknown.
    """

    line_no: int
    code: str
    place: tuple[UUID, UUID] | None
    bay: Bay | None
    at: datetime
    until: datetime
    changed_at: datetime | None
    state: State
    is_stale: bool

    @property
    def source_row(self) -> str:
        """Return the natural key of the row: its values, never its place in the file."""
        return f"{self.code}/{self.at.isoformat()}/{self.changed_at and self.changed_at.isoformat()}/{self.state}"


class SnapshotFile(Lines[SnapshotRow]):
    """A file of states; where it does not say when it was taken, it is read twice."""

    def __init__(self, path: Path, mapping: SnapshotMap, known: KnownSpaces, *, at: datetime) -> None:
        """Open the file; a state looked at after `at` is refused."""
        super().__init__(path, mapping, self._understood)
        self._snapshots = mapping
        self._known = known
        self._times = Times(mapping, at=at)
        self._newest = None if mapping.columns.taken is not None else newest(path, mapping, at=at)

    def _understood(self, cells: Cells) -> SnapshotRow:
        values = cells.values
        code, word = code_of(values["space"]), values["state"]
        if word not in self._snapshots.states:
            raise BadRow(_("State %(state)s is not in the mapping.", state=short(word)))
        bay, place = self._bay(code, values), self._known.get(code)
        if bay is None and place is None:
            raise BadRow(_("Space %(space)s is not known; import the bays first.", space=code))
        at = self._newest or self._times.read(values.get("taken", "")).at
        changed_at = self._changed(values["changed"], at)
        state = State(self._snapshots.states[word])
        is_stale = changed_at is None or at - changed_at > timedelta(hours=self._snapshots.stale_h)
        return SnapshotRow(
            line_no=cells.line_no,
            code=code,
            place=None if bay is not None else place,
            bay=bay,
            at=at,
            until=at + timedelta(minutes=self._snapshots.holds_min),
            changed_at=changed_at,
            state=State.UNKNOWN if is_stale else state,
            is_stale=is_stale and state is not State.UNKNOWN,
        )

    def _bay(self, code: str, values: dict[str, str]) -> Bay | None:
        pattern = self._snapshots.site
        if pattern is None:
            return None
        return Bay(pattern.site(values["site"]), code, self._snapshots.bounds.point(values.get("point", "")))

    def _changed(self, text: str, at: datetime) -> datetime | None:
        """Return since when a state is; None where the file says nothing, or a time that cannot be."""
        if not text:
            return None
        changed_at = instant_of(text, self._snapshots.times, self._snapshots.told_zone).at
        return changed_at if _EARLIEST <= changed_at <= at else None


def newest(path: Path, mapping: SnapshotMap, *, at: datetime) -> datetime:
    """
    Return the newest change of a file: it was taken then or later.

    Raises:
        BadRow: the file tells no time at all.
    """
    times = Times(mapping, at=at)
    with Lines(path, mapping, lambda cells: times.read(cells.values["changed"]).at) as moments:
        found = max((one for one in moments if not isinstance(one, RefusedRow)), default=None)
    if found is None:
        raise BadRow(_("The file %(name)s tells no time.", name=path.name))
    return found
