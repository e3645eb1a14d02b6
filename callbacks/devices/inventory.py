"""Inventory: the register of every device, from stock to retirement."""

from dash.development.base_component import Component

from core.access.permissions import Permission
from core.devices import inventory, keys, models
from core.devices.inventory import Draft, Replacement, Retirement
from core.devices.keys import Issued
from core.insight.detectors import KIND_LABELS
from core.kit.locale import _, _l
from core.office.dictionaries import CLOSINGS
from core.places import sites
from core.ui import drawer, tones
from core.ui.drawer import Fact
from core.ui.register import Action, Chips, Choice, Field, Form, Kind, Reader, Register, Typed, View
from core.ui.tables import Column, Look


def _sites(reader: Reader) -> list[tuple[str, str]]:
    return sites.list_choices(reader.tx, sites=reader.sites)


_WHEN = Field("moment_at", _l("When"), kind=Kind.MOMENT, starts=lambda reader: reader.at,
              hint=_l("After the last thing the device said."))  # fmt: skip


def tell_key(issued: Issued) -> list[Component]:
    """Return a new key, once."""
    facts = [Fact(_("Name of the key"), issued.key_id), Fact(_("Key, shown this once"), issued.secret.hex())]
    return [drawer.section(_("New key"), _("Write it down now."), drawer.facts(facts))]


INVENTORY = Register(
    name="devices/inventory",
    path="/devices/inventory",
    group="inventory",
    order=1,
    title=_l("Inventory of devices"),
    one=_l("Device"),
    note=_l("From stock to retirement"),
    view=Permission.DEVICES_VIEW,
    relation=inventory.DEVICES,
    columns=(
        Column("code", _l("Code"), Look.CODE, 120),
        Column("kind", _l("Kind"), Look.TEXT, 130, words=KIND_LABELS),
        Column("site", _l("Site"), Look.TEXT, 200, grows=True, beside="site_name"),
        Column("gateway_code", _l("Gateway"), Look.CODE, 110),
        Column("places", _l("Watches"), Look.CODE, 150),
        Column("state", _l("State"), Look.STATE, 120, words=inventory.STATES, tones=tones.LIFE),
        Column("last_seen_at", _l("Last heard"), Look.AGE, 120),
        Column("serial_no", _l("Serial number"), Look.CODE, 190),
        Column("model", _l("Model"), Look.CODE, 120),
        Column("supplier", _l("Supplier"), Look.TEXT, 140),
        Column("firmware", _l("Firmware"), Look.CODE, 110, hidden=True),
        Column("has_key", _l("Own key"), Look.SWITCH, 100, hidden=True),
        Column("places_n", _l("Places watched"), Look.NUMBER, 90, hidden=True),
        Column("retired_at", _l("Retired at"), Look.MOMENT, 140, hidden=True),
        Column("note", _l("Note"), Look.TEXT, 180, hidden=True),
    ),
    filters=(
        Typed("code", _l("Code"), "M0217"),
        Typed("site", _l("Site")),
        Choice("kind", _l("Kind"), KIND_LABELS),
        Typed("places", _l("Watches"), "0112"),
        Typed("serial_no", _l("Serial number")),
    ),
    chips=Chips("state", inventory.STATES),
    views=(
        View("stock", _l("In stock"), {"state": "ordered"}),
        View("faulty", _l("Faulty"), {"state": "faulty"}),
        View("lots", _l("Devices of lots"), {"kind": ["lane_camera", "gate", "kiosk", "guidance_screen"]}),
        View("handhelds", _l("Handhelds"), {"kind": "pda"}),
    ),
    form=Form(Draft, add=inventory.add, change=inventory.change, needs=Permission.DEVICES_MANAGE, fields=(
        Field("site_id", _l("Site"), choices=_sites, is_fixed=True),
        Field("model_id", _l("Model"), choices=lambda reader: models.list_choices(reader.tx), is_fixed=True),
        Field("gateway_code", _l("Gateway"), hint=_l("Its own code where it speaks for itself")),
        Field("code", _l("Code"), hint=_l("The address it speaks under")),
        Field("serial_no", _l("Serial number")),
        Field("firmware", _l("Firmware")),
        Field("note", _l("Note"), kind=Kind.LINES, is_wide=True),
    ), when=lambda row: row["state"] != "retired" and row["model_id"] is not None),
    actions=(
        Action("replace", _l("Replace"), inventory.replace, Permission.DEVICES_MANAGE, asks_reason=True,
               when=lambda row: row["state"] in {"live", "faulty"},
               says=_l("Another device of the same kind, in stock at this site, takes over all it watches; this one is retired."),
               form=Form(Replacement, fields=(Field("code", _l("Code of the new device")), _WHEN))),
        Action("issue_key", _l("Issue a key"), keys.issue, Permission.DEVICES_MANAGE, asks_reason=True, is_confirmed=True,
               when=lambda row: row["state"] in {"live", "faulty"}, tell=tell_key,
               says=_l("The device signs by it over HTTPS. It is shown once; the key before is worth nothing from then on.")),
        Action("mark_faulty", _l("Mark as faulty"), inventory.mark_faulty, Permission.DEVICES_MANAGE, asks_reason=True,
               is_for_many=True, when=lambda row: row["state"] == "live",
               says=_l("What it says is shown as a fault until it is mended.")),
        Action("mark_mended", _l("Mended"), inventory.mark_mended, Permission.DEVICES_MANAGE, asks_reason=True,
               is_for_many=True, when=lambda row: row["state"] == "faulty"),
        Action("retire", _l("Retire"), inventory.retire, Permission.DEVICES_MANAGE,
               asks_reason=True, offers=CLOSINGS, is_for_many=True,
               is_grave=True, when=lambda row: row["state"] != "retired",
               says=_l("It speaks for nothing any more; what it said before that moment counts, however late it comes."),
               form=Form(Retirement, fields=(_WHEN,))),
    ),
    has_import=True,
)  # fmt: skip
