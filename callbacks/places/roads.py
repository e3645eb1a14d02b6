"""Roads: the register of the city's roads, and what lies on them."""

from core.access.permissions import Permission
from core.kit.locale import _l
from core.office.dictionaries import CLOSINGS
from core.places import areas, roads
from core.ui import tones
from core.ui.register import Action, Between, Chips, Choice, Field, Form, Kind, Register, Total, Typed, View
from core.ui.tables import Column, Look

ROADS = Register(
    name="places/roads",
    path="/parking/roads",
    group="places",
    order=3,
    title=_l("Roads"),
    one=_l("Road"),
    note=_l("What sections and berths lie on"),
    view=Permission.PLACES_VIEW,
    relation=roads.ROADS,
    columns=(
        Column("code", _l("Code"), Look.CODE, 120),
        Column("name", _l("Name"), Look.TEXT, 180, grows=True),
        Column("area", _l("District"), Look.TEXT, 150, beside="area_name"),
        Column("class", _l("Class"), Look.TEXT, 120, words=roads.CLASSES),
        Column("length_m", _l("Road length"), Look.NUMBER, 110, unit="m"),
        Column("section_n", _l("Sections"), Look.NUMBER, 100),
        Column("berth_n", _l("Berths"), Look.NUMBER, 100),
        Column("berth_100m", _l("Berths a 100 m"), Look.NUMBER, 130, places=1, hidden=True),
        Column("state", _l("State"), Look.STATE, 110, words=roads.STATES, tones=tones.LIFE),
        Column("changed_at", _l("Changed"), Look.MOMENT, 140),
        Column("closed_at", _l("Closed on"), Look.MOMENT, 140, hidden=True),
        Column("note", _l("Note"), Look.TEXT, 200, hidden=True),
    ),
    filters=(
        Choice("area_id", _l("District"), lambda reader: areas.list_choices(reader.tx)),
        Choice("class", _l("Class"), roads.CLASSES),
        Typed("name", _l("Name"), _l("Renmin Rd")),
        Between("berth_n", _l("Berths"), Kind.NUMBER),
    ),
    chips=Chips("state", roads.STATES),
    totals=(Total("section_n", _l("Sections")), Total("berth_n", _l("Berths"))),
    views=(View("used", _l("With berths"), {"berth_n": "1.."}), View("empty", _l("Without berths"), {"berth_n": "..0"})),
    form=Form(roads.Draft, add=roads.register, change=roads.change, needs=Permission.PLACES_MANAGE,
        known_by=("code",), fields=(
        Field("code", _l("Code"), hint=_l("Capital letters, digits and hyphens")),
        Field("area_id", _l("District"), choices=lambda reader: areas.list_choices(reader.tx)),
        Field("name", _l("Name")),
        Field("name_en", _l("Name in English")),
        Field("road_class", _l("Class"), choices=roads.CLASSES),
        Field("length_m", _l("Road length"), unit="m"),
        Field("note", _l("Note"), kind=Kind.LINES, is_wide=True),
    ), load=lambda _reader, row: {"road_class": row["class"]}),
    actions=(
        Action("close", _l("Close"), roads.close, Permission.PLACES_MANAGE, says=_l("No section can be laid there any more."),
               asks_reason=True, offers=CLOSINGS, is_for_many=True, is_grave=True, when=lambda row: row["state"] == "open"),
        Action("reopen", _l("Open again"), roads.reopen, Permission.PLACES_MANAGE, when=lambda row: row["state"] == "closed"),
    ),
    has_import=True,
)  # fmt: skip
