"""Spaces that files speak of: made at an imported site where they are missing."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Bay:
    """A space as a file tells it; without coordinates where they are missing or cannot be true."""

    site: SiteMap
    code: str
    point: Point | None = None


def ensure(tx: Tx, mapping: FileMap, wanted: Iterable[Bay]) -> int:
    """Make spaces and their sites where they are missing; return how many spaces were new."""
    bays = list({(bay.site.code, bay.code): bay for bay in wanted}.values())
    sites.ensure(tx, mapping, [bay.site for bay in bays])
    new_n = spaces.add(tx, [_space(mapping, bay) for bay in bays])
    if new_n:
        deployments.registry_changed(tx)
    return new_n


def kinds_of(tx: Tx, site_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return whether sites lie on the street or off it."""
    return {row["site_id"]: row["kind"] for row in tx.rows(SQL["list_kinds"], site_ids=list(site_ids))}


def codes_of(tx: Tx, spaces: Iterable[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], str]:
    """Return the codes of spaces by site and space."""
    subjects = list(spaces)
    where = {"site_ids": [site_id for site_id, _ in subjects], "space_ids": [space_id for _, space_id in subjects]}
    return {(row["site_id"], row["space_id"]): row["code"] for row in tx.rows(SQL["list_codes"], **where)}


def known_spaces(tx: Tx, mapping: FileMap) -> dict[str, tuple[UUID, UUID]]:
    """Return site and space by the code of a space, at the imported sites of the mapping's owner; doubled codes are left out."""
    rows = tx.rows(SQL["list_spaces_of_owner"], organisation_id=derived_id("organisation", mapping.owner.code))
    counted = Counter(row["code"] for row in rows)
    return {row["code"]: (row["site_id"], row["space_id"]) for row in rows if counted[row["code"]] == 1}


def _space(mapping: FileMap, bay: Bay) -> Space:
    site_id = sites.id_of(bay.site)
    lon, lat = bay.point or (None, None)
    return Space(
        site_id=site_id,
        space_id=space_of(site_id, bay.code),
        zone_id=sites.zone_of(site_id),
        code=bay.code,
        space_class=SpaceClass.GENERAL,
        lon=lon,
        lat=lat,
        in_service_from=datetime.combine(bay.site.opened_on, time.min, tzinfo=mapping.time_zone).astimezone(UTC),
    )
