"""
Files taken into a register: CSV or XLSX, one row a thing, the form's model as the measure of each.

A head names the fields: by their labels in either language, or by their names in the model. What a row names that is there
already is changed, as far as the file tells of it; what is as the file says stays as it is. A file is tried first, row by row, and
taken over as a whole or not at all.
"""

import csv
import io
import re
import zipfile
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from pydantic import BaseModel

from core.kit.clock import city_zone
from core.kit.db import Row
from core.kit.errors import Refused
from core.kit.listing import Asked, Condition, Is
from core.kit.locale import Language, Text, _, _l, use
from core.ui.parts import UNKNOWN
from core.ui.register import asking, doing, forming
from core.ui.register.declaring import Field, Form, Kind, Reader, Register
from core.ui.register.doing import Deed, WrongForm

MOST_BYTES: Final = 5_000_000
MOST_ROWS: Final = 2_000
MOST_UNPACKED: Final = 60_000_000
MOST_RATIO: Final = 120
"""How much larger than itself an XLSX may become: what grows more is built to do harm."""
_MOST_COLUMNS: Final = 200
_AT_ONCE: Final = 100
"""Things that are looked for at once; of what is known by more than its first field there may be several of each."""
_COMMA: Final = re.compile("[,\uff0c\u3001]")
"""How people part the words of a list, here and in the country."""
_YES: Final = frozenset({"1", "y", "yes", "true", "x"})


class NotReadable(Refused):
    """The file is not one that can be taken in."""


class Became(StrEnum):
    """What became of a row of a file."""

    ADDED = "added"
    CHANGED = "changed"
    SAME = "same"
    """It is there already, as the file says."""
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one row of a file, counted as a spreadsheet counts them; `said` is why not, or what changes."""

    n: int
    became: Became
    said: str = ""


@dataclass(frozen=True, slots=True)
class _File:
    """A file at a register: which of its columns is which field, what may be chosen, and the things that are there already."""

    register: Register
    form: Form
    reader: Reader
    fields: Mapping[str, Field]
    options: Mapping[str, Mapping[str, str]]
    there: Mapping[tuple[str, ...], Sequence[Row]]


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


def heads(form: Form) -> list[tuple[str, bool]]:
    """Return what the first row of a file may name, and whether a new thing needs it."""
    return [(str(one.label), forming.is_needed(form, one)) for one in _taken(form)]


def take(
    register: Register, reader: Reader, rows: Sequence[tuple[int, Mapping[str, Any]]]
) -> tuple[list[Line], list[Deed]]:  # fmt: skip
    """
    Add and change what rows hold, each as far as it can be; return what became of each, and what was done.

    The caller undoes all of it where a row is wrong, or where it was a trial.

    Raises:
        NotReadable: the head names a field that is needed, or none at all.
    """
    form = register.form
    assert form is not None
    fields = _fields(form, rows)
    options = {one.name: _options(one, reader) for one in fields.values()}
    file = _File(register, form, reader, fields, options, {})
    file = replace(file, there=_there(file, rows))
    lines: list[Line] = []
    deeds: list[Deed] = []
    for n, row in rows:
        try:
            with reader.tx.savepoint():
                became, said, deed = _take(file, _typed_row(file, row))
        except WrongForm as wrong:
            lines.append(Line(n, Became.WRONG, " ".join(_told(form, name, said) for name, said in wrong.errors.items())))
        except Refused as refused:
            lines.append(Line(n, Became.WRONG, _told(form, refused.field, refused.message)))
        else:
            lines.append(Line(n, became, said))
            deeds += [deed] if deed else []
    return lines, deeds


def _take(file: _File, typed: Mapping[str, Any]) -> tuple[Became, str, Deed | None]:
    """Add one thing, or change the one that is there already."""
    found = file.there.get(_name(file.form, typed), ()) if file.form.known_by else ()
    if len(found) > 1:
        raise Refused(_("Several rows have this name; change them one by one."), field=file.form.known_by[0])
    if not found:
        draft = doing.fill(file.form, typed, held={}, is_new=True)
        return Became.ADDED, "", doing.add(file.register, file.form, file.reader, draft)
    row = found[0]
    held = forming.held_values(file.form, file.reader, row)
    now = {one.name: forming.shown(forming.kind_of(file.form, one), held.get(one.name)) for one in file.form.fields}
    _check_fixed(file.form, typed, now)
    draft = doing.fill(file.form, {**now, **typed}, held=held, is_new=False)
    changed = [one for one in file.fields.values() if not one.is_fixed and _differs(draft, one.name, held.get(one.name))]
    if not changed:
        return Became.SAME, "", None
    said = "; ".join(_change(file, one, now[one.name], typed[one.name]) for one in changed)
    return Became.CHANGED, said, doing.change(file.register, file.form, file.reader, row, draft)


def _there(file: _File, rows: Sequence[tuple[int, Mapping[str, Any]]]) -> dict[tuple[str, ...], list[Row]]:
    """Return the things that rows name and that their reader may change, by name."""
    form, reader = file.form, file.reader
    if not form.known_by or form.change is None or not set(form.known_by) <= {one.name for one in file.fields.values()}:
        return {}
    given = asking.given(file.register, reader, {})
    typed = [_typed_row(file, row) for _n, row in rows]
    found: dict[tuple[str, ...], list[Row]] = {}
    for begin in range(0, len(typed), _AT_ONCE):
        asked = Asked(conditions=tuple(_conditions(file, typed[begin : begin + _AT_ONCE])))
        for row in file.register.relation.rows(reader.tx, asked, **given):
            if form.when is None or form.when(row):
                found.setdefault(_name(form, row), []).append(row)
    return found


def _conditions(file: _File, typed: Sequence[Mapping[str, Any]]) -> Iterator[Condition]:
    """Yield what holds of all things that rows name; what nobody may choose names nothing."""
    choices = {one.name: set(file.options[one.name].values()) for one in file.fields.values() if one.choices is not None}
    for name in file.form.known_by:
        if name in file.register.relation.columns:
            values = {str(row[name]) for row in typed} - {""}
            yield Condition(name, Is.IN, sorted(values & choices[name] if name in choices else values))


def _name(form: Form, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return by what a thing is known, of a row of a file or of the list."""
    return tuple(str(values.get(name, "")) for name in form.known_by)


