"""Vehicles: the register of what owners bound to themselves."""

from core.access.permissions import Permission
from core.customers import vehicles
from core.customers.lists import COLOURS
from core.kit.locale import _l
from core.kit.masks import Mask
from core.office.dictionaries import CLOSINGS
from core.ui import tones
from core.ui.register import Action, Between, Chips, Choice, Field, Form, Kind, Register, Typed, View
from core.ui.tables import Column, Look

STATES = {"bound": _l("Bound"), "ended": _l("Ended")}

VEHICLES = Register(
    name="customers/vehicles",
    path="/parking/vehicles",
    group="vehicles",
    order=1,
    title=_l("Bound vehicles"),
    one=_l("Vehicle"),
    note=_l("Bound by their owners"),
    view=Permission.VEHICLES_VIEW,
    relation=vehicles.BINDINGS,
    columns=(
        Column("plate", _l("Plate"), Look.PLATE, 140, beside="plate_colour", personal=Mask.PLATE),
        Column("owner", _l("Owner"), Look.TEXT, 140, grows=True, personal=Mask.NAME),
        Column("phone", _l("Phone"), Look.CODE, 150, personal=Mask.PHONE),
        Column("energy", _l("Energy"), Look.TEXT, 110, words={"nev": _l("New energy"), "other": _l("Other")}),
        Column("also_n", _l("Other owners"), Look.NUMBER, 110),
        Column("last_entered_at", _l("Last entered"), Look.MOMENT, 150, note=_l("Within 90 days, where you may look.")),
        Column("bound_at", _l("Bound since"), Look.MOMENT, 150),
        Column("state", _l("State"), Look.STATE, 110, words=STATES, tones=tones.LIFE),
        Column("ended_at", _l("Ended at"), Look.MOMENT, 150, hidden=True),
        Column("end_reason", _l("Why it ended"), Look.TEXT, 160, hidden=True),
        Column("note", _l("Note"), Look.TEXT, 160, hidden=True),
    ),
    filters=(
        Typed("plate", _l("Plate"), "江A12"),
        Typed("phone", _l("Phone"), "1380000", is_exact=False),
        Choice("energy", _l("Energy"), {"nev": _l("New energy"), "other": _l("Other")}),
        Between("bound_at", _l("Bound since"), Kind.DATE),
        Between("also_n", _l("Other owners"), Kind.NUMBER),
    ),
    chips=Chips("state", STATES),
    views=(View("bound", _l("Bound"), {"state": "bound"}), View("shared", _l("Shared"), {"state": "bound", "also_n": "1.."})),
    form=Form(vehicles.Draft, add=vehicles.add, change=vehicles.change, needs=Permission.VEHICLES_MANAGE, fields=(
        Field("plate", _l("Plate"), is_fixed=True),
        Field("plate_colour", _l("Colour of the plate"), choices=COLOURS, is_fixed=True),
        Field("name", _l("Owner"), is_fixed=True),
        Field("phone", _l("Phone"), hint=_l("The phone says who the owner is."), is_fixed=True),
        Field("note", _l("Note"), kind=Kind.LINES, is_wide=True),
    ), load=lambda _reader, row: {"name": row["owner"]}, when=lambda row: row["state"] == "bound"),
    actions=(
        Action("unbind", _l("Unbind"), vehicles.unbind, Permission.VEHICLES_MANAGE,
               says=_l("The owner loses the vehicle; what was is kept."),
               asks_reason=True, offers=CLOSINGS, is_for_many=True, is_grave=True,
               when=lambda row: row["state"] == "bound"),
    ),
    has_import=True,
)  # fmt: skip
