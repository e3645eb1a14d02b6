"""
Files taken into a register: CSV or XLSX, one row a thing, the form's model as the measure of each.

A head names the fields: by their labels in either language, or by their names in the model. A file is tried first, row by row,
and taken over as a whole or not at all.
"""

import csv
import io
import re
import zipfile
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from core.kit.clock import city_zone
from core.kit.errors import Refused
from core.kit.locale import Language, Text, _, _l, use
from core.ui.register import doing, forming
from core.ui.register.declaring import Field, Form, Kind, Reader, Register
from core.ui.register.doing import WrongForm

MOST_BYTES: Final = 5_000_000
MOST_ROWS: Final = 2_000
MOST_UNPACKED: Final = 60_000_000
MOST_RATIO: Final = 120
"""How much larger than itself an XLSX may become: what grows more is built to do harm."""
_MOST_COLUMNS: Final = 200
_COMMA: Final = re.compile("[,\uff0c\u3001]")
"""How people part the words of a list, here and in the country."""
_YES: Final = frozenset({"1", "y", "yes", "true", "x"})


class NotReadable(Refused):
    """The file is not one that can be taken in."""


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one row of a file, counted as a spreadsheet counts them; empty, it is good."""

    n: int
    said: str = ""


def read(name: str, content: str) -> list[tuple[int, dict[str, Any]]]:
    """
    Return the rows of a file by its head, with their numbers; `content` is base64.

    Raises:
        NotReadable: it is too large, of another kind, or broken.
    """
    if len(content) > MOST_BYTES * 4 // 3 + 4:
        raise NotReadable(_("The file is larger than %(n)s MB.", n=MOST_BYTES // 1_000_000))
    try:
        raw = b64decode(content, validate=True)
    except (NotBase64, ValueError):
        raise NotReadable(_("This file cannot be read.")) from None
    lines = _of_xlsx(raw) if name.lower().endswith(".xlsx") else _of_csv(raw)
    found = [line for line in enumerate(lines, start=1) if any(cell not in {None, ""} for cell in line[1])]
    if not found:
        raise NotReadable(_("The file is empty."))
    if len(found) - 1 > MOST_ROWS:
        raise NotReadable(_("At most %(n)s rows at once.", n=MOST_ROWS))
    head = [str(cell or "").strip() for cell in found[0][1]]
    return [(n, {name: cell for name, cell in zip(head, cells, strict=False) if name}) for n, cells in found[1:]]


def take(register: Register, reader: Reader, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> tuple[list[Line], list[str]]:
    """
    Add what rows hold, each as far as it can be added; return what became of each, and the keys that were added.

    The caller undoes all of it where a row is not good, or where it was a trial.

    Raises:
        NotReadable: the head names a field that is needed, or none at all.
    """
    form = register.form
    assert form is not None
    fields = _fields(form, rows)
    options = {one.name: _options(one, reader) for one in fields.values()}
    lines: list[Line] = []
    keys: list[str] = []
    for n, row in rows:
        typed = {one.name: _typed(forming.kind_of(form, one), row.get(head), options[one.name]) for head, one in fields.items()}
        try:
            with reader.tx.savepoint():
                keys.append(doing.add(register, form, reader, doing.fill(form, typed, held={}, is_new=True)).key)
        except WrongForm as wrong:
            lines.append(Line(n, "; ".join(_told(form, name, said) for name, said in wrong.errors.items())))
        except Refused as refused:
            lines.append(Line(n, _told(form, refused.field, refused.message)))
        else:
            lines.append(Line(n))
    return lines, keys


def _of_csv(raw: bytes) -> Iterator[list[Any]]:
    if len(raw) > MOST_BYTES:
        raise NotReadable(_("The file is larger than %(n)s MB.", n=MOST_BYTES // 1_000_000))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise NotReadable(_("This file cannot be read."))
    try:
        yield from (line[:_MOST_COLUMNS] for line in csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise NotReadable(_("This file cannot be read.")) from error


def _of_xlsx(raw: bytes) -> Iterator[list[Any]]:
    """Yield the lines of the first sheet; openpyxl reads XML by defusedxml where that is installed, and it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            size = sum(each.file_size for each in packed.infolist())
        if size > MOST_UNPACKED or size > MOST_RATIO * max(1, len(raw)):
            raise NotReadable(_("This file is not a plain table."))
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        for n, line in enumerate(book.worksheets[0].iter_rows(values_only=True, max_col=_MOST_COLUMNS)):
            if n > MOST_ROWS * 2:
                break
            yield list(line)
    except (BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, OSError) as error:
        raise NotReadable(_("This file cannot be read.")) from error


def _fields(form: Form, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> dict[str, Field]:
    """Return which column of the file is which field."""
    heads = list(rows[0][1]) if rows else []
    names: dict[str, Field] = {}
    for one in form.fields:
        if forming.kind_of(form, one) not in {Kind.GEOMETRY, Kind.PICTURES, Kind.SECRET}:
            names |= {label.casefold(): one for label in (one.name, *_told_in_all(one.label))}
    found = {head: names[head.casefold()] for head in heads if head.casefold() in names}
    if not found:
        raise NotReadable(
            _("The first row must name the fields: %(names)s.", names=", ".join(str(one.label) for one in form.fields))
        )
    return found


def _told_in_all(text: Text) -> list[str]:
    """Return a text in every language."""
    found = []
    for language in Language:
        with use(language):
            found.append(str(text))
    return found


def _options(one: Field, reader: Reader) -> dict[str, str]:
    """Return what may be chosen, by its word and by its value; a file holds words."""
    if one.choices is None:
        return {}
    pairs = forming.choices_of(one.choices, reader)
    return {word: value for value, label in pairs for word in (label.casefold(), value.casefold())}


def _typed(kind: Kind, cell: Any, options: Mapping[str, str]) -> Any:
    """Return a cell as if it had been typed into the form."""
    text = _text(cell)
    match kind:
        case Kind.SWITCH:
            return text.casefold() in _YES or text in _told_in_all(_l("Yes"))
        case Kind.CHOICE:
            return options.get(text.casefold(), text)
        case Kind.CHOICES:
            return [
                options.get(one.strip().casefold(), one.strip()) for one in text.replace("，", ",").split(",") if one.strip()
            ]  # as people write lists
    return text


def _text(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case datetime():
            at = cell.astimezone(city_zone()).replace(tzinfo=None) if cell.tzinfo else cell
            return at.date().isoformat() if not (at.hour or at.minute or at.second) else at.isoformat(timespec="seconds")
        case date():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))
    return str(cell).strip().removeprefix("'")


def _told(form: Form, name: str, said: str) -> str:
    label = next((str(one.label) for one in form.fields if one.name == name), "")
    return f"{label}: {said}" if label else said
