"""Build the demo city in a database: everything that stands before the first message arrives."""

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from core.billing import assignments, tariffs
from core.devices import devices
from core.kit.clock import city_date, city_day, city_zone
from core.kit.db import Database, Tx
from core.kit.ids import derived_id
from core.places import areas, deployments, lanes, organisations, sites, spaces, zones
from core.places.areas import Area, AreaLevel, Road
from core.places.organisations import Organisation, OrganisationKind
from core.staff import duties, employees
from core.staff.employees import Employee, EmployeeKind
from core.stays import timelines
from ingest.simulator import holidays, places, prices
from ingest.simulator.places import Layout, Site

HISTORY_DAYS: Final = 35
"""How long the city has been watched before it comes to life."""
_TARIFFS_KNOWN: Final = timedelta(days=400)

OPERATOR: Final = derived_id("organisation", "jiangzhou-parking")
_SUPPLIERS: Final = {
    "magnet": ("沄江传感", "Yunjiang Sensors"),
    "video": ("临江视界", "Linjiang Vision"),
    "gate": ("鼓楼通行", "Gulou Access"),
}
_SUPPLIER_OF: Final = {
    devices.DeviceKind.GEOMAGNETIC: "magnet",
    devices.DeviceKind.LOOP: "magnet",
    devices.DeviceKind.SPACE_LOCK: "magnet",
    devices.DeviceKind.GATEWAY: "magnet",
    devices.DeviceKind.POLE_CAMERA: "video",
    devices.DeviceKind.BOLLARD: "video",
    devices.DeviceKind.PATROL_CAR: "video",
    devices.DeviceKind.PDA: "video",
    devices.DeviceKind.LANE_CAMERA: "gate",
    devices.DeviceKind.GATE: "gate",
    devices.DeviceKind.KIOSK: "gate",
    devices.DeviceKind.GUIDANCE_SCREEN: "gate",
}
_SURNAMES: Final = "赵钱孙李周吴郑王冯陈褚卫"
_NUMBERS: Final = "一二三四五六七八九十"
_SHIFTS: Final = ((7, 14), (14, 21))
"""Hours of the city's day between which a segment has a collector."""
_DUTY_DAYS: Final = range(-1, 8)
_SIGNED_IN: Final = 0.97


def build(database: Database, *, seed: int, berths: int, at: datetime, days: int = HISTORY_DAYS) -> bool:
    """
    Build the city of a seed; return False, and change nothing, where one was built before.

    The spaces are in service since the beginning of the city day `days` before `at`; their state is unknown from `at`
    until the first device speaks. What lies between is the history's to tell.
    """
    city = places.layout(seed, berths)
    opened_on = city_date(at) - timedelta(days=days)
    with database.transaction() as tx:
        new = deployments.Deployment(city.city.name, city.city.name_en, places.MAP_NAME, seed, at)
        if not deployments.set_up(tx, new):
            return False
        deployments.begin_facts(tx, at=at)
        _add_places(tx, city, opened_on)
        _add_devices(tx, city, opened_on)
        _add_tariffs(tx, city, city_day(opened_on)[0] - _TARIFFS_KNOWN)
        _add_staff(tx, city, at)
        holidays.open_calendar(tx, first=opened_on.year - 1, last=city_date(at).year + 1, at=at)
        for site in city.sites:
            if site.spaces:
                timelines.start_unknown(tx, site_id=site.site_id, space_ids=[space.space_id for space in site.spaces], since=at)
        deployments.registry_changed(tx)
    return True


def _add_places(tx: Tx, city: Layout, opened_on: date) -> None:
    city_area = derived_id("area", city.city.code)
    organisations.add(tx, [Organisation(OPERATOR, None, OrganisationKind.OPERATOR, "江州停车", "Jiangzhou Parking")])
    areas.add(tx, [Area(city_area, None, AreaLevel.CITY, city.city.code, city.city.name, city.city.name_en)])
    districts = [
        Area(derived_id("area", area.code), city_area, AreaLevel.DISTRICT, area.code, area.name, area.name_en)
        for area in city.districts
    ]
    areas.add(tx, districts)
    roads = [
        Road(derived_id("road", road.code), derived_id("area", road.district), road.code, road.name, road.name_en)
        for road in city.roads
    ]
    areas.add_roads(tx, roads)
    sites.add(tx, [_site(site, opened_on) for site in city.sites])
    since = city_day(opened_on)[0]
    zones.add(tx, [_zone(site) for site in city.sites])
    zones.add_capacities(tx, [zones.Capacity(site.site_id, site.zone_id, "small", since, site.capacity) for site in city.sites])
    spaces.add(
        tx,
        [
            spaces.Space(
                site.site_id, space.space_id, site.zone_id, space.code, spaces.SpaceClass.GENERAL, space.lon, space.lat, since
            )
            for site in city.sites
            for space in site.spaces
        ],
    )
    lanes.add(tx, [lanes.Lane(site.site_id, lane.lane_id, lane.code, lane.direction) for site in city.sites for lane in site.lanes])


