"""Rows: the lines of a file of stays, each understood or refused with a reason."""

import csv
import gzip
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self
from zoneinfo import ZoneInfo

from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.money import Fen, NotWholeFen, from_yuan
from core.kit.periods import Period
from ingest.files.mapping import StayMap

LONGEST_LINE: Final = 65_536
MOST_FEN: Final = 100_000_000
"""More than a million yuan for one stay is taken for a wrong column."""

QUOTED: Final = 40
"""Most characters of a value that a reason repeats."""

_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:\.\d{1,6})?", re.ASCII)
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
_GZIP: Final = b"\x1f\x8b"
_PLATE: Final = range(2, 17)


class BadRow(Refused):
    """The row cannot be a stay; the message says why."""


class BadFile(Refused):
    """The file as a whole cannot be read; the message says why."""


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


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row that was not understood, with its text; bytes that are no text are written as escapes."""

    line_no: int
    reason: str
    line: str


class StayFile:
    """
    A file of stays, read once from the first line to the last.

    Iterating yields every row that is not blank as understood or refused. Equal rows are told apart by counting them, so
    one key a row stays in memory.
    """

    def __init__(self, path: Path, mapping: StayMap, *, at: datetime) -> None:
        """Open the file; a stay that ends after `at` is refused."""
        self._map = mapping
        self._at = at
        self._file = path.open("rb")
        is_packed = mapping.compression == "gzip" or (mapping.compression == "auto" and self._file.read(2) == _GZIP)
        self._file.seek(0)
        self._lines: IO[bytes] = gzip.GzipFile(fileobj=self._file) if is_packed else self._file  # type: ignore[assignment]  # reads bytes line by line like any file
        self._encoding = mapping.encodings[0]
        self._places: dict[str, int] = {}
        self._width = 0
        self._seen: Counter[str] = Counter()

    def __enter__(self) -> Self:
        """Return the file itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the file."""
        self._lines.close()
        self._file.close()

    @property
    def bytes_read(self) -> int:
        """Return how much of the file on disk was read."""
        return self._file.tell()

    def __iter__(self) -> Iterator[StayRow | RefusedRow]:
        """
        Yield the rows in the order of the file.

        A first line without the columns ends the reading, damage of a packed file too: both are refused rows.
        """
        line_no, line = 0, b""
        try:
            for line_no, line in enumerate(_lines_of(self._lines), start=1):
                if line_no == 1:
                    self._find_columns(line)
                if line.strip() and (line_no > 1 or not self._map.has_header):
                    yield self._read(line_no, line)
        except BadFile as error:
            yield RefusedRow(line_no, _storable(error.message), _shown(line))
        except (EOFError, gzip.BadGzipFile, zlib.error):
            yield RefusedRow(line_no + 1, _("The file is damaged here; nothing behind this line could be read."), "")

    def _find_columns(self, line: bytes) -> None:
        """Take the first encoding in which the first line is text with all columns."""
        reason = _("The first line is text in none of the encodings %(names)s.", names=", ".join(self._map.encodings))
        for encoding in self._map.encodings:
            try:
                names = _cells(line.decode(encoding), self._map.delimiter)
            except (UnicodeDecodeError, BadRow):
                continue
            places = {meaning: column.place(names) for meaning, column in self._map.columns.named().items()}
            missing = [meaning for meaning, place in places.items() if place is None or place >= len(names)]
            if not missing:
                self._encoding, self._width = encoding, len(names)
                self._places = {meaning: place for meaning, place in places.items() if place is not None}
                return
            reason = _("The first line has no column for %(columns)s.", columns=", ".join(missing))
        raise BadFile(reason)

    def _read(self, line_no: int, line: bytes) -> StayRow | RefusedRow:
        try:
            return self._understood(line_no, self._values(line))
        except Refused as error:
            return RefusedRow(line_no, _storable(error.message), _shown(line))

    def _values(self, line: bytes) -> dict[str, str]:
        """Return the cells that the mapping reads, by what they mean."""
        if len(line) > LONGEST_LINE:
            raise BadRow(_("The line is longer than %(count)s bytes.", count=LONGEST_LINE))
        try:
            cells = _cells(line.decode(self._encoding), self._map.delimiter)
        except UnicodeDecodeError as error:
            raise BadRow(
                _("Byte %(number)s of the line is not %(encoding)s text.", number=error.start + 1, encoding=self._encoding)
            ) from error
        if len(cells) != self._width:
            raise BadRow(_("%(found)s columns instead of %(wanted)s.", found=len(cells), wanted=self._width))
        return {meaning: cells[place].strip() for meaning, place in self._places.items()}

    def _understood(self, line_no: int, values: dict[str, str]) -> StayRow:
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
        return StayRow(line_no, period, fen, quality, note, plate, colour, key, self._seen[key])

    def _period(self, values: dict[str, str]) -> Period:
        zone = self._map.time_zone
        entered_at = _instant(values["entered"], self._map.times, zone)
        left_at = _instant(values["left"], self._map.times, zone)
        if left_at < entered_at:
            raise BadRow(_("Left before it entered."))
        if entered_at < _EARLIEST or left_at > self._at:
            raise BadRow(_("Before the year 2000 or in the future."))
        if left_at - entered_at > timedelta(days=self._map.longest_days):
            raise BadRow(_("Longer than %(count)s days.", count=self._map.longest_days))
        return Period(entered_at, left_at)

    def _fen(self, cost: str) -> Fen | None:
        """Return the cost; an empty cell is unknown, not zero."""
        if not cost:
            return None
        fen = _amount(cost, self._map.money)
        if fen < 0:
            raise BadRow(_("A negative cost."))
        if fen > MOST_FEN:
            raise BadRow(_("A cost above %(amount)s yuan.", amount=MOST_FEN // 100))
        return fen

    def _quality(self, status: str) -> tuple[str, str | None]:
        if self._map.columns.status is None:
            return self._map.quality, None
        meaning = self._map.statuses.get(status)
        if meaning is None:
            raise BadRow(_("Status %(status)s is not in the mapping.", status=_short(status)))
        return meaning.quality, meaning.note

    def _vehicle(self, values: dict[str, str]) -> tuple[str | None, str | None]:
        plate, word = values.get("plate", ""), values.get("colour", "")
        if not plate:
            return None, None
        if len(plate) not in _PLATE or not plate.isprintable():
            raise BadRow(_("A plate has 2 to 16 characters."))
        colour = self._map.colours.get(word) if word else "unknown"
        if colour is None:
            raise BadRow(_("Plate colour %(colour)s is not in the mapping.", colour=_short(word)))
        return plate, colour


def _lines_of(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines; of one that is too long only its beginning, so that no file can fill the memory."""
    while line := file.readline(LONGEST_LINE + 1):
        yield line
        while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            line = file.readline(LONGEST_LINE + 1)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise BadRow(_("The quotes of the line are not in order.")) from error
    except StopIteration:
        return []