def _check_fixed(form: Form, typed: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    fixed = [one.name for one in form.fields if one.is_fixed and typed.get(one.name)]
    wrong = {name: _("This is said once and never changed.") for name in fixed if str(typed[name]) != str(now[name])}
    if wrong:
        raise WrongForm(wrong)


def _differs(draft: BaseModel, name: str, held: Any) -> bool:
    """Tell whether a field of a model is something else than what is held; nothing is nothing, however it is written."""
    value = getattr(draft, name)
    if isinstance(value, list | tuple | set | frozenset):
        return sorted(map(str, value)) != sorted(map(str, held or ()))
    return _plain(value) != _plain(held)


def _plain(value: Any) -> object:
    """Return a value as it is compared: the model and the database may hold the same in two types."""
    match value:
        case None:
            return ""
        case bool():
            return value
        case int() | float() | Decimal():
            return float(value)
        case datetime():
            return value.astimezone(UTC)
    return str(value)


def _change(file: _File, one: Field, now: Any, typed: Any) -> str:
    """Return what changes of a field, in words; of what is personal or secret only that it does."""
    column = file.register.column(one.name)
    if (column is not None and column.personal) or forming.kind_of(file.form, one) is Kind.SECRET:
        return str(one.label)
    words = {} if one.choices is None else dict(forming.choices_of(one.choices, file.reader))
    before, after = (", ".join(words.get(each, each) for each in _several(value)) or UNKNOWN for value in (now, typed))
    return f"{one.label}: {before} → {after}"


def _several(value: Any) -> list[str]:
    match value:
        case bool():
            return [_("Yes") if value else _("No")]
        case list():
            return [str(one) for one in value]
    return [str(value)] if value not in {None, ""} else []


def _typed_row(file: _File, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        one.name: _typed(forming.kind_of(file.form, one), row.get(head), file.options[one.name])
        for head, one in file.fields.items()
    }


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
    there = list(rows[0][1]) if rows else []
    names: dict[str, Field] = {}
    for one in _taken(form):
        names |= {label.casefold(): one for label in (one.name, *_told_in_all(one.label))}
    found = {head: names[head.casefold()] for head in there if head.casefold() in names}
    if not found:
        raise NotReadable(
            _("The first row must name the fields: %(names)s.", names=_(", ").join(label for label, _is_needed in heads(form)))
        )
    return found


def _taken(form: Form) -> list[Field]:
    """Return the fields that a file can hold."""
    return [one for one in form.fields if forming.kind_of(form, one) not in {Kind.GEOMETRY, Kind.PICTURES, Kind.SECRET}]


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
    return _("%(field)s: %(said)s", field=label, said=said) if label else said
