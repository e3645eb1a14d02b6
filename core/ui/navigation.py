"""
Navigation: the areas of the head, the pages of an area at its side, and the way that leads to a page.

A page takes its place by what it says when it registers: `path` (its area comes first), `needs`, `label`, `group` and `order`.
Nobody is led to what he may not see.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Any, Final

import dash

from core.access.permissions import Permission
from core.kit.locale import Lazy, _l


class Area(StrEnum):
    """A part of the product as the head names it."""

    WALL = "wall"
    DISPATCH = "dispatch"
    INSIGHT = "insight"
    FINANCE = "finance"
    BILLING = "billing"
    PARKING = "parking"
    DEVICES = "devices"
    SYSTEM = "system"

    @property
    def label(self) -> str:
        """Return what people call it."""
        return str(_AREAS[self])

    @property
    def prefix(self) -> str:
        """Return what the addresses of its pages begin with."""
        return "/" if self is Area.WALL else f"/{self}"


class Group(StrEnum):
    """Pages of an area that belong together, in the order of the side navigation."""

    STAYS = "stays"
    PLACES = "places"
    VEHICLES = "vehicles"
    TARIFFS = "tariffs"
    CALENDAR = "calendar"
    MONITORING = "monitoring"
    INVENTORY = "inventory"
    PEOPLE = "people"
    SETTINGS = "settings"
    LOGS = "logs"
    EXPORTS = "exports"

    @property
    def label(self) -> str:
        """Return what people call it."""
        return str(_GROUPS[self])


_AREAS: Final[dict[Area, Lazy]] = {
    Area.WALL: _l("Wall"),
    Area.DISPATCH: _l("Dispatch map"),
    Area.INSIGHT: _l("Analysis"),
    Area.FINANCE: _l("Finance"),
    Area.BILLING: _l("Tariffs"),
    Area.PARKING: _l("Parking"),
    Area.DEVICES: _l("Devices"),
    Area.SYSTEM: _l("System"),
}
_GROUPS: Final[dict[Group, Lazy]] = {
    Group.STAYS: _l("Stays and passages"),
    Group.PLACES: _l("Sites and berths"),
    Group.VEHICLES: _l("Vehicles and lists"),
    Group.TARIFFS: _l("What parking costs"),
    Group.CALENDAR: _l("Kinds of days"),
    Group.MONITORING: _l("Monitoring"),
    Group.INVENTORY: _l("Inventory"),
    Group.PEOPLE: _l("People and rights"),
    Group.SETTINGS: _l("Settings"),
    Group.LOGS: _l("Logs"),
    Group.EXPORTS: _l("Exports"),
}
_LAST: Final = 1_000
"""Where a page stands that names no order."""

_SEARCHERS: Final = frozenset(
    {Permission.DISPATCH_VIEW, Permission.STAYS_VIEW, Permission.DEVICES_VIEW, Permission.PLACES_VIEW, Permission.VEHICLES_VIEW}
)
"""Whoever may do one of these finds something by the search of the head."""

Held = Collection[Permission]
_Page = dict[str, Any]  # Dash's own record of a page


@dataclass(frozen=True, slots=True)
class Link:
    """A page, by its address and by what people call it."""

    href: str
    label: str
    is_current: bool = False


def list_areas(held: Held) -> list[tuple[Area, str]]:
    """List the areas that have a page its reader may see, with the address of the first of their pages."""
    seen = list(_seen(held))
    found = []
    for area in Area:
        own = sorted((page for page in seen if area_of(page["path"]) is area), key=_place)
        if own:
            found.append((area, str(own[0]["path"])))
    return found


def list_side(area: Area, held: Held, *, path: str) -> list[tuple[str, list[Link]]]:
    """
    List the pages of an area by group, each group under what people call it; `path` is the page that is shown.

    An area with one page has none: there is nothing to choose.
    """
    own = sorted((page for page in _seen(held) if page.get("label") and area_of(page["path"]) is area), key=_place)
    if len(own) < 2:  # one page is no choice
        return []
    return [
        (_heading(group), [Link(page["path"], str(page["label"]), page["path"] == path) for page in pages])
        for group, pages in groupby(own, key=_group)
    ]


def list_way(area: Area, held: Held, *, path: str) -> list[Link]:
    """List what leads to a page: the area, its group, itself. The group is no address."""
    first = dict(list_areas(held)).get(area, area.prefix)
    page = next((page for page in _seen(held) if page["path"] == path and page.get("label")), None)
    if page is None:
        return []
    group = _heading(_group(page))
    return [Link(first, area.label), *([Link("", group)] if group else []), Link(path, str(page["label"]), is_current=True)]


def leads_to(path: str, held: Held) -> bool:
    """Tell whether there is a page of this address that its reader may see."""
    return any(page["path"] == path for page in _seen(held))


def may_search(held: Held) -> bool:
    """Tell whether somebody would ever find anything."""
    return not _SEARCHERS.isdisjoint(held)


def area_of(path: str) -> Area | None:
    """Return the area an address belongs to."""
    first = path.strip("/").split("/", maxsplit=1)[0]
    return Area.WALL if not first else next((area for area in Area if area == first and area is not Area.WALL), None)


def _seen(held: Held) -> Iterator[_Page]:
    return (page for page in dash.page_registry.values() if page.get("needs") in held)


def _group(page: _Page) -> str:
    return page.get("group") or ""


def _heading(group: str) -> str:
    return Group(group).label if group else ""


def _place(page: _Page) -> tuple[int, int, str]:
    group = _group(page)
    order = page.get("order")
    return list(Group).index(Group(group)) + 1 if group else 0, _LAST if order is None else int(order), page["path"]
