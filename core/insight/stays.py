"""
Stays: the list of stays with their claims, and all that is known of one.

Two states, each of its own: where the vehicle is (`stay_state`), and where the money is (`order_state`); why a claim is what
it is says `price_reason`. Tables stay, charge_order, vehicle, quote, payment, event, evidence, stay_amendment.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from core.billing import reckonings
from core.billing.prices import CannotPrice
from core.billing.rules.pricing import Line
from core.billing.rules.settlements import version_of_line
from core.kit import clock
from core.kit.db import Row, Tx
from core.kit.listing import COUNTED, Asked, Condition, Is, Measure, Narrowed, Order, Relation, contains
from core.kit.locale import Language, Lazy, _l, current
from core.kit.sql import named
from core.orders import pricing
from core.orders.arrears import AFTER
from core.stays import evidence, pictures
from core.stays.evidence import Brought

SQL = named("insight/stays")

STAY_STATES: Final[Mapping[str, Lazy]] = {
    "open": _l("Inside"),
    "suspect": _l("Inside, sensor silent"),
    "closed": _l("Left"),
    "void": _l("Void"),
}
ORDER_STATES: Final[Mapping[str, Lazy]] = {
    "none": _l("No claim"),
    "accruing": _l("Accruing"),
    "prepaid": _l("Prepaid"),
    "due": _l("Due"),
    "part_paid": _l("Partly paid"),
    "arrears": _l("In arrears"),
    "settled": _l("Settled"),
    "free": _l("Left free"),
    "void": _l("Void"),
}
REASONS: Final[Mapping[str, Lazy]] = {
    "tariff": _l("By tariff"),
    "free_minutes": _l("Within the free minutes"),
    "exempt": _l("Exempt vehicle"),
    "waived": _l("Wholly discounted"),
    "late_message": _l("A late message would cost more"),
    "running": _l("Still inside"),
    "unread": _l("Plate not read"),
    "inferred": _l("Neither end was seen"),
    "unpriced": _l("Not priced"),
    "void": _l("Void"),
}
KINDS: Final[Mapping[str, Lazy]] = {
    "small": _l("Small"),
    "large": _l("Large"),
    "motor": _l("Motorcycle"),
    "other": _l("Other"),
    "nev": _l("New energy"),
    "exempt": _l("Exempt"),
}
PERIODS: Final[Mapping[str, Lazy]] = {
    "today": _l("Today"),
    "week": _l("7 days"),
    "month": _l("31 days"),
    "all": _l("At any time"),
}
PERIOD: Final = "week"
"""What is looked at unless something else is asked for; the list shows it among its filters."""
_WEEK: Final = timedelta(days=6)
_MONTH: Final = timedelta(days=30)
_MARGIN: Final = timedelta(minutes=2)
"""A plate is read a little before the arrival it announces, and after the departure."""
MOST: Final = 100
_PLACED: Final = {"site": "code", "area_id": "area_id", "road_id": "road_id", "business": "kind"}
"""Columns of the list that are those of its sites."""
_SHORT: Final = frozenset({"today", "week"})
"""Periods whose stays are quickly counted."""
_PART_LEAST: Final = 3
"""Letters of a plate that an index can find."""
_VEHICLES_MOST: Final = 2_000
"""Of more vehicles, all stays of a site are as soon read as theirs are found."""
_STAYS_MOST: Final = 2_000
"""More stays are as soon read in the order they lie in as one by one."""
_KEYS: Final = ("stay_sites", "starts", "stays")
_THERE: Final = f"with stay as materialized ({SQL['stays_at']}) {SQL['stay_rows']}"
"""The list of stays whose keys are known: they stand for the table."""
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FROM_AT: Final[Mapping[str, Callable[[Mapping[str, Any]], datetime]]] = {
    "today": lambda given: given["day_at"],
    "week": lambda given: given["week_at"],
    "month": lambda given: given["month_at"],
    "all": lambda _given: _EVER,
}
_FROM_ROLLUPS: Final = {
    "receivable_fen": "net_fen", "discount_fen": "discount_fen", "received_fen": "received_fen", "gross_fen": "gross_fen"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Quote:
    """
    How a claim was priced: the tariff with its version at entry, and the lines, each with the number of its version from 0.

    `versions` names all that were looked at, in the order they held; `is_same` tells whether the same lines come out when it is
    reckoned anew, None: it was kept before all that was, or one of its versions cannot be read any more. `used_free_ms` is what
    the vehicle had used before, by name, of the free time that it gets once a day.
    """

    tariff: str
    version: int
    gross_fen: int
    lines: tuple[tuple[int, Line], ...]
    versions: tuple[str, ...]
    is_same: bool | None
    used_free_ms: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture that was announced: when it was taken, its hash in hex, and whether it is kept."""

    at: datetime
    sha256: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of a stay beside its row of the list."""

    quote: Quote | None
    payments: tuple[Row, ...]
    happenings: tuple[Row, ...]
    frames: tuple[Frame, ...]
    brought: tuple[Brought, ...]
    amendments: tuple[Row, ...]
    owed_n: int
    owed_fen: int


def given(*, at: datetime, sites: Sequence[UUID]) -> dict[str, Any]:
    """Return the values that the list needs at an instant; `period` comes with what is asked."""
    day_at, _ends_at = clock.city_day(clock.city_date(at))
    return {
        "at": at,
        "sites": list(sites),
        "day_at": day_at,
        "week_at": day_at - _WEEK,
        "month_at": day_at - _MONTH,
        "period": PERIOD,
    }


def _narrow(tx: Tx, asked: Asked, given: Mapping[str, Any]) -> Narrowed:
    """
    Return the sites that are asked for, and the stays of the few vehicles with a part of a plate: where they lie is then known.

    What they say is left out of the conditions: said twice, the database expects too few rows and reads whole sites.
    """
    placed = [each for each in asked.conditions if each.column in _PLACED]
    sites = _sites(tx, placed, given["sites"]) if placed else None
    part = max(
        (each for each in asked.conditions if each.column == "plate" and each.test is Is.CONTAINS),
        key=lambda each: len(str(each.value)),
        default=None,
    )
    found = None if part is None else _stays(tx, str(part.value), given["sites"] if sites is None else sites, given)
    said = [*(placed if sites is not None else ()), *([part] if found is not None else ())]
    return Narrowed(
        {**({} if sites is None else {"sites": sites}), **(found or {})},
        tuple(each for each in asked.conditions if each not in said),
        None if found is None else _THERE,
    )


def _stays(tx: Tx, part: str, sites: Sequence[UUID], given: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the keys of all stays of vehicles with a part of a plate; None where it is too short, or they are too many."""
    if len(part) < _PART_LEAST:
        return None
    vehicles = [key for (key,) in tx.tuples(SQL["list_vehicles"], part=contains(part), most=_VEHICLES_MOST + 1)]
    if len(vehicles) > _VEHICLES_MOST:
        return None
    bounds = {"sites": sites, "from_at": _from_at(given), "at": given["at"]}
    found = tx.tuples(SQL["list_stays_of"], vehicles=vehicles, **bounds, most=_STAYS_MOST + 1)
    if len(found) > _STAYS_MOST:
        return None
    return {name: [key[place] for key in found] for place, name in enumerate(_KEYS)}


