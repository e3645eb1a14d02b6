"""
Sources: whether what the wall stands on still speaks. Table source_health.

The age of a source is the age of its newest event, not of an answer: a cached page is always fresh. Nothing is assumed of
a source that never spoke (unknown), and nothing is asked of one that is not installed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.kit.db import Tx
from core.kit.locale import Lazy, _l
from core.kit.sql import named
from core.settings import settings

SQL = named("insight/sources")


class Source(StrEnum):
    """A kind of device or partner whose silence makes figures stale, and the database itself."""

    MAGNET = "magnet"
    VIDEO = "video"
    GATE = "gate"
    HANDHELD = "handheld"
    PAYMENT = "payment"
    DATABASE = "database"

    @property
    def label(self) -> Lazy:
        """Return the name people call it by."""
        return _LABELS[self]


class State(StrEnum):
    """How fresh something is, from best to worst; `past` stands apart: it is not judged."""

    LIVE = "live"
    LATE = "late"
    STALE = "stale"
    UNKNOWN = "unknown"
    PAST = "past"


_LABELS = {
    Source.MAGNET: _l("Sensors"),
    Source.VIDEO: _l("Video poles"),
    Source.GATE: _l("Gates"),
    Source.HANDHELD: _l("Handhelds"),
    Source.PAYMENT: _l("Payments"),
    Source.DATABASE: _l("Database"),
}
_KINDS = {
    Source.MAGNET: {"geomagnetic", "loop", "space_lock"},
    Source.VIDEO: {"pole_camera", "bollard"},
    Source.GATE: {"lane_camera", "gate"},
    Source.HANDHELD: {"pda", "patrol_car"},
    Source.PAYMENT: {"pda", "gate", "kiosk"},
}
_ORDER = list(State)


@dataclass(frozen=True, slots=True)
class Pulse:
    """The newest word of one source; None: it never spoke."""

    source: Source
    last_at: datetime | None
    is_installed: bool = True

    def age_s(self, at: datetime) -> int | None:
        """Return the whole seconds since the newest word, never negative: a device's clock may run ahead."""
        return None if self.last_at is None else max(0, int((at - self.last_at).total_seconds()))

    def state(self, at: datetime) -> State:
        """Judge the age: live up to `late_after_s`, stale above `stale_after_s`."""
        if self.last_at is None:
            return State.UNKNOWN
        age_s = max(0.0, (at - self.last_at).total_seconds())
        if age_s > settings().stale_after_s:
            return State.STALE
        return State.LATE if age_s > settings().late_after_s else State.LIVE


Pulses = dict[Source, Pulse]


def read(tx: Tx, *, at: datetime) -> Pulses:
    """Return the pulse of every source; the database speaks by answering."""
    last = {row["source"]: row["last_at"] for row in tx.rows(SQL["source_pulses"])}
    asked = sorted(set().union(*_KINDS.values()))
    kinds = {row["kind"] for row in tx.rows(SQL["installed_kinds"], kinds=asked)}
    pulses = {source: Pulse(source, last.get(source.value), bool(kinds & _KINDS[source])) for source in _KINDS}
    return {**pulses, Source.DATABASE: Pulse(Source.DATABASE, at)}


def worst(pulses: Pulses, sources: Iterable[Source], *, at: datetime) -> State:
    """Return the worst state of some sources and the database; one that is not installed counts only where none is."""
    asked = [pulses[source] for source in sources]
    installed = [pulse for pulse in asked if pulse.is_installed or pulse.last_at is not None] or asked
    return max((pulse.state(at) for pulse in (*installed, pulses[Source.DATABASE])), key=_ORDER.index)


def data_at(pulses: Pulses, sources: Iterable[Source], *, at: datetime) -> datetime:
    """Return the instant up to which some sources have spoken: the age of what stands on them, at most `at`."""
    spoken = [pulses[source].last_at for source in (*sources, Source.DATABASE)]
    return min(at, *(last_at for last_at in spoken if last_at is not None))


def sensors_online(tx: Tx, *, at: datetime) -> tuple[int, int]:
    """Return how many sensors in spaces spoke within two of their intervals, and how many are in service."""
    row = tx.row(SQL["sensors_heard"], at=at)
    assert row is not None  # an aggregate without groups has one row
    return row["online"], row["total"]
