"""
Alarms: what requires a response of people, raised and cleared by rule. Table alarm.

A rule reads facts and returns conditions; a certain one raises an alarm, an uncertain one only keeps an alarm up for a
while, so that what flickers does not ring. No memory is kept beside the facts: judging twice is judging once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from psycopg.types.json import Jsonb

from core.kit.clock import city_date
from core.kit.db import Row, Tx
from core.kit.ids import derived_id, uuid7
from core.kit.sql import named
from core.office import switches
from core.office.switches import Switch

SQL = named("upkeep/alarms")

MOST: Final = 20_000
"""Conditions one rule may return; a rule that returns so many clears nothing in that run."""


class Rule(StrEnum):
    """What an alarm is about."""

    GATEWAY_SILENT = "gateway_silent"
    SENSORS_OFFLINE = "sensors_offline"
    OVERSTAY = "overstay"
    EVASION = "evasion"
    UNKNOWN_DEVICE = "unknown_device"
    DEAD_LETTERS = "dead_letters"
    SCREEN_DRIFT = "screen_drift"
    AREA_FULL = "area_full"
    CLONED_PLATE = "cloned_plate"
    BLOCKED_VEHICLE = "blocked_vehicle"
    WATCHED_VEHICLE = "watched_vehicle"
    GUESSING = "guessing"
    EVIDENCE_DAMAGED = "evidence_damaged"
    CALENDAR_UNKNOWN = "calendar_unknown"


PRIORITY: Final[Mapping[Rule, int]] = MappingProxyType(
    {
        Rule.GATEWAY_SILENT: 1,
        Rule.SENSORS_OFFLINE: 2,
        Rule.OVERSTAY: 2,
        Rule.EVASION: 3,
        Rule.UNKNOWN_DEVICE: 2,
        Rule.DEAD_LETTERS: 2,
        Rule.SCREEN_DRIFT: 3,
        Rule.AREA_FULL: 2,
        Rule.CLONED_PLATE: 3,
        Rule.BLOCKED_VEHICLE: 2,
        Rule.WATCHED_VEHICLE: 3,
        Rule.GUESSING: 2,
        Rule.EVIDENCE_DAMAGED: 2,
        Rule.CALENDAR_UNKNOWN: 2,
    }
)
"""1 urgent, 2 important, 3 ordinary."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on something requires a response. A device's silence has passed three of its intervals before."""

    back_for: timedelta = timedelta(seconds=60)
    """How long a device must be heard again before its alarm is cleared."""
    group_n: int = 5
    """Sensors of one site that are offline together."""
    overstay_after: timedelta = timedelta(hours=24)
    evasion_after: timedelta = timedelta(minutes=30)
    """Collectors need their minutes to reach a car."""
    window: timedelta = timedelta(minutes=10)
    """How far back unknown devices and dead letters are counted."""
    dead_letter_n: int = 20
    """More dead letters than this in a window."""
    guess_n: int = 5
    """Tries to sign in of a window that were turned away without a look, because too many had failed before."""
    screen_drift_n: int = 3
    """Places by which a screen may differ from what is left."""
    screen_drift_after: timedelta = timedelta(seconds=60)
    """A screen has this long to show what it was told."""
    area_full_pct: float = 95
    """Occupancy of a district's known berths, per cent."""
    area_clear_points: float = 5
    """By how much it must have fallen before its alarm is cleared."""
    area_least_n: int = 20
    """Fewer known berths say nothing of a district."""
    calendar_ahead: timedelta = timedelta(days=75)
    """How long before it begins a year must be published: notices of a year come in its autumn before."""
    clone_for: timedelta = timedelta(hours=24)
    """How long people look for a plate that was read in two places."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a rule holds against a subject; `detail` always has `n`, how many things it is about."""

    site_id: UUID | None
    subject_id: UUID
    is_certain: bool
    detail: dict[str, Any]  # shown as it is; each rule has its own words


