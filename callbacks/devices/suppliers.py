"""Suppliers: the register of who makes or installs devices."""

from core.access.permissions import Permission
from core.devices import suppliers
from core.kit.locale import _l
from core.kit.masks import Mask
from core.office.dictionaries import CLOSINGS
from core.ui import tones
from core.ui.register import Action, Chips, Field, Form, Kind, Register, Typed
from core.ui.tables import Column, Look

SUPPLIERS = Register(
    name="devices/suppliers",
    path="/devices/suppliers",
    group="inventory",
    order=3,
    title=_l("Suppliers"),
    one=_l("Supplier"),
    note=_l("Who makes or installs devices"),
    view=Permission.DEVICES_VIEW,
    relation=suppliers.SUPPLIERS,
    columns=(
        Column("code", _l("Code"), Look.CODE, 130),
        Column("name", _l("Name"), Look.TEXT, 200, grows=True),
        Column("models_n", _l("Models"), Look.NUMBER, 100),
        Column("devices_n", _l("Devices in service"), Look.NUMBER, 140),
        Column("contact", _l("Contact"), Look.TEXT, 140, personal=Mask.NAME),
        Column("phone", _l("Phone"), Look.CODE, 150, personal=Mask.PHONE),
        Column("state", _l("State"), Look.STATE, 110, words=suppliers.STATES, tones=tones.LIFE),
        Column("changed_at", _l("Changed"), Look.MOMENT, 140, hidden=True),
        Column("note", _l("Note"), Look.TEXT, 200, hidden=True),
    ),
    filters=(Typed("name", _l("Name")), Typed("code", _l("Code"))),
    chips=Chips("state", suppliers.STATES),
    form=Form(suppliers.Draft, add=suppliers.add, change=suppliers.change, needs=Permission.DEVICES_MANAGE,
        known_by=("code",), fields=(
        Field("code", _l("Code")),
        Field("name", _l("Name")),
        Field("name_en", _l("Name in English")),
        Field("contact", _l("Contact")),
        Field("phone", _l("Phone")),
        Field("note", _l("Note"), kind=Kind.LINES, is_wide=True),
    )),
    actions=(
        Action("end", _l("End"), suppliers.end, Permission.DEVICES_MANAGE,
               asks_reason=True, offers=CLOSINGS, is_for_many=True,
               when=lambda row: row["state"] == "active", says=_l("It is offered no longer; what it supplied stays.")),
        Action("resume", _l("Resume"), suppliers.resume, Permission.DEVICES_MANAGE, is_for_many=True,
               when=lambda row: row["state"] == "ended"),
    ),
    has_import=True,
)  # fmt: skip