@lru_cache(maxsize=65_536)
def _instant(text: str, forms: Sequence[str], zone: ZoneInfo) -> datetime:
    """Return the instant in UTC; a time that comes twice when clocks change is the first of the two."""
    for form in forms:
        try:
            return datetime.strptime(text, form).replace(tzinfo=zone).astimezone(UTC)
        except (ValueError, OverflowError):
            continue
    raise BadRow(_("%(text)s is no time.", text=_short(text) or _("(empty)")))


def _amount(cost: str, unit: str) -> Fen:
    """Return an amount exactly: decimal yuan, or whole fen."""
    try:
        if not _NUMBER.fullmatch(cost):
            raise NotWholeFen(cost)
        return from_yuan(cost) if unit == "yuan" else Fen(int(cost))
    except ValueError as error:  # also NotWholeFen
        raise BadRow(_("%(text)s is no amount of money in whole fen.", text=_short(cost))) from error


def _shown(line: bytes) -> str:
    """Return a line as text, what is no UTF-8 as escapes."""
    return _storable(line.rstrip(b"\r\n").decode("utf-8", "backslashreplace"))


def _storable(text: str) -> str:
    """Write as escapes what the database takes in no text: the zero byte and halves of surrogate pairs."""
    return text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")


def _short(text: str) -> str:
    """Return a value as a reason quotes it."""
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}…"
