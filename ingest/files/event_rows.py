"""Events in files: lines that say when a sensor's state changed, understood by a mapping."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from core.kit.locale import _
from core.stays.rules.sightings import State
from ingest.files.bay_rows import code_of
from ingest.files.lines import BadRow, Cells, Lines, short
from ingest.files.mapping import Column, ColumnSet, FileMap, SiteMap, must_describe
from ingest.files.times import Times


class EventColumns(ColumnSet):
    """The columns of events."""

    space: Column
    at: Column
    state: Column


class EventMap(FileMap):
    """
    How files of sensor events are read: one site, a space for each code.

    `states` says what the words mean. A state that held for less than `debounce_s` is chatter; one that nothing was
    heard of for `longest_h` is unknown from then on.
    """

    KIND = "events"
    columns: EventColumns
    states: dict[str, Literal["occupied", "free"]]
    debounce_s: int = Field(20, ge=0, le=3_600)
    longest_h: int = Field(72, ge=1, le=2_400)
    site: SiteMap

    @property
    def columns_read(self) -> dict[str, Column]:
        """Return the columns that are read, by what they mean."""
        return self.columns.named()

    @model_validator(mode="after")
    def _hangs_together(self) -> "EventMap":
        must_describe(self.areas, {"site": self.site})
        return self


@dataclass(frozen=True, slots=True)
class EventRow:
    """One understood change of state; `is_repeat` where the file told it before."""

    line_no: int
    space: str
    at: datetime
    state: State
    is_repeat: bool

    @property
    def source_row(self) -> str:
        """Return the natural key of the row: its values, never its place in the file."""
        return f"{self.space}/{self.at.isoformat()}/{self.state}"


class EventFile(Lines[EventRow]):
    """A file of events. Equal rows say the same thing twice; a hash a row stays in memory to notice it."""

    def __init__(self, path: Path, mapping: EventMap, *, at: datetime) -> None:
        """Open the file; an event after `at` is refused."""
        super().__init__(path, mapping, self._understood)
        self._events = mapping
        self._times = Times(mapping, at=at)
        self._told: set[int] = set()

    def _understood(self, cells: Cells) -> EventRow:
        values = cells.values
        code, word = code_of(values["space"]), values["state"]
        if word not in self._events.states:
            raise BadRow(_("State %(state)s is not in the mapping.", state=short(word)))
        moment = self._times.read(values["at"], series=code)
        mark = hash((code, moment.at, word))
        is_repeat = mark in self._told
        self._told.add(mark)
        return EventRow(cells.line_no, code, moment.at, State(self._events.states[word]), is_repeat)
