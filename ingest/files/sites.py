"""Sites of a mapping: made where they are missing, with owner, area, one zone and, where known, capacity."""

from collections.abc import Iterable
from datetime import UTC, datetime, time
from typing import Final
from uuid import UUID

from core.kit.db import Tx
from core.kit.ids import derived_id
from core.places import areas, deployments, organisations, sites, zones
from core.places.areas import Area, AreaLevel
from core.places.organisations import Organisation, OrganisationKind
from core.places.sites import Site, SiteKind, SiteMode
from core.places.zones import Capacity, Zone, ZoneKind
from ingest.files.mapping import FileMap, SiteMap

VEHICLES: Final = "small"
"""What the capacity of an imported site is counted in."""


def id_of(wanted: SiteMap) -> UUID:
    """Return the id of a site, made or not."""
    return derived_id("site", wanted.code)


def zone_of(site_id: UUID) -> UUID:
    """Return the id of the one zone of an imported site."""
    return derived_id("zone", site_id, "1")


def ensure(tx: Tx, mapping: FileMap, wanted: Iterable[SiteMap]) -> None:
    """Make sites with one zone each where they are missing; what is there already stays as it is."""
    made = list({one.code: one for one in wanted}.values())
    owner, areas_used = mapping.owner, {one.area: mapping.areas[one.area] for one in made}
    owner_id = derived_id("organisation", owner.code)
    organisations.add(tx, [Organisation(owner_id, None, OrganisationKind.LOT_OWNER, owner.name, owner.name_en)])
    levels = ((code, area, AreaLevel(area.level)) for code, area in areas_used.items())
    areas.add(tx, [Area(derived_id("area", code), None, level, code, area.name, area.name_en) for code, area, level in levels])
    if sites.add(tx, [_site(mapping, one, owner_id) for one in made]):
        zones.add(tx, [Zone(id_of(one), zone_of(id_of(one)), None, ZoneKind.AREA, one.name, one.name_en) for one in made])
        zones.add_capacities(tx, [_capacity(mapping, one, one.capacity) for one in made if one.capacity is not None])
        deployments.registry_changed(tx)


def _site(mapping: FileMap, wanted: SiteMap, owner_id: UUID) -> Site:
    return Site(
        site_id=id_of(wanted),
        code=wanted.code,
        organisation_id=owner_id,
        area_id=derived_id("area", wanted.area),
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


def _capacity(mapping: FileMap, wanted: SiteMap, spaces: int) -> Capacity:
    opened_at = datetime.combine(wanted.opened_on, time.min, tzinfo=mapping.time_zone).astimezone(UTC)
    return Capacity(id_of(wanted), zone_of(id_of(wanted)), VEHICLES, opened_at, spaces)
