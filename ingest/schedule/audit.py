"""The chain of the audit: what was noted is sealed, and the newest seal is told outside of the database."""

from core.access import seals
from ingest.schedule.job import Work


def seal(work: Work) -> str:
    """Put what the audit noted into its chain."""
    with work.database.transaction() as tx:
        return f"{seals.seal(tx)} entries"


def anchor(work: Work) -> str:
    """Write the newest hash of the audit outside of the database."""
    if work.anchor is None:
        return "nowhere to write to"
    with work.database.transaction() as tx:
        newest = seals.head(tx)
    is_news = seals.anchor(work.anchor, newest, at=work.clock.now())
    return f"{newest.seal_no} anchored" if is_news else "no news"
