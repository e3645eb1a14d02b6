"""Forms of registers: what the browser draws from a model, and what was typed back into one, told in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from core.kit.clock import city_zone
from core.kit.db import Row
from core.kit.locale import _, _l
from core.ui import formats
from core.ui.register.declaring import Choices, Field, Form, Kind, Reader

_FEN: Final = 100
_LONGEST: Final = 20_000
_KINDS: Final[tuple[tuple[type, Kind], ...]] = (
    (bool, Kind.SWITCH),
    (Enum, Kind.CHOICE),
    (SecretStr, Kind.SECRET),
    (datetime, Kind.MOMENT),
    (date, Kind.DATE),
    (int, Kind.NUMBER),
    (float, Kind.NUMBER),
    (Decimal, Kind.NUMBER),
)


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in: its model, or what is wrong at which field; `""` is the form as a whole."""

    draft: BaseModel | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


def choices_of(choices: Choices, reader: Reader) -> list[tuple[str, str]]:
    """Return what may be chosen, in the reader's language."""
    if callable(choices):
        return [(str(value), str(label)) for value, label in choices(reader)]
    return [(value, str(label)) for value, label in choices.items()]


def kind_of(form: Form, one: Field) -> Kind:
    """Return how a field is typed in."""
    if one.kind is not None:
        return one.kind
    kind = form.draft.model_fields[one.name].annotation
    many, inner = _unwrapped(kind)
    if many:
        return Kind.CHOICES
    if one.choices is not None:
        return Kind.CHOICE
    known = [to for of, to in _KINDS if isinstance(inner, type) and issubclass(inner, of)]
    return known[0] if known else Kind.TEXT


