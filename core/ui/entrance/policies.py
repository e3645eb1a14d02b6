"""Policies: what each address of the application needs. An address that is not here is closed to everybody."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

import dash

from core.access.actors import Actor
from core.access.permissions import Permission


class Open(StrEnum):
    """To whom an address is open that needs no permission."""

    EVERYBODY = "everybody"
    ENTRANCE = "entrance"
    """Everybody, to sign in: what is sent there must come from our own form."""
    KNOWN = "known"
    """Whoever signed in, and screens."""
    USERS = "users"
    """Whoever signed in."""
    SCREENS = "screens"
    OWN_KEY = "own_key"
    """Devices and partners, who sign each message with a key of their own."""
    PAGE = "page"
    """Whoever may see the page of that path."""
    CALLBACK = "callback"
    """Whoever may use the callback that is called."""


Need = Open | Permission

ROUTES: Final[Mapping[str, Need]] = {
    # the process
    "/healthz": Open.EVERYBODY,
    "/readyz": Open.EVERYBODY,
    "/metrics": Open.OWN_KEY,
    "/assets/<path:filename>": Open.EVERYBODY,
    "/_favicon.ico": Open.EVERYBODY,
    # the entrance
    "/sign-in": Open.ENTRANCE,
    "/sign-in/password": Open.ENTRANCE,
    "/sign-in/code": Open.ENTRANCE,
    "/screen/<link>": Open.ENTRANCE,
    "/screen/beat": Open.SCREENS,
    "/screen/heard": Open.SCREENS,
    "/screen/scenes": Permission.WALL_VIEW,
    "/sign-out": Open.USERS,
    "/confirm": Open.USERS,
    "/account": Open.USERS,
    "/account/end": Open.USERS,
    "/account/password": Open.USERS,
    "/session": Open.KNOWN,
    # devices and partners
    "/api/v1/sites/<site>/gateways/<gateway>/devices/<device>/<kind>": Open.OWN_KEY,
    "/api/v1/sites/<site>/gateways/<gateway>/devices/<device>/pictures": Open.OWN_KEY,
    "/api/v1/sites/<site>/gateways/<gateway>/devices/<device>/quotes": Open.OWN_KEY,
    "/api/v1/messages": Open.OWN_KEY,
    "/api/v1/openapi.json": Open.EVERYBODY,
    "/api/v1/<path:rest>": Open.OWN_KEY,
    # the live stream; each of its topics has a need of its own
    "/live/stream": Open.KNOWN,
    "/live/places.json": Open.KNOWN,
    "/live/kpis.json": Open.KNOWN,
    "/live/wall": Permission.WALL_VIEW,
    "/live/wall.json": Permission.WALL_VIEW,
    "/live/berths.bin": Permission.DISPATCH_VIEW,
    "/live/berths.json": Permission.DISPATCH_VIEW,
    "/live/replay.bin": Permission.DISPATCH_VIEW,
    # files made for one person
    "/exports/<uuid:export_id>/file": Permission.EXPORT,
    "/exports/<uuid:export_id>/cancel": Permission.EXPORT,
    "/exports/news.json": Permission.EXPORT,
    "/pictures/<link>": Permission.EVIDENCE_VIEW,
    # pictures from a desk; the form they are for says who may send them
    "/uploads": Open.USERS,
    # the screens
    "/search": Open.KNOWN,
    "/_dash-component-suites/plotly/package_data/plotly.min.js": Open.KNOWN,
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>": Open.KNOWN,
    "/_dash-layout": Open.KNOWN,
    "/_dash-dependencies": Open.KNOWN,
    "/_reload-hash": Open.KNOWN,
    "/_dash-update-component": Open.CALLBACK,
    "/": Open.PAGE,
    "/<path:path>": Open.PAGE,
}

_HOLE: Final = re.compile(r"<[^<>]+>")


def need_of_page(path: str) -> Permission | None:
    """Return what the page of a path needs, as it said when it was registered; None where there is no such page."""
    page = _find_page(path)
    return None if page is None else Permission(page["needs"])  # a page that says nothing is a bug, and closed


def page_of(path: str) -> str | None:
    """Return the address of a page as it was declared, with holes for what differs; None where there is no such page."""
    page = _find_page(path)
    return None if page is None else str(page.get("path_template") or page["path"])


def _find_page(path: str) -> dict[str, Any] | None:  # Dash's own record of a page
    for page in dash.page_registry.values():
        template = page.get("path_template")
        pattern = _HOLE.sub("[^/]+", template) if template else re.escape(page["path"])
        if re.fullmatch(pattern.rstrip("/") or "/", path.rstrip("/") or "/"):
            found: dict[str, Any] = page
            return found
    return None


def may(actor: Actor | None, need: Need) -> bool:
    """Tell whether somebody, or nobody, is let in where this is needed."""
    if isinstance(need, Permission):
        return actor is not None and need in actor.permissions
    if need is Open.USERS:
        return actor is not None and actor.session_id is not None
    if need is Open.SCREENS:
        return actor is not None and actor.session_id is None
    return actor is not None or need in {Open.EVERYBODY, Open.ENTRANCE, Open.OWN_KEY}


def home_of(actor: Actor) -> str:
    """Return the first page that somebody may see."""
    pages = sorted(dash.page_registry.values(), key=lambda page: (page["path"] != "/", page["path"]))
    return next((str(page["path"]) for page in pages if page.get("needs") in actor.permissions), "/account")
