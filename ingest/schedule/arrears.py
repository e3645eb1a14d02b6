"""Claims unpaid a day after the departure become arrears: found, booked and saved, batch by batch."""

from typing import Final

from core.finance import booking
from core.finance.ledger import Books
from core.kit.moments import ms_of
from core.orders import arrears, claims
from ingest.schedule.job import Work

BATCH: Final = 500


def move_overdue(work: Work) -> str:
    """Move every overdue claim to the arrears."""
    moved_n = 0
    while True:
        batch_n = _move_batch(work)
        moved_n += batch_n
        if batch_n == 0:
            return f"{moved_n} claims"


def _move_batch(work: Work) -> int:
    at = work.clock.now()
    with work.database.transaction() as tx:
        overdue = arrears.find_overdue(tx, at=at, most=BATCH)
        if not overdue.claims.orders:
            return 0
        books = {site_id: Books(site.code, site.business) for site_id, site in overdue.sites.items()}
        paid_fen = booking.book_claims(tx, overdue.claims, books=books, booked_ms=ms_of(at))
        return len(claims.save(tx, overdue.claims, paid_fen, at_ms=ms_of(at)))
