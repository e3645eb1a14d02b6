"""Berths: which one is meant by a site's and a space's code at a moment. Tables site, area, space."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.insight.dispatch import states
from core.kit.db import Tx
from core.kit.errors import Refused
from core.kit.locale import _
from core.kit.sql import named

SQL = named("insight/dispatch/berths")


class NoSuchBerth(Refused):
    """No berth has this code at this site."""


@dataclass(frozen=True, slots=True)
class Berth:
    """One berth: who it is and where it lies. `place` is its place among the berths of its site, in the catalogue's order."""

    site_id: UUID
    space_id: UUID
    site: str
    site_name: str
    site_name_en: str
    district: str
    district_en: str
    space: str
    space_class: str
    mode: str
    lon: float | None
    lat: float | None
    place: int

    @property
    def key(self) -> dict[str, Any]:
        """Return the columns that name it."""
        return {"site_id": self.site_id, "space_id": self.space_id}


def get_berth(tx: Tx, *, site: str, space: str, at: datetime) -> Berth:
    """
    Return the berth that bears a code at a moment; where none was in service then, the newest that ever bore it.

    Raises:
        NoSuchBerth: there is none.
    """
    row = tx.row(SQL["find_berth"], site=site, space=space, at=at)
    if row is None:
        raise NoSuchBerth(_("There is no berth %(space)s at %(site)s.", space=space, site=site))
    return Berth(**row)


def byte_of(tx: Tx, berth: Berth, *, at: datetime, live: bool) -> int:
    """Return the state byte of one berth at a moment."""
    return states.read_site(tx, site_id=berth.site_id, at=at, live=live)[berth.place]
