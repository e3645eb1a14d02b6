"""Sites: the register of street sections and lots."""

from core.access.permissions import Permission
from core.kit.locale import _l
from core.office.dictionaries import CLOSINGS
from core.places import areas, organisations, roads, sites
from core.ui import tones
from core.ui.register import Action, Between, Chips, Choice, Field, Form, Kind, Register, Total, Typed, View
from core.ui.tables import Column, Look

SITES = Register(
    name="places/sites",
    path="/parking/sites",
    group="places",
    order=4,
    title=_l("Sections and lots"),
    one=_l("Section or lot"),
    note=_l("The unit of tariff, ranking and scope"),
    view=Permission.PLACES_VIEW,
    relation=sites.SITES,
    columns=(
        Column("code", _l("Code"), Look.CODE, 110),
        Column("name", _l("Name"), Look.TEXT, 160, grows=True),
        Column("kind", _l("Kind"), Look.TEXT, 90, words=sites.KINDS),
        Column("district", _l("District"), Look.TEXT, 110),
        Column("road", _l("Road"), Look.TEXT, 120),
        Column("mode", _l("Monitored by"), Look.TEXT, 110, words=sites.MODES),
        Column("organisation", _l("Organisation"), Look.TEXT, 130, hidden=True),
        Column("berth_n", _l("Berths"), Look.NUMBER, 90, note=_l("In service")),
        Column("capacity_n", _l("Capacity"), Look.NUMBER, 100, note=_l("Vehicles it holds now, of all classes")),
        Column("lane_n", _l("Lanes"), Look.NUMBER, 80, hidden=True),
        Column("device_n", _l("Devices at work"), Look.NUMBER, 90, hidden=True),
        Column("state", _l("State"), Look.STATE, 100, words=sites.STATES, tones=tones.LIFE),
        Column("opened_on", _l("Opened"), Look.DATE, 120),
        Column("closed_on", _l("Closed on"), Look.DATE, 120, hidden=True),
    ),
    filters=(
        Typed("called", _l("Code or name"), "GL-01"),
        Choice("kind", _l("Kind"), sites.KINDS),
        Choice("area_id", _l("District"), lambda reader: areas.list_choices(reader.tx)),
        Choice("mode", _l("Monitored by"), sites.MODES),
        Between("opened_on", _l("Opened")),
    ),
    chips=Chips("state", sites.STATES),
    totals=(Total("berth_n", _l("Berths")), Total("capacity_n", _l("Capacity")), Total("lane_n", _l("Lanes"))),
    views=(View("sections", _l("Sections"), {"kind": "on_street"}), View("lots", _l("Lots"), {"kind": "off_street"})),
    form=Form(sites.Draft, add=sites.register, change=sites.change, needs=Permission.PLACES_MANAGE,
        known_by=("code",), fields=(
        Field("code", _l("Code"), hint=_l("Devices speak under it. It stays once something happened there.")),
        Field("kind", _l("Kind"), choices=sites.KINDS),
        Field("name", _l("Name")),
        Field("name_en", _l("Name in English")),
        Field("organisation_id", _l("Organisation"), choices=lambda reader: organisations.list_choices(reader.tx, by=reader.actor)),
        Field("area_id", _l("District"), choices=lambda reader: areas.list_choices(reader.tx)),
        Field("road_id", _l("Road"), choices=lambda reader: roads.list_choices(reader.tx), hint=_l("Of a section")),
        Field("mode", _l("Monitored by"), choices=sites.MODES),
        Field("opened_on", _l("Opened"), hint=_l("A day to come makes it planned.")),
        Field("geometry", _l("On the map"), kind=Kind.GEOMETRY, draw="geometry", is_wide=True),
    ), when=lambda row: row["state"] != "retired"),
    actions=(
        Action("open", _l("Open"), sites.open_again, Permission.PLACES_MANAGE, is_for_many=True,
               says=_l("It counts on the wall and in rankings from now on."),
               when=lambda row: row["state"] in {"planned", "closed"}),
        Action("close", _l("Close"), sites.close, Permission.PLACES_MANAGE,
               asks_reason=True, offers=CLOSINGS, is_for_many=True, is_grave=True,
               says=_l("It counts no more from today on; what happened stays."), when=lambda row: row["state"] == "open"),
        Action("retire", _l("Retire"), sites.retire, Permission.PLACES_MANAGE,
               asks_reason=True, offers=CLOSINGS, is_for_many=True, is_grave=True,
               says=_l("It never opens again. Vehicles and devices must have left it."),
               when=lambda row: row["state"] != "retired"),
    ),
    has_import=True,
)  # fmt: skip
