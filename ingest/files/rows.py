"""Rows: the lines of a file of stays, each understood or refused with a reason."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from core.kit.locale import _
from core.kit.money import Fen, NotWholeFen, from_yuan
from core.kit.periods import Period
from ingest.files.lines import BadRow, Cells, Lines, short
from ingest.files.mapping import StayMap
from ingest.files.times import Times

MOST_FEN: Final = 100_000_000
"""More than a million yuan for one stay is taken for a wrong column."""

_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,6})?", re.ASCII)
_PLATE: Final = range(2, 17)


@dataclass(frozen=True, slots=True)
class StayRow:
    """One understood row. `key` names its values, `repeat_n` counts equal rows of the file from 1."""

    line_no: int
    period: Period
    fen: Fen | None
    quality: str
    note: str | None
    plate: str | None
    colour: str | None
    key: str
    repeat_n: int

    @property
    def source_row(self) -> str:
        """Return the natural key of the row: its values and which of the equal rows it is, never its place in the file."""
        return f"{self.key}#{self.repeat_n}"


class StayFile(Lines[StayRow]):
    """
    A file of stays, read once from the first line to the last.

    Equal rows are told apart by counting them, so one key a row stays in memory.
    """

    def __init__(self, path: Path, mapping: StayMap, *, at: datetime) -> None:
        """Open the file; a stay that ends after `at` is refused."""
        super().__init__(path, mapping, self._understood)
        self._stays = mapping
        self._times = Times(mapping, at=at)
        self._seen: Counter[str] = Counter()

    def _understood(self, cells: Cells) -> StayRow:
        values = cells.values
        period = self._period(values)
        fen = self._fen(values.get("cost", ""))
        plate, colour = self._vehicle(values)
        status = values.get("status", "")
        key = "/".join(
            (
                period.starts_at.isoformat(),
                period.ends_at.isoformat(),
                "" if fen is None else str(fen),
                status,
                plate or "",
                colour or "",
            )
        )
        quality, note = self._quality(status)
        self._seen[key] += 1
        return StayRow(cells.line_no, period, fen, quality, note, plate, colour, key, self._seen[key])

    def _period(self, values: dict[str, str]) -> Period:
        entered_at, left_at = self._times.read(values["entered"]).at, self._times.read(values["left"]).at
        if left_at < entered_at:
            raise BadRow(_("Left before it entered."))
        if left_at - entered_at > timedelta(days=self._stays.longest_days):
            raise BadRow(_("Longer than %(count)s days.", count=self._stays.longest_days))
        return Period(entered_at, left_at)

    def _fen(self, cost: str) -> Fen | None:
        """Return the cost; an empty cell is unknown, not zero."""
        if not cost:
            return None
        fen = amount_of(cost, self._stays.money)
        if fen < 0:
            raise BadRow(_("A negative cost."))
        if fen > MOST_FEN:
            raise BadRow(_("A cost above %(amount)s yuan.", amount=MOST_FEN // 100))
        return fen

    def _quality(self, status: str) -> tuple[str, str | None]:
        if self._stays.columns.status is None:
            return self._stays.quality, None
        meaning = self._stays.statuses.get(status)
        if meaning is None:
            raise BadRow(_("Status %(status)s is not in the mapping.", status=short(status)))
        return meaning.quality, meaning.note

    def _vehicle(self, values: dict[str, str]) -> tuple[str | None, str | None]:
        plate, word = values.get("plate", ""), values.get("colour", "")
        if not plate:
            return None, None
        if len(plate) not in _PLATE or not plate.isprintable():
            raise BadRow(_("A plate has 2 to 16 characters."))
        colour = self._stays.colours.get(word) if word else "unknown"
        if colour is None:
            raise BadRow(_("Plate colour %(colour)s is not in the mapping.", colour=short(word)))
        return plate, colour


def amount_of(cost: str, unit: str) -> Fen:
    """Return an amount exactly: decimal yuan, or whole fen."""
    try:
        if not _NUMBER.fullmatch(cost):
            raise NotWholeFen(cost)
        return from_yuan(cost) if unit == "yuan" else Fen(int(cost))
    except ValueError as error:  # also NotWholeFen
        raise BadRow(_("%(text)s is no amount of money in whole fen.", text=short(cost))) from error
