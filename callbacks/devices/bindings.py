"""Bindings: the register of what each channel of a device watches, from when to when."""

from core.access.permissions import Permission
from core.devices import bindings
from core.devices.bindings import Draft, End, Move
from core.insight.detectors import KIND_LABELS
from core.kit.locale import _l
from core.office.dictionaries import CLOSINGS
from core.places import sites
from core.ui import tones
from core.ui.register import Action, Between, Chips, Choice, Field, Form, Kind, Register, Typed
from core.ui.tables import Column, Look

_WHEN = Field("moment_at", _l("When"), kind=Kind.MOMENT, starts=lambda reader: reader.at,
              hint=_l("After the last thing the device said."))  # fmt: skip

BINDINGS = Register(
    name="devices/bindings",
    path="/devices/bindings",
    group="inventory",
    order=4,
    title=_l("Bindings"),
    one=_l("Binding"),
    note=_l("What each channel watches, from when to when"),
    view=Permission.DEVICES_VIEW,
    relation=bindings.BINDINGS,
    columns=(
        Column("device", _l("Device"), Look.CODE, 120),
        Column("kind", _l("Kind"), Look.TEXT, 130, words=KIND_LABELS),
        Column("site", _l("Site"), Look.TEXT, 200, grows=True, beside="site_name"),
        Column("channel", _l("Input"), Look.CODE, 110),
        Column("target_kind", _l("Kind of place"), Look.TEXT, 120, words=bindings.TARGETS),
        Column("target", _l("Place"), Look.CODE, 110),
        Column("valid_from", _l("From"), Look.MOMENT, 150),
        Column("valid_to", _l("To"), Look.MOMENT, 150),
        Column("state", _l("State"), Look.STATE, 110, words=bindings.STATES, tones=tones.LIFE),
        Column("reason", _l("Reason"), Look.TEXT, 160),
        Column("gateway_code", _l("Gateway"), Look.CODE, 110, hidden=True),
    ),
    filters=(
        Typed("device", _l("Device"), "M0217"),
        Typed("target", _l("Place"), "0112"),
        Typed("site", _l("Site")),
        Choice("kind", _l("Kind"), KIND_LABELS),
        Between("valid_from", _l("From"), Kind.DATE),
    ),
    chips=Chips("state", bindings.STATES),
    form=Form(Draft, add=bindings.add, needs=Permission.DEVICES_MANAGE, fields=(
        Field("site_id", _l("Site"), choices=lambda reader: sites.list_choices(reader.tx, sites=reader.sites)),
        Field("device", _l("Device"), hint=_l("Its code; gateway/code where two gateways know it")),
        Field("target_kind", _l("Kind of place"), choices=bindings.TARGETS),
        Field("target", _l("Place"), hint=_l("Number of the berth, code of the lane; empty for the site")),
        Field("channel", _l("Input"), hint=_l("Of a pole the number of the berth, of a camera the lane; else empty")),
        _WHEN,
        Field("reason", _l("Reason"), is_wide=True),
    )),
    actions=(
        Action("move", _l("Move"), bindings.move, Permission.DEVICES_MANAGE, asks_reason=True,
               when=lambda row: row["state"] == "holds", says=_l("From that moment on it watches another place."),
               form=Form(Move, fields=(Field("target", _l("New place")), _WHEN))),
        Action("end", _l("End"), bindings.end, Permission.DEVICES_MANAGE,
               asks_reason=True, offers=CLOSINGS, is_for_many=True, is_grave=True,
               when=lambda row: row["state"] == "holds", says=_l("From that moment on it watches nothing."),
               form=Form(End, fields=(_WHEN,))),
    ),
    has_import=True,
)  # fmt: skip
