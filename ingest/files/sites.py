"""Sites of a mapping: made where they are missing, with owner, area, one zone and, where known, capacity."""

from datetime import UTC, datetime, time
from uuid import UUID

from core.kit.db import Tx
from core.kit.ids import derived_id
from core.places import areas, deployments, organisations, sites, zones
from core.places.areas import Area, AreaLevel
from core.places.organisations import Organisation, OrganisationKind
from core.places.sites import Site, SiteKind, SiteMode
from core.places.zones import Capacity, Zone, ZoneKind
from ingest.files.mapping import SiteMap, StayMap


def id_of(wanted: SiteMap) -> UUID:
    """Return the id of a site, made or not."""
    return derived_id("site", wanted.code)


def ensure(tx: Tx, mapping: StayMap, wanted: SiteMap) -> None:
    """Make a site where it is missing; what is there already stays as it is."""
    site_id = id_of(wanted)
    owner_id, area_id = derived_id("organisation", mapping.owner.code), derived_id("area", wanted.area)
    area = mapping.areas[wanted.area]
    organisations.add(tx, [Organisation(owner_id, None, OrganisationKind.LOT_OWNER, mapping.owner.name, mapping.owner.name_en)])
    areas.add(tx, [Area(area_id, None, AreaLevel(area.level), wanted.area, area.name, area.name_en)])
    site = Site(
        site_id=site_id,
        code=wanted.code,
        organisation_id=owner_id,
        area_id=area_id,
        road_id=None,
        kind=SiteKind(wanted.kind),
        mode=SiteMode.IMPORT,
        name=wanted.name,
        name_en=wanted.name_en,
        time_zone=mapping.zone,
        centre_lon=wanted.lon,
        centre_lat=wanted.lat,
        geometry=None,
        opened_on=wanted.opened_on,
    )
    if sites.add(tx, [site]):
        zone_id = derived_id("zone", site_id, "1")
        zones.add(tx, [Zone(site_id, zone_id, None, ZoneKind.AREA, wanted.name, wanted.name_en)])
        if wanted.capacity is not None:
            opened_at = datetime.combine(wanted.opened_on, time.min, tzinfo=mapping.time_zone).astimezone(UTC)
            zones.add_capacities(tx, [Capacity(site_id, zone_id, mapping.vehicle_class, opened_at, wanted.capacity)])
        deployments.registry_changed(tx)
