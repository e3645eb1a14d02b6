"""
Barriers: what each opening was for. Tables barrier_opening, review_case; reads event.

An opening without a vehicle is looked at, whoever opened (R16); a vehicle without an opening that followed another one is
told to the pipeline by the caller, as a message of our own (R15). Both wait until what belongs to them must have arrived,
and a passage that arrives later still explains its opening.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from core.kit.db import Row, Tx
from core.kit.ids import derived_id
from core.kit.moments import ms_of
from core.kit.sql import named
from core.stays.rules import barriers as rules
from core.stays.rules.barriers import Passage

SQL = named("stays/barriers")

SETTLED_AFTER: Final = timedelta(seconds=90)
"""Longer than a vehicle takes, so that what belongs to an opening has been heard, too."""
LOOK_BACK: Final = timedelta(minutes=30)
"""Openings this young are matched anew each time."""
HOPE_FOR: Final = timedelta(hours=26)
"""How long the passage of an opening may still arrive, from a lot that was cut off."""
MOST: Final = 20_000
MANUAL, IDLE = "manual_open", "idle_opening"


class Opening(NamedTuple):
    """One opening of a barrier, as its gate tells it."""

    site_id: UUID
    event_id: UUID
    lane_id: UUID
    at: datetime
    is_manual: bool
    operator: str | None


@dataclass(frozen=True, slots=True)
class Tailgater:
    """A vehicle that followed another one through; the camera that saw it and what it read."""

    site_code: str
    gateway_code: str
    code: str
    lane: str
    at: datetime
    plate: str
    colour: str


@dataclass(frozen=True, slots=True)
class Audit:
    """What one look at the barriers found."""

    tailgaters: tuple[Tailgater, ...]
    opened_n: int
    explained_n: int


def note(tx: Tx, openings: Sequence[Opening]) -> int:
    """Keep openings; return how many were new."""
    if not openings:
        return 0
    return tx.run(
        SQL["note"],
        site_ids=[one.site_id for one in openings],
        event_ids=[one.event_id for one in openings],
        lane_ids=[one.lane_id for one in openings],
        ats=[one.at for one in openings],
        manuals=[one.is_manual for one in openings],
        operators=[one.operator for one in openings],
    )


def audit(tx: Tx, *, at: datetime) -> Audit:
    """Match the openings of the last half hour, and older ones that wait for a vehicle; open and withdraw cases."""
    until = at - SETTLED_AFTER
    openings = tx.rows(SQL["list_openings"], young=until - LOOK_BACK, old=until - HOPE_FOR, until=until, most=MOST)
    if not openings:
        return Audit((), 0, 0)
    passages = _passages(tx, openings, until=until)
    matched: dict[UUID, Passage] = {}
    tailgaters: list[Tailgater] = []
    for lane, own in _by_lane(openings).items():
        seen = {row["event_id"]: row for row in passages.get(lane, ())}
        found = [Passage(ms_of(row["at"]), row["event_id"], row["subject_id"], row["way"]) for row in seen.values()]
        of_lane = rules.match([rules.Opening(ms_of(row["at"]), row["event_id"]) for row in own], found)
        matched |= of_lane
        tailgaters += [_tailgater(row) for one in rules.tailgaters(found, of_lane) if (row := seen[one.passage_id])["is_news"]]
    _save_matches(tx, openings, matched)
    opened_n, explained_n = _keep_cases(tx, openings, matched)
    return Audit(tuple(tailgaters), opened_n, explained_n)


def _passages(tx: Tx, openings: Sequence[Row], *, until: datetime) -> dict[tuple[UUID, UUID], list[Row]]:
    """Return the passages near the openings by lane, but for those that belong to other openings."""
    rows = tx.rows(
        SQL["list_passages"],
        site_ids=[row["site_id"] for row in openings],
        lane_ids=[row["lane_id"] for row in openings],
        ats=[row["at"] for row in openings],
        event_ids=[row["event_id"] for row in openings],
        lead=timedelta(milliseconds=rules.LEAD_MS),
        reach=timedelta(milliseconds=rules.REACH_MS + rules.FOLLOW_MS),
        until=until,
    )
    found: dict[tuple[UUID, UUID], list[Row]] = defaultdict(list)
    for row in rows:
        found[row["site_id"], row["lane_id"]].append(row)
    return found


def _by_lane(openings: Iterable[Row]) -> dict[tuple[UUID, UUID], list[Row]]:
    lanes: dict[tuple[UUID, UUID], list[Row]] = defaultdict(list)
    for row in openings:
        lanes[row["site_id"], row["lane_id"]].append(row)
    return lanes


def _tailgater(row: Row) -> Tailgater:
    names = ("site_code", "gateway_code", "code", "lane", "at", "plate", "colour")
    return Tailgater(**{name: row[name] for name in names})


def _save_matches(tx: Tx, openings: Sequence[Row], matched: dict[UUID, Passage]) -> None:
    told = {row["event_id"]: passage.passage_id if (passage := matched.get(row["event_id"])) else None for row in openings}
    changed = [row for row in openings if row["passage_id"] != told[row["event_id"]]]
    if changed:
        tx.run(
            SQL["save_matches"],
            site_ids=[row["site_id"] for row in changed],
            event_ids=[row["event_id"] for row in changed],
            passage_ids=[told[row["event_id"]] for row in changed],
        )


def _keep_cases(tx: Tx, openings: Sequence[Row], matched: dict[UUID, Passage]) -> tuple[int, int]:
    """Have a person look at openings for nobody; return how many cases were opened, and how many explained themselves."""
    idle = [row for row in openings if row["event_id"] not in matched]
    explained = [row for row in openings if row["event_id"] in matched]
    opened_n = tx.run(
        SQL["open_cases"],
        site_ids=[row["site_id"] for row in idle],
        case_ids=[_case_of(row) for row in idle],
        kinds=[_kind_of(row) for row in idle],
        lane_ids=[row["lane_id"] for row in idle],
        event_ids=[row["event_id"] for row in idle],
        opened=[row["at"] for row in idle],
        operators=[row["operator"] for row in idle],
    )
    explained_n = tx.run(
        SQL["withdraw_cases"],
        site_ids=[row["site_id"] for row in explained],
        case_ids=[_case_of(row) for row in explained],
    )
    return opened_n, explained_n


def _kind_of(row: Row) -> str:
    return MANUAL if row["is_manual"] else IDLE


def _case_of(row: Row) -> UUID:
    return derived_id("case", row["site_id"], _kind_of(row), row["event_id"])
