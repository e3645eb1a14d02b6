"""The chain of the audit: what was noted is sealed, and the newest seal is told outside of the database."""

from core.access import operations, retention, seals
from core.kit.errors import Refused
from core.settings import settings
from ingest.schedule.job import Work


def seal(work: Work) -> str:
    """Put what the audit noted into its chain."""
    with work.database.transaction() as tx:
        return f"{seals.seal(tx)} entries"


class Tampered(Refused):
    """Somebody changed the audit."""


def verify(work: Work) -> str:
    """
    Work the chain out anew and keep what was found.

    Raises:
        Tampered: it is broken.
    """
    at = work.clock.now()
    anchors = seals.NOWHERE if work.anchor is None else seals.anchored(work.anchor)
    with work.database.transaction() as tx:
        verdict = seals.verify(tx, anchors=anchors, at=at)
    with work.database.transaction() as tx:
        operations.keep_check(tx, verdict=verdict, at=at)
    if verdict.faults:
        raise Tampered(verdict.faults[0])
    return f"{verdict.sealed_n} entries as they were written"


def anchor(work: Work) -> str:
    """Write the newest hash of the audit outside of the database."""
    if work.anchor is None:
        return "nowhere to write to"
    with work.database.transaction() as tx:
        newest = seals.head(tx)
    is_news = seals.anchor(work.anchor, newest, at=work.clock.now())
    return f"{newest.seal_no} anchored" if is_news else "no news"


def retire(work: Work) -> str:
    """Take the oldest month of the audit away once it has served its time; where nothing is anchored, all is kept."""
    if work.anchor is None:
        return "nothing proves the chain"
    at, kept = work.clock.now(), settings().audit_kept_months
    gone = retention.retire(work.database, anchor_file=work.anchor, kept_months=kept, at=at)
    return "no month is old enough" if gone is None else f"{gone.entry_n} entries of {gone.month:%Y-%m}"
