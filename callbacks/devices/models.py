"""Device models: the register of what all devices of one make have in common."""

from core.access.permissions import Permission
from core.devices import models, suppliers
from core.insight.detectors import KIND_LABELS
from core.kit.locale import _l
from core.office.dictionaries import CLOSINGS
from core.ui import tones
from core.ui.register import Action, Chips, Choice, Field, Form, Kind, Register, Total, Typed
from core.ui.tables import Column, Look

MODELS = Register(
    name="devices/models",
    path="/devices/models",
    group="inventory",
    order=2,
    title=_l("Device models"),
    one=_l("Model"),
    note=_l("Kind, interval and protocol of a make"),
    view=Permission.DEVICES_VIEW,
    relation=models.MODELS,
    columns=(
        Column("code", _l("Code"), Look.CODE, 150),
        Column("name", _l("Name"), Look.TEXT, 200, grows=True),
        Column("kind", _l("Kind"), Look.TEXT, 140, words=KIND_LABELS),
        Column("supplier", _l("Supplier"), Look.TEXT, 170),
        Column("protocol", _l("Protocol"), Look.CODE, 120),
        Column("expected_interval_s", _l("Interval"), Look.NUMBER, 110, unit=_l("s"),
               note=_l("The longest silence of a healthy device.")),
        Column("has_battery", _l("Battery"), Look.SWITCH, 90),
        Column("devices_n", _l("Devices in service"), Look.NUMBER, 140),
        Column("state", _l("State"), Look.STATE, 110, words=models.STATES, tones=tones.LIFE),
        Column("changed_at", _l("Changed"), Look.MOMENT, 140, hidden=True),
        Column("note", _l("Note"), Look.TEXT, 200, hidden=True),
    ),
    filters=(
        Typed("code", _l("Code")),
        Choice("kind", _l("Kind"), KIND_LABELS),
        Choice("supplier_id", _l("Supplier"), lambda reader: suppliers.list_choices(reader.tx)),
    ),
    chips=Chips("state", models.STATES),
    totals=(Total("devices_n", _l("Devices in service")),),
    form=Form(models.Draft, add=models.add, change=models.change, needs=Permission.DEVICES_MANAGE,
        known_by=("code",), fields=(
        Field("code", _l("Code")),
        Field("name", _l("Name")),
        Field("kind", _l("Kind"), choices=KIND_LABELS),
        Field("supplier_id", _l("Supplier"), choices=lambda reader: suppliers.list_choices(reader.tx)),
        Field("protocol", _l("Protocol"), hint=_l("boshu, or the adapter of the maker")),
        Field("expected_interval_s", _l("Interval"), unit=_l("s"), hint=_l("The longest silence of a healthy device.")),
        Field("has_battery", _l("Battery")),
        Field("note", _l("Note"), kind=Kind.LINES, is_wide=True),
    )),
    actions=(
        Action("end", _l("End"), models.end, Permission.DEVICES_MANAGE,
               asks_reason=True, offers=CLOSINGS, is_for_many=True,
               when=lambda row: row["state"] == "active", says=_l("It is offered no longer; devices of it go on.")),
        Action("resume", _l("Resume"), models.resume, Permission.DEVICES_MANAGE, is_for_many=True,
               when=lambda row: row["state"] == "ended"),
    ),
    has_import=True,
)  # fmt: skip
