"""Scenes: the register of what walls show of the city, and how."""

from core.access import scenes
from core.access.permissions import Permission
from core.kit.locale import _l
from core.places import areas, sites
from core.ui import tones
from core.ui.register import Action, Chips, Choice, Field, Form, Kind, Reader, Register, Typed
from core.ui.tables import Column, Look


def _districts(reader: Reader) -> list[tuple[str, str]]:
    """Who keeps walls need not see the city: he names parts of it for others."""
    return areas.list_choices(reader.tx)


def _sites(reader: Reader) -> list[tuple[str, str]]:
    return sites.list_all_choices(reader.tx)


SCENES = Register(
    name="access/scenes",
    path="/system/scenes",
    group="people",
    order=7,
    title=_l("Scenes of walls"),
    one=_l("Scene of walls"),
    note=_l("What of the city a wall shows, and how"),
    view=Permission.SCREENS_MANAGE,
    relation=scenes.SCENES,
    for_all="scenes are kept together with the screens that show them",
    columns=(
        Column("name", _l("Name"), Look.TEXT, 160, grows=True),
        Column("kind", _l("Shows"), Look.TEXT, 140, words=scenes.KINDS),
        Column("part", _l("Part of the city"), Look.TEXT, 240, grows=True, note=_l("Empty: all that its screen sees")),
        Column("language", _l("Language"), Look.TEXT, 120, words=scenes.LANGUAGES),
        Column("light", _l("Brightness"), Look.TEXT, 130, words=scenes.LIGHTS),
        Column("lasts_s", _l("Stands for"), Look.NUMBER, 100, unit="s"),
        Column("screen_n", _l("Screens"), Look.NUMBER, 100),
        Column("state", _l("State"), Look.STATE, 110, words=scenes.STATES, tones=tones.LIFE),
        Column("changed_at", _l("Changed"), Look.MOMENT, 150),
        Column("note", _l("Note"), Look.TEXT, 200, hidden=True),
    ),
    filters=(Typed("name", _l("Name")), Choice("kind", _l("Shows"), scenes.KINDS), Typed("part", _l("Part of the city"))),
    chips=Chips("state", scenes.STATES),
    form=Form(scenes.Draft, add=scenes.register, change=scenes.change, needs=Permission.SCREENS_MANAGE, fields=(
        Field("name", _l("Name"), hint=_l("Stands in the head of the wall")),
        Field("name_en", _l("Name in English")),
        Field("kind", _l("Shows"), choices=scenes.KINDS),
        Field("lasts_s", _l("Stands for"), unit=_l("s")),
        Field("area_ids", _l("Districts"), choices=_districts, hint=_l("None here and below: all that its screen sees"),
              is_wide=True),
        Field("site_ids", _l("Sections and lots"), choices=_sites, is_wide=True),
        Field("language", _l("Language"), choices=scenes.LANGUAGES, hint=_l("None: that of its screen")),
        Field("light", _l("Brightness"), choices=scenes.LIGHTS),
        Field("note", _l("Note"), kind=Kind.LINES, is_wide=True),
    )),
    actions=(
        Action("close", _l("Close"), scenes.close, Permission.SCREENS_MANAGE, is_for_many=True, is_grave=True, asks_reason=True,
               says=_l("No screen can be given it any more."), when=lambda row: row["state"] == "open"),
        Action("reopen", _l("Use again"), scenes.reopen, Permission.SCREENS_MANAGE, is_for_many=True,
               when=lambda row: row["state"] == "closed"),
    ),
)  # fmt: skip
