"""Screens: the register of screens on walls, how they are, and what they are called to do."""

from typing import Final

from dash import html
from dash.development.base_component import Component
from flask import has_request_context, request

from core.access import screens
from core.access.permissions import Permission
from core.access.screens import Link
from core.kit.db import Row
from core.kit.locale import _, _l
from core.settings import settings
from core.ui import codes, tones
from core.ui.parts import box
from core.ui.register import Action, Chips, Choice, Field, Form, Kind, Register, Typed
from core.ui.tables import Column, Look
from core.ui.tones import Tone


def _tell(link: Link) -> list[Component]:
    """Show a link once, as text and as a code."""
    origin = settings().web_origin or (request.host_url.rstrip("/") if has_request_context() else "")
    address = origin + link.path
    told = [
        html.P(_("Open this address on %(name)s within a day. It works once and is not shown again.", name=link.name)),
        html.Img(src=codes.address(address), alt=_("Code of the address"), className="once__code"),
        box("once__text num", address, tag=html.Code),
    ]
    return [box("once", *told)]


def _has_browser(row: Row) -> bool:
    return row["state"] in {"live", "lost"}


def _is_ours(row: Row) -> bool:
    return bool(row["state"] != "revoked")


TONES: Final = {**tones.LIFE, "lost": Tone.ACT, "linked": Tone.INFO, "unbound": Tone.WATCH}

SCREENS = Register(
    name="access/screens",
    path="/system/screens",
    group="people",
    order=6,
    title=_l("Wall screens"),
    one=_l("Wall screen"),
    note=_l("Browsers on walls, which look and do nothing else"),
    view=Permission.SCREENS_MANAGE,
    relation=screens.SCREENS,
    for_all="wall screens hang in rooms, and are administered together",
    columns=(
        Column("name", _l("Name"), Look.TEXT, 200, grows=True),
        Column("state", _l("State"), Look.STATE, 160, words=screens.STATES, tones=TONES),
        Column("last_seen_at", _l("Last heard"), Look.AGE, 120),
        Column("scene", _l("Shows"), Look.CODE, 110),
        Column("heap_mb", _l("Memory"), Look.NUMBER, 100, unit="MB"),
        Column("build", _l("Release"), Look.CODE, 120),
        Column("address", _l("Address"), Look.CODE, 140),
        Column("bound_at", _l("Since"), Look.MOMENT, 140),
        Column("is_loud", _l("Sound"), Look.SWITCH, 90),
        Column("quiet", _l("Quiet hours"), Look.TEXT, 120, hidden=True),
        Column("reload_time", _l("Loads anew at"), Look.TEXT, 120, hidden=True),
        Column("note", _l("Note"), Look.TEXT, 200, hidden=True),
    ),
    filters=(Typed("name", _l("Name")), Choice("is_loud", _l("Sound"), {"true": _l("On"), "false": _l("Off")}, is_many=False)),
    chips=Chips("state", screens.STATES),
    form=Form(screens.Draft, add=screens.register, change=screens.change, needs=Permission.SCREENS_MANAGE, when=_is_ours, fields=(
        Field("name", _l("Name"), hint=_l("Where it hangs")),
        Field("language", _l("Language"), choices=screens.LANGUAGES),
        Field("is_loud", _l("Sound")),
        Field("volume_pct", _l("Volume"), unit="%"),
        Field("quiet", _l("Quiet hours"), hint=_l("As 22:00-07:00, city time")),
        Field("reload_time", _l("Loads anew at"), hint=_l("As 04:30, city time; empty: never")),
        Field("scenes", _l("Scenes"), choices=screens.SCENES, hint=_l("Several follow each other")),
        Field("scene_s", _l("Each for"), unit=_l("s")),
        Field("note", _l("Note"), kind=Kind.LINES, is_wide=True),
    )),
    actions=(
        Action("link", _l("Link a browser"), screens.link_anew, Permission.SCREENS_MANAGE, is_confirmed=True, when=_is_ours,
               says=_l("A link that works once. A browser that is linked now stays until another uses the link."), tell=_tell),
        Action("reload", _l("Load anew"), screens.reload, Permission.SCREENS_MANAGE, is_for_many=True, when=_has_browser),
        Action("scene", _l("Show a scene"), screens.show_scene, Permission.SCREENS_MANAGE, is_for_many=True, when=_has_browser,
               form=Form(screens.Turn, fields=(Field("scene", _l("Scene"), choices=screens.SCENES),))),
        Action("message", _l("Show a message"), screens.show_message, Permission.SCREENS_MANAGE, is_for_many=True,
               when=_has_browser, says=_l("It stands on the screens for a minute, for everybody to see."),
               form=Form(screens.Message, fields=(Field("text", _l("Message"), is_wide=True),))),
        Action("revoke", _l("Revoke"), screens.revoke_all, Permission.SCREENS_MANAGE, is_for_many=True, is_grave=True,
               asks_reason=True, when=_is_ours, says=_l("It shows nothing more within ten seconds.")),
    ),
)  # fmt: skip
