"""The deployment: which city this is and whether it is the demo. Tables deployment and registry_version, one row each."""

from dataclasses import dataclass
from datetime import datetime

from core.kit.db import Tx
from core.kit.sql import named

SQL = named("places/deployments")


@dataclass(frozen=True, slots=True)
class Deployment:
    """What a deployment is. `map_name` names a folder below assets/map; without `demo_seed` nothing in it is a demo."""

    city_name: str
    city_name_en: str
    map_name: str
    demo_seed: int | None
    created_at: datetime


def find(tx: Tx) -> Deployment | None:
    """Return the deployment; None before a city was set up."""
    row = tx.row(SQL["find_deployment"])
    return None if row is None else Deployment(**row)


def set_up(tx: Tx, deployment: Deployment) -> bool:
    """Say which city this is; return False, and change nothing, where that was said before."""
    return bool(
        tx.run(
            SQL["set_up"],
            city_name=deployment.city_name,
            city_name_en=deployment.city_name_en,
            map_name=deployment.map_name,
            demo_seed=deployment.demo_seed,
            at=deployment.created_at,
        )
    )


def registry_changed(tx: Tx) -> int:
    """Say that places or devices changed: ingest reads them again, spaces in service are counted; return the new version."""
    version = int(tx.value(SQL["raise_registry_version"]))  # one after the other from here on
    tx.run(SQL["count_service"])
    return version


def begin_facts(tx: Tx, *, at: datetime) -> None:
    """Say that what happened before an instant is still to be loaded: until then nobody shall take it for nothing."""
    tx.run(SQL["begin_facts"], at=at)


def extend_facts(tx: Tx, *, at: datetime) -> None:
    """Say that everything since an earlier instant is loaded by now."""
    tx.run(SQL["extend_facts"], at=at)


def facts_from(tx: Tx) -> datetime | None:
    """Return since when the facts are complete; None: since the first of them."""
    at: datetime | None = tx.value(SQL["facts_from"])
    return at
