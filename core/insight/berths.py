"""Berths: who stands where at a moment, how full the day was so far, and what the lots still hold."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from core.insight import windows
from core.insight.dispatch import states
from core.insight.dispatch.states import BerthState
from core.insight.takings import Tile, ratio_pct
from core.kit import clock
from core.kit.db import Row, Tx
from core.kit.sql import named
from core.occupancy import counts
from core.occupancy.counts import Published

SQL = named("insight/berths")

STEP_MIN: Final = 15
_STEP = timedelta(minutes=STEP_MIN)


@dataclass(frozen=True, slots=True)
class Segment:
    """The berths in service of one on-street site; `free`, `occupied` and `reserved` count known berths only."""

    code: str
    total: int
    occupied: int
    free: int
    reserved: int
    unknown: int
    fault: int  # of the unknown, those whose device is out of order

    @property
    def load_pct(self) -> float | None:
        """Return occupied ÷ known berths; None where fewer than half are known: the few need not be like the rest."""
        return ratio_pct(self.occupied, self.known) if 2 * self.known >= self.total else None

    @property
    def offline(self) -> int:
        """Return how many berths are unknown because their device says nothing."""
        return self.unknown - self.fault

    @property
    def known(self) -> int:
        """Return how many berths have a known state."""
        return self.occupied + self.free + self.reserved


@dataclass(frozen=True, slots=True)
class Heard:
    """Codes of the sites that something was counted of, around the moment and on the day compared with."""

    now: Collection[str] = ()
    base: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Lot:
    """One off-street site; None where capacity or count cannot be known. `told_free` is counted by somebody else."""

    code: str
    capacity: int | None
    inside: int | None
    told_free: int | None = None

    @property
    def free(self) -> int | None:
        """Return the places left, never below zero: as told, or what the vehicles inside leave."""
        if self.told_free is not None:
            return self.told_free
        return None if self.capacity is None or self.inside is None else max(self.capacity - self.inside, 0)

    @property
    def load_pct(self) -> float | None:
        """Return vehicles inside ÷ capacity; above 100 where the lot is overfull."""
        return None if self.capacity is None or self.inside is None else ratio_pct(self.inside, self.capacity)


def segments(tx: Tx, *, at: datetime, live: bool, heard: Collection[str]) -> list[Segment]:
    """
    Return the on-street sites with berths in service; one that nobody heard around the moment is all unknown.

    A site brought in from files is there only around the moments its files speak of. Of the present the sums that run along
    are asked; berths one by one only of the past, and of sites where the sums do not speak of every berth.
    """
    if not live:
        return _counted(states.list_streets(tx, at=at, live=False, heard_codes=heard, has_flags=False))
    rows = [row for row in tx.rows(SQL["streets_now"], at=at) if row["mode"] != "import" or row["code"] in heard]
    rest = [row["site_id"] for row in rows if not row["is_whole"]]
    found = [_segment(row, is_heard=row["is_running"] or row["code"] in heard) for row in rows if row["is_whole"]]
    if rest:
        found += _counted(states.list_streets(tx, at=at, live=True, site_ids=rest, heard_codes=heard, has_flags=False))
    return sorted(found, key=lambda segment: segment.code)


def _counted(rows: list[Row]) -> list[Segment]:
    """Return the streets whose berths' state bytes are given; those without a berth in service are left out."""
    return [segment for row in rows if (segment := _of_bytes(row["code"], row["states"])).total]


def _of_bytes(code: str, raw: bytes) -> Segment:
    n = Counter(states.state_of(byte) for byte in raw)
    return Segment(
        code=code,
        total=len(raw) - n[BerthState.ABSENT],
        occupied=n[BerthState.OCCUPIED],
        free=n[BerthState.FREE],
        reserved=n[BerthState.RESERVED],
        unknown=n[BerthState.UNKNOWN] + n[BerthState.FAULT] + n[BerthState.OFFLINE],
        fault=n[BerthState.FAULT],
    )


