"""Organisations and branches: the register of whose the sites are."""

from core.access.permissions import Permission
from core.kit.locale import _l
from core.kit.masks import Mask
from core.office.dictionaries import CLOSINGS
from core.places import branches
from core.ui import tones
from core.ui.register import Action, Chips, Choice, Field, Form, Kind, Register, Typed
from core.ui.tables import Column, Look

BRANCHES = Register(
    name="places/branches",
    path="/system/organisations",
    group="people",
    order=3,
    title=_l("Organisations"),
    one=_l("Organisation"),
    note=_l("Operators, branches, owners of lots, merchants, authorities"),
    view=Permission.ORGANISATIONS_MANAGE,
    relation=branches.BRANCHES,
    for_all="organisations own sites; they lie in none",
    columns=(
        Column("name", _l("Name"), Look.TEXT, 200, grows=True),
        Column("kind", _l("Kind"), Look.TEXT, 130, words=branches.KINDS),
        Column("parent", _l("Belongs to"), Look.TEXT, 180),
        Column("sites_n", _l("Sites"), Look.NUMBER, 90),
        Column("people_n", _l("People"), Look.NUMBER, 90),
        Column("contact", _l("Contact"), Look.TEXT, 130, personal=Mask.NAME),
        Column("phone", _l("Phone"), Look.CODE, 150, personal=Mask.PHONE),
        Column("address", _l("Address"), Look.TEXT, 200),
        Column("state", _l("State"), Look.STATE, 120, words=branches.STATES, tones=tones.LIFE),
        Column("changed_at", _l("Changed"), Look.MOMENT, 140, hidden=True),
    ),
    filters=(Typed("name", _l("Name")), Choice("kind", _l("Kind"), branches.KINDS)),
    chips=Chips("state", branches.STATES),
    form=Form(branches.Draft, add=branches.add, change=branches.change, needs=Permission.ORGANISATIONS_MANAGE, fields=(
        Field("name", _l("Name")),
        Field("name_en", _l("Name in English")),
        Field("kind", _l("Kind"), choices=branches.KINDS),
        Field("parent_id", _l("Belongs to"), choices=lambda reader: branches.list_choices(reader.tx)),
        Field("contact", _l("Contact")),
        Field("phone", _l("Phone")),
        Field("address", _l("Address"), kind=Kind.LINES, is_wide=True),
    )),
    actions=(
        Action("suspend", _l("Suspend"), branches.suspend, Permission.ORGANISATIONS_MANAGE, asks_reason=True, is_for_many=True,
               when=lambda row: row["state"] == "active", says=_l("Its sites go on.")),
        Action("resume", _l("Resume"), branches.resume, Permission.ORGANISATIONS_MANAGE, asks_reason=True, is_for_many=True,
               when=lambda row: row["state"] != "active"),
        Action("close", _l("Close"), branches.close, Permission.ORGANISATIONS_MANAGE,
               asks_reason=True, offers=CLOSINGS, is_for_many=True,
               is_grave=True,
               when=lambda row: row["state"] != "closed", says=_l("What was theirs stays theirs.")),
    ),
    has_import=True,
)  # fmt: skip
