"""
Guidance: how many places are left at a site, and the screens that show it (M20.11, M20.14). Table screen_number.

The number is counted from stays and states, never by adding and taking one (R23); what cannot be known, or lies outside
of what the site holds, is published as no number at all.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from core.devices import commands
from core.devices.commands import Action, Order
from core.kit.db import Row, Tx
from core.kit.sql import named

SQL = named("stays/guidance")

AGAIN_AFTER: Final = timedelta(seconds=60)
"""A screen that does not show what it was told is told again after so long."""
_MOST: Final = 10_000
"""Numbers on all screens."""


class Shown(NamedTuple):
    """One number a screen says it shows; None: a dash."""

    site_id: UUID
    device_id: UUID
    target_id: UUID
    free: int | None
    at: datetime


def publishable(free: int | None, capacity: int) -> int | None:
    """Return the number as it may be published: none that is unknown or impossible (R23)."""
    return free if free is not None and 0 <= free <= capacity else None


def refresh(tx: Tx, *, at: datetime) -> int:
    """Tell every screen that is heard and whose numbers are no longer right what to show; return how many were told."""
    rows = tx.rows(SQL["list_numbers"], at=at, most=_MOST)
    told = {row["device_id"] for row in rows if _is_to_tell(row, at)}
    by_screen: dict[tuple[UUID, UUID], list[Row]] = {}
    for row in rows:
        if row["device_id"] in told:
            by_screen.setdefault((row["site_id"], row["device_id"]), []).append(row)
    _ask(tx, [row for row in rows if row["device_id"] in told and _is_to_tell(row, at)], at=at)
    return commands.issue(tx, [_order(*screen, numbers, at) for screen, numbers in by_screen.items()], at=at)


def note_shown(tx: Tx, shown: Sequence[Shown]) -> int:
    """Note what screens say they show; return how many numbers those were."""
    newest = {(one.site_id, one.device_id, one.target_id): one for one in sorted(shown, key=lambda one: one.at)}
    if not newest:
        return 0
    return tx.run(
        SQL["note_shown"],
        site_ids=[one.site_id for one in newest.values()],
        device_ids=[one.device_id for one in newest.values()],
        target_ids=[one.target_id for one in newest.values()],
        shown=[one.free for one in newest.values()],
        ats=[one.at for one in newest.values()],
    )


def _is_to_tell(row: Row, at: datetime) -> bool:
    """Tell whether a number is new, has changed, or was told long enough ago without being shown."""
    if row["asked_at"] is None or row["asked"] != publishable(row["free"], row["capacity"]):
        return True
    return bool(row["shown"] != row["asked"] and row["asked_at"] <= at - AGAIN_AFTER)


def _ask(tx: Tx, rows: Sequence[Row], *, at: datetime) -> None:
    if rows:
        tx.run(
            SQL["ask"],
            site_ids=[row["site_id"] for row in rows],
            device_ids=[row["device_id"] for row in rows],
            target_ids=[row["target_id"] for row in rows],
            asked=[publishable(row["free"], row["capacity"]) for row in rows],
            at=at,
        )


def _order(site_id: UUID, device_id: UUID, numbers: Iterable[Row], at: datetime) -> Order:
    shown = [{"target": row["target"], "free": publishable(row["free"], row["capacity"])} for row in numbers]
    return Order(site_id, device_id, Action.SHOW, f"show/{at.isoformat()}", {"rows": shown})
