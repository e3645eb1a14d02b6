"""The wall computed a second time, from the facts alone and as slowly as it takes. Nothing of `core` is imported."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import dict_row

SQL = dict(part.split("\n", 1) for part in Path(__file__).with_suffix(".sql").read_text("utf-8").split("-- name: ")[1:])
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Facts:
    """One database at one moment, in the time of one city."""

    connection: psycopg.Connection[dict[str, Any]]
    at: datetime
    zone: str

    def rows(self, name: str, **given: object) -> list[dict[str, Any]]:
        """Run one statement."""
        with self.connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(SQL[name], {"at": self.at, "zone": self.zone, **given}).fetchall()

    @property
    def day(self) -> date:
        """Return the city day of the moment."""
        return self.at.astimezone(ZoneInfo(self.zone)).date()

    def midnight(self, day: date) -> datetime:
        """Return the beginning of a city day."""
        return datetime.combine(day, time.min, tzinfo=ZoneInfo(self.zone))

    @property
    def today(self) -> dict[str, datetime]:
        """Return the window from midnight to the moment."""
        return {"from_at": self.midnight(self.day), "to_at": self.at}

    @property
    def week_ago(self) -> dict[str, datetime]:
        """Return the same window a week before."""
        begin = self.midnight(self.day - 7 * DAY)
        return {"from_at": begin, "to_at": begin + (self.at - self.midnight(self.day))}

    def was_there(self, what: str) -> bool:
        """Tell whether any fact touches the day a week before: `street` or `anywhere`."""
        begin = self.midnight(self.day - 7 * DAY)
        return bool(self.rows("evidence", from_at=begin, to_at=begin + DAY)[0][what])


def pct(part: int, whole: int) -> float | None:
    """Return a share in per cent with one decimal."""
    return None if whole <= 0 else float(round(Decimal(part) * 100 / Decimal(whole), 1))


def tiles(facts: Facts) -> dict[str, Any]:
    """Return the figures of every tile at the moment."""
    streets = _streets(facts)
    yards = [_yard(row) for row in facts.rows("lots")]
    occupied, free = sum(row[1] for row in streets), sum(row[2] for row in streets)
    places = [row for row in yards if row["capacity"] is not None]
    return {
        "received_today": _against(facts, "received", "fen", 100_000),
        "stays_today": _against(facts, "stays", "n", 100),
        "utilisation_today": _utilisation(facts, is_there=bool(streets)),
        "berths": {
            "total": sum(sum(row[1:4]) for row in streets),
            "segments": len(streets),
            "occupied": occupied if occupied + free else None,
            "free": free if occupied + free else None,
            "unknown": sum(row[3] for row in streets),
            "occupancy_pct": pct(occupied, occupied + free),
            "lots_total": sum(row["capacity"] for row in places) if places else None,
            "lots_free": sum(row["free"] for row in places) if places else None,
        },
        "occupancy_curve": _curve(facts, pct(occupied, occupied + free)),
        "ranking": {
            "rows": [{"site": row["code"], "fen": row["fen"]} for row in facts.rows("received_by_site", **facts.today)[:10]]
        },
        "payment_mix": {"rows": facts.rows("received_by_channel", **facts.today)},
        "map": {
            "segments": [[code, pct(here, here + left), left if here + left else None] for code, here, left, _dark in streets],
            "lots": [[row["code"], pct(row["inside"], row["capacity"] or 0), row["free"]] for row in yards],
        },
    }


def _streets(facts: Facts) -> list[tuple[str, int, int, int]]:
    """Return occupied, free and unknown berths by site."""
    counted: dict[str, dict[str, int]] = {}
    for row in facts.rows("berths"):
        counted.setdefault(row["code"], {"occupied": 0, "free": 0, "unknown": 0})[row["state"]] += 1
    return [(code, n["occupied"], n["free"], n["unknown"]) for code, n in sorted(counted.items())]


def _yard(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "free": None if row["capacity"] is None else max(0, row["capacity"] - row["inside"])}


def _against(facts: Facts, what: str, unit: str, least: int) -> dict[str, Any]:
    now, base = (next(iter(facts.rows(what, **window)[0].values())) for window in (facts.today, facts.week_ago))
    base = base if facts.was_there("anywhere") else None
    change = None if base is None or base < least else pct(now - base, base)
    return {unit: now, f"baseline_{unit}": base, "change_pct": change}


def _utilisation(facts: Facts, *, is_there: bool) -> dict[str, Any]:
    now, base = (facts.rows("seconds", **window)[0] for window in (facts.today, facts.week_ago))
    shares = [pct(row["occupied_s"], row["service_s"] - row["unknown_s"]) for row in (now, base)]
    base_pct = shares[1] if facts.was_there("street") else None
    return {
        "pct": shares[0],
        "coverage_pct": pct(now["service_s"] - now["unknown_s"], now["service_s"]),
        "occupied_s": now["occupied_s"] if is_there else None,
        "available_s": now["service_s"] - now["unknown_s"] if is_there else None,
        "baseline_pct": base_pct,
        "change_points": None if shares[0] is None or base_pct is None else round(shares[0] - base_pct, 1),
    }


def _curve(facts: Facts, now_pct: float | None) -> dict[str, Any]:
    today = _quarters(facts, **facts.today)
    begin = facts.midnight(facts.day - 7 * DAY)
    base = _quarters(facts, from_at=begin, to_at=begin + DAY - timedelta(minutes=15)) if facts.was_there("street") else [None] * 96
    peak = max((value for value in today if value is not None), default=None)
    peak_at = None if peak is None else facts.midnight(facts.day) + today.index(peak) * timedelta(minutes=15)
    return {
        "step_min": 15,
        "today": today + [None] * (96 - len(today)),
        "baseline": base,
        "now_pct": now_pct,
        "peak_pct": peak,
        "peak_at": peak_at and f"{peak_at:%H:%M}",
    }


def _quarters(facts: Facts, **window: datetime) -> list[float | None]:
    return [pct(row["occupied"], row["service"] - row["unknown"]) for row in facts.rows("curve", **window)]
