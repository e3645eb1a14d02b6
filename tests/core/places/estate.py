"""An estate for tests of places: an operator with two branches, a street and a lot, and whoever manages them."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

from core.access.actors import Actor
from core.access.scopes import EVERYTHING, Scope
from core.kit.clock import city_day
from core.kit.db import Tx
from core.kit.ids import derived_id, uuid7
from core.places import areas, organisations, sites, zones
from core.places.areas import Area, AreaLevel, Road
from core.places.organisations import Organisation, OrganisationKind
from core.places.sites import SiteKind, SiteMode
from core.places.zones import ZoneKind

AT: Final = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)
TODAY: Final = date(2026, 11, 20)
OPENED: Final = date(2026, 1, 1)
LINE: Final = {"type": "LineString", "coordinates": [[114.0, 30.5], [114.001, 30.5], [114.001, 30.501]]}
"""95.8 m to the east, then 111.2 m to the north."""
OPERATOR, BRANCH, OTHER_BRANCH = (derived_id("estate", word) for word in ("operator", "branch", "other"))
DISTRICT, ROAD = derived_id("estate", "district"), derived_id("estate", "road")
ANYBODY: Final = Actor(uuid7(), frozenset(), scope=EVERYTHING)


def days(n: int) -> date:
    """Return the city day so many days after today."""
    return TODAY + timedelta(days=n)


def begin(on: date) -> datetime:
    """Return when a city day begins."""
    return city_day(on)[0]


def of_branch(organisation_id: UUID) -> Actor:
    """Return somebody who sees one branch and no other."""
    return Actor(uuid7(), frozenset(), scope=Scope(organisation_ids=frozenset({organisation_id})))


def ground(tx: Tx) -> None:
    """Add the operator, its branches, a district and a road."""
    kind = OrganisationKind
    organisations.add(
        tx,
        [
            Organisation(OPERATOR, None, kind.OPERATOR, "泊车", "Parking"),
            Organisation(BRANCH, OPERATOR, kind.BRANCH, "一分", "First"),
            Organisation(OTHER_BRANCH, OPERATOR, kind.BRANCH, "二分", "Second"),
        ],
    )
    areas.add(tx, [Area(DISTRICT, None, AreaLevel.DISTRICT, "E1", "东区", "East")])
    areas.add_roads(tx, [Road(ROAD, DISTRICT, "E1", "东路", "East Rd")])


def site_draft(code: str = "E-01", *, kind: SiteKind = SiteKind.ON_STREET, **more: object) -> sites.Draft:
    """Return what a form tells of a site."""
    is_street = kind is SiteKind.ON_STREET
    told: dict[str, object] = {
        "code": code, "kind": kind, "name": f"{code} 段", "name_en": code, "organisation_id": BRANCH, "area_id": DISTRICT,
        "road_id": ROAD if is_street else None, "mode": SiteMode.MAGNETOMETER if is_street else SiteMode.GATE,
        "opened_on": OPENED, "geometry": LINE if is_street else None,
    }  # fmt: skip
    return sites.Draft.model_validate(told | more)


def a_site(tx: Tx, code: str = "E-01", *, kind: SiteKind = SiteKind.ON_STREET, **more: object) -> UUID:
    """Register a site."""
    ground(tx)
    return sites.register(tx, site_draft(code, kind=kind, **more), by=ANYBODY, at=AT)


def a_zone(tx: Tx, site_id: UUID, *, name: str = "一", parent: UUID | None = None) -> UUID:
    """Register a zone of a site."""
    draft = zones.Draft(site_id=site_id, kind=ZoneKind.AREA, name=name, name_en=name, parent_zone_id=parent)
    return zones.register(tx, draft, by=ANYBODY, at=AT)


def version_of(tx: Tx) -> int:
    """Return the number that ingest looks at."""
    found: int = tx.value("select version from registry_version")
    return found
