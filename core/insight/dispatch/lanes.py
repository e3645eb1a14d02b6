"""
Lanes: the last hours of a berth as sensor, camera and books tell them, and in words why they differ.

Sensor and camera speak through their reports (table event); before the first of them the lane tells what history or an
import left in the books. A silence is an outage of the device.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from core.insight.dispatch import berths, words
from core.insight.dispatch.berths import Berth
from core.insight.dispatch.plates import masked_or_none
from core.insight.dispatch.rules import stories
from core.insight.dispatch.rules.stories import Gap, Kind, Order, Period, Source, Stretch, Word
from core.kit.db import Row, Tx
from core.kit.locale import Lazy, _, _l
from core.kit.sql import named

SQL = named("insight/dispatch/lanes")

MOST_WORDS: Final = 5_000
MOST_MARKS: Final = 500
_KINDS_OF: Final = {Source.MAGNET: ("geomagnetic", "loop", "space_lock"), Source.VIDEO: ("pole_camera", "bollard")}
_VIDEO_MODES: Final = ("video", "bollard")
_LOOK_BACK: Final = timedelta(days=3)

_STILL_SILENT: Final = _l("%(device)s has been silent since %(start)s: whether the vehicle is still there nobody sees.")
_REASONS: Final = {
    Kind.SENSOR_SILENT: _l("%(device)s was silent from %(start)s to %(end)s: what came and went then nobody saw."),
    Kind.VIDEO_ONLY: _l("From %(start)s to %(end)s the camera saw a vehicle and the sensor none."),
    Kind.MAGNET_ONLY: _l("From %(start)s to %(end)s the sensor felt a vehicle and the camera saw none."),
    Kind.NO_ORDER: _l("From %(start)s to %(end)s a vehicle was seen and no order runs for it."),
    Kind.NO_PLATE: _l("Since %(start)s somebody should have read the plate: without it nobody can be billed."),
    Kind.GHOST_ORDER: _l("From %(start)s to %(end)s an order runs although every source says free."),
    Kind.READ_ON_FREE: _l("At %(start)s a plate was read here while the sensor said free."),
    Kind.TWO_ORDERS: _l("From %(start)s to %(end)s two orders run at once."),
}
_COMMANDS: Final = {"raise": _l("The lock was told to rise"), "lower": _l("The lock was told to sink")}


class LaneKind(StrEnum):
    """Whose story a lane tells."""

    MAGNET = "magnet"
    VIDEO = "video"
    ORDER = "order"

    @property
    def label(self) -> Lazy:
        """Return what people call it."""
        return _LABELS[self]


_LABELS: Final = {LaneKind.MAGNET: _l("Sensor"), LaneKind.VIDEO: _l("Video"), LaneKind.ORDER: _l("Order")}


@dataclass(frozen=True, slots=True)
class Run:
    """One stretch of a lane. is_open: it goes on; plate masked; fen: of an order, what it came to; device: who told it."""

    state: str
    starts_at: datetime
    ends_at: datetime
    is_open: bool
    plate: str | None
    fen: int | None
    device: str | None


@dataclass(frozen=True, slots=True)
class Lane:
    """One story; one that is not installed has no runs."""

    kind: LaneKind
    is_installed: bool
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at an instant."""

    at: datetime
    kind: str
    device: str | None
    plate: str | None
    fen: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A stretch in which lanes differ, and why, in a sentence."""

    starts_at: datetime
    ends_at: datetime
    kind: str
    lanes: tuple[LaneKind, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Day:
    """The last hours of a berth: lanes in their order sensor, camera, order."""

    starts_at: datetime
    ends_at: datetime
    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]
    mismatches: tuple[Mismatch, ...]


def get_day(tx: Tx, *, site: str, space: str, at: datetime, live: bool, hours: int = 24) -> Day:  # noqa: ARG001  # called as `cards.get_card` is
    """
    Return the hours of a berth up to a moment; what became known later is told, too.

    Raises:
        NoSuchBerth: no berth has this code at this site.
    """
    berth = berths.get_berth(tx, site=site, space=space, at=at)
    period = Period(at - timedelta(hours=hours), at)
    given: dict[str, Any] = {**berth.key, "starts_at": period.starts_at, "at": at}
    told = _stories(tx, berth, period, given)
    stays = tx.rows(SQL["list_stays"], **given, limit=MOST_MARKS)
    marks = tx.rows(SQL["list_marks"], **given, space=berth.space, limit=MOST_MARKS)
    orders = [Order(row["started_at"], row["ended_at"], row["plate"]) for row in stays]
    reads = [row["at"] for row in marks if row["kind"] == "case" and row["what"] == "sensor_order_mismatch"]
    gaps = stories.gaps(told, orders, reads, period, names=berth.mode == "magnetometer")
    lanes = [Lane(LaneKind(source), source in told, tuple(_run(one, at) for one in told.get(source, ()))) for source in _KINDS_OF]
    return Day(
        starts_at=period.starts_at,
        ends_at=at,
        lanes=(*lanes, Lane(LaneKind.ORDER, is_installed=True, runs=tuple(_order_run(row, period) for row in stays))),
        marks=tuple(_mark(row) for row in marks),
        mismatches=tuple(_mismatch(gap, at) for gap in gaps),
    )


def _stories(tx: Tx, berth: Berth, period: Period, given: dict[str, Any]) -> dict[Source, list[Stretch]]:
    """Return the story of each source that is installed."""
    watching = tx.rows(SQL["list_watching"], **given, limit=MOST_MARKS)
    said = tx.rows(SQL["list_words"], **given, from_at=period.starts_at - _LOOK_BACK, limit=MOST_WORDS)
    silences = tx.rows(SQL["list_silences"], **given, limit=MOST_MARKS)
    books = [
        Stretch(row["state"], row["starts_at"], row["ends_at"]) for row in tx.rows(SQL["list_books"], **given, limit=MOST_WORDS)
    ]
    told: dict[Source, list[Stretch]] = {}
    for source, kinds in _KINDS_OF.items():
        if any(row["kind"] in kinds for row in watching):
            is_main = (berth.mode in _VIDEO_MODES) == (source is Source.VIDEO)
            words_of = [_word(row) for row in said if row["device_kind"] in kinds]
            quiet = [Period(row["starts_at"], row["ends_at"]) for row in silences if row["device_kind"] in kinds]
            told[source] = stories.story(_from(words_of, period), quiet, _whole(books, period) if is_main else (), period)
    return told


def _from(said: list[Word], period: Period) -> list[Word]:
    """Return the words of a period and the newest before it."""
    before = [word for word in said if word.at <= period.starts_at]
    return [*before[-1:], *(word for word in said if word.at > period.starts_at)]


def _whole(books: Sequence[Stretch], period: Period) -> list[Stretch]:
    """Return what the books say over a period: between the runs they know the berth was free; nothing where they know none."""
    whole: list[Stretch] = []
    for one in books:
        at = whole[-1].ends_at if whole else period.starts_at
        if one.starts_at > at:
            whole.append(Stretch(stories.FREE, at, one.starts_at))
        whole.append(one)
    if whole and whole[-1].ends_at < period.ends_at:
        whole.append(Stretch(stories.FREE, whole[-1].ends_at, period.ends_at))
    return whole


def _word(row: Row) -> Word:
    return Word(row["at"], row["kind"] == "space_occupied", row["device"], row["plate"])


def _run(one: Stretch, at: datetime) -> Run:
    return Run(one.state, one.starts_at, one.ends_at, one.ends_at >= at, masked_or_none(one.plate), None, one.device)


def _order_run(row: Row, period: Period) -> Run:
    is_open = row["ended_at"] is None or row["ended_at"] > period.ends_at
    ends_at = period.ends_at if is_open else row["ended_at"]
    starts_at = max(row["started_at"], period.starts_at)
    plate = masked_or_none(row["plate"])
    return Run("open" if is_open else "closed", starts_at, ends_at, is_open, plate, None if is_open else row["net_fen"], None)


def _mark(row: Row) -> Mark:
    plate = masked_or_none(row["plate"])
    return Mark(row["at"], row["kind"], row["device"], plate, row["fen"], _said(row, plate))


def _said(row: Row, plate: str | None) -> str:
    """Return a mark in words."""
    match row["kind"]:
        case "plate":
            return _("Plate read: %(plate)s", plate=plate)
        case "paid":
            return _("Paid %(yuan)s yuan", yuan=f"{row['fen'] // 100}.{row['fen'] % 100:02d}")
        case "alarm":
            return _("Alarm: %(what)s", what=words.rule(row["what"]))
        case "cleared":
            return _("Alarm over: %(what)s", what=words.rule(row["what"]))
        case "case":
            return words.case(row["what"])
        case "command":
            return str(_COMMANDS.get(row["what"], row["what"]))
        case _:
            return words.case("manual_open")


def _mismatch(gap: Gap, at: datetime) -> Mismatch:
    lanes = tuple(LaneKind(source) for source in gap.sources)
    return Mismatch(gap.starts_at, gap.ends_at, gap.kind.value, lanes, _reason(gap, is_open=gap.ends_at >= at))


def _reason(gap: Gap, *, is_open: bool) -> str:
    """Return why the lanes differ, in a sentence with the city's times."""
    sentence = _STILL_SILENT if is_open and gap.kind is Kind.SENSOR_SILENT else _REASONS[gap.kind]
    start, end = words.time_of(gap.starts_at), words.time_of(gap.ends_at)
    return _(sentence.message, device=gap.device or "", start=start, end=end)