def _from_at(given: Mapping[str, Any]) -> datetime:
    """Return when the period that is looked at begins; one that nobody knows is all of them, as the statement has it."""
    return _FROM_AT.get(given["period"], _FROM_AT["all"])(given)


def _quick(tx: Tx, asked: Asked, totals: Sequence[str], given: Mapping[str, Any]) -> Measure | None:
    """
    Return the count and the sums of a period of arrivals, where nothing but places is asked for.

    Days are counted one by one, and everything that is added up. A longer list is counted by its figures, which is near; None
    where they know of fewer than are counted anyway.
    """
    if any(each.column not in _PLACED for each in asked.conditions):
        return None
    sites = _sites(tx, asked.conditions, given["sites"])
    if sites is None:
        return None
    bounds = {"sites": sites, "from_at": _from_at(given), "at": given["at"]}
    if bounds["from_at"] != _EVER and totals:
        row = tx.row(SQL["sum_arrivals"], **bounds)
        assert row is not None  # an aggregate without groups has one row
        return Measure(row["stay_n"], is_exact=True, totals={name: row.get(name) for name in totals})
    if given["period"] in _SHORT:
        return Measure(tx.value(SQL["count_arrivals"], **bounds), is_exact=True)
    from_on = clock.city_date(bounds["from_at"])
    near = tx.value(SQL["figure_arrivals"], sites=sites, from_on=from_on)
    return None if near <= COUNTED else Measure(near, is_exact=False, totals=dict.fromkeys(totals), is_about=True)


