"""Spaces that files speak of: made at an imported site where they are missing."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from uuid import UUID

from core.kit.db import Tx
from core.kit.ids import derived_id
from core.kit.sql import named
from core.places import deployments, spaces
from core.places.spaces import Space, SpaceClass
from ingest.files import sites
from ingest.files.mapping import FileMap, SiteMap

SQL = named("files/places")

Point = tuple[float, float]
"""Longitude and latitude in degrees, WGS-84."""


def space_of(site_id: UUID, code: str) -> UUID:
    """Return the id of a space, made or not."""
    return derived_id("space", site_id, code)


def ensure(tx: Tx, mapping: FileMap, wanted: Mapping[str, tuple[SiteMap, Point | None]]) -> int:
    """Make the spaces of these codes and their sites where they are missing; return how many spaces were new."""
    sites.ensure(tx, mapping, [site for site, _point in wanted.values()])
    made = [_space(mapping, code, site, point) for code, (site, point) in wanted.items()]
    new_n = spaces.add(tx, made)
    if new_n:
        deployments.registry_changed(tx)
    return new_n


def kind_of(tx: Tx, site_id: UUID) -> str:
    """Return whether a site lies on the street or off it."""
    kind: str = tx.value(SQL["kind_of"], site_id=site_id)
    return kind


def codes_of(tx: Tx, site_id: UUID) -> dict[UUID, str]:
    """Return the codes of a site's spaces by id."""
    return {row["space_id"]: row["code"] for row in tx.rows(SQL["list_codes"], site_id=site_id)}


def _space(mapping: FileMap, code: str, site: SiteMap, point: Point | None) -> Space:
    site_id = sites.id_of(site)
    lon, lat = point or (None, None)
    return Space(
        site_id=site_id,
        space_id=space_of(site_id, code),
        zone_id=sites.zone_of(site_id),
        code=code,
        space_class=SpaceClass.GENERAL,
        lon=lon,
        lat=lat,
        in_service_from=datetime.combine(site.opened_on, time.min, tzinfo=mapping.time_zone).astimezone(UTC),
    )
