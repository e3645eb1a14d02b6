"""The reader's own menu: who he is, how the desk looks to him, his account, the way out."""

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from core.access.actors import Actor
from core.access.roles import NAMES
from core.kit.locale import _
from core.ui.parts import box, span


def menu(actor: Actor) -> Component:
    """Return the sign of the reader and the menu it opens; the page's script opens it and keeps what is chosen."""
    sign = {"title": actor.name, "aria-label": _("Your menu"), "aria-haspopup": "true", "aria-expanded": "false", "type": "button"}
    return box(
        "own",
        box("desk__me", actor.name[:1], tag=html.Button, extra=sign, does="menu"),
        box("own__menu", *_inside(actor), extra={"hidden": True}, part="menu"),
    )


def _inside(actor: Actor) -> Sequence[Component]:
    known = {str(code): str(name) for code, name in NAMES.items()}
    roles = " · ".join(known.get(role, role) for role in actor.roles)
    themes = {"dark": _("Dark"), "light": _("Light"), "system": _("As the system")}
    rows = {"wide": _("Wide"), "narrow": _("Narrow")}
    return (
        box("own__who", box("own__name", actor.name, tag=html.Strong), span("own__roles", roles)),
        _choice("theme", _("Colours"), themes),
        _choice("rows", _("Row height"), rows),
        box("own__links", _item(_("Keys"), html.Button, does="help", key="?"), _item(_("Your account"), html.A, href="/account")),
        box("own__links", _item(_("Sign out"), html.Button, does="sign-out")),
    )


def _choice(name: str, label: str, values: Mapping[str, str]) -> Component:
    buttons = [
        box("choice__one", word, tag=html.Button, extra={"type": "button", "aria-pressed": "false"}, value=value)
        for value, word in values.items()
    ]
    group = box("choice", *buttons, extra={"role": "group", "aria-label": label}, choose=name)
    return box("own__choice", span("own__label", label), group)


def _item(label: str, tag: type[html.A | html.Button], *, href: str = "", does: str = "", key: str = "") -> Component:
    told = {"does": does} if does else {}
    hint = [box("key", key, tag=html.Kbd)] if key else []
    return box("own__item", span("", label), *hint, tag=tag, extra={"href": href} if href else {"type": "button"}, **told)
