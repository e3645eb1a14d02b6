"""Switches: the register of what an operator sets at run time."""

from core.access.permissions import Permission
from core.kit.locale import _l
from core.office import switches
from core.ui import tones
from core.ui.register import Action, Chips, Field, Form, Register
from core.ui.tables import Column, Look

STATES = {"standard": _l("As delivered"), "own": _l("Set here")}

SWITCHES = Register(
    name="office/switches",
    path="/system/switches",
    group="settings",
    order=2,
    title=_l("Switches"),
    one=_l("Switch"),
    note=_l("Each takes effect at once, in every process"),
    view=Permission.SETTINGS_MANAGE,
    relation=switches.SWITCHES,
    for_all="a switch is one for the whole product",
    given=lambda _reader: {},
    heading="label",
    columns=(
        Column("label", _l("Switch"), Look.TEXT, 220),
        Column("value", _l("Value"), Look.NUMBER, 110),
        Column("unit", _l("Unit"), Look.TEXT, 90, is_sorted=False),
        Column("default", _l("As delivered"), Look.NUMBER, 120),
        Column("least", _l("Least"), Look.NUMBER, 90, is_sorted=False),
        Column("most", _l("Most"), Look.NUMBER, 90, is_sorted=False),
        Column("note", _l("What it does"), Look.TEXT, 320, grows=True, is_sorted=False),
        Column("state", _l("State"), Look.STATE, 120, words=STATES, tones=tones.LIFE),
        Column("changed_by", _l("Set by"), Look.TEXT, 130),
        Column("changed_at", _l("Set at"), Look.MOMENT, 140),
    ),
    chips=Chips("state", STATES),
    form=Form(switches.Draft, change=switches.change, needs=Permission.SETTINGS_MANAGE, fields=(Field("value", _l("Value")),)),
    actions=(
        Action("reset", _l("Back to delivery"), switches.reset, Permission.SETTINGS_MANAGE, asks_reason=True, is_for_many=True,
               when=lambda row: row["state"] == "own"),
    ),
)  # fmt: skip