def _segment(row: Row, *, is_heard: bool) -> Segment:
    unknown = row["unknown"] if is_heard else row["total"]
    occupied, reserved = (row["occupied"], row["reserved"]) if is_heard else (0, 0)
    return Segment(
        code=row["code"],
        total=row["total"],
        occupied=occupied,
        free=row["total"] - occupied - reserved - unknown,
        reserved=reserved,
        unknown=unknown,
        fault=min(row["fault"], unknown),
    )


def lots(tx: Tx, *, at: datetime, heard: Collection[str]) -> list[Lot]:
    """Return the off-street sites; one brought in from files counts only around the moments its files speak of."""
    rows = tx.rows(SQL["lots_by_site"], at=at, day=clock.city_date(at))
    imported = any(row["mode"] == "import" for row in rows)
    told = {one.code: one for one in counts.published(tx, at=at)} if imported else {}
    return [
        _told(told[row["code"]])
        if row["mode"] == "import" and row["code"] in told
        else _lot(row, is_heard=row["is_running"] or row["code"] in heard)
        for row in rows
        if row["mode"] != "import" or row["code"] in heard or row["code"] in told
    ]


def _told(told: Published) -> Lot:
    """Return a lot as files count it; without a total its places have no share."""
    inside = None if told.total is None or told.free is None else told.total - told.free
    return Lot(told.code, told.total, inside, told.free)


def _lot(row: Row, *, is_heard: bool) -> Lot:
    return Lot(row["code"], row["capacity"], row["inside"] if is_heard and not row["is_silent"] else None)


def overview(streets: list[Segment], yards: list[Lot]) -> Tile:
    """Return the city's berths by state and the places left in its lots."""
    occupied, known = sum(street.occupied for street in streets), sum(street.known for street in streets)
    capacities = [yard.capacity for yard in yards if yard.capacity is not None]
    places = [yard.free for yard in yards if yard.free is not None]
    return {
        "total": sum(street.total for street in streets),
        "segments": len(streets),
        "occupied": occupied if known else None,
        "free": sum(street.free for street in streets) if known else None,
        "reserved": sum(street.reserved for street in streets) if known else None,
        "unknown": sum(street.unknown for street in streets),
        "fault": sum(street.fault for street in streets),
        "offline": sum(street.offline for street in streets),
        "occupancy_pct": ratio_pct(occupied, known),
        "lots": len(yards),
        "lots_unknown": len(yards) - len(places),
        "lots_total": sum(capacities) if capacities else None,
        "lots_free": sum(places) if places else None,
    }


def load(streets: list[Segment], yards: list[Lot]) -> Tile:
    """Return the load of every segment and lot for the map: code, per cent, places left."""
    return {
        "segments": [[street.code, street.load_pct, street.free if street.load_pct is not None else None] for street in streets],
        "lots": [[yard.code, yard.load_pct, yard.free] for yard in yards],
    }


def utilisation_today(tx: Tx, *, at: datetime, live: bool, heard: Heard, is_known: bool, is_base_known: bool) -> Tile:
    """Return occupied ÷ available seconds since midnight, with coverage, beside last week in points."""
    now = utilisation(tx, windows.today(at), live=live, heard=heard.now, is_known=is_known)
    base = utilisation(tx, windows.last_week(at), heard=heard.base, is_known=is_base_known)
    pct, base_pct = now["pct"], base["pct"]
    change = None if pct is None or base_pct is None else round(pct - base_pct, 1)
    return {**now, "baseline_pct": base_pct, "change_points": change}


