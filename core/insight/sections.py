"""
Sections: every street section and lot by district, how full it is, who came and went, and its berths one by one.

Numbers of berths are those of the wall and the map (`berths`, `dispatch.states`): a site that nobody heard is all unknown, a
lot whose lane camera is out has no number. Tables site, stay, event, space, timeline.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from core.insight import berths
from core.insight.berths import Lot, Segment
from core.insight.dispatch import states
from core.insight.dispatch.states import BerthState, Flag
from core.kit import clock
from core.kit.db import Row, Tx
from core.kit.errors import Refused
from core.kit.listing import AtHand, Order
from core.kit.locale import _
from core.kit.sql import named

SQL = named("insight/sections")

MOST_BERTHS: Final = 2_000


class NoSuchSite(Refused):
    """No site has this code."""


@dataclass(frozen=True, slots=True)
class Berth:
    """One berth of a section: its state, since when, and the device that was heard last of those that watch it."""

    code: str
    state: BerthState
    flags: frozenset[Flag]
    since: datetime | None
    device: str | None
    last_seen_at: datetime | None
    battery_mv: int | None


@dataclass(frozen=True, slots=True)
class Section:
    """One site with its berths; a lot has none."""

    site: str
    name: str
    name_en: str
    kind: str
    berths: tuple[Berth, ...]


@dataclass(frozen=True, slots=True)
class Resources:
    """How many of each thing are in use."""

    section_n: int
    lot_n: int
    berth_n: int
    lane_n: int
    device_n: int
    employee_n: int


@dataclass(frozen=True, slots=True)
class Share:
    """The places of one district on its streets or in its lots; the unknown count for nothing else."""

    district: str
    district_name: str
    district_name_en: str
    kind: str
    spaces: int
    occupied: int
    free: int

    @property
    def unknown(self) -> int:
        """Return the places of which nobody knows whether they are taken."""
        return max(0, self.spaces - self.occupied - self.free)


def count_resources(tx: Tx, *, at: datetime) -> Resources:
    """Return what the operator has in use at an instant."""
    row = tx.row(SQL["resources"], at=at)
    assert row is not None  # a row of sums
    return Resources(**row)


def shares(rows: list[Row]) -> list[Share]:
    """Return the sums of sections by district and kind, from rows of `list_sections`."""
    named: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        named.setdefault((row["district"], row["kind"]), []).append(row)
    return [
        Share(
            district, own[0]["district_name"], own[0]["district_name_en"], kind,
            *(sum(row[name] or 0 for row in own) for name in ("spaces", "occupied", "free")),
        )
        for (district, kind), own in sorted(named.items(), key=lambda item: (item[0][0], item[0][1] != "on_street"))
    ]  # fmt: skip


def list_sections(tx: Tx, *, at: datetime) -> list[Row]:
    """
    Return every section and lot in use.

    Columns: site, names, kind, district; spaces (berths, or what the lot holds), occupied, free, unknown, load_pct (None where
    nothing is known); entry_n and exit_n of the hour before, last_event_at (None: none within a day).
    """
    heard = states.heard(tx, at=at)
    streets = {one.code: one for one in berths.segments(tx, at=at, live=True, heard=heard)}
    lots = {one.code: one for one in berths.lots(tx, at=at, heard=heard)}
    given = {"at": at, "hour_at": at - timedelta(hours=1), "day_at": at - timedelta(days=1), "day": clock.city_date(at)}
    return [{**row, **_load(streets.get(row["site"]), lots.get(row["site"]))} for row in tx.rows(SQL["list_sections"], **given)]


def list_within(tx: Tx, *, sites: Sequence[UUID], at: datetime) -> list[Row]:
    """Return the sections and lots in use among some sites. Columns: as `list_sections`."""
    own = set(sites)
    return [row for row in list_sections(tx, at=at) if row["site_id"] in own]


SECTIONS: Final = AtHand(
    list_within,
    key="site_id",
    columns=frozenset(
        {"site", "district", "kind", "spaces", "occupied", "free", "unknown", "load_pct", "entry_n", "exit_n", "last_event_at"}
    ),
    order=(Order("district"), Order("site")),
)


def get_section(tx: Tx, *, site: str, at: datetime) -> Section:
    """
    Return one section with the state of each of its berths in service.

    Raises:
        NoSuchSite: no site has this code.
    """
    found = tx.row(SQL["find_site"], site=site)
    if found is None:
        raise NoSuchSite(_("This site is not known."))
    told = states.read_site(tx, site_id=found["site_id"], at=at, live=True) if found["kind"] == "on_street" else b""
    rows = tx.rows(SQL["list_spaces"], site=site, at=at, most=MOST_BERTHS)
    there = [_berth(row, byte) for row, byte in zip(rows, told, strict=False)]
    own = tuple(berth for berth in there if berth.state is not BerthState.ABSENT)
    return Section(site, found["site_name"], found["site_name_en"], found["kind"], own)


def _berth(row: Row, byte: int) -> Berth:
    state = states.state_of(byte)
    return Berth(row["code"], state, states.flags_of(byte), row["since"], row["device"], row["last_seen_at"], row["battery_mv"])


def _load(street: Segment | None, lot: Lot | None) -> Row:
    """Return the numbers of a section or a lot; None is not known."""
    if street is not None:
        is_known = street.known > 0
        return {
            "spaces": street.total,
            "occupied": street.occupied if is_known else None,
            "free": street.free if is_known else None,
            "unknown": street.unknown,
            "load_pct": street.load_pct,
        }
    if lot is not None:
        return {"spaces": lot.capacity, "occupied": lot.inside, "free": lot.free, "unknown": None, "load_pct": lot.load_pct}
    return dict.fromkeys(("spaces", "occupied", "free", "unknown", "load_pct"))
