"""
Derive what a sensor's record tells of one space: runs, visits, and the chatter that was neither.

A record comes in files, after the fact: changes of state, or states at the moment of a snapshot. Known is only what a
word vouches for, everything else of the days of the record is unknown. R12 both ways: a state that held for less than
the debounce was none, and both edges of a run keep the first time of the stable state.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from core.stays.rules.sightings import Quality, Run, State

DayOf = Callable[[int], tuple[int, int]]
"""Tells the local day of an instant: its first and last millisecond, half-open."""


class Word(NamedTuple):
    """
    What the record says of a space at an instant.

    `until_ms`: a snapshot vouches for a state up to here; None: a change, true until the next word. Sorting words sorts
    them by time.
    """

    at_ms: int
    event_id: UUID
    state: State
    until_ms: int | None = None


class Span(NamedTuple):
    """Days of the record in whole: `[from_ms, to_ms)`; nothing was recorded after `heard_ms`."""

    from_ms: int
    to_ms: int
    heard_ms: int


class Held(NamedTuple):
    """A word that held, and when its state was told for the last time."""

    word: Word
    told_ms: int


class Chatter(NamedTuple):
    """A state that did not hold: told, kept, and not believed."""

    word: Word
    held_ms: int


class RecordedVisit(NamedTuple):
    """A vehicle that came and left; found: it stood there when the record began, so its arrival is inferred."""

    started_ms: int
    ended_ms: int
    in_event_id: UUID
    out_event_id: UUID
    is_found: bool

    @property
    def quality(self) -> Quality:
        """Return A where both ends were seen."""
        return Quality.B if self.is_found else Quality.A


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one space's record tells: closed runs of occupied and unknown, visits, chatter."""

    runs: tuple[Run, ...]
    visits: tuple[RecordedVisit, ...]
    chatter: tuple[Chatter, ...]


def spans_of(evidence_ms: Iterable[int], *, longest_ms: int, day_of: DayOf) -> list[Span]:
    """Return the days in which a site was recorded: those with a word, and those between words `longest_ms` apart at most."""
    spans: list[Span] = []
    for at_ms in sorted(evidence_ms):
        starts_ms, ends_ms = day_of(at_ms)
        if spans and (at_ms - spans[-1].heard_ms <= longest_ms or starts_ms < spans[-1].to_ms):
            spans[-1] = Span(spans[-1].from_ms, ends_ms, at_ms)
        else:
            spans.append(Span(starts_ms, ends_ms, at_ms))
    return spans


def steady(words: Sequence[Word], *, debounce_ms: int) -> tuple[list[Held], list[Chatter]]:
    """
    Return the words that held, and the chatter between them.

    A word holds until the next one that says something else; words that repeat the state before them say nothing new.
    How long the last one held nobody knows: it stands.
    """
    changes: list[Held] = []
    for word in words:
        _join(changes, Held(word, word.at_ms))
    held: list[Held] = []
    chatter: list[Chatter] = []
    for place, change in enumerate(changes):
        held_ms = changes[place + 1].word.at_ms - change.word.at_ms if place + 1 < len(changes) else debounce_ms
        if held_ms < debounce_ms and change.word.until_ms is None:
            chatter.append(Chatter(change.word, held_ms))
        else:
            _join(held, change)
    return held, chatter


def record_of(words: Sequence[Word], spans: Sequence[Span], *, debounce_ms: int, longest_ms: int) -> Recorded:
    """
    Return what the words of one space, in order of time, tell of the days of its site.

    A state that nobody told again for `longest_ms` is unknown from then on.
    """
    held, chatter = steady(words, debounce_ms=debounce_ms)
    runs: list[Run] = []
    visits: list[RecordedVisit] = []
    for span in spans:
        inside = [one for one in held if span.from_ms <= one.word.at_ms < span.to_ms]
        _tell(inside, span, longest_ms, runs, visits)
    return Recorded(tuple(runs), tuple(visits), tuple(chatter))


def _tell(held: Sequence[Held], span: Span, longest_ms: int, runs: list[Run], visits: list[RecordedVisit]) -> None:
    """Add the runs and visits of one span; what no word vouches for is unknown."""
    known_ms, before = span.from_ms, State.UNKNOWN
    for place, (word, told_ms) in enumerate(held):
        after = held[place + 1].word if place + 1 < len(held) else None
        ends_ms = word.until_ms if word.until_ms is not None else min(span.heard_ms, told_ms + longest_ms)
        ends_ms = min(ends_ms, span.to_ms if after is None else after.at_ms)
        _add(runs, State.UNKNOWN, known_ms, word.at_ms)
        if known_ms < word.at_ms:
            before = State.UNKNOWN
        if word.state is not State.FREE:
            _add(runs, word.state, word.at_ms, ends_ms)
        if after is not None and ends_ms == after.at_ms and _is_departure(word, after):
            visits.append(RecordedVisit(word.at_ms, ends_ms, word.event_id, after.event_id, before is not State.FREE))
        known_ms, before = max(ends_ms, word.at_ms), word.state
    _add(runs, State.UNKNOWN, known_ms, span.to_ms)


def _is_departure(word: Word, after: Word) -> bool:
    """Tell whether a vehicle was seen to leave: a snapshot never sees that."""
    sees = word.until_ms is None and after.until_ms is None
    return sees and word.state is State.OCCUPIED and after.state is State.FREE


def _join(held: list[Held], new: Held) -> None:
    """Add a word, unless it repeats the change before it."""
    last = held[-1] if held else None
    if last is None or last.word.until_ms is not None or new.word.until_ms is not None or last.word.state is not new.word.state:
        held.append(new)
    else:
        held[-1] = Held(last.word, new.told_ms)


def _add(runs: list[Run], state: State, from_ms: int, to_ms: int) -> None:
    """Add a run that is not empty, joined to one of the same state that it goes on from."""
    if to_ms <= from_ms:
        return
    if runs and runs[-1].state is state and runs[-1].ended_ms == from_ms:
        runs[-1].ended_ms = to_ms
    else:
        runs.append(Run(state, from_ms, to_ms))
