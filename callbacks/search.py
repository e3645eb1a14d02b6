"""The search of the head: a text in, what it may mean and where that leads out; each reader finds what he may see."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from flask import Flask, Response, request

from callbacks import edge
from core.access.permissions import Permission
from core.insight.dispatch import search
from core.insight.dispatch.search import Hit, HitKind
from core.kit.live import answers
from core.ui import formats, language, navigation
from core.ui.navigation import Held

PATH: Final = "/search"
FEWEST_LETTERS: Final = 2
_MAP: Final = "/dispatch"
_FINDERS: Final[Mapping[HitKind, frozenset[Permission]]] = {
    HitKind.BERTH: frozenset({Permission.DISPATCH_VIEW, Permission.PLACES_VIEW}),
    HitKind.SITE: frozenset({Permission.DISPATCH_VIEW, Permission.PLACES_VIEW}),
    HitKind.DEVICE: frozenset({Permission.DISPATCH_VIEW, Permission.DEVICES_VIEW}),
    HitKind.PLATE: frozenset({Permission.DISPATCH_VIEW, Permission.STAYS_VIEW}),
    HitKind.ORDER: frozenset({Permission.DISPATCH_VIEW, Permission.STAYS_VIEW}),
}
"""Who may find what: whoever holds one of these."""
_LISTS: Final[Mapping[HitKind, tuple[str, str]]] = {
    HitKind.BERTH: ("/parking/berths", "called"),
    HitKind.SITE: ("/parking/sites", "called"),
    HitKind.DEVICE: ("/devices/inventory", "code"),
    HitKind.PLATE: ("/parking/stays", "plate"),
    HitKind.ORDER: ("/parking/stays", "order_no"),
}
"""The list that has a thing, and its filter."""
_ALSO: Final[Mapping[str, Mapping[str, str]]] = {"/parking/stays": {"q.period": "all"}}
"""What else a list is asked, so that it shows the thing whenever it was."""
_ON_THE_MAP: Final = frozenset({HitKind.BERTH, HitKind.SITE})
"""What people want to see on the map rather than in a list."""
_NEAR: Final = "18"


def register(server: Flask) -> None:
    """Add the route of the search to an application."""
    server.add_url_rule(PATH, "search", answer)


def answer() -> Response:
    """Answer with what was found for `?text=`; a text too short finds nothing."""
    text = request.args.get("text", "")[: search.LONGEST]
    with language.speaking(request.args.get("lang")):
        hits = find(text) if len(text.strip()) >= FEWEST_LETTERS else []
    return answers.json({"text": text, "hits": hits})


def find(text: str) -> list[dict[str, Any]]:
    """Find what a text may mean to the reader, and tell where each leads him."""
    held = edge.actor().permissions
    kinds = {kind for kind, needed in _FINDERS.items() if not needed.isdisjoint(held)}
    with edge.reading() as act:
        found = search.search(act.tx, text=text, at=act.at, sites=act.scope.sites(act.tx), kinds=kinds)
    told = [(hit, href_of(hit, typed=text.strip(), held=held)) for hit in found]
    return [_told(hit, href) for hit, href in told if href]


def href_of(hit: Hit, *, typed: str, held: Held) -> str:
    """Return the page that shows a thing; nothing where the reader may see none. A plate is told as far as it was typed."""
    path, field = _LISTS[hit.kind]
    is_listed, is_mapped = navigation.leads_to(path, held), navigation.leads_to(_MAP, held)
    if is_listed and not (is_mapped and hit.kind in _ON_THE_MAP):
        value = hit.space or hit.title if hit.kind is HitKind.BERTH else typed if hit.kind is HitKind.PLATE else hit.title
        asked = {f"q.{field}": hit.site if hit.kind is HitKind.SITE else value, **_ALSO.get(path, {})}
        return f"{path}?{urlencode(asked)}"
    return f"{_MAP}?{urlencode(_on_the_map(hit))}" if is_mapped else ""


def _called(hit: Hit, typed: str) -> str:
    """Return what the list of a thing calls it."""
    match hit.kind:
        case HitKind.BERTH:
            return f"{hit.site}/{hit.space}"
        case HitKind.SITE:
            return hit.site
        case HitKind.PLATE:
            return typed
    return hit.title


def _on_the_map(hit: Hit) -> dict[str, str]:
    """Return the part of the map's address that shows a thing."""
    told = {"berth": f"{hit.site}/{hit.space}"} if hit.space else {}
    if not hit.space and hit.lat is not None and hit.lon is not None:
        told |= {"lat": f"{hit.lat:.5f}", "lon": f"{hit.lon:.5f}", "z": _NEAR}
    return told | ({"at": formats.iso(hit.at)} if hit.at else {})


def _told(hit: Hit, href: str) -> dict[str, Any]:
    return {
        "kind": hit.kind.value,
        "label": str(hit.kind.label),
        "title": hit.title,
        "note": hit.subtitle,
        "href": href,
        "site": hit.site,
        "space": hit.space,
        "at": hit.at and formats.iso(hit.at),
        "lon": hit.lon,
        "lat": hit.lat,
    }
