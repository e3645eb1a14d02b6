"""Zones: the register of levels and parts of sites."""

from core.access.permissions import Permission
from core.kit.locale import _l
from core.office.dictionaries import CLOSINGS
from core.places import sites, zones
from core.ui import tones
from core.ui.register import Action, Chips, Choice, Field, Form, Register, Total, Typed
from core.ui.tables import Column, Look

ZONES = Register(
    name="places/zones",
    path="/parking/zones",
    group="places",
    order=5,
    title=_l("Zones and levels"),
    one=_l("Zone"),
    note=_l("Parts of sections and lots"),
    view=Permission.PLACES_VIEW,
    relation=zones.ZONES,
    columns=(
        Column("name", _l("Name"), Look.TEXT, 180, grows=True),
        Column("kind", _l("Kind"), Look.TEXT, 110, words=zones.KINDS),
        Column("site", _l("Site"), Look.CODE, 220, beside="site_name"),
        Column("parent", _l("Inside of"), Look.TEXT, 150),
        Column("berth_n", _l("Berths"), Look.NUMBER, 100, note=_l("In service")),
        Column("capacity_n", _l("Capacity"), Look.NUMBER, 110, note=_l("Vehicles it holds now, of all classes")),
        Column("state", _l("State"), Look.STATE, 110, words=zones.STATES, tones=tones.LIFE),
    ),
    filters=(
        Typed("called", _l("Name")),
        Choice("site_id", _l("Site"), lambda reader: sites.list_choices(reader.tx, sites=reader.sites)),
        Choice("kind", _l("Kind"), zones.KINDS),
    ),
    chips=Chips("state", zones.STATES),
    totals=(Total("berth_n", _l("Berths")), Total("capacity_n", _l("Capacity"))),
    form=Form(zones.Draft, add=zones.register, change=zones.change, needs=Permission.PLACES_MANAGE, fields=(
        Field("site_id", _l("Site"), choices=lambda reader: sites.list_choices(reader.tx, sites=reader.sites), is_fixed=True),
        Field("kind", _l("Kind"), choices=zones.KINDS),
        Field("name", _l("Name")),
        Field("name_en", _l("Name in English")),
        Field("parent_zone_id", _l("Inside of"), choices=lambda reader: zones.list_choices(reader.tx, sites=reader.sites),
              hint=_l("A zone of the same site, where one lies inside of another")),
    )),
    actions=(
        Action("close", _l("Close"), zones.close, Permission.PLACES_MANAGE,
               asks_reason=True, offers=CLOSINGS, is_for_many=True, is_grave=True,
               says=_l("Nothing of it may be in use any more."), when=lambda row: row["state"] == "open"),
        Action("open", _l("Open"), zones.open_again, Permission.PLACES_MANAGE, is_for_many=True,
               when=lambda row: row["state"] == "closed"),
    ),
    has_import=True,
)  # fmt: skip
