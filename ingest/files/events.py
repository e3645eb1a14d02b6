"""
Import of sensor events from files: `boshu import events FILE... --map MAP`.

Events are kept as told; runs, stays and chatter are derived anew from all events of the site when a file is in.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from core.finance.figures import Figures
from core.kit.db import Database, Tx
from core.kit.ids import derived_id
from core.kit.locale import _, _l
from core.kit.moments import moment, ms_of
from core.settings import Settings
from core.stays import recorded, storing
from core.stays.recorded import RecordedWord
from core.stays.rules.recorded import Chatter, DayOf
from core.stays.rules.sightings import State
from ingest.files import imports, places, sites
from ingest.files.event_rows import EventFile, EventMap, EventRow
from ingest.files.mapping import FileMap, load
from ingest.files.places import Bay
from ingest.files.tallies import Tally

SITES_AT_ONCE: Final = 200
"""Sites whose records are derived in one transaction."""

_SECOND_MS: Final = 1_000
_STATES: Final = {State.OCCUPIED: _l("occupied"), State.FREE: _l("free"), State.UNKNOWN: _l("unknown")}


def run_import(settings: Settings, files: Sequence[Path], map_name: str) -> list[Tally]:
    """
    Import files of sensor events; return what became of each.

    Raises:
        mapping.NoMapping: the mapping is missing or wrong. And what `imports.run` raises.
    """
    return imports.run(settings, files, Events(load(map_name, EventMap)), map_name)


@dataclass(slots=True)
class Events:
    """Files of events of one site."""

    mapping: EventMap
    kind: str = EventMap.KIND
    heard: list[datetime] = field(default_factory=list)  # first and last instant of the file

    def must_fit(self, _path: Path) -> str:
        """Return the code of the site."""
        return self.mapping.site.code

    def open(self, _database: Database, path: Path, *, at: datetime) -> EventFile:
        """Open a file."""
        self.heard.clear()
        return EventFile(path, self.mapping, at=at)

    def prepare(self, tx: Tx, rows: Sequence[EventRow]) -> None:
        """Make the spaces and months of the rows."""
        places.ensure(tx, self.mapping, [Bay(self.mapping.site, row.space) for row in rows])
        recorded.make_months(tx, {row.at for row in rows})

    def store(self, tx: Tx, rows: Sequence[EventRow], *, at: datetime) -> int:
        """Keep the events; return how many were new."""
        moments = [*self.heard, *(row.at for row in rows)]
        self.heard[:] = [min(moments), max(moments)]
        return recorded.add(tx, [self._word(row) for row in rows], at=at)

    def tell(self, tally: Tally, rows: Sequence[EventRow]) -> Tally:
        """Count what the file told twice."""
        return replace(tally, repeat_n=tally.repeat_n + sum(row.is_repeat for row in rows))

    def finish(self, database: Database, *, at: datetime) -> Sequence[str]:  # noqa: ARG002  # the record ends with its last event
        """Derive runs and stays; return the chatter of the file, a line each."""
        if not self.heard:
            return ()
        first_ms, last_ms = (ms_of(one) for one in self.heard)
        site_ids = [sites.id_of(self.mapping.site)]
        chatter = derive(database, self.mapping, site_ids, debounce_s=self.mapping.debounce_s, longest_h=self.mapping.longest_h)
        zone = self.mapping.time_zone
        return [_line(code, one, zone) for code, one in chatter if first_ms <= one.word.at_ms <= last_ms]

    def _word(self, row: EventRow) -> RecordedWord:
        site_id = sites.id_of(self.mapping.site)
        return RecordedWord(
            site_id=site_id,
            space_id=places.space_of(site_id, row.space),
            event_id=derived_id("event", site_id, row.source_row),
            at=row.at,
            state=row.state,
        )


def derive(
    database: Database, mapping: FileMap, site_ids: Sequence[UUID], *, debounce_s: int, longest_h: int
) -> list[tuple[str, Chatter]]:
    """Derive runs and stays of sites from their records, some sites a transaction; return the chatter with codes of spaces."""
    told: list[tuple[str, Chatter]] = []
    for first in range(0, len(site_ids), SITES_AT_ONCE):
        some = site_ids[first : first + SITES_AT_ONCE]
        with database.transaction() as tx:
            derived = recorded.derive(
                tx,
                site_ids=some,
                day_of=day_of(mapping.time_zone),
                debounce_ms=debounce_s * _SECOND_MS,
                longest_ms=longest_h * 3_600 * _SECOND_MS,
            )
            storing.save(tx, derived.changes)
            figures = Figures(places.kinds_of(tx, some))
            figures.add_changes(derived.changes)
            figures.save(tx)
            codes = places.codes_of(tx, derived.chatter.keys())
        told += [(codes[subject], one) for subject, chatter in derived.chatter.items() for one in chatter]
    return sorted(told)


def day_of(zone: ZoneInfo) -> DayOf:
    """Return the function that tells the local day of an instant in a zone: 23, 24 or 25 hours."""

    def day(at_ms: int) -> tuple[int, int]:
        on = moment(at_ms).astimezone(zone).date()
        edges = (datetime.combine(one, time.min, tzinfo=zone).astimezone(UTC) for one in (on, on + timedelta(days=1)))
        starts_at, ends_at = edges
        return ms_of(starts_at), ms_of(ends_at)

    return day


def _line(code: str, chatter: Chatter, zone: ZoneInfo) -> str:
    at = moment(chatter.word.at_ms).astimezone(zone)
    seconds = f"{chatter.held_ms / _SECOND_MS:g}"
    told = {"space": code, "at": f"{at:%Y-%m-%d %H:%M:%S%z}", "state": _STATES[chatter.word.state], "seconds": seconds}
    return _("%(space)s at %(at)s: %(state)s for %(seconds)s s only, not believed", **told)