def _site(site: Site, opened_on: date) -> sites.Site:
    return sites.Site(
        site.site_id,
        site.code,
        OPERATOR,
        derived_id("area", site.district),
        None if site.road is None else derived_id("road", site.road),
        site.kind,
        site.mode,
        site.name,
        site.name_en,
        city_zone().key,
        *site.centre,
        site.geometry,
        opened_on,
        is_demo=True,
    )


def _zone(site: Site) -> zones.Zone:
    kind = zones.ZoneKind.SECTION if site.spaces else zones.ZoneKind.AREA
    return zones.Zone(site.site_id, site.zone_id, None, kind, site.name, site.name_en)


def _add_devices(tx: Tx, city: Layout, opened_on: date) -> None:
    since = city_day(opened_on)[0]
    supplier_ids = {code: derived_id("supplier", code) for code in _SUPPLIERS}
    devices.add_suppliers(
        tx, [devices.Supplier(supplier_ids[code], code, name, name_en) for code, (name, name_en) in _SUPPLIERS.items()]
    )
    all_devices = [device for site in city.sites for device in site.devices]
    devices.add(tx, [_device(device, city, supplier_ids) for device in all_devices])
    devices.bind(
        tx,
        [
            devices.Binding(device.device_id, watch.channel, since, watch.target_kind, watch.target_id)
            for device in all_devices
            for watch in device.watches
        ],
    )
    devices.note_faults(tx, at=since)


def _device(device: places.Device, city: Layout, supplier_ids: dict[str, UUID]) -> devices.Device:
    return devices.Device(
        device.device_id,
        derived_id("site", device.site),
        device.gateway,
        device.code,
        device.kind,
        supplier_ids[_SUPPLIER_OF[device.kind]],
        f"{device.site}-{device.gateway}-{device.code}-{city.seed}",
        device.beat_s,
        device.state,
    )


def _add_tariffs(tx: Tx, city: Layout, since: datetime) -> None:
    versions = tariffs.deliver(tx, [prices.text_of(code) for code in prices.TARIFFS], organisation_id=OPERATOR, at=since)
    assignments.assign(
        tx, [assignments.Assignment(site.site_id, "", since, versions[prices.tariff_of(site)]) for site in city.sites]
    )


def _add_staff(tx: Tx, city: Layout, at: datetime) -> None:
    names = [surname + number for number in _NUMBERS for surname in _SURNAMES]
    streets = [site for site in city.sites if site.spaces]
    collectors = [
        Employee(derived_id("employee", f"C{n:03d}"), OPERATOR, f"C{n:03d}", names[n], EmployeeKind.COLLECTOR)
        for n in range(len(streets) * len(_SHIFTS))
    ]
    seats = [
        Employee(derived_id("employee", f"S{n:03d}"), OPERATOR, f"S{n:03d}", names[-1 - n], EmployeeKind.SEAT) for n in range(6)
    ]
    employees.add(tx, [*collectors, *seats])
    plan_duties(tx, city, at)


def plan_duties(tx: Tx, city: Layout, at: datetime) -> int:
    """Plan the shifts of the days around an instant; return how many were new."""
    streets = [site for site in city.sites if site.spaces]
    collector_ids = [derived_id("employee", f"C{n:03d}") for n in range(len(streets) * len(_SHIFTS))]
    return duties.add(tx, list(_duties(city, streets, collector_ids, at)))


def _duties(city: Layout, streets: Sequence[Site], collector_ids: Sequence[UUID], at: datetime) -> Iterator[duties.Duty]:
    """Yield one collector a segment and shift; those whose shift has begun have signed in, nearly all of them."""
    luck = random.Random(f"{city.seed}/duty")
    for offset in _DUTY_DAYS:
        midnight, _ = city_day(city_date(at) + timedelta(days=offset))
        for number, collector_id in enumerate(collector_ids):
            site = streets[number // len(_SHIFTS)]
            starts, ends = (midnight + timedelta(hours=hour) for hour in _SHIFTS[number % len(_SHIFTS)])
            signed_in = starts + timedelta(seconds=luck.randrange(-600, 300))
            came = luck.random() < _SIGNED_IN and signed_in < at
            yield duties.Duty(
                derived_id("duty", collector_id, starts.isoformat()),
                collector_id,
                site.site_id,
                starts,
                ends,
                signed_in if came else None,
                ends if came and ends < at else None,
            )
