"""
Sums: how many spaces are in which state now, and since when altogether, by site. Table running_sum.

They are written with the timelines they sum up, in one transaction, so that a screen that asks every second reads a few rows
of a site and never its spaces (D8). `compare` derives them again from the timelines.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final, NamedTuple
from uuid import UUID

from core.kit.clock import city_date, city_zone
from core.kit.db import Row, Tx
from core.kit.moments import moment
from core.kit.sql import named

SQL = named("stays/sums")

MOST: Final = 100_000
"""Wrong rows that are looked at in one run."""


class Standing(NamedTuple):
    """The state a space of a site is in, and since when, in milliseconds since 1970."""

    site_id: UUID
    state: str
    since_ms: int


_Key = tuple[UUID, str, date]


def add(tx: Tx, *, gone: Iterable[Standing], come: Iterable[Standing]) -> None:
    """Take out what spaces were and put in what they are; the locks of the sites are held."""
    sums: dict[_Key, list[int]] = {}
    for sign, standings in ((-1, gone), (1, come)):
        for one in standings:
            row = sums.setdefault((one.site_id, one.state, city_date(moment(one.since_ms))), [0, 0])
            row[0] += sign
            row[1] += sign * (one.since_ms // 1000)
    _add(tx, {key: (n, since_s) for key, (n, since_s) in sums.items() if n or since_s})


def compare(tx: Tx) -> list[Row]:
    """
    Return what the sums lack of the timelines; nothing where all is well. Writers may go on meanwhile.

    Columns: site_id, state, since_on, space_n and since_s; negative is what they have too much.
    """
    return tx.rows(SQL["list_lacking"], zone=city_zone().key, most=MOST)


def mend(tx: Tx) -> int:
    """Put the sums right from the timelines, the locks of all sites held; return how many were wrong."""
    lacking = compare(tx)
    _add(tx, {(row["site_id"], row["state"], row["since_on"]): (row["space_n"], row["since_s"]) for row in lacking})
    return len(lacking)


def _add(tx: Tx, sums: dict[_Key, tuple[int, int]]) -> None:
    if not sums:
        return
    keys = list(sums)
    columns = {"site_ids": [key[0] for key in keys], "states": [key[1] for key in keys], "sinces": [key[2] for key in keys]}
    tx.run(SQL["add"], **columns, ns=[n for n, _ in sums.values()], seconds=[since_s for _, since_s in sums.values()])
    if any(n < 0 for n, _ in sums.values()):
        tx.run(SQL["drop_empty"], **columns)
