"""
Rights: what a plate may do at a place and an instant, from lists and special classes. Values in, values out.

A right holds over a half-open period and is asked for at the instant a stay began, as its tariff is: what an operator decides
later changes nothing that began before.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from core.customers.rules.classes import traits_of

MOST_LETTERS: Final = 120
"""Of a pattern."""
_MOST_KNOWN: Final = 50_000
"""Plates whose classes are kept at hand."""
_RISKY: Final = re.compile(r"\\[1-9]|\(\?|[*+}]\)?[*+{]")


class Why(StrEnum):
    """What a right comes from."""

    NOTHING = "nothing"
    COLOUR = "colour"
    SPECIAL = "special"
    ALLOWED = "allowed"


class Right(NamedTuple):
    """Whether a vehicle parks for nothing, why, and by which class or entry; the colour of a plate has none."""

    is_free: bool
    why: Why
    source_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """When and where something holds: milliseconds, to_ms None: still; site_ids None: in the whole city."""

    from_ms: int
    to_ms: int | None = None
    site_ids: frozenset[UUID] | None = None

    def has(self, site_id: UUID, at_ms: int) -> bool:
        """Tell whether a place and an instant lie inside."""
        is_then = self.from_ms <= at_ms and (self.to_ms is None or at_ms < self.to_ms)
        return is_then and (self.site_ids is None or site_id in self.site_ids)


@dataclass(frozen=True, slots=True)
class Entry:
    """A plate on the allow list; colour None: any."""

    entry_id: UUID
    plate: str
    colour: str | None
    span: Span


@dataclass(frozen=True, slots=True)
class Special:
    """A class of plates that parks for nothing; no colours: any."""

    class_id: UUID
    pattern: re.Pattern[str]
    colours: frozenset[str]
    span: Span

    def matches(self, plate: str, colour: str) -> bool:
        """Tell whether a plate belongs to the class."""
        return (not self.colours or colour in self.colours) and self.pattern.fullmatch(plate) is not None


class Rights:
    """Everything that makes plates park for nothing, as it was read once."""

    def __init__(self, *, version: int = 0, entries: Iterable[Entry] = (), specials: Iterable[Special] = ()) -> None:
        """Keep the number of the reading, entries of the allow list and classes that are free."""
        self.version = version
        self._entries: dict[str, list[Entry]] = {}
        for entry in entries:
            self._entries.setdefault(entry.plate, []).append(entry)
        self._specials = tuple(specials)
        self._matched: dict[tuple[str, str], tuple[Special, ...]] = {}

    def at(self, plate: str, colour: str, *, site_id: UUID, at_ms: int) -> Right:
        """Return what holds for a plate; its colour comes before a class, a class before the list."""
        if traits_of(colour).right_kind == "exempt":
            return Right(is_free=True, why=Why.COLOUR)
        for special in self._specials_of(plate, colour):
            if special.span.has(site_id, at_ms):
                return Right(is_free=True, why=Why.SPECIAL, source_id=special.class_id)
        for entry in self._entries.get(plate, ()):
            if entry.colour in {None, colour} and entry.span.has(site_id, at_ms):
                return Right(is_free=True, why=Why.ALLOWED, source_id=entry.entry_id)
        return Right(is_free=False, why=Why.NOTHING)

    def _specials_of(self, plate: str, colour: str) -> tuple[Special, ...]:
        if not self._specials:
            return ()
        found = self._matched.get((plate, colour))
        if found is None:
            if len(self._matched) >= _MOST_KNOWN:
                self._matched.clear()
            found = tuple(special for special in self._specials if special.matches(plate, colour))
            self._matched[plate, colour] = found
        return found


def compiled(pattern: str) -> re.Pattern[str]:
    """
    Return a pattern that plates can be held against.

    Raises:
        ValueError: it is none, is too long, or could take for ever (repeats inside repeats, look-arounds, references).
    """
    if len(pattern) > MOST_LETTERS:
        raise ValueError("too long")
    if _RISKY.search(pattern):
        raise ValueError("could take for ever")
    try:
        found = re.compile(pattern)
    except re.error as error:
        raise ValueError("not a pattern") from error
    if found.fullmatch("") is not None:
        raise ValueError("matches nothing at all, too")
    return found
