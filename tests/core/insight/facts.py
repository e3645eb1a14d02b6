"""Facts for the wall: the demo city's places with a random past, and single streets made by hand."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson

from core.devices import devices
from core.finance import past as finance
from core.kit.clock import city_date, city_day
from core.kit.db import Database, Tx
from core.kit.ids import derived_id
from core.kit.money import Fen
from core.places import areas, deployments, organisations, sites, spaces, zones
from core.places.areas import Area, AreaLevel, Road
from core.places.organisations import Organisation, OrganisationKind
from core.places.sites import Site, SiteKind, SiteMode
from core.places.spaces import Space, SpaceClass
from core.places.zones import Zone, ZoneKind
from core.staff import duties
from core.stays.past import PastPayment, PastStay, PastUnknown, make_months
from ingest.simulator import city, places

SEED = 7
BERTHS = 120
CHANNELS = ("wechat", "alipay", "etc", "cash")
A_DAY = timedelta(days=1)
OLD_DAYS = 125
"""Days before the first in which a few stays lie, so that arrears can be old."""
ALARMS = 8_000
LATE_S = (-60, 30, 90, 40_000, 40_000, 90_000, 1_500_000, 9_000_000)
"""Seconds between a departure and its payment."""


@dataclass(frozen=True, slots=True)
class Past:
    """What one subject went through."""

    stays: list[PastStay]
    unknowns: list[PastUnknown]


def fill(database: Database, *, until: datetime, days: int) -> None:
    """Build a small city and give it a past that ends at `until`."""
    city.build(database, seed=SEED, berths=BERTHS, at=until, days=days)
    luck = random.Random(SEED)
    subjects = [*_subjects(until - days * A_DAY, until, luck), *_old(until - days * A_DAY, luck)]
    stays = sorted((stay for one in subjects for stay in one.stays), key=lambda stay: stay.started_at)
    unknowns = [run for one in subjects for run in one.unknowns]
    with database.transaction() as tx:
        make_months(tx, stays, unknowns)
    for first in range(0, len(stays), 5_000):
        with database.transaction() as tx:
            finance.record(tx, stays=stays[first : first + 5_000], unknowns=unknowns if first == 0 else (), at=until)
    with database.transaction() as tx:
        deployments.extend_facts(tx, at=until - (days + OLD_DAYS) * A_DAY)
        _people(tx, until, days, luck)
        _alarms(tx, until, days, luck)
        _holds(tx, until, days, luck)


def _people(tx: Tx, until: datetime, days: int, luck: random.Random) -> None:
    """Let collectors sign in, late at times or not at all, and let part of the money come from their handhelds."""
    midnight = city_day(city_date(until))[0]
    shifts = tx.rows("select distinct on (employee_id) employee_id, site_id from duty order by employee_id")
    planned = [
        (shift, midnight - back * A_DAY + timedelta(hours=7 + 7 * (number % 2)))
        for back in range(days)
        for number, shift in enumerate(shifts)
    ]
    duties.add(tx, [_duty(shift["employee_id"], shift["site_id"], begins, until, luck) for shift, begins in planned])
    tx.run(
        """update payment set device_id = device.device_id from device
        where device.site_id = payment.site_id and device.kind = 'pda' and left(md5(trade_no), 1) < '8'"""
    )


def _duty(employee_id: UUID, site_id: UUID, begins: datetime, until: datetime, luck: random.Random) -> duties.Duty:
    came: datetime | None = begins + timedelta(seconds=luck.randrange(-900, 900))
    left: datetime | None = begins + timedelta(hours=luck.choice((5, 7)))
    if luck.random() < 0.1 or (came is not None and came > until):
        came = left = None
    duty_id = derived_id("duty", employee_id, begins.astimezone(UTC).isoformat())
    return duties.Duty(duty_id, employee_id, site_id, begins, begins + timedelta(hours=7), came, left)


def _alarms(tx: Tx, until: datetime, days: int, luck: random.Random) -> None:
    """Raise alarms at random; some still stand at the end, one a rule and space at most."""
    spaces_of = tx.rows("select space.site_id, space_id, space.code from space order by space_id")
    open_ones: set[tuple[str, UUID]] = set()
    rows = []
    for number in range(ALARMS):
        space = luck.choice(spaces_of)
        rule, priority = luck.choice((("overstay", 2), ("overstay", 2), ("evasion", 3), ("gateway_silent", 1)))
        at = until - days * A_DAY * luck.random()
        cleared_at: datetime | None = at + timedelta(seconds=luck.lognormvariate(8, 1))
        if cleared_at is not None and cleared_at > until and (rule, space["space_id"]) not in open_ones:
            open_ones.add((rule, space["space_id"]))
            cleared_at = None
        detail = {"space": space["code"], "since": at - timedelta(hours=24.5), "n": 1 + number % 3}
        rows.append((derived_id("alarm", str(number)), rule, priority, space["site_id"], space["space_id"], at, cleared_at, detail))
    _insert(tx, "alarm", "alarm_id, rule, priority, site_id, subject_id, raised_at, cleared_at, detail", rows)


def _holds(tx: Tx, until: datetime, days: int, luck: random.Random) -> None:
    """Raise locks at random, most of them for a booking, whether or not somebody stands there."""
    rows = []
    for space in tx.rows("select site_id, space_id from space order by space_id"):
        at = until - days * A_DAY
        while (at := at + timedelta(seconds=luck.expovariate(1 / 400_000))) < until:
            booking = "B-1" if luck.random() < 0.8 else None
            rows.append((space["site_id"], space["space_id"], at, at + timedelta(hours=2), space["site_id"], booking))
            at += timedelta(hours=2)
    _insert(tx, "space_hold", "site_id, space_id, started_at, ended_at, device_id, booking", rows)


def _insert(tx: Tx, table: str, columns: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert rows in one statement."""
    told = orjson.dumps([dict(zip(columns.split(", "), row, strict=True)) for row in rows]).decode()
    tx.run(
        f"insert into {table} ({columns}) select {columns} from jsonb_populate_recordset(null::{table}, %(rows)s::jsonb)", rows=told
    )