def describe(form: Form, reader: Reader, row: Row | None, *, masked: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Return the fields as the script draws them; `masked` holds personal data in part, for fields that cannot be changed."""
    held = held_values(form, reader, row)
    described = []
    for one in form.fields:
        is_fixed = row is not None and one.is_fixed
        value = (masked or {}).get(one.name, held.get(one.name)) if is_fixed else held.get(one.name)
        described.append(_described(form, one, reader, value=value, is_fixed=is_fixed))
    return described


def held_values(form: Form, reader: Reader, row: Row | None) -> dict[str, Any]:
    """Return what the fields of a form hold before anybody types: of a row, or of a thing to be added."""
    if row is None:
        begun = {one.name: one.starts(reader) for one in form.fields if one.starts}
        usual = {name: each.default for name, each in form.draft.model_fields.items() if not each.is_required()}
        kinds = (str, int, float, Decimal, date, list)
        return {name: value for name, value in {**usual, **begun}.items() if isinstance(value, kinds)}
    return {**row, **(form.load(reader, row) if form.load else {})}


def shown(kind: Kind, value: Any) -> Any:  # as the script writes it into the field
    """Return a value as it stands in its field."""
    match kind, value:
        case Kind.SWITCH, _:
            return bool(value)
        case Kind.SECRET, _:
            return ""
        case Kind.GEOMETRY, _:
            return value
        case Kind.CHOICES | Kind.PICTURES, _:
            return [str(getattr(one, "value", one)) for one in value or ()]
        case _, None:
            return ""
        case Kind.MONEY, int():
            return formats.money(value).replace(",", "").replace("−", "-")
        case Kind.MOMENT, datetime():
            return value.astimezone(city_zone()).replace(tzinfo=None).isoformat(timespec="seconds")
    return str(getattr(value, "value", value))


def fill(form: Form, typed: Mapping[str, Any], *, held: Mapping[str, Any], is_new: bool) -> Filled:
    """Return the model of what was typed; what cannot be changed stays as it is held."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for one in form.fields:
        if one.is_fixed and not is_new:
            values[one.name] = held.get(one.name)
            continue
        try:
            given = _read(kind_of(form, one), typed.get(one.name))
        except ValueError as error:
            errors[one.name] = str(error)
            continue
        if given is not None or not _has_default(form, one.name):
            values[one.name] = given
    try:
        draft = form.draft.model_validate({name: value for name, value in values.items() if name not in errors})
    except ValidationError as failed:
        known = {one.name: one for one in form.fields}
        for each in failed.errors(include_url=False):
            wrong = known.get(str(each["loc"][0]) if each["loc"] else "")
            is_of_list = wrong is not None and wrong.choices is not None and each["type"] == "string_pattern_mismatch"
            errors.setdefault(wrong.name if wrong else "", str(_CHOOSE) if is_of_list and each["input"] else said(each))
        return Filled(errors=errors)
    return Filled(errors=errors) if errors else Filled(draft)


def said(error: ErrorDetails) -> str:
    """Return what pydantic found, as a sentence in the reader's language."""
    limits = error.get("ctx") or {}
    if (isinstance(error["input"], NoneType | str) and not error["input"]) or error["type"] == "missing":
        return _("This is needed.")
    if error["type"] == "value_error":
        return str(limits.get("error", error["msg"]))
    for limit, sentence in (_LENGTHS if error["type"].startswith("string_") else _BOUNDS).items():
        if limit in limits:
            return _(sentence, n=limits[limit])
    return str(_WRONG.get(error["type"], _l("This cannot be taken.")))


_LENGTHS: Final = {
    "min_length": _l("At least %(n)s characters.").message,
    "max_length": _l("At most %(n)s characters.").message,
}
_BOUNDS: Final = {
    "min_length": _l("At least %(n)s.").message,
    "max_length": _l("At most %(n)s.").message,
    "ge": _l("At least %(n)s.").message,
    "le": _l("At most %(n)s.").message,
    "gt": _l("More than %(n)s.").message,
    "lt": _l("Less than %(n)s.").message,
}
_CHOOSE: Final = _l("Choose one of the list.")
_WHOLE: Final = _l("A whole number is needed.")
_WRONG: Final = {
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_type": _WHOLE,
    "enum": _CHOOSE,
    "literal_error": _CHOOSE,
    "uuid_parsing": _CHOOSE,
    "uuid_type": _CHOOSE,
    "string_pattern_mismatch": _l("It is not written as is asked for."),
}


def _described(form: Form, one: Field, reader: Reader, *, value: Any, is_fixed: bool) -> dict[str, Any]:
    kind = kind_of(form, one)
    limits = _limits(form, one.name)
    return {
        "name": one.name,
        "label": str(one.label),
        "kind": kind.value,
        "value": shown(kind, value),
        "hint": str(one.hint),
        "unit": str(one.unit) or (_("yuan") if kind is Kind.MONEY else ""),
        "wide": one.is_wide,
        "fixed": is_fixed,
        "draw": one.draw,
        "required": not is_fixed and is_needed(form, one),
        "longest": limits.get("maxLength"),
        **({"most": limits.get("maxItems")} if kind is Kind.PICTURES else {}),
        **({"offers": list(one.offers(reader))} if one.offers else {}),
        **({"options": _options(form, one, reader)} if kind in {Kind.CHOICE, Kind.CHOICES} else {}),
    }


def _options(form: Form, one: Field, reader: Reader) -> Sequence[tuple[str, str]]:
    if one.choices is not None:
        return choices_of(one.choices, reader)
    _many, inner = _unwrapped(form.draft.model_fields[one.name].annotation)
    return [(str(each.value), str(each.value)) for each in inner] if isinstance(inner, type) and issubclass(inner, Enum) else []


def _limits(form: Form, name: str) -> dict[str, Any]:
    """Return the limits of a field as the model's schema tells them."""
    told = form.draft.model_json_schema()["properties"].get(name, {})
    return {**next((each for each in told.get("anyOf", []) if "maxLength" in each), {}), **told}


def is_needed(form: Form, one: Field) -> bool:
    """Tell whether a form cannot be saved while the field is empty."""
    if kind_of(form, one) is Kind.SWITCH:
        return False
    return form.draft.model_fields[one.name].is_required() and not _may_be_none(form.draft.model_fields[one.name].annotation)


def _has_default(form: Form, name: str) -> bool:
    return not form.draft.model_fields[name].is_required()


def _may_be_none(annotation: Any) -> bool:
    return get_origin(annotation) in {Union, UnionType} and NoneType in get_args(annotation)


def _unwrapped(annotation: Any) -> tuple[bool, Any]:
    """Return whether a field holds several values, and of what type one is."""
    if _may_be_none(annotation):
        return _unwrapped(next(each for each in get_args(annotation) if each is not NoneType))
    if get_origin(annotation) in {list, tuple, set, frozenset}:
        return True, _unwrapped(get_args(annotation)[0])[1]
    if hasattr(annotation, "__metadata__"):
        return _unwrapped(get_args(annotation)[0])
    return False, annotation


def _read(kind: Kind, typed: Any) -> Any:  # of any shape: it comes from a browser
    """
    Return what was typed as the model takes it; None for nothing.

    Raises:
        ValueError: it is not of its kind, in a sentence for people.
    """
    if kind is Kind.SWITCH:
        return typed is True
    if kind is Kind.CHOICES:
        return [str(one) for one in typed if one] if isinstance(typed, list) else []
    if kind is Kind.PICTURES:
        return [one["key"] for one in typed if isinstance(one, dict) and "key" in one] or None if isinstance(typed, list) else None
    if kind is Kind.GEOMETRY:
        return typed or None
    text = typed.replace("\0", "").strip()[:_LONGEST] if isinstance(typed, str) else ""
    return _READ.get(kind, str)(text) if text else None


def _fen(text: str) -> int:
    fen = _number(text) * _FEN
    if fen != fen.to_integral_value():
        raise ValueError(_("Yuan with two places at most."))
    return int(fen)


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", "").replace("，", "").replace(" ", ""))  # as people type thousands
    except InvalidOperation:
        raise ValueError(_("A number is needed.")) from None
    if not number.is_finite():
        raise ValueError(_("A number is needed."))
    return number


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(_("A date is needed.")) from None


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=city_zone())
    except ValueError:
        raise ValueError(_("A date is needed.")) from None


_READ: Final[Mapping[Kind, Callable[[str], Any]]] = {
    Kind.NUMBER: _number,
    Kind.MONEY: _fen,
    Kind.DATE: _day,
    Kind.MOMENT: _moment,
}
