"""Purge: what has served its time goes. Tables door_request, message_attempt, job_run, device_command, sign_in_attempt, session."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from core.kit.db import Tx
from core.kit.sql import named

SQL = named("upkeep/purge")

DOOR_REQUESTS_KEPT: Final = timedelta(hours=72)
"""Partners repeat a request for up to 25 hours; each repeat must find its answer."""
MESSAGE_ATTEMPTS_KEPT: Final = timedelta(hours=24)
JOB_RUNS_KEPT: Final = timedelta(days=7)
NUMBERS_KEPT: Final = timedelta(days=2)
"""What screens were told; what locks were told stays."""
SIGN_INS_KEPT: Final = timedelta(days=184)
"""Half a year, as the law asks of such records."""
MOST: Final = 20_000
"""Rows of a table in one transaction."""


def purge(tx: Tx, *, jobs: Sequence[str], at: datetime) -> int:
    """
    Delete what is older than it is kept, at most `MOST` rows a table; return how many rows.

    `jobs` names the jobs that come again and again, whose old runs nobody asks for.
    """
    return (
        tx.run(SQL["purge_door_requests"], before=at - DOOR_REQUESTS_KEPT, most=MOST)
        + tx.run(SQL["purge_message_attempts"], before=at - MESSAGE_ATTEMPTS_KEPT, most=MOST)
        + tx.run(SQL["purge_job_runs"], before=at - JOB_RUNS_KEPT, jobs=list(jobs), most=MOST)
        + tx.run(SQL["purge_numbers"], before=at - NUMBERS_KEPT, most=MOST)
        + tx.run(SQL["purge_sign_in_attempts"], before=at - SIGN_INS_KEPT, most=MOST)
        + tx.run(SQL["purge_sessions"], before=at - SIGN_INS_KEPT, most=MOST)
    )
