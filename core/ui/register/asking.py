"""
What a reader asks of a register: from the address or the page's own state to conditions on columns.

A question is a value or several for each filter: `{"district": ["GL", "DH"], "opened_on": ["2026-01-01", ""]}`; an address
writes it as `q.district=GL&q.district=DH&q.opened_on=2026-01-01..`. What is not a filter is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NoReturn

from core.kit import clock
from core.kit.listing import Condition, Is, Order
from core.kit.locale import _
from core.ui.register.declaring import Between, Choice, Kind, Reader, Register, Typed, View
from core.ui.tables import BadRequest

Question = dict[str, list[str]]

FIELD: Final = "q."
"""A filter's value in an address begins like this."""
UP_TO: Final = ".."
_MOST_VALUES: Final = 100
_LONGEST: Final = 200
_FEN: Final = 100
_FIRST_DAY: Final = date(1900, 1, 1)
_LAST_DAY: Final = date(2999, 12, 31)
_LARGEST: Final = Decimal(10) ** 13


def of_address(register: Register, query: Mapping[str, Any]) -> Question:
    """Return what an address asks; a view's question stands where the address has none of its own."""
    own = {name.removeprefix(FIELD): value for name, value in query.items() if name.startswith(FIELD)}
    if not own and (view := find_view(register, str(query.get("view", "")))):
        own = dict(view.asks)
    return _cleaned(register, own)


def of_page(register: Register, state: object) -> Question:
    """Return what the page's state asks; it comes from a browser, so it may be anything."""
    asked = state.get("q") if isinstance(state, dict) else None
    return _cleaned(register, asked if isinstance(asked, dict) else {})


def of_view(register: Register, view: View) -> Question:
    """Return what a view of the product asks."""
    return _cleaned(register, view.asks)


def first_order(register: Register, query: Mapping[str, Any]) -> Order | None:
    """Return what a list is sorted by where its address says nothing: as its view says, else as its relation."""
    view = find_view(register, str(query.get("view", "")))
    if view and view.order:
        return Order(view.order.removeprefix("-"), is_falling=view.order.startswith("-"))
    return next(iter(register.relation.order), None)


def in_words(register: Register, reader: Reader, question: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yield the filters by their labels, those as well that nobody touched and that narrow the list all the same."""
    for each in register.filters:
        usual = [each.default] if isinstance(each, Choice) and each.default else []
        values = [value for value in question.get(each.field, []) if value] or usual
        if not values:
            continue
        if isinstance(each, Choice):
            known = each.choices(reader) if callable(each.choices) else each.choices.items()
            words = {value: str(word) for value, word in known}
            yield str(each.label), _(", ").join(words.get(value, value) for value in values)
        elif isinstance(each, Between):
            yield str(each.label), " – ".join(question[each.field])
        else:
            yield str(each.label), values[0]
    if register.chips and (values := list(question.get(register.chips.field, []))):
        named = {column.field: str(column.title) for column in register.columns}
        words = {value: str(word) for value, word in register.chips.words.items()}
        yield named.get(register.chips.field, _("State")), _(", ").join(words.get(value, value) for value in values)


def cleaned(register: Register, asked: Mapping[str, object]) -> Question:
    """Return what of a question the register knows; it may come from anywhere."""
    return _cleaned(register, asked)


def find_view(register: Register, name: str) -> View | None:
    """Return a view of the product by its name."""
    return next((view for view in register.views if view.name == name), None)


def conditions(register: Register, question: Question) -> tuple[Condition, ...]:
    """
    Return the conditions a question stands for.

    Raises:
        BadRequest: a value is not of its filter's kind.
    """
    found: list[Condition] = []
    for each in register.filters:
        values = question.get(each.field)
        if not values:
            continue
        match each:
            case Choice(is_given=True):
                continue
            case Choice():
                found.append(_equal(each.field, values))
            case Typed(is_exact=is_exact):
                found.append(Condition(each.field, Is.EQUAL if is_exact else Is.CONTAINS, values[0]))
            case Between(kind=kind):
                found += _between(each.field, kind, values)
    if register.chips and (values := question.get(register.chips.field)) and register.chips.field not in _filtered(register):
        found.append(_equal(register.chips.field, values))
    return tuple(found)


def given(register: Register, reader: Reader, question: Question) -> dict[str, Any]:
    """Return the values of the statement."""
    scope = {} if register.is_for_all else {"sites": reader.sites}
    values = dict(register.given(reader)) if register.given else {"at": reader.at, **scope}
    chosen = [each for each in register.filters if isinstance(each, Choice) and each.is_given]
    return {**values, **{each.field: (question.get(each.field) or [each.default])[0] for each in chosen}}


def given_for_row(register: Register, reader: Reader) -> dict[str, Any]:
    """Return the values of the statement under which a row is found by its key, whatever the list was asked for."""
    chosen = [each for each in register.filters if isinstance(each, Choice) and each.is_given and each.widest]
    return given(register, reader, {each.field: [each.widest] for each in chosen})


def _equal(field: str, values: list[str]) -> Condition:
    return Condition(field, Is.EQUAL, values[0]) if len(values) == 1 else Condition(field, Is.IN, values)


def _between(field: str, kind: Kind, values: list[str]) -> list[Condition]:
    first, last = (*values, "")[:2]
    if kind is Kind.DATE and field.endswith("_at"):
        kind = Kind.MOMENT  # names say it: an instant ends in _at, a day in _on
    found = []
    if first:
        found.append(Condition(field, Is.AT_LEAST, _bound(first, kind)))
    if last and kind is Kind.MOMENT:
        found.append(Condition(field, Is.BELOW, clock.city_day(_day(last))[1]))
    elif last:
        found.append(Condition(field, Is.AT_MOST, _bound(last, kind)))
    return found


def _bound(text: str, kind: Kind) -> object:
    match kind:
        case Kind.DATE:
            return _day(text)
        case Kind.MOMENT:
            return clock.city_day(_day(text))[0]
        case Kind.MONEY:
            return int(_number(text) * _FEN)
    number = _number(text)
    return int(number) if number == number.to_integral_value() else float(number)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        _refuse(text)
    if not _FIRST_DAY <= day <= _LAST_DAY:
        _refuse(text)
    return day


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        _refuse(text)
    if not number.is_finite() or abs(number) >= _LARGEST:
        _refuse(text)
    return number


def _refuse(text: str) -> NoReturn:
    raise BadRequest(_("“%(text)s” cannot be looked for.", text=text[:40]))


def _filtered(register: Register) -> set[str]:
    return {each.field for each in register.filters}


def _cleaned(register: Register, asked: Mapping[str, object]) -> Question:
    spans = {each.field for each in register.filters if isinstance(each, Between)}
    known = _filtered(register) | ({register.chips.field} if register.chips else set())
    found = {}
    for name in sorted(known & set(asked)):
        values = _texts(asked[name])
        if name in spans and len(values) == 1 and UP_TO in values[0]:
            values = values[0].split(UP_TO, maxsplit=1)
        if any(values):
            found[name] = values
    return found


def _texts(value: object) -> list[str]:
    many: Sequence[object] = value if isinstance(value, list) else [value]
    return [str(one).replace("\0", "").strip()[:_LONGEST] for one in many[:_MOST_VALUES] if one is not None]