def _old(until: datetime, luck: random.Random) -> Iterator[Past]:
    """Let some stay some time ago, one after the other."""
    for site in places.layout(SEED, BERTHS).sites:
        for space in site.spaces:
            at = until - OLD_DAYS * A_DAY
            while (at := _ms(at + timedelta(seconds=luck.expovariate(1 / 700_000)))) < until - A_DAY:
                left = at + timedelta(seconds=luck.randrange(600, 20_000))
                yield Past([_random_stay(site.site_id, space.space_id, "space", at, left, luck)], [])
                at = left


def a_stay(
    site_id: UUID, subject_id: UUID, started_at: datetime, ended_at: datetime, *, gross_fen: int = 0, paid: int = 0
) -> PastStay:
    """Return a stay on a space, paid a minute after its end as far as `paid` goes."""
    name = f"{subject_id}-{started_at.isoformat()}"
    payments = (PastPayment("wechat", name, Fen(paid), ended_at + timedelta(minutes=1)),) if paid else ()
    return PastStay(
        site_id=site_id,
        subject_id=subject_id,
        subject_kind="space",
        started_at=started_at,
        ended_at=ended_at,
        plate="江A10001",
        plate_colour="blue",
        vehicle_class="small",
        quality="A",
        origin="history",
        source_row=None,
        note=None,
        gross_fen=Fen(gross_fen),
        tariff_version_id=None,
        payments=payments,
    )


def _subjects(begin: datetime, until: datetime, luck: random.Random) -> Iterator[Past]:
    layout = places.layout(SEED, BERTHS)
    for site in layout.sites:
        for space in site.spaces:
            yield _space(site.site_id, space.space_id, begin, until, luck)
        for number in range(0 if site.spaces else 500):
            came_at = _ms(begin + (until - begin) * luck.random())
            left_at = _ms(came_at + timedelta(seconds=luck.lognormvariate(8.5, 0.9)))
            if left_at < until:
                yield Past(
                    [_random_stay(site.site_id, derived_id("car", site.code, str(number)), "vehicle", came_at, left_at, luck)], []
                )


def _space(site_id: UUID, space_id: UUID, begin: datetime, until: datetime, luck: random.Random) -> Past:
    """Let a space be free, taken and at times unknown, in turn; all ends lie before `until`."""
    one, at = Past([], []), begin
    while True:
        from_at = _ms(at + timedelta(seconds=luck.expovariate(1 / 5_400)))
        at = _ms(from_at + timedelta(seconds=1 + luck.lognormvariate(8.0, 0.9)))
        if at >= until:
            return one
        if luck.random() < 0.04:
            one.unknowns.append(PastUnknown(site_id, space_id, from_at, at))
        else:
            one.stays.append(_random_stay(site_id, space_id, "space", from_at, at, luck))


