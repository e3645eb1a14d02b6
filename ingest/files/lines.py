"""Lines: a file of another system, plain or packed, cut into rows of cells; what cannot be understood is a refused row."""

import csv
import gzip
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Generic, NamedTuple, Self, TypeVar

from core.kit.errors import Refused
from core.kit.locale import _
from ingest.files.mapping import FileMap

R = TypeVar("R")

LONGEST_LINE: Final = 65_536
QUOTED: Final = 40
"""Most characters of a value that a reason repeats."""

_GZIP: Final = b"\x1f\x8b"
_TAR: Final = b"ustar"
_TAR_AT: Final = 257


class BadRow(Refused):
    """The row cannot be what the mapping says; the message says why."""


class BadFile(Refused):
    """The file as a whole, or a file of an archive, cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row that was not understood, with its text; bytes that are no text are written as escapes."""

    line_no: int
    reason: str
    line: str


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one row that the mapping reads, by what they mean, and the path of the file or member they stand in."""

    line_no: int
    path: str
    values: dict[str, str]


class _Line(NamedTuple):
    """One line: its number in the whole file, its number within its part, and the part: a member of an archive."""

    line_no: int
    place: int
    part: str | None
    text: bytes


class Lines(Generic[R]):
    """
    A file read once, from the first line to the last; an archive (tar) is read as its members one after the other.

    Iterating yields every row that is not blank, understood by the given function or refused.
    """

    def __init__(self, path: Path, mapping: FileMap, understand: Callable[[Cells], R]) -> None:
        """Open the file."""
        self._path = path
        self._map = mapping
        self._understand = understand
        self._file = path.open("rb")
        self._encoding = mapping.encodings[0]
        self._places: dict[str, int] = {}
        self._width = 0

    def __enter__(self) -> Self:
        """Return the file itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the file."""
        self._file.close()

    @property
    def bytes_read(self) -> int:
        """Return how much of the file on disk was read."""
        return self._file.tell()

    def __iter__(self) -> Iterator[R | RefusedRow]:
        """
        Yield the rows in the order of the file.

        A first line without the columns ends the reading of that part, damage of a packed file of the whole: both are
        refused rows.
        """
        line_no, lost = 0, None
        try:
            for line in self._lines():
                line_no = line.line_no
                if line.place == 1:
                    lost = None
                if lost is None:
                    try:
                        row = self._row(line)
                    except BadFile as error:
                        lost, row = line.part or "", _refused(line, error)
                    if row is not None:
                        yield row
        except (EOFError, gzip.BadGzipFile, zlib.error, tarfile.TarError):
            yield RefusedRow(line_no + 1, _("The file is damaged here; nothing behind this line could be read."), "")

    def _lines(self) -> Iterator[_Line]:
        line_no = 0
        for part, content in self._parts():
            place = 0
            for place, text in enumerate(_cut(content), start=1):
                line_no += 1
                yield _Line(line_no, place, part, text)
            if part is not None and place == 0:  # an empty member is told, like everything that brings nothing in
                line_no += 1
                yield _Line(line_no, 1, part, b"")

    def _parts(self) -> Iterator[tuple[str | None, IO[bytes]]]:
        """Yield the file itself, or the files of an archive by name."""
        packed, is_archive = self._looked_at()
        if is_archive:
            with tarfile.open(fileobj=self._file, mode="r|gz" if packed else "r|") as archive:
                for member in archive:
                    if member.isfile() and (member_file := archive.extractfile(member)) is not None:
                        yield member.name, member_file
        elif packed:
            with gzip.GzipFile(fileobj=self._file) as content:
                yield None, content  # type: ignore[misc]  # reads bytes line by line like any file
        else:
            yield None, self._file

    def _looked_at(self) -> tuple[bool, bool]:
        """Tell by its first bytes whether the file is packed, and whether it is an archive."""
        packed = self._map.compression == "gzip" or (self._map.compression == "auto" and self._file.read(2) == _GZIP)
        self._file.seek(0)
        if packed:
            try:
                with gzip.GzipFile(fileobj=self._file) as content:
                    head = content.read(_TAR_AT + len(_TAR))
            except (EOFError, gzip.BadGzipFile, zlib.error):
                head = b""
        else:
            head = self._file.read(_TAR_AT + len(_TAR))
        self._file.seek(0)
        return packed, head[_TAR_AT:] == _TAR

    def _row(self, line: _Line) -> R | RefusedRow | None:
        """Return the row of a line; None for a header and a blank line."""
        if line.place == 1:
            if line.part is not None and not line.text:
                raise BadFile(_("The file is empty."))
            self._find_columns(line.text)
        if not line.text.strip() or (line.place == 1 and self._map.has_header):
            return None
        try:
            path = line.part or self._path.absolute().as_posix()
            return self._understand(Cells(line.line_no, path, self._values(line.text)))
        except Refused as error:
            return _refused(line, error)

    def _find_columns(self, line: bytes) -> None:
        """Take the first encoding in which the first line is text with all columns."""
        reason = _("The first line is text in none of the encodings %(names)s.", names=", ".join(self._map.encodings))
        for encoding in self._map.encodings:
            try:
                names = _cells(line.decode(encoding), self._map.delimiter)
            except (UnicodeDecodeError, BadRow):
                continue
            places = {meaning: column.place(names) for meaning, column in self._map.columns_read.items()}
            missing = [meaning for meaning, place in places.items() if place is None or place >= len(names)]
            if not missing:
                self._encoding, self._width = encoding, len(names)
                self._places = {meaning: place for meaning, place in places.items() if place is not None}
                return
            reason = _("The first line has no column for %(columns)s.", columns=", ".join(missing))
        raise BadFile(reason)

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


def short(text: str) -> str:
    """Return a value as a reason quotes it."""
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}…"


def _refused(line: _Line, error: Refused) -> RefusedRow:
    """Return a line with the reason; one of an archive also with where in it the line stands."""
    reason = error.message
    if line.part is not None:
        reason = _("%(part)s, line %(number)s: %(reason)s", part=line.part, number=line.place, reason=reason)
    return RefusedRow(line.line_no, _storable(reason), _shown(line.text))


def _cut(content: IO[bytes]) -> Iterator[bytes]:
    """Yield the lines; of one that is too long only its beginning, so that no file can fill the memory."""
    while line := content.readline(LONGEST_LINE + 1):
        yield line
        while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            line = content.readline(LONGEST_LINE + 1)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise BadRow(_("The quotes of the line are not in order.")) from error
    except StopIteration:
        return []


def _shown(line: bytes) -> str:
    """Return a line as text, what is no UTF-8 as escapes."""
    return _storable(line.rstrip(b"\r\n").decode("utf-8", "backslashreplace"))


def _storable(text: str) -> str:
    """Write as escapes what the database takes in no text: the zero byte and halves of surrogate pairs."""
    return text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")