def _rollup(tx: Tx, asked: Asked, totals: Sequence[str], given: Mapping[str, Any]) -> Measure | None:
    """
    Return the count and the sums of whole days of departures from figures, whatever their number.

    None where a condition asks for anything else, or a day came without facts.
    """
    days = _whole_days(asked.conditions)
    if days is None or given["period"] != "all" or days[1] >= clock.city_date(given["at"]):
        return None
    sites = _sites(tx, asked.conditions, given["sites"])
    if sites is None:
        return None
    first_on, last_on = days
    bounds = {"from_at": clock.city_day(first_on)[0], "to_at": clock.city_day(last_on)[1]}
    row = tx.row(SQL["sum_departures"], sites=sites, first_on=first_on, last_on=last_on, **bounds)
    if row is None:
        return None
    found = {name: row[column] for name, column in _FROM_ROLLUPS.items()}
    found["owed_fen"] = found["receivable_fen"] - found["received_fen"]
    found["prepaid_fen"] = 0  # whoever left has nothing paid in advance
    return Measure(row["stay_n"], is_exact=True, totals={name: found.get(name) for name in totals})


def _whole_days(conditions: Sequence[Condition]) -> tuple[date, date] | None:
    """Return the first and the last city day of departures that are asked for, where they are whole."""
    bounds = {condition.test: condition.value for condition in conditions if condition.column == "left_at"}
    first, last = bounds.get(Is.AT_LEAST), bounds.get(Is.BELOW)
    if not isinstance(first, datetime) or not isinstance(last, datetime) or last <= first:
        return None
    first_on, last_on = clock.city_date(first), clock.city_date(last - timedelta(microseconds=1))
    whole = (clock.city_day(first_on)[0], clock.city_day(last_on)[1])
    return (first_on, last_on) if whole == (first, last) else None


def _sites(tx: Tx, conditions: Sequence[Condition], sites: Sequence[UUID]) -> list[UUID] | None:
    """Return the sites that conditions on places leave; None where a condition is on something else."""
    rows = tx.rows(SQL["list_sites"], sites=list(sites))
    for condition in conditions:
        if condition.column == "left_at":
            continue
        column = _PLACED.get(condition.column)
        if column is None or condition.test not in {Is.EQUAL, Is.IN}:
            return None
        wanted: Any = [condition.value] if condition.test is Is.EQUAL else condition.value
        rows = [row for row in rows if row[column] in wanted]
    return [row["site_id"] for row in rows]


STAYS: Final = Relation(
    SQL["stay_rows"],
    key="stay_id",
    columns=frozenset(
        {"order_no", "plate", "vehicle_kind", "site", "business", "mode", "area_id", "road_id", "space", "entered_at", "left_at",
         "length_s", "gross_fen", "receivable_fen", "discount_fen", "prepaid_fen", "received_fen", "owed_fen", "stay_state",
         "order_state", "price_reason", "quality", "close_reason", "origin", "collector", "is_doubtful"}
    ),
    order=(Order("entered_at", is_falling=True),),
    filled=frozenset({"entered_at", "site", "business", "mode", "length_s", "stay_state", "order_state", "price_reason"}),
    lies_by="entered_at",
    narrow=_narrow,
    quick=_quick,
    rollup=_rollup,
)  # fmt: skip


