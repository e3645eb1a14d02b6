"""
The collectors of the demo city: they come to their shifts, nearly all of them, nearly always in time, and go home.

Who comes and when is drawn from the seed and the shift, so that a repeat changes nothing. Table duty.
"""

import random
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from core.kit.db import Tx
from core.places import deployments, spaces
from core.staff import duties
from ingest.simulator import city, places

COMES: Final = 0.97
EARLIEST: Final = timedelta(minutes=10)
"""How long before a shift somebody may sign in to it."""
LATEST_S: Final = 780
"""A few come up to thirteen minutes late; ten are in time."""
_PLANNED_AHEAD: Final = timedelta(days=5)


def attend(tx: Tx, *, at: datetime) -> tuple[int, int]:
    """Let collectors sign in and out, and plan the days ahead; return how many signed in and out. A real city is left alone."""
    deployment = deployments.find(tx)
    if deployment is None or deployment.demo_seed is None:
        return 0, 0
    last = duties.last_planned(tx)
    if last is None or last < at + _PLANNED_AHEAD:
        city.plan_duties(tx, places.layout(deployment.demo_seed, spaces.count_demo(tx)), at)
    waiting = duties.list_not_signed_in(tx, at=at, ahead=EARLIEST)
    came = [(duty_id, _comes_at(duty_id, begins, deployment.demo_seed)) for duty_id, begins in waiting]
    signed_in = duties.sign_in(tx, [(duty_id, came_at) for duty_id, came_at in came if came_at is not None and came_at <= at])
    return signed_in, duties.sign_out_after(tx, at=at)


def _comes_at(duty_id: UUID, begins: datetime, seed: int) -> datetime | None:
    """Return when somebody comes to a shift; None: not at all."""
    luck = random.Random(f"{seed}/{duty_id}")
    if luck.random() >= COMES:
        return None
    late_s = luck.triangular(-EARLIEST.total_seconds(), LATEST_S, -120)
    return begins + timedelta(seconds=round(late_s))
