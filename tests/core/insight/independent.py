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


def tiles(facts: Facts, *, live: bool = False) -> dict[str, Any]:
    """Return the figures of every tile at the moment; `live`: who is heard now is known."""
    streets = _streets(facts)
    yards = [_yard(row) for row in facts.rows("lots")]
    occupied, empty = sum(row[1] for row in streets), sum(row[2] for row in streets)
    held = {row["code"]: row["n"] for row in facts.rows("reserved")}
    reserved = sum(held.values())
    free = empty - reserved
    places = [row for row in yards if row["capacity"] is not None]
    return {
        "received_today": _against(facts, "received", "fen", 100_000),
        "stays_today": _against(facts, "stays", "n", 100),
        "utilisation_today": _utilisation(facts, is_there=bool(streets)),
        "berths": {
            "total": sum(sum(row[1:4]) for row in streets),
            "segments": len(streets),
            "occupied": occupied if occupied + empty else None,
            "free": free if occupied + empty else None,
            "reserved": reserved if occupied + empty else None,
            "unknown": sum(row[3] for row in streets),
            "occupancy_pct": pct(occupied, occupied + empty),
            "lots_total": sum(row["capacity"] for row in places) if places else None,
            "lots_free": sum(row["free"] for row in places) if places else None,
        },
        "occupancy_curve": _curve(facts, pct(occupied, occupied + empty)),
        "ranking": {
            "rows": [{"site": row["code"], "fen": row["fen"]} for row in facts.rows("received_by_site", **facts.today)[:10]]
        },
        "payment_mix": {"rows": facts.rows("received_by_channel", **facts.today)},
        "map": {
            "segments": [
                [code, pct(here, here + left), left - held.get(code, 0)]
                if here + left >= dark and here + left
                else [code, None, None]
                for code, here, left, dark in streets
            ],
            "lots": [[row["code"], pct(row["inside"], row["capacity"] or 0), row["free"]] for row in yards],
        },
        "durations_today": _durations(facts),
        "month_money": _month(facts),
        "rates": {"rows": _rates(facts, live=live)},
        "collectors": _collectors(facts),
    }


def alarms(facts: Facts) -> list[dict[str, Any]]:
    """Return every alarm that stands at the moment, by priority, the newest first."""
    return facts.rows("alarms")


def happened(facts: Facts) -> list[dict[str, Any]]:
    """Return all that the ticker may tell, the newest first."""
    return sorted(facts.rows("happened"), key=lambda row: row["at"], reverse=True)


def _durations(facts: Facts) -> dict[str, Any]:
    minutes = [row["minutes"] for row in facts.rows("ended", **facts.today)]
    ends = [15, 30, 60, 120, 240, None]
    counted = [sum(1 for one in minutes if low <= one < (high or 10**9)) for low, high in zip([0, *ends], ends, strict=False)]
    return {
        "bands": [{"upto_min": end, "n": n, "pct": pct(n, len(minutes))} for end, n in zip(ends, counted, strict=True)],
        "median_min": minutes[(len(minutes) - 1) // 2] if minutes else None,
        "n": len(minutes),
    }


def _month(facts: Facts) -> dict[str, Any]:
    first = facts.day.replace(day=1)
    window = {"from_at": facts.midnight(first), "to_at": facts.at}
    (bills,) = facts.rows("bills", **window)
    return {
        "from": first.isoformat(),
        "receivable_fen": bills["net_fen"],
        "received_fen": bills["in_time_fen"],
        "arrears_fen": bills["net_fen"] - bills["paid_fen"],
        "recovered_fen": facts.rows("late_money", **window)[0]["fen"],
        "discount_fen": bills["discount_fen"],
        "refund_fen": 0,
    }


def _rates(facts: Facts, *, live: bool) -> list[dict[str, Any]]:
    (month,) = facts.rows("bills", from_at=facts.midnight(facts.day - 31 * DAY), to_at=facts.midnight(facts.day - DAY))
    (old,) = facts.rows("bills", from_at=facts.midnight(facts.day - 120 * DAY), to_at=facts.midnight(facts.day - 90 * DAY))
    due = [row for row in facts.rows("shifts") if row["planned_from"] + timedelta(minutes=10) <= facts.at]
    came = [row for row in due if row["signed_in_at"] and row["signed_in_at"] <= row["planned_from"] + timedelta(minutes=10)]
    money = {row["channel"]: row["fen"] for row in facts.rows("received_by_channel", **facts.today)}
    sensors = facts.rows("sensors") if live else []
    heard = [row for row in sensors if row["last_seen_at"] and _age_s(facts, row["last_seen_at"]) < 2 * row["expected_interval_s"]]
    planned = bool(facts.rows("shifts"))
    shares: list[tuple[str, float, str, int | None, int | None]] = [
        ("collection_rate", 92, "up", month["in_time_fen"], month["net_fen"]),
        ("refusal_rate", 5, "down", month["refused_n"], month["owed_n"]),
        ("recovery_rate", 60, "up", old["within_90_fen"], old["net_fen"] - old["in_time_fen"]),
        ("sensors_online", 98, "up", len(heard) if live else None, len(sensors) if live else None),
        ("sign_in_rate", 98, "up", len(came) if planned else None, len(due) if planned else None),
        ("cash_share", 5, "down", money.get("cash", 0), sum(money.values())),
    ]  # fmt: skip
    return [
        {
            "kpi": kpi, "pct": None if n is None or of is None else pct(n, of), "target_pct": target, "better": better,
            "n": n, "of": of, "opening": False,
        }
        for kpi, target, better, n, of in shares
    ]  # fmt: skip


def _age_s(facts: Facts, at: datetime) -> float:
    return (facts.at - at).total_seconds()


def _collectors(facts: Facts) -> dict[str, Any]:
    shifts = facts.rows("shifts")
    now = [row for row in shifts if row["planned_from"] <= facts.at < row["planned_to"]]
    on = [
        row for row in now if row["signed_in_at"] and row["signed_in_at"] <= facts.at < (row["signed_out_at"] or row["planned_to"])
    ]
    taken: dict[str, int] = {}
    where: dict[str, tuple[str, str]] = {}
    for money in facts.rows("handheld_money", **facts.today):
        for row in shifts:
            left = row["signed_out_at"] or row["planned_to"]
            if row["site_id"] == money["site_id"] and row["signed_in_at"] and row["signed_in_at"] <= money["paid_at"] < left:
                taken[row["staff_no"]] = taken.get(row["staff_no"], 0) + money["fen"]
                where[row["staff_no"]] = (money["area"], money["area_en"])
    first = sorted(taken, key=lambda name: (-taken[name], name))[:3]
    return {
        "signed_in": len(on) if shifts else None,
        "scheduled": len(now) if shifts else None,
        "rows": [
            {
                "name": name, "group": where[name][0], "group_en": where[name][1], "fen": taken[name],
                "state": "on_duty" if any(row["staff_no"] == name for row in on) else "off",
            }
            for name in first
        ],
    }  # fmt: skip


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