def list_sites(tx: Tx, *, sites: Sequence[UUID]) -> list[tuple[str, str]]:
    """Return the sites of a reader as choices: code, and the name in his language."""
    return [(row["code"], f"{_name(row)} · {row['code']}") for row in tx.rows(SQL["list_sites"], sites=list(sites))]


def list_roads(tx: Tx, *, sites: Sequence[UUID]) -> list[tuple[str, str]]:
    """Return the roads a reader's sites lie on, as choices."""
    return [(row["road_id"], _name(row)) for row in tx.rows(SQL["list_roads"], sites=list(sites))]


def list_collectors(tx: Tx, *, sites: Sequence[UUID]) -> list[tuple[str, str]]:
    """Return the collectors who were on duty at a reader's sites, as choices: their numbers."""
    rows = tx.rows(SQL["list_collectors"], sites=list(sites), most=MOST * 10)
    return [(row["staff_no"], row["staff_no"]) for row in rows]


def get_sheet(tx: Tx, row: Row, *, sites: Sequence[UUID], at: datetime) -> Sheet:
    """Return all that is known of the stay of a row of the list."""
    site = {"site_id": row["site_id"]}
    around = {
        "subject_id": row["subject_id"], "from_at": row["entered_at"] - _MARGIN, "to_at": (row["left_at"] or at) + _MARGIN
    }  # fmt: skip
    order = {"order_id": row["order_id"]}
    quote = tx.row(SQL["find_quote"], **site, **order)
    owed = tx.row(
        SQL["owed_by"], vehicle_id=row["vehicle_id"], sites=list(sites), stay_id=row["stay_id"], before=at - AFTER
    )  # fmt: skip
    assert owed is not None  # an aggregate without groups has one row
    return Sheet(
        quote=None if quote is None else _quote(tx, row, quote),
        payments=tuple(tx.rows(SQL["list_payments"], **order, most=MOST)),
        happenings=tuple(tx.rows(SQL["list_happenings"], **site, **around, most=MOST)),
        frames=frames_of(tx, row["site_id"], tx.rows(SQL["list_frames"], **site, **around, most=MOST)),
        brought=evidence.list_of_subject(tx, **site, **around),
        amendments=tuple(tx.rows(SQL["list_amendments"], **site, stay_id=row["stay_id"], most=MOST)),
        owed_n=owed["n"],
        owed_fen=owed["fen"],
    )


def frames_of(tx: Tx, site_id: UUID, rows: Sequence[Row]) -> tuple[Frame, ...]:
    """Return what rows of evidence of a site announce, and whether each is kept."""
    kept = pictures.kept_of(tx, site_id=site_id, frames=[row["frame_sha256"] for row in rows])
    return tuple(Frame(row["at"], row["frame_sha256"].hex(), row["frame_sha256"] in kept) for row in rows)


def _quote(tx: Tx, stay: Row, row: Row) -> Quote:
    lines = tuple(map(_line, row["lines"]))
    request = row["request"] or {}
    versions = [UUID(key) for _from_ms, key, *_more in request.get("versions", ())]
    return Quote(
        _name(row),
        row["version"],
        row["gross_fen"],
        tuple(map(version_of_line, lines)),
        tuple(reckonings.list_names(tx, versions)),
        _is_same(tx, site_id=stay["site_id"], order_id=stay["order_id"]),
        request.get("used_free_ms", {}),
    )


def _is_same(tx: Tx, *, site_id: UUID, order_id: UUID) -> bool | None:
    try:
        again = pricing.reckon_again(tx, site_id=site_id, order_id=order_id)
    except CannotPrice:
        return False
    return None if again is None else again.kept == again.reckoned


def _line(stored: Sequence[Any]) -> Line:  # a line in JSON
    """Read a line as it was stored; the price of a unit and its rule are not known of those kept before the rule language."""
    if len(stored) == len(Line._fields):
        return Line(*stored)
    from_ms, to_ms, band, unit_n, fen = stored
    return Line(from_ms, to_ms, band, unit_n, 0, 0, "", fen, fen)


def _name(row: Row) -> str:
    name: str = row["name_en"] if current() is Language.EN and row["name_en"] else row["name"]
    return name