@dataclass(frozen=True, slots=True)
class Changes:
    """How many alarms a judgement raised and cleared."""

    raised_n: int = 0
    cleared_n: int = 0

    def __add__(self, other: "Changes") -> "Changes":
        return Changes(self.raised_n + other.raised_n, self.cleared_n + other.cleared_n)


def limits(tx: Tx) -> Limits:
    """Return from where on something requires a response here, as the operator set it."""
    own = switches.values(tx)
    return Limits(
        overstay_after=timedelta(hours=own[Switch.OVERSTAY_AFTER_H]),
        evasion_after=timedelta(minutes=own[Switch.EVASION_AFTER_MIN]),
        screen_drift_n=own[Switch.SCREEN_DRIFT_N],
        area_full_pct=own[Switch.AREA_FULL_PCT],
    )


def judge(tx: Tx, *, limits: Limits, at: datetime) -> Changes:
    """Hold every rule against the facts of this instant; raise and clear alarms."""
    changes = Changes()
    for rule, find in _FINDERS.items():
        changes += _apply(tx, rule=rule, conditions=find(tx, limits, at), at=at)
    return changes


def _apply(tx: Tx, *, rule: Rule, conditions: Sequence[Condition], at: datetime) -> Changes:
    certain = [condition for condition in conditions if condition.is_certain]
    raised_n = tx.value(
        SQL["raise_alarms"],
        rule=rule,
        priority=PRIORITY[rule],
        at=at,
        alarm_ids=[uuid7() for _condition in certain],
        site_ids=[condition.site_id for condition in certain],
        subject_ids=[condition.subject_id for condition in certain],
        details=[Jsonb(condition.detail) for condition in certain],
    )
    if len(conditions) >= MOST:
        return Changes(raised_n)
    kept = [condition.subject_id for condition in conditions]
    return Changes(raised_n, tx.run(SQL["clear_alarms"], rule=rule, kept=kept, at=at))


def _gateway_silent(tx: Tx, limits: Limits, at: datetime) -> list[Condition]:
    return [_condition(row) for row in tx.rows(SQL["list_gateway_silent"], at=at, back_for=limits.back_for, most=MOST)]


def _sensors_offline(tx: Tx, limits: Limits, at: datetime) -> list[Condition]:
    found = tx.rows(SQL["list_sensors_offline"], at=at, back_for=limits.back_for, group_n=limits.group_n, most=MOST)
    return [_condition(row) for row in found]


def _overstay(tx: Tx, limits: Limits, at: datetime) -> list[Condition]:
    return [_condition(row) for row in tx.rows(SQL["list_overstay"], at=at, overstay_after=limits.overstay_after, most=MOST)]


def _evasion(tx: Tx, limits: Limits, at: datetime) -> list[Condition]:
    return [_condition(row) for row in tx.rows(SQL["list_evasion"], at=at, evasion_after=limits.evasion_after, most=MOST)]


def _area_full(tx: Tx, limits: Limits, _at: datetime) -> list[Condition]:
    found = tx.rows(
        SQL["list_area_full"],
        full_pct=limits.area_full_pct,
        clear_pct=limits.area_full_pct - limits.area_clear_points,
        least_n=limits.area_least_n,
        most=MOST,
    )
    return [_condition(row) for row in found]


def _blocked_vehicle(tx: Tx, _limits: Limits, at: datetime) -> list[Condition]:
    return [_condition(row) for row in tx.rows(SQL["list_listed"], kind="block", at=at, most=MOST)]


def _watched_vehicle(tx: Tx, _limits: Limits, at: datetime) -> list[Condition]:
    return [_condition(row) for row in tx.rows(SQL["list_listed"], kind="watch", at=at, most=MOST)]


