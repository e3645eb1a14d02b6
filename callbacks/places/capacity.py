"""Capacity: the register of what zones hold, and when."""

from core.access.permissions import Permission
from core.kit import clock
from core.kit.locale import _l
from core.office.dictionaries import CLOSINGS
from core.places import capacity, sites, zones
from core.ui import tones
from core.ui.register import Action, Chips, Choice, Field, Form, Register, Total, Typed, View
from core.ui.tables import Column, Look

CAPACITY = Register(
    name="places/capacity",
    path="/parking/capacity",
    group="places",
    order=10,
    title=_l("Capacity"),
    one=_l("Number"),
    note=_l("By class of vehicle, and when it was true"),
    view=Permission.PLACES_VIEW,
    relation=capacity.CAPACITIES,
    heading="zone",
    columns=(
        Column("site", _l("Site"), Look.CODE, 240, grows=True, beside="site_name"),
        Column("zone", _l("Zone"), Look.TEXT, 160),
        Column("vehicle_class", _l("Vehicle class"), Look.TEXT, 140, words=capacity.VEHICLE_CLASSES),
        Column("spaces", _l("Holds"), Look.NUMBER, 110),
        Column("valid_from", _l("Since"), Look.MOMENT, 170),
        Column("valid_to", _l("Until"), Look.MOMENT, 170),
        Column("state", _l("State"), Look.STATE, 120, words=capacity.STATES, tones=tones.LIFE),
    ),
    filters=(
        Typed("called", _l("Site or zone")),
        Choice("site_id", _l("Site"), lambda reader: sites.list_choices(reader.tx, sites=reader.sites)),
        Choice("vehicle_class", _l("Vehicle class"), capacity.VEHICLE_CLASSES),
    ),
    chips=Chips("state", capacity.STATES),
    totals=(Total("spaces", _l("Holds")),),
    views=(View("current", _l("Holds now"), {"state": "current"}), View("coming", _l("Comes"), {"state": "coming"})),
    form=Form(capacity.Draft, add=capacity.register, change=capacity.change, needs=Permission.PLACES_MANAGE, fields=(
        Field("zone_id", _l("Zone"), choices=lambda reader: zones.list_choices(reader.tx, sites=reader.sites), is_fixed=True),
        Field("vehicle_class", _l("Vehicle class"), choices=capacity.VEHICLE_CLASSES, is_fixed=True),
        Field("spaces", _l("Holds")),
        Field("from_on", _l("From"), is_fixed=True, hint=_l("Today means from now on: what was true stays.")),
    ), when=lambda row: row["state"] == "coming", load=lambda _reader, row: {"from_on": clock.city_date(row["valid_from"])}),
    actions=(
        Action("end", _l("End"), capacity.end, Permission.PLACES_MANAGE,
               asks_reason=True, offers=CLOSINGS, is_for_many=True,
               says=_l("From this day on nobody knows what the zone holds, until a new number is added."),
               form=Form(capacity.Ending, fields=(Field("to_on", _l("From")),)), when=lambda row: row["state"] != "past"),
    ),
    has_import=True,
)  # fmt: skip
