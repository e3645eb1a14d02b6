"""
Search: a berth, a vehicle, a device, an order or a street by what somebody at a desk types, on the sites he sees.

Every way goes through an index, so that millions of stays cost no more than thousands. Plates come back masked unless they
were typed whole.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from core.insight.dispatch.plates import masked
from core.insight.dispatch.words import day_time_of
from core.kit.db import Row, Tx
from core.kit.locale import Language, Lazy, _, _l, current
from core.kit.sql import named

SQL = named("insight/dispatch/search")

MOST: Final = 20
_CANDIDATES: Final = 200
"""Vehicles of a part of a plate that are looked at: most have never stood where the reader sees."""
LONGEST: Final = 60
_SHORTEST_PART: Final = 3
"""Letters of a plate below which half the city would be found."""
_SHORTEST_CODE: Final = 2
_ORDER: Final = re.compile(r"[0-9a-f]{8}-?[0-9a-f-]*")
_HEX_DIGITS: Final = 32


class HitKind(StrEnum):
    """What was found."""

    BERTH = "berth"
    PLATE = "plate"
    DEVICE = "device"
    ORDER = "order"
    SITE = "site"

    @property
    def label(self) -> Lazy:
        """Return what people call it."""
        return _LABELS[self]


_LABELS: Final = {
    HitKind.BERTH: _l("Berth"),
    HitKind.PLATE: _l("Plate"),
    HitKind.DEVICE: _l("Device"),
    HitKind.ORDER: _l("Order"),
    HitKind.SITE: _l("Site"),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. space None: a whole site; at: the moment at which it is to be looked at, None for now."""

    kind: HitKind
    title: str
    subtitle: str
    site: str
    space: str | None
    at: datetime | None
    lon: float | None
    lat: float | None


@dataclass(frozen=True, slots=True)
class _Question:
    """What is looked for, as it was typed, when, and on which sites."""

    typed: str
    at: datetime
    sites: Sequence[UUID]


def search(
    tx: Tx, *, text: str, at: datetime, sites: Sequence[UUID], kinds: Collection[HitKind] = tuple(HitKind), limit: int = MOST
) -> tuple[Hit, ...]:
    """
    Return what a text may mean at a moment: what is most likely meant first, `limit` at most.

    Args:
        tx: the transaction.
        text: what was typed.
        at: the moment; what comes later is not known yet.
        sites: where the reader may look; what is elsewhere is not there.
        kinds: what the reader may find.
        limit: how much.
    """
    typed = " ".join(text.split())[:LONGEST]
    if not typed:
        return ()
    asked = _Question(typed, at, sites)
    found: list[Hit] = []
    for kind, find in _FINDERS.items():
        if kind in kinds and len(found) < limit:
            found += find(tx, asked, limit - len(found))
    return tuple(found)


def _berths(tx: Tx, asked: _Question, limit: int) -> list[Hit]:
    """Find berths by number, with the street before it where several bear it: `0239`, `解放大道 0239`, `S-01/0239`."""
    *street, code = re.split(r"[ /]+", asked.typed)
    if len(code) < _SHORTEST_CODE:
        return []
    street_part = f"%{_plain(' '.join(street))}%"
    rows = tx.rows(SQL["list_berths"], code=_prefix(code), street=street_part, at=asked.at, sites=asked.sites, limit=limit)
    return [_hit(HitKind.BERTH, row, row["space"], row["site_code"]) for row in rows]


def _plates(tx: Tx, asked: _Question, limit: int) -> list[Hit]:
    """Find vehicles by plate or a part of it, each where it stands or stood last."""
    plate = re.sub(r"[\s·.-]", "", asked.typed).upper()
    if len(plate) < _SHORTEST_PART:
        return []
    rows = tx.rows(
        SQL["list_vehicles"],
        part=f"%{_plain(plate)}%", plate=plate, at=asked.at, sites=asked.sites, candidates=_CANDIDATES, limit=limit,
    )  # fmt: skip
    return [_stood(row, row["plate"] if row["plate"] == plate else masked(row["plate"])) for row in rows]


def _devices(tx: Tx, asked: _Question, limit: int) -> list[Hit]:
    if len(asked.typed) < _SHORTEST_CODE:
        return []
    rows = tx.rows(SQL["list_devices"], code=_prefix(asked.typed), at=asked.at, sites=asked.sites, limit=limit)
    return [_hit(HitKind.DEVICE, row, row["device"], row["gateway_code"]) for row in rows]


def _orders(tx: Tx, asked: _Question, limit: int) -> list[Hit]:
    """Find a claim by its id or its first eight digits."""
    number = asked.typed.lower()
    if not _ORDER.fullmatch(number):
        return []
    digits = number.replace("-", "")[:_HEX_DIGITS]
    first, last = (UUID(digits.ljust(_HEX_DIGITS, fill)) for fill in ("0", "f"))
    rows = tx.rows(SQL["list_orders"], first_id=first, last_id=last, at=asked.at, sites=asked.sites, limit=limit)
    return [_ordered(row) for row in rows]


def _sites(tx: Tx, asked: _Question, limit: int) -> list[Hit]:
    if len(asked.typed) < _SHORTEST_CODE:
        return []
    name, code = f"%{_plain(asked.typed)}%", _prefix(asked.typed)
    rows = tx.rows(SQL["list_sites"], name=name, code=code, sites=asked.sites, limit=limit)
    return [_hit(HitKind.SITE, row, _name(row), row["site_code"]) for row in rows]


_FINDERS: Final = {
    HitKind.ORDER: _orders,
    HitKind.BERTH: _berths,
    HitKind.PLATE: _plates,
    HitKind.DEVICE: _devices,
    HitKind.SITE: _sites,
}


def _ordered(row: Row) -> Hit:
    return _hit(HitKind.ORDER, row, str(row["order_id"])[:13], _when(row), at=row["ended_at"] and row["started_at"])


def _stood(row: Row, title: str) -> Hit:
    """Return the hit for a vehicle: now where it stands, else the moment it had come."""
    return _hit(HitKind.PLATE, row, title, _when(row), at=row["ended_at"] and row["started_at"])


def _when(row: Row) -> str:
    if row["ended_at"] is None:
        return _("since %(time)s", time=day_time_of(row["started_at"]))
    return _("%(start)s to %(end)s", start=day_time_of(row["started_at"]), end=day_time_of(row["ended_at"]))


def _hit(kind: HitKind, row: dict[str, Any], title: str, note: str, *, at: datetime | None = None) -> Hit:  # a row of any kind
    subtitle = " · ".join(part for part in (_name(row), row["space"], note) if part and part != title)
    return Hit(kind, title, subtitle, row["site"], row["space"], at, row["lon"], row["lat"])


def _name(row: Row) -> str:
    name: str = row["site_name_en"] if current() is Language.EN else row["site_name"]
    return name


def _prefix(typed: str) -> str:
    return f"{_plain(typed.upper())}%"


def _plain(typed: str) -> str:
    """Return a text that LIKE takes as it is."""
    return re.sub(r"([\\%_])", r"\\\1", typed)
