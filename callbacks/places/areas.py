"""Areas: the register of city, districts and street offices."""

from core.access.permissions import Permission
from core.kit.locale import _l
from core.office.dictionaries import CLOSINGS
from core.places import areas
from core.ui import tones
from core.ui.register import Action, Chips, Choice, Field, Form, Register, Total, Typed, View
from core.ui.tables import Column, Look

AREAS = Register(
    name="places/areas",
    path="/parking/areas",
    group="places",
    order=2,
    title=_l("Administrative areas"),
    one=_l("Area"),
    note=_l("City, districts and street offices"),
    view=Permission.PLACES_VIEW,
    relation=areas.AREAS,
    columns=(
        Column("code", _l("Code"), Look.CODE, 120),
        Column("name", _l("Name"), Look.TEXT, 200, grows=True),
        Column("level", _l("Level of area"), Look.TEXT, 130, words=areas.LEVELS),
        Column("parent", _l("Lies in"), Look.TEXT, 180, beside="parent_name"),
        Column("road_n", _l("Roads"), Look.NUMBER, 100),
        Column("site_n", _l("Sites"), Look.NUMBER, 100),
        Column("berth_n", _l("Berths"), Look.NUMBER, 110),
        Column("state", _l("State"), Look.STATE, 110, words=areas.STATES, tones=tones.LIFE),
        Column("changed_at", _l("Changed"), Look.MOMENT, 150),
    ),
    filters=(
        Choice("level", _l("Level of area"), areas.LEVELS),
        Choice("parent_id", _l("Lies in"), lambda reader: areas.list_above(reader.tx)),
        Typed("name", _l("Name"), _l("Gulou")),
    ),
    chips=Chips("state", areas.STATES),
    totals=(Total("road_n", _l("Roads")),),
    views=(View("districts", _l("Districts"), {"level": "district"}),),
    form=Form(areas.Draft, add=areas.register, change=areas.change, needs=Permission.PLACES_MANAGE,
        known_by=("code", "level"), fields=(
        Field("level", _l("Level of area"), choices=areas.LEVELS, is_fixed=True),
        Field("parent_id", _l("Lies in"), choices=lambda reader: areas.list_above(reader.tx)),
        Field("code", _l("Code"), hint=_l("Capital letters, digits and hyphens")),
        Field("name", _l("Name")),
        Field("name_en", _l("Name in English")),
    )),
    actions=(
        Action("close", _l("Close"), areas.close, Permission.PLACES_MANAGE, says=_l("Nothing can be laid there any more."),
               asks_reason=True, offers=CLOSINGS,
               is_for_many=True, is_grave=True, when=lambda row: row["state"] == "open"),
    ),
    has_import=True,
)  # fmt: skip
