"""
Search: a berth, a vehicle, a device, an order or a street by what a dispatcher types.

Every way goes through an index, so that millions of stays cost no more than thousands. Plates come back masked unless they
were typed whole.
"""

import re
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
    HitKind.SITE: _l("Street"),
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


def search(tx: Tx, *, text: str, at: datetime, limit: int = MOST) -> tuple[Hit, ...]:
    """Return what a text may mean at a moment: what is most likely meant first, `limit` at most."""
    typed = " ".join(text.split())[:LONGEST]
    if not typed:
        return ()
    found: list[Hit] = []
    for find in (_orders, _berths, _plates, _devices, _sites):
        if len(found) < limit:
            found += find(tx, typed, at, limit - len(found))
    return tuple(found)


def _berths(tx: Tx, typed: str, at: datetime, limit: int) -> list[Hit]:
    """Find berths by number, with the street before it where several bear it: `0239`, `解放大道 0239`, `S-01/0239`."""
    *street, code = re.split(r"[ /]+", typed)
    if len(code) < _SHORTEST_CODE:
        return []
    rows = tx.rows(SQL["list_berths"], code=_prefix(code), street=f"%{_plain(' '.join(street))}%", at=at, limit=limit)
    return [_hit(HitKind.BERTH, row, row["space"], row["site_code"]) for row in rows]


def _plates(tx: Tx, typed: str, at: datetime, limit: int) -> list[Hit]:
    """Find vehicles by plate or a part of it, each where it stands or stood last."""
    plate = re.sub(r"[\s·.-]", "", typed).upper()
    if len(plate) < _SHORTEST_PART:
        return []
    rows = tx.rows(SQL["list_vehicles"], part=f"%{_plain(plate)}%", plate=plate, at=at, limit=limit)
    return [_stood(row, row["plate"] if row["plate"] == plate else masked(row["plate"])) for row in rows]


def _devices(tx: Tx, typed: str, at: datetime, limit: int) -> list[Hit]:
    if len(typed) < _SHORTEST_CODE:
        return []
    rows = tx.rows(SQL["list_devices"], code=_prefix(typed), at=at, limit=limit)
    return [_hit(HitKind.DEVICE, row, row["device"], row["gateway_code"]) for row in rows]


def _orders(tx: Tx, typed: str, at: datetime, limit: int) -> list[Hit]:
    """Find a claim by its id or its first eight digits."""
    number = typed.lower()
    if not _ORDER.fullmatch(number):
        return []
    digits = number.replace("-", "")[:_HEX_DIGITS]
    first, last = (UUID(digits.ljust(_HEX_DIGITS, fill)) for fill in ("0", "f"))
    rows = tx.rows(SQL["list_orders"], first_id=first, last_id=last, at=at, limit=limit)
    return [_ordered(row) for row in rows]


def _sites(tx: Tx, typed: str, _at: datetime, limit: int) -> list[Hit]:
    if len(typed) < _SHORTEST_CODE:
        return []
    rows = tx.rows(SQL["list_sites"], name=f"%{_plain(typed)}%", code=_prefix(typed), limit=limit)
    return [_hit(HitKind.SITE, row, _name(row), row["site_code"]) for row in rows]


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
