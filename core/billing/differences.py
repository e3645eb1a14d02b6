"""
Differences: what changes from one version of a tariff to another, part by part, in words.

Parts that have a name are found by it, others by their place. What is new or gone is told as a whole, what is changed as what it
was and is. Nothing is said of the order of parts that have a name.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Final

from core.billing import phrases
from core.billing.language import Tariff
from core.billing.language.parts import ByVehicle, ByZone, Part
from core.billing.language.words import KINDS, PARTS, Said
from core.billing.rules.days import MINUTE_MS
from core.kit.locale import _

MOST: Final = 60
"""Differences that are told."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changes: where in words and as a path, what it was and what it is; None: it was not there."""

    where: tuple[str, ...]
    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in a tariff: words for people, a path for links."""

    currency: str
    where: tuple[str, ...] = ()
    path: tuple[str, ...] = ()

    def within(self, word: str, step: str) -> "_Place":
        return _Place(self.currency, (*self.where, word) if word else self.where, (*self.path, step))

    def said(self, before: str | None, after: str | None) -> Difference:
        return Difference(self.where, ".".join(self.path), before, after)


def list_differences(before: Tariff, after: Tariff) -> list[Difference]:
    """Return what changes, in the order of the new version."""
    return list(_parts(before, after, _Place(after.currency)))[:MOST]


def _parts(before: Part, after: Part, place: _Place) -> Iterator[Difference]:
    for name, said in PARTS[type(after)].fields.items():
        info = type(after).model_fields[name]
        yield from _values(
            getattr(before, name), getattr(after, name), said, name, place.within(str(said.label), info.alias or name)
        )


def _values(before: Any, after: Any, said: Said, name: str, place: _Place) -> Iterator[Difference]:  # values of any field
    if before == after:
        return
    if type(before) in PARTS and type(before) is type(after):
        yield from _parts(before, after, place)
    elif isinstance(before, dict) and isinstance(after, dict):
        for key in [*after, *(key for key in before if key not in after)]:
            yield from _values(before.get(key), after.get(key), said, name, place.within(key, key))
    elif _is_list(before) or _is_list(after):
        yield from _lists(before or (), after or (), said, name, place)
    elif isinstance(before, ByZone | ByVehicle) and type(before) is type(after):
        yield from _values(_table(before), _table(after), said, name, place)
    else:
        told = [None if each in (None, ()) else _word(each, said, name, place.currency) for each in (before, after)]
        yield place.said(*told)


def _is_list(value: Any) -> bool:  # of any field
    return isinstance(value, tuple) and any(isinstance(each, Part) for each in value)


def _lists(before: Sequence[Part], after: Sequence[Part], said: Said, name: str, place: _Place) -> Iterator[Difference]:
    """Compare parts one by one: those of one name, else those of one place."""
    if all(hasattr(each, "name") for each in (*before, *after)):
        known, now = ({getattr(each, "name"): each for each in some} for some in (before, after))  # noqa: B009  # parts have it
        pairs = [(known.get(key), now.get(key), key) for key in [*now, *(key for key in known if key not in now)]]
    else:
        pairs = [(one, other, str(number)) for number, (one, other) in enumerate(zip_longest(before, after), 1)]
    places = {id(each): number for some in (before, after) for number, each in enumerate(some)}
    for one, other, word in pairs:
        number = places[id(other if other is not None else one)]
        yield from _values(one, other, said, name, place.within(word, str(number)))


def _table(price: ByZone | ByVehicle) -> dict[str, Any]:  # prices by name
    return price.by_zone if isinstance(price, ByZone) else price.by_vehicle


def _word(value: Any, said: Said, name: str, currency: str) -> str:  # of any field
    """Say a value as people read it."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, tuple):
        return ", ".join(_word(each, said, name, currency) for each in value)
    if isinstance(value, ByZone | ByVehicle):
        return ", ".join(f"{key} {_word(each, said, name, currency)}" for key, each in _table(value).items())
    if isinstance(value, Part):
        return _whole(value, currency)
    if str(value) in said.choices:
        return str(said.choices[str(value)])
    if isinstance(value, int) and name.endswith("_fen"):
        return f"{phrases.amount(value, currency)} {currency}"
    if isinstance(value, int) and (name.endswith("_min") or name == "minutes"):
        return phrases.length(value * MINUTE_MS)
    return phrases.day_type(str(value)) if said.of == "day_types" else str(value)


def _whole(part: Part, currency: str) -> str:
    """Say a part as a whole: what is said in it, field by field."""
    told = []
    for name, said in PARTS[type(part)].fields.items():
        value = getattr(part, name)
        if value not in (None, ()):
            told.append(_("%(name)s: %(value)s", name=said.label, value=_word(value, said, name, currency)))
    kind = KINDS.get(str(getattr(part, "kind", "")))
    return "; ".join([*([str(kind)] if kind else []), *told]) or str(PARTS[type(part)].one)
