"""Groups: the register of named sets of sites."""

from dash.development.base_component import Component

from core.access.permissions import Permission
from core.kit.db import Row
from core.kit.locale import _, _l
from core.office.dictionaries import CLOSINGS
from core.places import groups, sites
from core.ui import drawer, tables, tones
from core.ui.drawer import Fact
from core.ui.parts import box
from core.ui.register import Action, Chips, Choice, Field, Form, Kind, Reader, Register, Typed
from core.ui.tables import Column, Look


def _sheet(reader: Reader, row: Row) -> list[Component]:
    """Tell what a group is for, and its sites."""
    shown = tables.shown(row, key="site_group_id")
    found = groups.list_members(reader.tx, group_id=row["site_group_id"], sites=reader.sites)
    members = [tables.shown(one, key="code") for one in found]
    lines = [(one["code"], one["name"], str(sites.KINDS[one["kind"]]), str(sites.STATES[one["state"]])) for one in members]
    state = drawer.Pill(str(groups.STATES[row["state"]]), tones.LIFE[row["state"]])
    return [
        drawer.heading(shown["name"], [state], row["code"]),
        box("register__pairs", drawer.facts([
            Fact(_("Used for"), str(groups.PURPOSES[row["purpose"]])), Fact(_("Berths"), f"{row['berth_n']:,}")])),
        drawer.section(_("Sections and lots"), f"{len(lines)}", tables.plain(
            [_("Code"), _("Name"), _("Kind"), _("State")], lines, empty=_("Nothing here"))),
    ]  # fmt: skip


GROUPS = Register(
    name="places/groups",
    path="/parking/groups",
    group="places",
    order=9,
    title=_l("Groups of sites"),
    one=_l("Group"),
    note=_l("What passes, tariffs and reports speak of as one"),
    view=Permission.PLACES_VIEW,
    relation=groups.GROUPS,
    columns=(
        Column("code", _l("Code"), Look.CODE, 140),
        Column("name", _l("Name"), Look.TEXT, 220, grows=True),
        Column("purpose", _l("Used for"), Look.TEXT, 140, words=groups.PURPOSES),
        Column("section_n", _l("Sections"), Look.NUMBER, 100),
        Column("lot_n", _l("Lots"), Look.NUMBER, 100),
        Column("berth_n", _l("Berths"), Look.NUMBER, 100, note=_l("In service")),
        Column("state", _l("State"), Look.STATE, 110, words=groups.STATES, tones=tones.LIFE),
    ),
    filters=(Typed("called", _l("Code or name")), Choice("purpose", _l("Used for"), groups.PURPOSES)),
    chips=Chips("state", groups.STATES),
    sheet=_sheet,
    form=Form(groups.Draft, add=groups.register, change=groups.change, needs=Permission.PLACES_MANAGE, fields=(
        Field("code", _l("Code")),
        Field("purpose", _l("Used for"), choices=groups.PURPOSES),
        Field("name", _l("Name")),
        Field("name_en", _l("Name in English")),
        Field("sites", _l("Sections and lots"), kind=Kind.CHOICES, is_wide=True,
              choices=lambda reader: sites.list_choices(reader.tx, sites=reader.sites)),
    )),
    actions=(
        Action("retire", _l("Retire"), groups.retire, Permission.PLACES_MANAGE,
               asks_reason=True, offers=CLOSINGS, is_for_many=True, is_grave=True,
               says=_l("Nothing new can be tied to it; what is tied stays."), when=lambda row: row["state"] == "active"),
        Action("use", _l("Use again"), groups.use_again, Permission.PLACES_MANAGE, when=lambda row: row["state"] == "retired"),
    ),
)  # fmt: skip
