"""Places: names and shapes that the wall fetches once. Tables site, area, road, space, capacity, deployment."""

from datetime import datetime
from typing import Any

from core.kit.db import Row, Tx
from core.kit.sql import named
from core.places import deployments

SQL = named("insight/places")


def version(tx: Tx) -> int:
    """Return the number that rises whenever a place or device changes."""
    found: int = tx.value(SQL["registry_version"])
    return found


def is_demo(tx: Tx) -> bool:
    """Tell whether this database holds the generated city."""
    deployment = deployments.find(tx)
    return deployment is not None and deployment.demo_seed is not None


def places(tx: Tx, *, at: datetime) -> dict[str, Any]:
    """Return the city and all its sites, in both languages, geometry in WGS-84, ready for JSON; capacity is what holds then."""
    city = deployments.find(tx)
    return {
        "version": version(tx),
        "city": None if city is None else {"name": city.city_name, "name_en": city.city_name_en, "map": city.map_name},
        "demo": is_demo(tx),
        "sites": [_site(row) for row in tx.rows(SQL["list_sites"], at=at)],
    }


def _site(row: Row) -> Row:
    """Return one site; berths for streets, capacity for lots, the other is None."""
    is_street = row["kind"] == "on_street"
    centre = None if row["centre_lon"] is None else [row["centre_lon"], row["centre_lat"]]
    kept = ("code", "kind", "mode", "name", "name_en", "area", "area_en", "road", "road_en", "geometry")
    return {key: row[key] for key in kept} | {
        "centre": centre,
        "spaces": row["spaces"] if is_street else None,
        "capacity": row["capacity"],
    }
