"""The chain of the audit: what was noted is sealed, and the newest seal is told outside of the database."""

from core.access import operations, seals
from core.kit.errors import Refused
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
    anchors = {} if work.anchor is None else seals.anchored(work.anchor)
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
