"""
The desk: what pages for people at a desk stand in. Head with the areas, search, data age, language, theme, and help by keyboard.

A page calls `page(ids, area=…, title=…, children=…)` inside `language.speaking(lang)`. The head's live parts are written by
`assets/js/desk/desk.js`; nothing of them passes through a callback.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import dash
from dash import html
from dash.development.base_component import Component

from core.kit.locale import Language, Lazy, _, _l, current
from core.ui import ages, language, words
from core.ui.entrance import gate
from core.ui.ids import Ids
from core.ui.parts import Child, box, lamp, place, span

NAMES: Final = {Language.EN: "English", Language.ZH_CN: "中文"}
"""Every language in its own words, for whoever cannot read the other."""


class Area(StrEnum):
    """A part of the product as the head names it."""

    WALL = "wall"
    DISPATCH = "dispatch"
    INSIGHT = "insight"
    FINANCE = "finance"
    PARKING = "parking"
    DEVICES = "devices"
    SYSTEM = "system"


_LABELS: Final[dict[Area, Lazy]] = {
    Area.WALL: _l("Wall"),
    Area.DISPATCH: _l("Dispatch map"),
    Area.INSIGHT: _l("Analysis"),
    Area.FINANCE: _l("Finance"),
    Area.PARKING: _l("Parking"),
    Area.DEVICES: _l("Devices"),
    Area.SYSTEM: _l("System"),
}
_PREFIXES: Final = {area: "/" if area is Area.WALL else f"/{area}" for area in Area}


@dataclass(frozen=True, slots=True)
class Tab:
    """A page beside this one in the same area."""

    href: str
    label: str
    is_current: bool = False


@dataclass(frozen=True, slots=True)
class Key:
    """What a key does, for the help: `J`, `K` or `Esc`."""

    names: tuple[str, ...]
    does: str


def page(
    ids: Ids,
    *,
    area: str,
    title: str,
    children: Child | Sequence[Child],
    drawer: Component | None = None,
    tabs: Sequence[Tab] = (),
    keys: Sequence[Key] = (),
    topics: Sequence[str] = ("wall",),
    extra_words: dict[str, object] | None = None,
    hits: Component | None = None,
) -> Component:
    """
    Return a page of the desk in the language being spoken.

    Args:
        ids: the ids of the page; its root becomes `ids.page`.
        area: which area of the head it belongs to, a value of `Area`.
        title: what screen readers hear as the name of the page.
        children: the content, one component or several.
        drawer: what stands at the right of the content.
        tabs: pages of the same area, below the head; none, no bar.
        keys: what keys do on this page beside those of every page.
        topics: topics of the live stream the page needs.
        extra_words: words for the page's own script, beside those of the desk.
        hits: where a page that answers searches itself shows what was found; elsewhere Enter leads to the dispatch map.
    """
    inside = [children] if isinstance(children, str | Component) else list(children)
    main = box("desk__main", *inside, tag=html.Main, extra={"aria-label": title})
    body = box("desk__body" if drawer is None else "desk__body desk__body--drawer", main, *([] if drawer is None else [drawer]))
    spoken = current()
    limits = ages.limits()
    return box(
        "desk desk--tabs" if tabs else "desk",
        _head(Area(area), spoken, hits),
        *([_tabs(tabs)] if tabs else []),
        body,
        _help(keys),
        extra={"id": ids.page, "lang": language.TAG[spoken]},
        density="desk",
        desk=str(area),
        lang=language.SHORT[spoken],
        cookie=language.COOKIE,
        late_s=str(limits.late_s),
        stale_s=str(limits.stale_s),
        topics=",".join(topics),
        words=json.dumps({**words.desk(), **(extra_words or {})}, ensure_ascii=False),
    )


def areas() -> list[tuple[Area, str]]:
    """List the areas that have a page its reader may see, with the address of the first of their pages."""
    paths = [page["path"] for page in dash.page_registry.values() if page.get("needs") in gate.actor().permissions]
    found = []
    for area, prefix in _PREFIXES.items():
        own = [path for path in paths if path == prefix or (area is not Area.WALL and path.startswith(f"{prefix}/"))]
        if own:
            found.append((area, own[0]))
    return found


def label(area: Area) -> str:
    """Return what people call an area."""
    return str(_LABELS[area])


def _head(area: Area, spoken: Language, hits: Component | None) -> Component:
    links = [
        box("desk__area", str(_LABELS[each]), tag=html.A, extra={"href": href, **_current(each is area)}) for each, href in areas()
    ]
    other = Language.EN if spoken is Language.ZH_CN else Language.ZH_CN
    tongue = {"href": f"?lang={language.SHORT[other]}", "lang": language.TAG[other], "hrefLang": language.TAG[other]}
    return box(
        "desk__head",
        box("desk__logo", "P", extra={"aria-hidden": "true"}),
        place("city", "desk__city", tag=html.Strong),
        box("desk__badge", _("Demo data"), extra={"hidden": True}, paint="demo"),
        box("desk__areas", *links, tag=html.Nav, extra={"aria-label": _("Areas")}),
        box("search", place("search", "search__box"), *([] if hits is None else [hits]), extra={"role": "search"}),
        box("desk__age", lamp(), span("", _("Loading"), paint="fresh"), extra={"role": "status"}),
        box("button button--ghost", NAMES[other], tag=html.A, extra=tongue, tongue=language.SHORT[other]),
        _button("theme", _("Light or dark"), "◐"),
        _button("help", _("Keys"), "?"),
        box("desk__me", gate.actor().name[:1], tag=html.A, extra=_me()),
        tag=html.Header,
    )


def _me() -> dict[str, str]:
    """Return what the sign of the reader leads to and says."""
    name = gate.actor().name
    return {"href": "/account", "title": name, "aria-label": _("Your account")}


def _tabs(tabs: Sequence[Tab]) -> Component:
    links = [box("tabs__tab", tab.label, tag=html.A, extra={"href": tab.href, **_current(tab.is_current)}) for tab in tabs]
    return box("tabs desk__tabs", *links, tag=html.Nav, extra={"aria-label": _("Pages")})


def _help(keys: Sequence[Key]) -> Component:
    everywhere = (Key(("/",), _("Search")), Key(("?",), _("These keys")), Key(("Esc",), _("Close or leave")))
    rows = [
        box("help__row", box("", *[html.Kbd(name) for name in key.names], tag=html.Dt), box("", key.does, tag=html.Dd))
        for key in (*keys, *everywhere)
    ]
    heading = box("help__title", _("Keys"), tag=html.H2)
    return box(
        "help", heading, box("help__keys", *rows, tag=html.Dl), tag=html.Dialog, extra={"aria-label": _("Keys")}, paint="keys"
    )


def _button(name: str, label: str, sign: str) -> Component:
    return box("button button--ghost button--sign", sign, tag=html.Button, extra={"aria-label": label, "title": label}, does=name)


def _current(is_current: bool) -> dict[str, str]:  # noqa: FBT001  # one value, said by its name
    return {"aria-current": "page"} if is_current else {}
