"""
Retention: how long the audit is kept. A month goes whole, after a file outside the database has proved its chain.

Tables audit_entry, audit_seal. The anchor is told first up to which seal the chain is taken away, so that a crash in between
loses nothing, and whoever takes away what the anchor does not tell of is found out. Entries are sealed up to a day late: the
few of the next month that were sealed before the last of this one stay, with their seals, but the chain begins behind them.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path

from core.access import audit, seals
from core.access.audit import Entry, Outcome, Who
from core.access.seals import LATE, Head
from core.kit.db import Database, Tx
from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.sql import named

SQL = named("access/retention")


class NotProved(Refused):
    """The chain does not hold, or the anchor does not know the month yet."""


@dataclass(frozen=True, slots=True)
class Retired:
    """A month that was taken away; `cut` is the seal at which the chain ended before what is left."""

    month: date
    entry_n: int
    cut: Head


def make_month(tx: Tx, month: date) -> None:
    """Have a month ready that entries will fall into."""
    tx.run(SQL["make_month"], month=month)


def retire(database: Database, *, anchor_file: Path, kept_months: int, at: datetime) -> Retired | None:
    """
    Take the oldest month away if it was kept long enough and the anchor proves it; None where none is old enough.

    Raises:
        NotProved: nothing is taken away.
    """
    with database.transaction() as tx:
        month = _due(tx, kept_months=kept_months, at=at)
        if month is None:
            return None
        last = _proved(tx, anchor_file=anchor_file, month=month, at=at)
    if last.seal_no:
        seals.cut(anchor_file, last, at=at)
    with database.transaction() as tx:
        entry_n: int = tx.value(SQL["retire"], month=month, upto=last.seal_no)
        _tell(tx, Retired(month, entry_n, last), at=at)
    return Retired(month, entry_n, last)


def _due(tx: Tx, *, kept_months: int, at: datetime) -> date | None:
    """Return the oldest month if it was kept long enough, counted in whole months after its end."""
    month: date | None = tx.value(SQL["oldest_month"])
    if month is None:
        return None
    return month if at >= _ends_at(month, later=kept_months) + LATE else None


def _proved(tx: Tx, *, anchor_file: Path, month: date, at: datetime) -> Head:
    """Return the last seal of a month, once chain and anchor agree on it; of an empty one where the chain begins anyway."""
    anchors = seals.anchored(anchor_file)
    row = tx.row(SQL["last_seal"], starts_at=_ends_at(month, later=-1), ends_at=_ends_at(month))
    last = anchors.cut if row is None else Head(row["seal_no"], bytes(row["hash"]))
    if last.seal_no and last.seal_no == seals.head(tx).seal_no:
        raise NotProved(_("Nothing was sealed after seal %(n)s; nothing is taken away.", n=last.seal_no))
    if last.seal_no > anchors.newest_no:
        raise NotProved(_("The anchor does not know seal %(n)s yet; nothing is taken away.", n=last.seal_no))
    if faults := seals.verify(tx, anchors=anchors, at=at).faults:
        raise NotProved(_("The chain does not hold, nothing is taken away: %(fault)s", fault=faults[0]))
    return last


def _ends_at(month: date, *, later: int = 0) -> datetime:
    """Return the end of a UTC month, or of that so many months later."""
    count = month.year * 12 + month.month + later
    return datetime.combine(date(count // 12, count % 12 + 1, 1), time.min, UTC)


def _tell(tx: Tx, gone: Retired, *, at: datetime) -> None:
    after = {"entries": gone.entry_n, "seal_no": gone.cut.seal_no, "hash": gone.cut.hash.hex()}
    subject = f"{gone.month:%Y-%m}"
    audit.add(tx, Entry(at, "audit.retire", Outcome.DONE, actor_kind=Who.PRODUCT, subject=subject, after=after))