def utilisation(tx: Tx, window: windows.Window, *, live: bool = False, heard: Collection[str] = (), is_known: bool = True) -> Tile:
    """Return occupied ÷ available seconds of all berths in a window (live: up to now), clipped at its ends, with the coverage."""
    row = tx.row(SQL["berth_seconds"], **window.columns, **_days(window, live=live), heard=list(heard))
    assert row is not None  # a row of sums
    available_s = row["service_s"] - row["unknown_s"]
    return {
        "pct": ratio_pct(row["occupied_s"], available_s) if is_known else None,
        "coverage_pct": ratio_pct(max(available_s, 0), row["service_s"]) if is_known else None,
        "occupied_s": row["occupied_s"] if is_known else None,
        "available_s": available_s if is_known else None,
    }


def _days(window: windows.Window, *, live: bool) -> dict[str, Any]:
    """
    Return how the running sums, which know the city day a run began on, lie to a window.

    Runs that began on a day which an end of the window cuts are looked at one by one; up to now nothing cuts the last day.
    """
    first_on, last_on = clock.city_date(window.from_at), clock.city_date(window.to_at)
    is_first_cut = clock.city_day(first_on)[0] != window.from_at
    is_last_cut = not live and clock.city_day(last_on)[0] != window.to_at
    cut = sorted({on for on, is_cut in ((first_on, is_first_cut), (last_on, is_last_cut)) if is_cut})
    periods = [clock.city_day(on) for on in cut]
    return {
        "whole_from": first_on,
        "whole_until": last_on + timedelta(days=1) if live else last_on,
        "cut_days": cut,
        "cut_from": [starts_at for starts_at, _ in periods],
        "cut_to": [ends_at for _, ends_at in periods],
    }


def curve(
    tx: Tx,
    *,
    at: datetime,
    now_pct: float | None,
    is_known: bool,
    is_base_known: bool,
    heard: Heard = Heard(),
    facts_from: datetime | None = None,
) -> Tile:
    """
    Return the occupancy every 15 minutes from midnight: today up to the instant, last week's day whole.

    Moments before `facts_from`, whose facts are still to be loaded, are None.
    """
    on = clock.city_date(at)
    starts_at, ends_at = clock.city_day(on)
    base_starts_at, base_ends_at = clock.city_day(on - timedelta(days=7))
    today = _steps(tx, starts_at, _count(starts_at, at, is_inclusive=True), heard.now, facts_from) if is_known else []
    whole = _count(starts_at, ends_at)
    base = _steps(tx, base_starts_at, _count(base_starts_at, base_ends_at), heard.base, facts_from) if is_base_known else []
    peak = max(((pct, -step) for step, pct in enumerate(today) if pct is not None), default=None)
    return {
        "step_min": STEP_MIN,
        "today": today + [None] * (whole - len(today)),
        "baseline": base or [None] * whole,
        "now_pct": now_pct,
        "peak_pct": peak and peak[0],
        "peak_at": peak and (starts_at - peak[1] * _STEP).astimezone(clock.city_zone()).strftime("%H:%M"),
    }


def _steps(tx: Tx, from_at: datetime, step_n: int, heard: Collection[str], facts_from: datetime | None) -> list[float | None]:
    """Return the occupancy at `step_n` moments from `from_at` on, a city midnight."""
    to_at = from_at + (step_n - 1) * _STEP
    days: dict[str, Any] = {"first_on": clock.city_date(from_at), "last_on": clock.city_date(to_at)}
    given: dict[str, Any] = {"from_at": from_at, "to_at": to_at, "step_n": step_n, "step_s": STEP_MIN * 60}
    rows = tx.rows(SQL["berth_steps"], **given, **days, heard=list(heard))
    shares = [ratio_pct(row["occupied"], row["service"] - row["unknown"]) for row in rows]
    return [None if facts_from is not None and from_at + step * _STEP < facts_from else share for step, share in enumerate(shares)]


def _count(from_at: datetime, to_at: datetime, *, is_inclusive: bool = False) -> int:
    """Return how many steps a period holds; inclusive: moments up to and with its end."""
    whole, rest = divmod(to_at - from_at, _STEP)
    return whole + (1 if is_inclusive or rest else 0)
