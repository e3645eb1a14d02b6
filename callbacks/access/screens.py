"""Screens: the register of screens on walls, what they see and show, how they are, and what they are called to do."""

from typing import Final

from dash import html
from dash.development.base_component import Component
from flask import has_request_context, request

from core.access import scenes, screens
from core.access.permissions import Permission
from core.access.screens import Link
from core.kit.db import Row
from core.kit.locale import _, _l
from core.places import areas, sites
from core.settings import settings
from core.ui import codes, tones
from core.ui.parts import box
from core.ui.register import Action, Chips, Choice, Field, Form, Kind, Reader, Register, Typed
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


def _scenes(reader: Reader) -> list[tuple[str, str]]:
    return scenes.list_choices(reader.tx)


def _districts(reader: Reader) -> list[tuple[str, str]]:
    """Who keeps walls need not see the city: he names parts of it for others."""
    return areas.list_choices(reader.tx)


def _sites(reader: Reader) -> list[tuple[str, str]]:
    return sites.list_all_choices(reader.tx)


READING: Final = {"all": Tone.GOOD, "figures": Tone.WATCH, "headlines": Tone.ACT, "nothing": Tone.ACT, "unknown": Tone.OFF}
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
    given=screens.given,
    for_all="wall screens hang in rooms, and are administered together",
    columns=(
        Column("name", _l("Name"), Look.TEXT, 200, grows=True),
        Column("state", _l("State"), Look.STATE, 160, words=screens.STATES, tones=TONES),
        Column("last_seen_at", _l("Last heard"), Look.AGE, 110),
        Column("picture_at", _l("Picture age"), Look.AGE, 110, note=_l("How old the newest picture it showed is")),
        Column("scene", _l("Shows"), Look.TEXT, 130, note=_l("Empty: an overview of what it sees")),
        Column("part", _l("Sees"), Look.TEXT, 160, grows=True, note=_l("Empty: the whole city")),
        Column("layout", _l("Layout"), Look.TEXT, 160, words=screens.LAYOUTS),
        Column("viewport", _l("Window"), Look.CODE, 110),
        Column("reads", _l("Read from the farthest seat"), Look.STATE, 160, words=screens.READS, tones=READING),
        Column("reads_to_m", _l("All text reads to"), Look.NUMBER, 120, unit="m", places=1, hidden=True),
        Column("scenes", _l("Scenes"), Look.TEXT, 200, hidden=True),
        Column("heap_mb", _l("Memory"), Look.NUMBER, 100, unit="MB"),
        Column("build", _l("Release"), Look.CODE, 120),
        Column("address", _l("Address"), Look.CODE, 140),
        Column("bound_at", _l("Since"), Look.MOMENT, 140, hidden=True),
        Column("is_loud", _l("Sound"), Look.SWITCH, 90, hidden=True),
        Column("quiet", _l("Quiet hours"), Look.TEXT, 120, hidden=True),
        Column("reload_time", _l("Loads anew at"), Look.TEXT, 120, hidden=True),
        Column("note", _l("Note"), Look.TEXT, 200, hidden=True),
    ),
    filters=(
        Typed("name", _l("Name")),
        Typed("part", _l("Sees")),
        Choice("reads", _l("Read from the farthest seat"), screens.READS),
        Choice("is_loud", _l("Sound"), {"true": _l("On"), "false": _l("Off")}, is_many=False, is_rare=True),
    ),
    chips=Chips("state", screens.STATES),
    form=Form(screens.Draft, add=screens.register, change=screens.change, needs=Permission.SCREENS_MANAGE, when=_is_ours, fields=(
        Field("name", _l("Name"), hint=_l("Where it hangs")),
        Field("language", _l("Language"), choices=screens.LANGUAGES),
        Field("is_loud", _l("Sound")),
        Field("volume_pct", _l("Volume"), unit="%"),
        Field("quiet", _l("Quiet hours"), hint=_l("As 22:00-07:00, city time")),
        Field("reload_time", _l("Loads anew at"), hint=_l("As 04:30, city time; empty: never")),
        Field("scene_ids", _l("Scenes"), choices=_scenes, is_wide=True,
              hint=_l("Several follow each other; none: an overview of what it sees")),
        Field("area_ids", _l("Sees districts"), choices=_districts, hint=_l("None here and below: the whole city"), is_wide=True),
        Field("site_ids", _l("Sees sections and lots"), choices=_sites, is_wide=True),
        Field("layout", _l("Layout"), choices=screens.LAYOUTS),
        Field("picture_cm", _l("Height of the picture"), unit="cm"),
        Field("seat_cm", _l("To the farthest seat"), unit="cm",
              hint=_l("With both, the list says what is read from there")),
        Field("note", _l("Note"), kind=Kind.LINES, is_wide=True),
    )),
    actions=(
        Action("link", _l("Link a browser"), screens.link_anew, Permission.SCREENS_MANAGE, is_confirmed=True, when=_is_ours,
               says=_l("A link that works once. A browser that is linked now stays until another uses the link."), tell=_tell),
        Action("reload", _l("Load anew"), screens.reload, Permission.SCREENS_MANAGE, is_for_many=True, when=_has_browser),
        Action("scene", _l("Show a scene"), screens.show_scene, Permission.SCREENS_MANAGE, is_for_many=True, when=_has_browser,
               form=Form(screens.Turn, fields=(Field("scene_id", _l("Scene"), choices=_scenes),))),
        Action("message", _l("Show a message"), screens.show_message, Permission.SCREENS_MANAGE, is_for_many=True,
               when=_has_browser, says=_l("It stands on the screens for a minute, for everybody to see."),
               form=Form(screens.Message, fields=(Field("text", _l("Message"), is_wide=True),))),
        Action("revoke", _l("Revoke"), screens.revoke_all, Permission.SCREENS_MANAGE, is_for_many=True, is_grave=True,
               asks_reason=True, when=_is_ours, says=_l("It shows nothing more within ten seconds.")),
    ),
)  # fmt: skip
