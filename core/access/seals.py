"""
Seals: the chain that shows when somebody changed the audit. Tables audit_seal, audit_entry.

One sealer at a time puts entries in a row; the hash of each covers the hash before it. The newest hash is also written to
the *anchor*, a file outside the database, so that neither a cut tail nor a chain made anew goes unseen. Where months that
have served their time are taken away (`core.access.retention`), the anchor says up to which seal: the chain begins there.
"""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from core.kit.db import Database, Row, Tx
from core.kit.locale import _
from core.kit.sql import named

SQL = named("access/seals")

MOST: Final = 10_000
"""Entries sealed in one transaction."""
LATE: Final = timedelta(days=1)
"""How far behind the newest sealed entry one may still come in."""
SEALED_WITHIN: Final = timedelta(minutes=10)
_LOCK: Final = 0x7365_616C
_FIRST: Final = bytes(32)
_MOST_FAULTS: Final = 100
_AT_ONCE: Final = 5_000
_CUT: Final = "cut"
_LINE: Final = re.compile(rf"\S+ (?P<number>\d+) (?P<hash>[0-9a-f]{{64}})(?P<cut> {_CUT})?")


@dataclass(frozen=True, slots=True)
class Head:
    """The newest seal; number 0 before the first."""

    seal_no: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Anchored:
    """What a file outside the database knows: hashes by number, and the seal up to which the chain was taken away."""

    hashes: Mapping[int, str]
    cut: Head

    @property
    def newest_no(self) -> int:
        """Return the number of the newest seal it knows; 0 where it knows none."""
        return max(self.hashes, default=0)


NOWHERE: Final = Anchored({}, Head(0, _FIRST))
"""The anchor of those who have none."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: how many entries stand in the chain, and a sentence for each fault."""

    sealed_n: int
    faults: tuple[str, ...]


def head(tx: Tx) -> Head:
    """Return the newest seal."""
    row = tx.row(SQL["head"])
    return Head(0, _FIRST) if row is None else Head(row["seal_no"], bytes(row["hash"]))


def seal(tx: Tx, *, most: int = MOST) -> int:
    """Seal what was written since the last time, in the order in which it was noted; return how many entries."""
    if not tx.value(SQL["try_lock"], key=_LOCK):
        return 0
    last = head(tx)
    rows = tx.rows(SQL["unsealed"], late=LATE, most=most)
    number, previous, seals = last.seal_no, last.hash, []
    for row in rows:
        number += 1
        previous = link(previous, number, row["text"])
        seals.append((number, row["entry_id"], row["noted_at"], previous))
    if seals:
        numbers, entry_ids, noted, hashes = (list(column) for column in zip(*seals, strict=True))
        tx.run(SQL["add"], numbers=numbers, entry_ids=entry_ids, noted=noted, hashes=hashes)
    return len(seals)


def link(previous: bytes, number: int, text: str) -> bytes:
    """Return the hash of an entry that follows another."""
    return hashlib.sha256(previous + number.to_bytes(8, "big") + text.encode()).digest()


def anchor(file: Path, newest: Head, *, at: datetime) -> bool:
    """Write the newest seal to the anchor, through to the disk; tell whether it was news."""
    if newest.seal_no == 0 or newest.seal_no in anchored(file).hashes:
        return False
    _add_line(file, f"{at.isoformat(timespec='seconds')} {newest.seal_no} {newest.hash.hex()}\n")
    return True


def cut(file: Path, last: Head, *, at: datetime) -> None:
    """Write to the anchor, through to the disk, up to which seal the chain is taken away."""
    _add_line(file, f"{at.isoformat(timespec='seconds')} {last.seal_no} {last.hash.hex()} {_CUT}\n")


def anchored(file: Path) -> Anchored:
    """Return what the anchor knows; a line that was cut by a crash counts as none."""
    text = file.read_text("ascii", errors="replace") if file.exists() else ""
    hashes: dict[int, str] = {}
    last = Head(0, _FIRST)
    for found in filter(None, map(_LINE.fullmatch, text.splitlines())):
        hashes[int(found["number"])] = found["hash"]
        if found["cut"] and int(found["number"]) > last.seal_no:
            last = Head(int(found["number"]), bytes.fromhex(found["hash"]))
    return Anchored(hashes, last)


def verify(tx: Tx, *, anchors: Anchored, at: datetime) -> Verdict:
    """Work the whole chain out anew, compare it with what is stored and with the anchor; stop at too many faults."""
    faults: list[str] = []
    number, previous = anchors.cut.seal_no, anchors.cut.hash
    for row in _sealed(tx, after=number):
        faults += _faults(row, number + 1, previous, anchors.hashes)
        number, previous = row["seal_no"], bytes(row["hash"])
        if len(faults) >= _MOST_FAULTS:
            return Verdict(number, tuple(faults))
    if number < (known := anchors.newest_no):
        faults.append(_("The anchor knows %(n)s entries, the database %(m)s: the newest are gone.", n=known, m=number))
    if unsealed := int(tx.value(SQL["count_unsealed"], before=at - SEALED_WITHIN)):
        faults.append(_("%(n)s entries stand outside of the chain.", n=unsealed))
    return Verdict(number, tuple(faults))


def verify_now(database: Database, *, anchor_file: Path, at: datetime) -> tuple[int, tuple[str, ...]]:
    """Seal what is waiting and check the chain; return how many entries it has and what is wrong with it."""
    with database.transaction() as tx:
        seal(tx)
    with database.transaction() as tx:
        found = verify(tx, anchors=anchored(anchor_file), at=at)
    return found.sealed_n, found.faults


def _faults(row: Row, number: int, previous: bytes, anchors: Mapping[int, str]) -> Iterator[str]:
    """Yield what is wrong with the seal that should have a number."""
    if row["seal_no"] != number:
        yield _("Seal %(n)s is missing.", n=number)
    if row["text"] is None:
        yield _("The entry of seal %(n)s is missing.", n=number)
    elif link(previous, row["seal_no"], row["text"]) != bytes(row["hash"]):
        yield _("Entry %(n)s was changed, or its seal was.", n=number)
    anchored_hash = anchors.get(row["seal_no"])
    if anchored_hash is not None and anchored_hash != bytes(row["hash"]).hex():
        yield _("Seal %(n)s is not the one that was anchored.", n=number)


def _sealed(tx: Tx, *, after: int) -> Iterator[Row]:
    """Yield the seals behind a number in order, each with the text of its entry, a portion at a time."""
    while rows := tx.rows(SQL["list_sealed"], after=after, limit=_AT_ONCE):
        yield from rows
        after = rows[-1]["seal_no"]


def _add_line(file: Path, line: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="ascii") as lines:
        lines.write(line)
        lines.flush()
        os.fsync(lines.fileno())
