"""Pictures by the clock: what has served its time goes, a share of the rest is compared with its hashes, all are counted."""

from datetime import timedelta

from obstore.store import ObjectStore

from core.office import switches
from core.office.switches import Switch
from core.stays import checks, pictures, storage, uploads
from core.stays.checks import Check
from ingest.schedule.job import Work


def purge(work: Work) -> str:
    """Delete the bytes of pictures that have served their time, none later than the plate they show, and of unused ones."""
    store, at = pictures.own_store(), work.clock.now()
    with work.database.transaction() as tx:
        kept_for = timedelta(days=min(switches.value_of(tx, one) for one in (Switch.EVIDENCE_DAYS, Switch.PLATE_DAYS)))
        old_n = pictures.purge(tx, out_of=store, kept_for=kept_for, at=at)
        return f"{old_n} pictures, {uploads.purge(tx, out_of=store, at=at)} never used"


def count(work: Work) -> str:
    """Count the pictures that are kept."""
    with work.database.transaction() as tx:
        return f"{storage.count(tx, at=work.clock.now())} lines"


def ask_share(work: Work) -> str:
    """Have the night's share of the pictures compared; `check_asked` does it."""
    with work.database.transaction() as tx:
        checks.ask_share(tx, at=work.clock.now())
    return "asked"


def check_asked(work: Work) -> str:
    """
    Compare the pictures that somebody, or the night, asks for; a batch is a transaction.

    Raises:
        Unavailable: the store does not answer; the check begins anew when its runner has been silent long enough.
    """
    with work.database.transaction() as tx:
        check = checks.claim(tx, at=work.clock.now())
    if check is None:
        return "nothing asked"
    done_n, store = 0, pictures.own_store()
    while batch_n := _compare(work, check, store, done_n=done_n):
        done_n += batch_n
    with work.database.transaction() as tx:
        checks.finish(tx, check, at=work.clock.now())
    return f"{done_n} pictures"


def _compare(work: Work, check: Check, store: ObjectStore, *, done_n: int) -> int:
    """Compare the next pictures of a check; return how many, none at its end."""
    with work.database.transaction() as tx:
        due = checks.list_due(tx, check, done_n=done_n)
    if due:
        verdicts = checks.look(due, out_of=store)
        with work.database.transaction() as tx:
            checks.note_progress(tx, check, checks.note(tx, verdicts, at=work.clock.now()))
    return len(due)