def _unknown_device(tx: Tx, limits: Limits, at: datetime) -> list[Condition]:
    """Name the subject after the address that the unknown device speaks under: it has no other identity."""
    return [
        Condition(
            site_id=row["site_id"],
            subject_id=derived_id(Rule.UNKNOWN_DEVICE, row["site_id"], row["gateway"], row["device"]),
            is_certain=True,
            detail={"gateway": row["gateway"], "device": row["device"], "n": row["n"]},
        )
        for row in tx.rows(SQL["list_unknown_device"], at=at, since=at - limits.window, most=MOST)
    ]


def _dead_letters(tx: Tx, limits: Limits, at: datetime) -> list[Condition]:
    """Judge the whole door at once; half the number keeps an alarm up."""
    count = int(tx.value(SQL["count_dead_letters"], at=at, since=at - limits.window))
    if 2 * count <= limits.dead_letter_n:
        return []
    is_certain = count > limits.dead_letter_n
    return [Condition(site_id=None, subject_id=derived_id(Rule.DEAD_LETTERS), is_certain=is_certain, detail={"n": count})]


def _guessing(tx: Tx, limits: Limits, at: datetime) -> list[Condition]:
    """Judge the whole entrance at once: who guesses, and whose account, is for the log of sign-ins."""
    count = int(tx.value(SQL["count_turned_away"], at=at, since=at - limits.window))
    if count == 0:
        return []
    return [Condition(site_id=None, subject_id=derived_id(Rule.GUESSING), is_certain=count >= limits.guess_n, detail={"n": count})]


def _calendar_unknown(tx: Tx, limits: Limits, at: datetime) -> list[Condition]:
    """Judge the calendar in use: every day of this year, and of the next one in time. One that nobody began is not needed."""
    today = city_date(at)
    return [
        Condition(
            site_id=None,
            subject_id=derived_id(Rule.CALENDAR_UNKNOWN, str(row["year"])),
            is_certain=True,
            detail={"n": row["n"], "year": row["year"]},
        )
        for row in tx.rows(SQL["list_calendar_unknown"], from_on=today, to_on=city_date(at + limits.calendar_ahead))
    ]


def _evidence_damaged(tx: Tx, _limits: Limits, _at: datetime) -> list[Condition]:
    """Judge the whole store at once: which pictures are lost or altered is for their own list."""
    count = int(tx.value(SQL["count_damaged_pictures"]))
    if count == 0:
        return []
    return [Condition(site_id=None, subject_id=derived_id(Rule.EVIDENCE_DAMAGED), is_certain=True, detail={"n": count})]


def _screen_drift(tx: Tx, limits: Limits, at: datetime) -> list[Condition]:
    since = at - limits.screen_drift_after
    return [_condition(row) for row in tx.rows(SQL["list_screen_drift"], since=since, drift_n=limits.screen_drift_n, most=MOST)]


def _cloned_plate(tx: Tx, limits: Limits, at: datetime) -> list[Condition]:
    return [_condition(row) for row in tx.rows(SQL["list_cloned_plate"], at=at, since=at - limits.clone_for, most=MOST)]


def _condition(row: Row) -> Condition:
    return Condition(**row)


_FINDERS: Final[Mapping[Rule, Callable[[Tx, Limits, datetime], list[Condition]]]] = MappingProxyType(
    {
        Rule.GATEWAY_SILENT: _gateway_silent,
        Rule.SENSORS_OFFLINE: _sensors_offline,
        Rule.OVERSTAY: _overstay,
        Rule.EVASION: _evasion,
        Rule.UNKNOWN_DEVICE: _unknown_device,
        Rule.DEAD_LETTERS: _dead_letters,
        Rule.SCREEN_DRIFT: _screen_drift,
        Rule.AREA_FULL: _area_full,
        Rule.CLONED_PLATE: _cloned_plate,
        Rule.BLOCKED_VEHICLE: _blocked_vehicle,
        Rule.WATCHED_VEHICLE: _watched_vehicle,
        Rule.GUESSING: _guessing,
        Rule.EVIDENCE_DAMAGED: _evidence_damaged,
        Rule.CALENDAR_UNKNOWN: _calendar_unknown,
    }
)