def _random_stay(site_id: UUID, subject_id: UUID, kind: str, from_at: datetime, to_at: datetime, luck: random.Random) -> PastStay:
    fen = 150 * (1 + int((to_at - from_at).total_seconds()) // 900)
    trade_no = f"{subject_id}-{from_at.isoformat()}"
    late = timedelta(seconds=luck.choice(LATE_S))
    payments = (PastPayment(luck.choice(CHANNELS), trade_no, Fen(fen), to_at + late),) if luck.random() < 0.95 else ()
    is_read = luck.random() < 0.97
    return PastStay(
        site_id=site_id,
        subject_id=subject_id,
        subject_kind=kind,
        started_at=from_at,
        ended_at=to_at,
        plate=f"江A{luck.randrange(10_000, 99_999)}" if is_read else None,
        plate_colour="blue" if is_read else None,
        vehicle_class="small",
        quality="A",
        origin="history",
        source_row=None,
        note=None,
        gross_fen=Fen(fen) if is_read else None,
        tariff_version_id=None,
        payments=payments if is_read else (),
    )


def _ms(at: datetime) -> datetime:
    """Cut an instant to milliseconds, as devices tell them."""
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1_000 * 1_000)


@dataclass(frozen=True, slots=True)
class Street:
    """One segment made by hand."""

    code: str
    site_id: UUID
    space_ids: tuple[UUID, ...]


def a_street(tx: Tx, code: str = "T-01", *, berths: int = 4, since: datetime) -> Street:
    """Add a segment with berths in service from an instant on, and nothing that watches them."""
    organisation_id, area_id, road_id = derived_id("test", "operator"), derived_id("test", "area"), derived_id("test", "road")
    organisations.add(tx, [Organisation(organisation_id, None, OrganisationKind.OPERATOR, "测试", "Test")])
    areas.add(tx, [Area(area_id, None, AreaLevel.DISTRICT, "T", "测试区", "Test")])
    areas.add_roads(tx, [Road(road_id, area_id, "T", "测试路", "Test Rd")])
    site_id, zone_id = derived_id("site", code), derived_id("zone", code)
    site = Site(
        site_id, code, organisation_id, area_id, road_id, SiteKind.ON_STREET, SiteMode.MAGNETOMETER, code, code, "Asia/Shanghai",
        None, None, None, since.date(),
    )  # fmt: skip
    sites.add(tx, [site])
    zones.add(tx, [Zone(site_id, zone_id, None, ZoneKind.SECTION, code, code)])
    street = Street(code, site_id, tuple(derived_id("space", site_id, f"B{number}") for number in range(1, berths + 1)))
    spaces.add(
        tx,
        [
            Space(site_id, space_id, zone_id, f"B{number}", SpaceClass.GENERAL, None, None, since)
            for number, space_id in enumerate(street.space_ids, start=1)
        ],
    )
    deployments.registry_changed(tx)
    return street


def every_site(tx: Tx) -> list[UUID]:
    """Return all sites, as somebody who sees everything reads them."""
    return [site_id for (site_id,) in tx.tuples("select site_id from site order by code")]


def a_sensor(tx: Tx, street: Street, number: int, *, since: datetime, interval_s: int = 900) -> UUID:
    """Add a magnetometer to the berth with a number, from 1; return its id."""
    supplier_id, device_id = derived_id("test", "supplier"), derived_id("device", street.code, "G1", f"M{number}")
    devices.add_suppliers(tx, [devices.Supplier(supplier_id, "test", "测试", "Test")])
    devices.add(
        tx,
        [
            devices.Device(
                device_id, street.site_id, "G1", f"M{number}", devices.DeviceKind.GEOMAGNETIC, supplier_id,
                f"{street.code}-M{number}", interval_s, devices.DeviceState.LIVE,
            )
        ],
    )  # fmt: skip
    devices.bind(tx, [devices.Binding(device_id, "", since, devices.TargetKind.SPACE, street.space_ids[number - 1])])
    return device_id


def paid_later(stay: PastStay, fen: int, paid_at: datetime) -> PastStay:
    """Return a stay whose price came at another time."""
    return replace(stay, payments=(PastPayment("cash", f"late-{stay.stay_id}", Fen(fen), paid_at),))
