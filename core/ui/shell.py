"""
The desk: what pages for people at a desk stand in.

Head with the areas, search, data age, language and the reader's own menu; the pages of the area at the side; the way that led
here; help by keyboard.

A page calls `page(ids, area=…, path=…, title=…, children=…)` inside `language.speaking(lang)`. The live parts of the frame are
written by the scripts of `assets/js/desk`; nothing of them passes through a callback.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dash import html
from dash.development.base_component import Component

from core.access.permissions import Permission
from core.kit import clock
from core.kit.locale import Language, _, current
from core.ui import ages, language, navigation, own_menu, words
from core.ui.entrance import gate
from core.ui.ids import Ids
from core.ui.navigation import Area, Link
from core.ui.parts import Child, box, lamp, place, span

__all__ = ["NAMES", "Area", "Key", "page"]

NAMES: Final = {Language.EN: "English", Language.ZH_CN: "中文"}
"""Every language in its own words, for whoever cannot read the other."""
_TOPICS: Final = {"wall": Permission.WALL_VIEW, "berths": Permission.DISPATCH_VIEW, "events": Permission.DISPATCH_VIEW}
"""Who may hear what of the live stream; a page asks for nothing that its reader would be refused."""


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
    path: str = "",
    drawer: Component | None = None,
    keys: Sequence[Key] = (),
    topics: Sequence[str] = ("wall",),
    extra_words: dict[str, object] | None = None,
) -> Component:
    """
    Return a page of the desk in the language being spoken.

    Args:
        ids: the ids of the page; its root becomes `ids.page`.
        area: which area of the head it belongs to, a value of `Area`.
        title: what screen readers hear as the name of the page.
        children: the content, one component or several.
        path: its address; the side navigation marks it, and the way that leads here ends with it.
        drawer: what stands at the right of the content.
        keys: what keys do on this page beside those of every page.
        topics: topics of the live stream the page would hear; it hears those its reader may.
        extra_words: words for the page's own script, beside those of the desk.
    """
    inside = [children] if isinstance(children, str | Component) else list(children)
    main = {"id": ids.main, "aria-label": title, "tabIndex": -1}
    held = gate.actor().permissions
    side = navigation.list_side(Area(area), held, path=path)
    parts = [
        *([_side(side)] if side else []),
        box("desk__content", *_way(Area(area), path), box("desk__main", *inside, tag=html.Main, extra=main)),
        *([] if drawer is None else [drawer]),
    ]
    classes = ["desk__body", *(["desk__body--side"] if side else []), *([] if drawer is None else ["desk__body--drawer"])]
    heard = [topic for topic in topics if _TOPICS[topic] in held]
    spoken = current()
    limits = ages.limits()
    return box(
        "desk",
        box("skip", _("To the content"), tag=html.A, extra={"href": f"#{ids.main}"}),
        _head(Area(area), spoken, is_live=bool(heard)),
        box(" ".join(classes), *parts),
        _help(keys, has_side=bool(side)),
        extra={"id": ids.page, "lang": language.TAG[spoken]},
        density="desk",
        desk=str(area),
        lang=language.SHORT[spoken],
        cookie=language.COOKIE,
        late_s=str(limits.late_s),
        stale_s=str(limits.stale_s),
        offset_min=str(clock.offset_min()),
        topics=",".join(heard),
        words=json.dumps({**words.desk(), **(extra_words or {})}, ensure_ascii=False),
    )


def _head(area: Area, spoken: Language, *, is_live: bool) -> Component:
    held = gate.actor().permissions
    links = [
        box("desk__area", each.label, tag=html.A, extra={"href": href, **_current(each is area)})
        for each, href in navigation.list_areas(held)
    ]
    other = Language.EN if spoken is Language.ZH_CN else Language.ZH_CN
    tongue = {"href": f"?lang={language.SHORT[other]}", "lang": language.TAG[other], "hrefLang": language.TAG[other]}
    return box(
        "desk__head",
        box("desk__logo", "P", extra={"aria-hidden": "true"}),
        place("city", "desk__city", tag=html.Strong),
        box("desk__badge", _("Demo data"), extra={"hidden": True}, paint="demo"),
        box("desk__areas", *links, tag=html.Nav, extra={"aria-label": _("Areas")}),
        *([box("search", place("search", "search__box"), extra={"role": "search"})] if navigation.may_search(held) else []),
        *([box("desk__age", lamp(), span("", _("Loading"), paint="fresh"), extra={"role": "status"})] if is_live else []),
        box("button button--ghost", NAMES[other], tag=html.A, extra=tongue, tongue=language.SHORT[other]),
        own_menu.menu(gate.actor()),
        tag=html.Header,
    )


def _side(groups: Sequence[tuple[str, Sequence[Link]]]) -> Component:
    """Return the pages of the area; the script folds it away and remembers that."""
    lists: list[Component] = []
    for heading, links in groups:
        pages = [html.Li(box("side__page", link.label, tag=html.A, extra=_leading(link))) for link in links]
        title = [box("side__title", heading, tag=html.H2)] if heading else []
        lists.append(box("side__group", *title, box("side__pages", *pages, tag=html.Ul)))
    label = _("Fold the pages away or show them")
    fold = box(
        "button button--ghost button--sign side__fold",
        "«",
        tag=html.Button,
        extra={"aria-label": label, "title": label, "aria-expanded": "true"},
        does="fold",
    )
    return box("side", box("side__all", *lists), fold, tag=html.Nav, extra={"aria-label": _("Pages")}, part="side")


def _way(area: Area, path: str) -> list[Component]:
    """Return what led here, and beside it the place where stale data is said."""
    way = navigation.list_way(area, gate.actor().permissions, path=path) if path else []
    if not way:
        return []
    steps = [
        html.Li(box("trail__step", link.label, tag=html.A if link.href else html.Span, extra=_leading(link) if link.href else None))
        for link in way
    ]
    said = box("trail__stale", extra={"role": "status"}, paint="stale")
    return [box("trail", box("trail__steps", *steps, tag=html.Ol), said, tag=html.Nav, extra={"aria-label": _("You are here")})]


def _leading(link: Link) -> dict[str, str]:
    return {"href": link.href, **_current(link.is_current)}


def _help(keys: Sequence[Key], *, has_side: bool) -> Component:
    everywhere = (
        *([Key(("/",), _("Search"))] if navigation.may_search(gate.actor().permissions) else []),
        *([Key(("\\",), _("Fold the pages away or show them"))] if has_side else []),
        Key(("?",), _("These keys")),
        Key(("Esc",), _("Close or leave")),
    )
    rows = [
        box("help__row", box("", *[html.Kbd(name) for name in key.names], tag=html.Dt), box("", key.does, tag=html.Dd))
        for key in (*keys, *everywhere)
    ]
    heading = box("help__title", _("Keys"), tag=html.H2)
    return box(
        "help", heading, box("help__keys", *rows, tag=html.Dl), tag=html.Dialog, extra={"aria-label": _("Keys")}, paint="keys"
    )


def _current(is_current: bool) -> dict[str, str]:  # noqa: FBT001  # one value, said by its name
    return {"aria-current": "page"} if is_current else {}
